-- One row: a figure, its sentence, its article and where the page lies in the archive.
select
  f.figure_id, f.text, f.value, f.value_high, f.kind, f.unit, f.qualifier, f.subject, f.attributed_to, f.sentence,
  f.flags, f.rules, f.paragraph, f.span_start, f.span_end, p.text as paragraph_text,
  a.article_id, a.title, a.url, a.version, a.published_at, a.source_id, a.parser_version,
  c.capture_id, c.captured_at, c.warc_file, c.warc_offset, c.removed_at
from figures as f
join articles as a using (article_id)
join paragraphs as p on p.article_id = f.article_id and p.position = f.paragraph
left join ops.captures as c on c.capture_id = a.capture_id
where starts_with(f.figure_id, $figure_id)
order by f.figure_id
limit 2
