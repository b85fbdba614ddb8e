-- Entries that need nothing more, now or later; the feed's own text lies in the archive.
update entries
set state = 'ended', batch_id = null, content_html = null
where entry_id in (select value from json_each(:entry_ids))
