-- One row per row of the batches to be published that a rule refused, and nobody accepted; filled from the state.
create or replace temp table refused (
  batch_id varchar,
  table_name varchar,
  row_key varchar
)
