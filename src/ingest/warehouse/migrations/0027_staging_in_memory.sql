-- What is staged waits in the state, and is in memory while it is validated and published (warehouse/statements/staging_tables.sql).
drop schema staging cascade;
