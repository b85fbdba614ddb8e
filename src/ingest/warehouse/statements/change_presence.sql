-- Articles' flags that tell whether their page is gone or shows less than is published.
update published.articles
set
  flags = list_concat(
    list_filter(flags, lambda flag: flag not in ('gone', 'shortened')),
    list_filter([if(change.is_gone, 'gone', null), if(change.is_shortened, 'shortened', null)], lambda flag: flag is not null)
  )
from (
  select unnest(
    $changes::struct(article_id varchar, is_gone boolean, is_shortened boolean)[],
    max_depth := 2
  )
) as change
where published.articles.article_id = change.article_id
