-- What the state database, which is beside the warehouse from now on, needs of it.

-- One row: what the state knows this warehouse by.
create table ops.warehouse_id (
  warehouse_id varchar not null
);
insert into ops.warehouse_id
select uuid()::varchar;

-- One row per batch that was published and that the state may not know of yet: what the state is to be told.
create table ops.settlements (
  batch_id varchar primary key,
  settled json not null
);
