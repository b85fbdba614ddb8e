-- Who said it beside the outlet that passed it on, where a figure's sentence names both; null until its article is read again.
alter table published.figures add column originator varchar;
alter table published.figures add column relayed_by varchar;
alter table staging.figures add column originator varchar;
alter table staging.figures add column relayed_by varchar;
