-- One row per file of the archive that is kept: when its last capture came in, and whether one of them may be parsed
-- again: what an article was parsed from, what is under way, and what was rejected or held back and may be retried.
with named as (
  select capture_id
  from articles
  union
  select capture_id
  from entries
  where state <> 'ended'
  union
  select entry.capture_id
  from batches as batch
  join entries as entry on entry.batch_id = batch.batch_id
  where batch.state = 'rejected'
    and not exists (select 1 from articles as article where article.article_id = entry.article_id)
  union
  select capture_id
  from quarantine
  where accepted_at is null
),
-- The body may lie in another file, which brought the same first.
needed as (
  select distinct payload_hash
  from captures
  where status in (200, 203)
    and capture_id in (select capture_id from named)
)
select
  capture.warc_file,
  max(capture.captured_at) as last_at,
  count(needed.payload_hash) > 0 as is_needed
from captures as capture
left join needed on needed.payload_hash = capture.payload_hash
where capture.removed_at is null
group by capture.warc_file
order by capture.warc_file
