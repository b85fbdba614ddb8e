-- What workers had taken that live no more, for other runs than this one.
delete from ops.claims
where run_id <> $run_id
  and worker not in (select unnest($living::bigint[]))
