-- Where a feed says its site is, which is where its successor is looked for once it is missing.
alter table ops.known_feeds add column site_url varchar;

-- How long after their publication a visit found what was new: how far behind the newsroom we are.
alter table ops.polls add column lag_seconds integer;
