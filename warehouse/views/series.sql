-- What was claimed over time of one subject, and where newsrooms contradict each other.
--
-- A claim is a figure of an article that is no copy. Its qualifier says which numbers it allows: exactly its own (or its
-- range), a tenth more or less where it is approximate, all above or below where it says so. Two claims contradict each
-- other when they come from different newsrooms, in one window of days, and no number would satisfy both. Windows follow
-- one another from Monday, 3 January 2000 (UTC), so that every claim is in one of them and cost grows with claims alone.
create macro figure_series(subject, unit, days := 7) as table
with claims as (
  select
    figures.*, articles.source_id, articles.title, coalesce(articles.published_at, articles.first_seen_at) as effective_at,
    time_bucket(
      to_days(days::integer), make_timestamp(epoch_us(coalesce(articles.published_at, articles.first_seen_at)))::date,
      date '2000-01-03'
    )::date as window_from,
    coalesce(figures.value_high, figures.value) as top,
    case figures.qualifier
      when 'at_most' then '-infinity'::double when 'less_than' then '-infinity'::double
      when 'approximate' then figures.value::double - 0.1 * abs(figures.value::double)
      else figures.value::double end as least,
    case figures.qualifier
      when 'at_least' then 'infinity'::double when 'more_than' then 'infinity'::double
      when 'approximate' then top::double + 0.1 * abs(top::double)
      else top::double end as most
  from figures
  join articles using (article_id)
  where lower(figures.subject) = lower(subject)
    and figures.unit is not distinct from unit
    and articles.duplicate_of is null
),
-- Of each newsroom the two claims of a window that leave least room; one that says "more than" excludes its own number.
strictest as (
  select
    window_from, source_id, max(least) as least, min(most) as most,
    bool_or(qualifier = 'more_than' and least = newsroom_least) as is_above,
    bool_or(qualifier = 'less_than' and most = newsroom_most) as is_below
  from (
    select
      *, max(least) over (partition by window_from, source_id) as newsroom_least,
      min(most) over (partition by window_from, source_id) as newsroom_most
    from claims
  )
  group by window_from, source_id
),
contradicted as (
  select claims.figure_id, list(sources.name order by sources.name) as contradicted_by
  from claims
  join strictest on strictest.window_from = claims.window_from and strictest.source_id <> claims.source_id
  join sources on sources.source_id = strictest.source_id
  where strictest.least > claims.most
    or strictest.most < claims.least
    or (strictest.least = claims.most and (strictest.is_above or claims.qualifier = 'less_than'))
    or (strictest.most = claims.least and (strictest.is_below or claims.qualifier = 'more_than'))
  group by claims.figure_id
)
select
  claims.effective_at, sources.name as source, claims.attributed_to, claims.text, claims.qualifier, claims.value,
  claims.value_high, claims.kind, claims.window_from, windows.newsrooms, windows.lowest, windows.highest,
  coalesce(contradicted.contradicted_by, []) as contradicted_by, claims.sentence, claims.title, claims.article_id,
  claims.figure_id, claims.effective_at as said_at
from claims
join sources using (source_id)
join (
  select window_from, count(distinct source_id) as newsrooms, min(value) as lowest, max(top) as highest
  from claims
  group by window_from
) as windows using (window_from)
left join contradicted using (figure_id)
order by claims.effective_at, claims.figure_id;
comment on macro table figure_series is 'What was claimed of a subject in a unit over time, by whom, and by which newsrooms it is contradicted in the same window of days (7 unless said otherwise): figure_series(''visitors'', ''visitor'', days := 30).';
