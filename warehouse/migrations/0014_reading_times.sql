-- How long pages took to be read, for whoever watches the pipeline: of all times, the one thing no other table tells.

-- One row per run and class of pages, by the time that each took: within so many seconds, and not within the next
-- smaller class's. The last class has no bound, and null for it.
create table ops.reading_times (
  run_id varchar not null,
  within_seconds double,
  pages bigint not null,
  seconds double not null
);
