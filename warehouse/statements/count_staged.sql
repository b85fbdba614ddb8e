-- One row per batch of some: how many of its articles are kept.
select batch_id, count(*) as articles
from staging.articles
where list_contains($batch_ids::varchar[], batch_id)
group by batch_id
