-- What monitoring counts: how long pages took to be read, which no other table tells; and what was counted of rows that
-- may be let go of since, because a counter that falls back is a lie to whoever collects it.

-- One row per run and class of pages, by the time that each took: within so many seconds, and not within the next
-- smaller class's. The last class has no bound, and null for it.
create table ops.reading_times (
  run_id varchar not null,
  within_seconds double,
  pages bigint not null,
  seconds double not null
);

-- One row per series of metrics and bound: what came in before the moment in counted_until.
create table ops.counted (
  series varchar not null,
  labels varchar[] not null,
  bound double,
  events bigint not null,
  seconds double not null
);

-- One row per time that rows were counted for good: up to which moment.
create table ops.counted_until (
  counted_until timestamptz not null
);
