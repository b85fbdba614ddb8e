-- What analysts ask for first, joined for them. No view changes what a row says: amounts in dollars and the ends of what
-- a hedged number allows stand beside the number as it was written.

create table exchange_rates (
  currency varchar not null,
  per_usd decimal(18, 6) not null,
  valid_from date not null,
  valid_to date,
  basis varchar not null,
  source varchar not null,
  primary key (currency, valid_from)
);
comment on table exchange_rates is 'One row per currency and span of days for which a rate to the US dollar is known; shipped with ingest, and taken from the file that INGEST_EXCHANGE_RATES names.';
comment on column exchange_rates.currency is 'ISO 4217 code.';
comment on column exchange_rates.per_usd is 'How many of it one US dollar is.';
comment on column exchange_rates.valid_from is 'First day the rate stands for.';
comment on column exchange_rates.valid_to is 'Last day; null where the rate is fixed and no end of it is known.';
comment on column exchange_rates.basis is 'fixed (by law or by the central bank), yearly_average, monthly_average or daily.';
comment on column exchange_rates.source is 'Who says so: institution and series.';

create view latest_articles as
select
  articles.article_id, articles.source_id, sources.name as source, sources.country, articles.title, articles.authors,
  articles.summary, articles.body, articles.language, articles.section, articles.published_at, articles.modified_at,
  articles.first_seen_at, coalesce(articles.published_at, articles.first_seen_at) as effective_at, articles.word_count,
  articles.version, articles.url, articles.duplicate_of is not null as is_duplicate,
  list_contains(articles.flags, 'gone') as is_gone, articles.flags, effective_at as said_at, is_duplicate as is_copy
from articles
join sources using (source_id);
comment on view latest_articles is 'One row per article as it stands now, with its newsroom; nothing is left out, is_duplicate and is_gone tell what to leave out.';
comment on column latest_articles.article_id is 'The article.';
comment on column latest_articles.source_id is 'Feed that first listed it.';
comment on column latest_articles.source is 'Name of the newsroom or feed.';
comment on column latest_articles.country is 'Country of the newsroom (ISO 3166-1 alpha-2).';
comment on column latest_articles.title is 'Headline.';
comment on column latest_articles.authors is 'Names in the order of the byline.';
comment on column latest_articles.summary is 'What the page or feed gives as its summary.';
comment on column latest_articles.body is 'Text of the newest version.';
comment on column latest_articles.language is 'Language of the text (ISO 639-1).';
comment on column latest_articles.section is 'Section of the site.';
comment on column latest_articles.published_at is 'When the newsroom says it was published (UTC); may be null.';
comment on column latest_articles.modified_at is 'When the newsroom says it was last changed (UTC).';
comment on column latest_articles.first_seen_at is 'When we first staged it (UTC).';
comment on column latest_articles.effective_at is 'published_at, or first_seen_at where that is null: never null.';
comment on column latest_articles.word_count is 'Words in the body.';
comment on column latest_articles.version is 'Which version this is; above 1, its text has changed since we first saw it.';
comment on column latest_articles.url is 'Address its page was served from.';
comment on column latest_articles.is_duplicate is 'Whether it is a near-duplicate: an earlier article has the same text in mostly the same words.';
comment on column latest_articles.is_gone is 'Whether its page went away after we had read it.';
comment on column latest_articles.flags is 'What to know before trusting it.';
comment on column latest_articles.said_at is 'Former name of effective_at, until the next release.';
comment on column latest_articles.is_copy is 'Former name of is_duplicate, until the next release.';

create view figure_facts as
select
  figures.figure_id, figures.article_id, articles.source_id, sources.name as source, sources.country,
  articles.language, coalesce(articles.published_at, articles.first_seen_at) as effective_at, articles.title, articles.url,
  figures.sentence, figures.text, figures.qualifier, figures.value, figures.value_high, figures.kind, figures.unit,
  figures.canonical_unit, figures.subject, figures.attributed_to, figures.originator, figures.relayed_by, figures.version,
  figures.paragraph, figures.flags,
  articles.duplicate_of is not null as is_duplicate, list_contains(articles.flags, 'gone') as is_gone,
  effective_at as said_at, is_duplicate as is_copy
from figures
join articles using (article_id)
join sources using (source_id);
comment on view figure_facts is 'One row per figure, with its sentence, its article and its newsroom.';
comment on column figure_facts.figure_id is 'The figure; `ingest explain` shows where it comes from.';
comment on column figure_facts.article_id is 'The article that quotes it.';
comment on column figure_facts.source_id is 'Feed that first listed the article.';
comment on column figure_facts.source is 'Name of the newsroom or feed.';
comment on column figure_facts.country is 'Country of the newsroom (ISO 3166-1 alpha-2).';
comment on column figure_facts.language is 'Language of the article (ISO 639-1).';
comment on column figure_facts.effective_at is 'When the article was published, or first seen where it names no time (UTC).';
comment on column figure_facts.title is 'Headline of the article.';
comment on column figure_facts.url is 'Address of the article.';
comment on column figure_facts.sentence is 'The sentence it stands in.';
comment on column figure_facts.text is 'The figure as written, without its qualifier.';
comment on column figure_facts.qualifier is 'exact, approximate, more_than, at_least, at_most or less_than.';
comment on column figure_facts.value is 'What it is worth; the lower end of a range.';
comment on column figure_facts.value_high is 'Upper end of a range.';
comment on column figure_facts.kind is 'money, percent, count, duration, age, measurement or ratio.';
comment on column figure_facts.unit is 'ISO 4217 for money; singular noun otherwise; null for plain fractions and for counts whose noun is not certain.';
comment on column figure_facts.canonical_unit is 'The unit in English, to compare languages by: person for persona, pessoa and personne; null where its English name is not known.';
comment on column figure_facts.subject is 'What is counted or measured, as written.';
comment on column figure_facts.attributed_to is 'Who is the source of the statement in its sentence, as written; of a neighbouring sentence where flags contain attribution_carried.';
comment on column figure_facts.originator is 'Who said it, as written, where the sentence names the outlet that passed it on too; null elsewhere.';
comment on column figure_facts.relayed_by is 'The outlet that passed on what originator said, as written; null where the sentence does not name both.';
comment on column figure_facts.version is 'Version of the article that was read.';
comment on column figure_facts.paragraph is 'Position of its paragraph in the article.';
comment on column figure_facts.flags is 'Why it is improbable.';
comment on column figure_facts.is_duplicate is 'Whether the article is a near-duplicate of an earlier one, so that the figure is no claim of its own.';
comment on column figure_facts.is_gone is 'Whether the article''s page went away.';
comment on column figure_facts.said_at is 'Former name of effective_at, until the next release.';
comment on column figure_facts.is_copy is 'Former name of is_duplicate, until the next release.';

create view money_usd as
select
  money.figure_id, money.article_id, money.source_id, money.effective_at, money.sentence, money.text, money.qualifier,
  money.subject, money.attributed_to, money.value, money.value_high, money.unit,
  case when rates.valid_to is null or money.day <= rates.valid_to then rates.per_usd end as rate,
  round(money.value::double / rate, 2) as amount_usd,
  round(money.value_high::double / rate, 2) as amount_high_usd,
  if(rate is not null, rates.basis, null) as rate_basis,
  if(rate is not null, rates.source, null) as rate_source,
  if(rate is not null, rates.valid_from, null) as rate_from,
  if(rate is not null, rates.valid_to, null) as rate_to,
  case
    when rate is not null then null
    when money.unit is null then 'no currency is named'
    when rates.valid_to is not null then 'rates of ' || money.unit || ' are known until ' || rates.valid_to || ' only'
    else 'no rate of ' || money.unit || ' is known for ' || money.day
  end as why_null,
  money.effective_at as said_at
from (
  select *, make_timestamp(epoch_us(effective_at))::date as day
  from figure_facts
  where kind = 'money'
) as money
asof left join exchange_rates as rates on rates.currency = money.unit and money.day >= rates.valid_from;
comment on view money_usd is 'One row per sum of money, in US dollars by the rate of the article''s day; where no rate is known, null and why.';
comment on column money_usd.figure_id is 'The figure.';
comment on column money_usd.article_id is 'The article that quotes it.';
comment on column money_usd.source_id is 'Feed that first listed the article.';
comment on column money_usd.effective_at is 'When the article was published, or first seen where it names no time (UTC); its day (UTC) chooses the rate.';
comment on column money_usd.sentence is 'The sentence it stands in.';
comment on column money_usd.text is 'The sum as written.';
comment on column money_usd.qualifier is 'exact, approximate, more_than, at_least, at_most or less_than.';
comment on column money_usd.subject is 'What the money is for, as written.';
comment on column money_usd.attributed_to is 'Who is the source of the statement in its sentence, as written; of a neighbouring sentence where figures.flags contain attribution_carried.';
comment on column money_usd.value is 'What it is worth in its own currency; the lower end of a range.';
comment on column money_usd.value_high is 'Upper end of a range.';
comment on column money_usd.unit is 'Its currency (ISO 4217).';
comment on column money_usd.rate is 'How many of its currency one US dollar is, by exchange_rates.';
comment on column money_usd.amount_usd is 'The value in US dollars; null where no rate is known.';
comment on column money_usd.amount_high_usd is 'The upper end of a range in US dollars.';
comment on column money_usd.rate_basis is 'fixed, yearly_average, monthly_average or daily: how near the rate is to the day.';
comment on column money_usd.rate_source is 'Who says so.';
comment on column money_usd.rate_from is 'First day the rate stands for.';
comment on column money_usd.rate_to is 'Last day; null for a fixed rate without a known end.';
comment on column money_usd.why_null is 'Why there is no amount in dollars; null where there is one.';
comment on column money_usd.said_at is 'Former name of effective_at, until the next release.';

create view corrections as
select
  changes.seen_at, articles.source_id, sources.name as source, changes.article_id, articles.title, articles.url,
  changes.change, changes.kind, changes.unit, changes.subject, changes.before, changes.before_value, changes.after,
  changes.after_value, changes.after_value - changes.before_value as difference,
  round(100 * (changes.after_value::double / nullif(changes.before_value::double, 0) - 1), 1) as difference_percent,
  changes.from_version, changes.to_version, changes.cause, articles.published_at,
  list_contains(articles.flags, 'gone') as is_gone
from figure_changes as changes
join articles using (article_id)
join sources using (source_id);
comment on view corrections is 'One row per figure that a newer version of an article, or a newer reader (cause), changed, added or dropped, with article and source.';
comment on column corrections.seen_at is 'When the newer version was published here (UTC).';
comment on column corrections.source_id is 'Feed that first listed the article.';
comment on column corrections.source is 'Name of the newsroom or feed.';
comment on column corrections.article_id is 'The article.';
comment on column corrections.title is 'Its headline now.';
comment on column corrections.url is 'Its address.';
comment on column corrections.change is 'changed, added or dropped.';
comment on column corrections.kind is 'Kind of the figure.';
comment on column corrections.unit is 'Unit of the figure.';
comment on column corrections.subject is 'What is counted or measured.';
comment on column corrections.before is 'As the older version wrote it.';
comment on column corrections.before_value is 'Its value then.';
comment on column corrections.after is 'As the newer version writes it.';
comment on column corrections.after_value is 'Its value now.';
comment on column corrections.difference is 'after_value less before_value, where the figure changed.';
comment on column corrections.difference_percent is 'The difference as a share of before_value, in percent.';
comment on column corrections.from_version is 'Version before.';
comment on column corrections.to_version is 'Version after.';
comment on column corrections.cause is 'publisher where its text was changed, reader where we read the same text otherwise (no correction); null where that is not known.';
comment on column corrections.published_at is 'When the newsroom says the article was published (UTC).';
comment on column corrections.is_gone is 'Whether the article''s page went away since.';

create view source_health as
select
  sources.source_id, sources.name as source,
  case
    when feeds.gone_at is not null then 'gone'
    when polls.source_id is null then 'never_asked'
    when polls.last_outcome = 'failed' then 'failing'
    when coalesce(batches.last_state, '') = 'rejected' then 'stopped'
    when alerts.open_alerts > 0 then 'alert'
    else 'fine'
  end as health,
  polls.last_polled_at, polls.last_outcome, polls.last_reason, polls.last_served_at, polls.failures_in_a_row,
  polls.next_poll_at, polls.polls, polls.served_percent, news.articles, news.last_article_at,
  coalesce(batches.batches_stopped, 0) as batches_stopped, coalesce(held.rows_held, 0) as rows_held,
  coalesce(alerts.open_alerts, 0) as open_alerts
from sources
left join ops.known_feeds as feeds using (source_id)
left join (
  select
    source_id, max(polled_at) as last_polled_at, arg_max(outcome, polled_at) as last_outcome,
    arg_max(coalesce(reason, ''), polled_at) as last_reason, max(polled_at) filter (outcome = 'served') as last_served_at,
    arg_max(failures_in_a_row, polled_at) as failures_in_a_row, max(next_poll_at) as next_poll_at, count(*) as polls,
    round(100.0 * count(*) filter (outcome <> 'failed') / count(*), 1) as served_percent
  from ops.polls
  group by source_id
) as polls using (source_id)
left join (
  select source_id, count(*) as articles, max(first_seen_at) as last_article_at
  from articles
  group by source_id
) as news using (source_id)
left join (
  select source_id, count(*) filter (state = 'rejected') as batches_stopped, arg_max(state, staged_at) as last_state
  from ops.batches
  group by source_id
) as batches using (source_id)
left join (
  select source_id, count(distinct refused_id) as rows_held
  from ops.quarantine
  where accepted_at is null
    and retried_at is null
  group by source_id
) as held using (source_id)
left join (
  select source_id, count(*) as open_alerts
  from ops.alerts
  where resolved_at is null
  group by source_id
) as alerts using (source_id);
comment on view source_health is 'One row per source: whether it is well, when it was last asked, and what is held back of it.';
comment on column source_health.source_id is 'The source.';
comment on column source_health.source is 'Name of the newsroom or feed.';
comment on column source_health.health is 'gone (for good, says its server), never_asked, failing (the last visit failed), stopped (its last batch failed its checks), alert (an alert about it is open) or fine; the first that is true.';
comment on column source_health.last_polled_at is 'When its feed was last asked (UTC).';
comment on column source_health.last_outcome is 'How that ended.';
comment on column source_health.last_reason is 'Why, in one word; empty where nothing was wrong.';
comment on column source_health.last_served_at is 'When its feed last came whole and new (UTC).';
comment on column source_health.failures_in_a_row is 'Failed visits since the last good one.';
comment on column source_health.next_poll_at is 'When it is asked next at the earliest (UTC), where a wait was named.';
comment on column source_health.polls is 'Visits to its feed.';
comment on column source_health.served_percent is 'Share of the visits that did not fail, in percent.';
comment on column source_health.articles is 'Articles it was the first to list; null for none.';
comment on column source_health.last_article_at is 'When its newest article was first seen here (UTC).';
comment on column source_health.batches_stopped is 'Batches that failed their checks and were not published.';
comment on column source_health.rows_held is 'Rows that are in quarantine, neither accepted nor read again since.';
comment on column source_health.open_alerts is 'Alerts about it that are not over.';
