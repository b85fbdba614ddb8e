insert into quarantine.accepted_rows (table_name, row_key, why, accepted_at)
select distinct table_name, row_key, $why, $now
from quarantine.refused_rows
where refused_id = $refused_id
on conflict do update
set why = excluded.why
