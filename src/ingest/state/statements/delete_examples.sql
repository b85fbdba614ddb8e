-- Examples of rows that a rule refused in which a text stands.
update validations
set observed = null, copied = 0
where replace(observed, :sign, '') <> observed
