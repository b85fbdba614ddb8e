-- Entries of a removed article: their keys and addresses stay, so that it is known again where a feed lists it.
update entries
set
  title = '', authors = '[]', summary = null, content_html = null, published_at = null, updated_at = null,
  published_raw = null, language = null, tags = '[]', state = 'ended', attempts = 0, retry_at = null, capture_id = null,
  batch_id = null
where article_id = :article_id
