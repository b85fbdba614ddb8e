-- Entries that need nothing more, now or later; the feed's own text lies in the archive.
update raw.entries
set state = 'ended', batch_id = null, content_html = null
where list_contains($entry_ids, entry_id)
