-- What messages say that has a text in it.
update messages
set body = 'What this said was removed with an article.'
where replace(body, :sign, '') <> body
