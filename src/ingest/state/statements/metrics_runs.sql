-- One row: when a run last ended, how many have not, how many rows in quarantine nobody settled, and how many messages wait
-- for delivery.
select
  (select max(ended_at) from runs) as run_ended_at,
  (select count(*) from runs where ended_at is null) as runs_unended,
  (select count(*) from quarantine where accepted_at is null and retried_at is null) as quarantined,
  (select count(*) from messages where sent_at is null) as messages_unsent
