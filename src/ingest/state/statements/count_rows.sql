-- One row per table that is imported from warehouses of earlier versions: how many rows it has.
select 'runs' as name, count(*) as found from runs
union all
select 'leases' as name, count(*) as found from leases
union all
select 'polls' as name, count(*) as found from polls
union all
select 'known_feeds' as name, count(*) as found from known_feeds
union all
select 'host_visits' as name, count(*) as found from host_visits
union all
select 'backfills' as name, count(*) as found from backfills
union all
select 'entries' as name, count(*) as found from entries
union all
select 'entry_outcomes' as name, count(*) as found from entry_outcomes
union all
select 'fetches' as name, count(*) as found from fetches
union all
select 'captures' as name, count(*) as found from captures
union all
select 'batches' as name, count(*) as found from batches
union all
select 'validations' as name, count(*) as found from validations
union all
select 'quarantine' as name, count(*) as found from quarantine
union all
select 'accepted_rows' as name, count(*) as found from accepted_rows
union all
select 'articles' as name, count(*) as found from articles
union all
select 'article_urls' as name, count(*) as found from article_urls
union all
select 'article_sources' as name, count(*) as found from article_sources
union all
select 'alerts' as name, count(*) as found from alerts
union all
select 'messages' as name, count(*) as found from messages
union all
select 'deliveries' as name, count(*) as found from deliveries
union all
select 'events' as name, count(*) as found from events
union all
select 'prunings' as name, count(*) as found from prunings
union all
select 'reading_times' as name, count(*) as found from reading_times
union all
select 'counted' as name, count(*) as found from counted
union all
select 'counted_until' as name, count(*) as found from counted_until
union all
select 'staged_parts' as name, count(*) as found from staged_parts
