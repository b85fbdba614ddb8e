-- One row per response within a time that may list entries of some sources: of their polls, backfills and section pages. It
-- is known to list one where it is of a poll of one of some moments.
with polled as (
  select capture_id, polled_at
  from polls
  where source_id in (select value from json_each(:sources))
    and polled_at between :first_at and :last_at
    and capture_id is not null
),
addresses as (
  select address as url
  from backfills
  where source_id in (select value from json_each(:sources))
  union
  select value
  from json_each(:addresses)
)
select
  capture_id, url, captured_at, status, payload_hash, warc_file, warc_offset, warc_length,
  removed_at is not null as is_removed,
  capture_id in (
    select capture_id
    from polled
    where polled_at in (select cast(value as bigint) from json_each(:listed_at))
  ) as is_certain
from captures
where capture_id in (select capture_id from polled)
  or (captured_at between :first_at and :last_at and url in (select url from addresses))
order by captured_at, capture_id
