-- A month of passes, one each quarter of an hour over fifty sources, and articles from a thousand days.
-- For the report and the export, which ask how many rows there are and of which days, not what they say.

create or replace table articles as
select * replace (
  case when hash(article_id) % 50 = 0 then source_id else 'source-' || (hash(article_id) % 50) end as source_id,
  now() - (hash(article_id) % 2592000)::integer * interval 1 second as first_seen_at,
  case
    when hash(url) % 100 > 0 then date_trunc('day', now()) - (hash(url) % 1000)::integer * interval 1 day
  end as published_at
)
from articles
order by article_id;

insert into sources
select 'source-' || s, 'Source ' || s, null, 'https://source-' || s || '.example/feed', 'en', 'US', 'UTC'
from range(50) as sources_made_up (s);

insert into ops.runs by name
select 'month-' || i as run_id, now() - i * interval 15 minutes as started_at,
  now() - i * interval 15 minutes + interval 3 minutes as ended_at
from range(2880) as passes (i);

insert into ops.polls by name
select 'source-' || s as source_id, now() - i * interval 15 minutes as polled_at,
  case when (i * 7 + s) % 97 = 0 then 'failed' else 'served' end as outcome,
  'https://source-' || s || '.example/feed' as feed_url, 'https://source-' || s || '.example/feed' as final_url,
  200 as status, 25 as entries_listed, 2 as entries_found, 9000 as received_bytes, 80 as elapsed_ms,
  0 as failures_in_a_row, 60 * (i % 50) + s as lag_seconds
from range(2880) as passes (i), range(50) as sources_made_up (s);

insert into ops.host_visits by name
select 'month-' || i as run_id, 'source-' || s || '.example' as host, 20 as requests, 5 as not_modified,
  (i % 900 = 0)::integer as throttled, 0 as failed, 100000 as received_bytes
from range(2880) as passes (i), range(50) as sources_made_up (s);

insert into ops.entry_outcomes by name
select 'month-' || i as run_id, md5(i || '/' || s || '/' || e) as entry_id, 'source-' || s as source_id,
  case when e < 2 then 'published' when e = 2 then 'failed' else 'unchanged' end as outcome,
  case when e < 2 then 'new_article' when e = 2 then 'timeout' else 'known' end as reason
from range(2880) as passes (i), range(50) as sources_made_up (s), range(25) as entries (e);

insert into ops.validations by name
select md5(i || '/' || s) as batch_id, suite, rule, any_value(severity) as severity, (i + s) % 300 > 0 as passed,
  100 as checked, ((i + s) % 300 = 0)::integer as unexpected, any_value(note) as note,
  now() - i * interval 1 hour as judged_at
from ops.validations, range(720) as hours (i), range(50) as sources_made_up (s)
group by suite, rule, i, s;
