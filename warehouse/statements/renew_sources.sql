-- Feeds as they are now, and people who are new.
insert into sources by name
from {home}.published.sources
on conflict do update set
  name = excluded.name,
  site_url = excluded.site_url,
  feed_url = excluded.feed_url,
  language = excluded.language,
  country = excluded.country,
  timezone = excluded.timezone;

insert into authors by name
from {home}.published.authors
anti join authors using (author_id);
