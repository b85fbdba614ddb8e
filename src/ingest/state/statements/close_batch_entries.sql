update entries
set state = 'ended', content_html = null
where batch_id = :batch_id
  and state = 'staged'
