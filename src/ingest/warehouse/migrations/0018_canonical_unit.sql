-- The unit in English beside the word of the text, so that figures in several languages can be compared.
-- Units of what is no count are English already. Of counts in other languages the most frequent are named here; the others
-- stay null until their articles are read again.
alter table published.figures add column canonical_unit varchar;
alter table staging.figures add column canonical_unit varchar;
update published.figures
set canonical_unit = unit
where kind <> 'count';
update published.figures
set canonical_unit = figures.unit
from published.articles
where articles.article_id = figures.article_id
  and articles.language = 'en'
  and figures.kind = 'count';
update published.figures
set canonical_unit = named.english
from (
  values
    ('persona', 'person'), ('hombre', 'man'), ('mujer', 'woman'), ('habitante', 'inhabitant'), ('estudiante', 'student'),
    ('trabajador', 'worker'), ('migrante', 'migrant'), ('policía', 'police officer'), ('soldado', 'soldier'),
    ('casa', 'house'), ('vivienda', 'house'), ('voto', 'vote'), ('caso', 'case'), ('empresa', 'company'), ('país', 'country'),
    ('ciudad', 'city'), ('municipio', 'municipality'), ('familia', 'family'), ('víctima', 'victim'), ('vehículo', 'vehicle'),
    ('escuela', 'school'), ('empleo', 'job'), ('home', 'house'), ('kid', 'child'), ('plane', 'aircraft'), ('airplane', 'aircraft')
) as named (word, english)
where figures.kind = 'count'
  and figures.unit = named.word;
