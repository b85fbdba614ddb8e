-- A source's row in leases stays when its lease ends: who leases it next locks that row, and others pass a locked one by.
alter table leases rename to former_leases;

-- One row per source that a run has ever leased. It is no other's until that run ends, or its worker is dead; then run_id
-- is null, and the rest says who had it last. A lease for a poll ends with it.
create table leases (
  source_id text primary key,
  run_id text,
  worker integer,
  leased_at integer,
  is_for_poll boolean not null default false,
  last_worker integer
);

insert into leases (source_id, run_id, worker, leased_at)
select source_id, run_id, worker, leased_at
from former_leases;

drop table former_leases;
