-- Where a feed says its site is, which is where its successor is looked for once it is missing.
alter table ops.known_feeds add column site_url varchar;
