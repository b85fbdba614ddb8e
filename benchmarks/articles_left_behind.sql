-- What the articles of articles_made_up.sql have left behind on their way.

insert into published.article_versions by name
select article_id, 1 as version, title, body, content_hash, fetched_at as seen_at
from articles;

insert into ops.entry_outcomes by name
select 'old' as run_id, md5('entry' || article_id) as entry_id, source_id, 'published' as outcome, noon() as ended_at
from articles;
