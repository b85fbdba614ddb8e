-- A row in quarantine is refused no more; of one that was accepted before, the reason changes.
insert into accepted_rows (table_name, row_key, why, accepted_at)
select distinct table_name, row_key, cast(:why as text), cast(:now as integer)
from quarantine
where refused_id = :refused_id
on conflict (table_name, row_key) do update set why = excluded.why
