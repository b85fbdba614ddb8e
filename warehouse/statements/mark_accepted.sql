-- What a person accepted says so where it is published.
update staging.articles
set flags = list_append(flags, 'accepted')
where batch_id in (from accepted_batches)
  and not list_contains(flags, 'accepted')
  and row_key in (select row_key from quarantine.accepted_rows where table_name = 'articles');

update staging.figures
set flags = list_append(flags, 'accepted')
where batch_id in (from accepted_batches)
  and not list_contains(flags, 'accepted')
  and row_key in (select row_key from quarantine.accepted_rows where table_name = 'figures');
