-- One row per file of the archive that is kept: when its last capture came in, and whether one of them may be read again:
-- what an article is read from now, what is under way, and what was stopped or held back and may be tried again.
with named as (
  select capture_id
  from published.articles
  union
  select capture_id
  from raw.entries
  where state <> 'ended'
  union
  select entry.capture_id
  from raw.entries as entry
  join ops.batches as batch using (batch_id)
  where batch.state = 'rejected'
    and entry.article_id not in (select article_id from published.articles)
  union
  select capture_id
  from quarantine.refused_rows
  where accepted_at is null
),
-- The body may lie in another file, which brought the same first.
needed as (
  select distinct payload_hash
  from ops.captures
  where capture_id in (from named)
    and status in (200, 203)
)
select warc_file, max(captured_at) as last_at, bool_or(payload_hash in (from needed)) as is_needed
from ops.captures
where removed_at is null
group by warc_file
order by warc_file
