-- One row per removed article of which something may be left: it is not erased yet, or was so before a moment and listed since.
select article_id, source_id, url, removed_at, why, erased_at
from removed_articles as removed
where removed.erased_at is null
  or (
    removed.erased_at < :before
    and exists (
      select 1
      from entries as entry
      where entry.article_id = removed.article_id
        and entry.last_listed_at > removed.erased_at
    )
  )
order by removed.removed_at, removed.article_id
