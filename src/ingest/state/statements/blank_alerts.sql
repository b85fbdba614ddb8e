-- What alerts say that has a text in it.
update alerts
set body = 'What this said was removed with an article.', copied = 0
where replace(body, :sign, '') <> body
