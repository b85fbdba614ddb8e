-- How long it took to make the analysts' file, by which is decided when it is made again.
alter table ops.releases add column took_seconds double default 0;
