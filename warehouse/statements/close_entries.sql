-- Entries that need nothing more, now or later; the feed's own text lies in the archive.
update raw.entries
set state = 'ended', batch_id = null, content_html = null
where entry_id in (select unnest($entry_ids::varchar[]))
