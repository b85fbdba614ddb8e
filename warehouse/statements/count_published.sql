select
  (select count(*) from good_articles) as articles,
  (select count(*) from good_figures) as figures
