-- What each section page of a source told last, to be repeated in its next request.
alter table ops.known_feeds add column listing_state varchar;
