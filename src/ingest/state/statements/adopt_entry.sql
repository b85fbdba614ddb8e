-- An entry whose page another one brings needs no fetch.
update entries
set state = 'ended', content_html = null, capture_id = :capture_id, article_id = :article_id
where entry_id = :entry_id
