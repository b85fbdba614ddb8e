-- Who pushes a feed, and what they know it by: W3C WebSub.
alter table ops.known_feeds add column hub_urls varchar[];
update ops.known_feeds set hub_urls = [];
alter table ops.known_feeds add column topic_url varchar;
