-- One row: how much there is in the analysts' file.
select
  (select count(*) from articles) as articles,
  (select count(*) from articles where first_seen_at >= $since) as new_articles,
  (select count(*) from figures) as figures,
  (select count(*) from figure_changes where cause is distinct from 'reader') as corrections,
  (select count(*) from sources) as sources
