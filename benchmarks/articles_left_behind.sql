-- What the articles of articles_made_up.sql have left behind on their way.

insert into published.article_versions by name
select article_id, 1 as version, title, body, content_hash, fetched_at as seen_at
from articles;

insert into ops.story_keys
select hash(article_id || place), article_id, noon()
from articles, range(13) as places(place);

insert into raw.entries by name
select
  md5('entry' || article_id) as entry_id, source_id, url, title, authors, [] as tags, content_hash as listing_hash,
  noon() as found_at, noon() as last_listed_at, 'ended' as state, article_id
from articles;

insert into ops.entry_outcomes by name
select 'old' as run_id, entry_id, source_id, 'published' as outcome, found_at as ended_at
from raw.entries;
