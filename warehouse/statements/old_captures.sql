-- One row per capture whose file is no longer kept, and which nothing names any more.
select rowid
from ops.captures
where removed_at is not null
  and capture_id not in (
    select capture_id from published.articles where capture_id is not null
    union select capture_id from published.article_versions where capture_id is not null
    union select capture_id from raw.entries where capture_id is not null
    union select capture_id from quarantine.refused_rows where capture_id is not null
    union select capture_id from ops.polls where capture_id is not null
    union select capture_id from ops.fetches where capture_id is not null
  )
