-- One row per source, of some, of which a run has fetched pages.
select page.source_id, count(*) as fetches
from fetches as page
join entry_outcomes as outcome on outcome.entry_id = page.entry_id
where outcome.run_id = :run_id
  and page.source_id in (select value from json_each(:source_ids))
  and page.reason is distinct from 'no_address'
  and page.run_number >= (select number from runs where run_id = :run_id)
group by page.source_id
