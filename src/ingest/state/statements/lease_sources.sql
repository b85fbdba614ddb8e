-- One row per source, of some, that a worker leases: none that another has leased, or is leasing just now.
-- Rows that are locked are skipped, so that nobody waits (postgresql.org/docs/current/sql-select.html, locking clause).
update leases
set run_id = :run_id, worker = :worker, leased_at = :now, is_for_poll = :is_for_poll, last_worker = worker
where source_id in (
  select source_id
  from leases
  where source_id in (select value from json_each(:source_ids))
    and (run_id is null or run_id = :run_id and worker = :worker)
  for update skip locked
)
returning source_id
