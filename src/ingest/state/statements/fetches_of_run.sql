-- One row per source of which a run has fetched pages.
select outcome.source_id, count(*) as fetches
from fetches as page
join entry_outcomes as outcome on outcome.entry_id = page.entry_id
where outcome.run_id = :run_id
  and page.reason is distinct from 'no_address'
  and page.run_number >= (select number from runs where run_id = :run_id)
group by outcome.source_id
