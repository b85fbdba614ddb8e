-- Failures under the few kinds that every failure on the web is of, beside the reason that says more.

alter table ops.polls add column error_kind varchar;
alter table ops.fetches add column error_kind varchar;
alter table ops.entry_outcomes add column error_kind varchar;
