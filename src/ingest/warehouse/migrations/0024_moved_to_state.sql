-- What is looked up or changed row by row is in the state database, to which it was imported before (state_import.py).
drop table raw.entries;
drop schema raw;
drop table ops.claims;
drop table ops.messages;
drop table ops.deliveries;
drop table ops.prunings;
drop table ops.reading_times;
drop table ops.counted;
drop table ops.counted_until;
