-- Changes with everything that an analyst would see.
select
  (
    select count(*)
    from ops.events
    where name like 'batch.%'
      or name like 'alert.%'
  ) || '/' || (
    select max(number)
    from ops.migrations
  ) as mark
