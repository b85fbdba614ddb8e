-- A source that a story names in plain words has no address: such a row of `links` says who, and not where.
alter table published.links alter column url drop not null;
