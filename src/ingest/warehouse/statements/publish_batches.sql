-- Makes the good rows of some batches public, of which no two hold the same article. The temporary table `publishing` names
-- the batches and the moment, and `known_articles` holds those of their articles that are public already: where batches
-- bring new ones alone, no published table is looked through. `refused` names the staged rows that rules refused.

-- One row per staged article that no rule refused and that says something new, or was read again, or was public before.
-- What was public before does not take the place of what was fetched later, or was parsed by a newer parser.
-- The same page read otherwise is no new version, and its other figures are no correction of the publisher's but changes
-- by our reader.
create or replace temp table good_articles as
select
  staged.* exclude (row_key, first_seen_at, flags),
  -- A page that went away is not back for a text that came from the feed or the archive.
  case
    when list_contains(published.flags, 'gone') and (publishing.is_reread or list_contains(staged.flags, 'body_from_feed'))
      then list_append(staged.flags, 'gone')
    else staged.flags
  end as flags,
  published.content_hash is not null
    and published.content_hash <> staged.content_hash
    and not coalesce(published.capture_id = staged.capture_id, false) as is_newer,
  coalesce(published.version, 1) + is_newer::integer as version,
  -- The words may be the same, and be read otherwise now.
  coalesce(published.parser_version <> staged.parser_version, false) as is_read_anew,
  published.body as body_before,
  coalesce(published.first_seen_at, staged.first_seen_at) as first_seen_at,
  coalesce(published.source_id, staged.source_id) as first_source_id
from staging.articles as staged
join publishing using (batch_id)
left join known_articles as published using (article_id)
where (staged.batch_id, 'articles', staged.row_key) not in (from refused)
  and (publishing.is_reread or publishing.was_public or published.content_hash is distinct from staged.content_hash)
  and (
    not publishing.was_public
    or published.article_id is null
    or (staged.fetched_at, try_cast(staged.parser_version as integer))
      >= (published.fetched_at, try_cast(published.parser_version as integer))
  );

-- One row per good article whose rows take the place of those that are public.
create or replace temp table replaced_articles as
select article_id, version
from good_articles
semi join known_articles using (article_id);

-- One row per figure of a good article, and whether a rule refused it, or its paragraph.
create or replace temp table figures_read as
select
  staged.* exclude (batch_id, row_key),
  good_articles.version,
  (staged.batch_id, 'figures', staged.row_key) in (from refused)
  or (staged.article_id, staged.paragraph) not in (
    select (paragraph.article_id, paragraph.position)
    from staging.paragraphs as paragraph
    join publishing using (batch_id)
    where (paragraph.batch_id, 'paragraphs', paragraph.row_key) not in (from refused)
  ) as is_held
from staging.figures as staged
join publishing using (batch_id)
join good_articles using (article_id);

-- One row per figure of a good article that no rule refused.
create or replace temp table good_figures as
select * exclude (is_held)
from figures_read
where not is_held;

-- What differs in a newer version, or by a newer reader: same figures fall out by value, what is left is paired
-- in reading order. A change is the reader's where the words stand as they stood, and the publisher's where they do not;
-- which of the two can't be known of what is there or not there once both are new.
-- What stands in a figure's place and is held back is paired too, and no change: we may well have misread it.
insert into published.figure_changes by name
with before_all as (
  select
    article_id, kind, unit, subject, figure_id, sentence, text, value, value_high, paragraph, span_start,
    row_number() over (
      partition by article_id, kind, unit, subject, value, value_high order by paragraph, span_start
    ) as twin
  from published.figures
  where article_id in (select article_id from good_articles where is_newer or is_read_anew)
    -- What was taken for text before it was known to be boilerplate was no claim.
    and (article_id, paragraph) not in (
      select (before.article_id, before.position)
      from published.paragraphs as before
      join staging.paragraphs as staged using (article_id, text)
      join publishing using (batch_id)
      where staged.kind = 'boilerplate'
    )
),
after_all as (
  select
    article_id, kind, unit, subject, figure_id, sentence, text, value, value_high, paragraph, span_start, is_held,
    row_number() over (
      partition by article_id, kind, unit, subject, value, value_high order by paragraph, span_start
    ) as twin
  from figures_read
  join good_articles using (article_id)
  where good_articles.is_newer
    or good_articles.is_read_anew
),
before_left as (
  select *, row_number() over (partition by article_id, kind, unit, subject order by paragraph, span_start) as pair
  from before_all as b
  where not exists (
    from after_all as a
    where a.article_id = b.article_id
      and a.kind = b.kind
      and a.unit is not distinct from b.unit
      and a.subject is not distinct from b.subject
      and a.value = b.value
      and a.value_high is not distinct from b.value_high
      and a.twin = b.twin
  )
),
after_left as (
  select *, row_number() over (partition by article_id, kind, unit, subject order by paragraph, span_start) as pair
  from after_all as a
  where not exists (
    from before_all as b
    where a.article_id = b.article_id
      and a.kind = b.kind
      and a.unit is not distinct from b.unit
      and a.subject is not distinct from b.subject
      and a.value = b.value
      and a.value_high is not distinct from b.value_high
      and a.twin = b.twin
  )
),
paired as (
  select
    coalesce(a.article_id, b.article_id) as article_id,
    case when b.text is null then 'added' when a.text is null then 'dropped' else 'changed' end as change,
    coalesce(a.kind, b.kind) as kind,
    coalesce(a.unit, b.unit) as unit,
    coalesce(a.subject, b.subject) as subject,
    b.figure_id as before_id,
    a.figure_id as after_id,
    b.sentence as before_sentence,
    a.sentence as after_sentence,
    b.text as before,
    b.value as before_value,
    a.text as after,
    a.value as after_value,
    coalesce(a.paragraph, b.paragraph) as paragraph,
    coalesce(a.span_start, b.span_start) as span_start,
    coalesce(a.is_held, false) as is_held
  from before_left as b
  full join after_left as a
    on a.article_id = b.article_id
    and a.kind = b.kind
    and a.unit is not distinct from b.unit
    and a.subject is not distinct from b.subject
    and a.pair = b.pair
)
select
  paired.article_id,
  good_articles.version - good_articles.is_newer::integer as from_version,
  good_articles.version as to_version,
  coalesce(recorded.positions, 0) + row_number() over (
    partition by paired.article_id order by paragraph, span_start, change
  ) as position,
  change, paired.kind, paired.unit, paired.subject, before, before_value, after, after_value,
  publishing.published_at as seen_at,
  case
    when not good_articles.is_newer then 'reader'
    when (before_id is null or before_id in (select figure_id from after_all))
      and (after_id is null or after_id in (select figure_id from before_all))
      then 'reader'
    when not good_articles.is_read_anew then 'publisher'
    when before = after
      or (
        (before is null or contains(good_articles.body, before_sentence))
        and (after is null or contains(good_articles.body_before, after_sentence))
      )
      then 'reader'
    when change = 'changed' then 'publisher'
  end as cause
from paired
join good_articles using (article_id)
join publishing using (batch_id)
left join (
  select article_id, to_version, max(position) as positions
  from published.figure_changes
  where article_id in (select article_id from good_articles where is_read_anew)
  group by all
) as recorded
  on recorded.article_id = paired.article_id
  and recorded.to_version = good_articles.version
where not is_held;

delete from published.figures where article_id in (select article_id from replaced_articles);
delete from published.paragraphs where article_id in (select article_id from replaced_articles);
delete from published.article_authors where article_id in (select article_id from replaced_articles);
delete from published.links where article_id in (select article_id from replaced_articles);
delete from published.media where article_id in (select article_id from replaced_articles);
delete from published.tags where article_id in (select article_id from replaced_articles);

-- Copies of one story are linked once all of the batches are in: see warehouse/near_duplicates.py.
merge into published.articles
using (
  select
    good_articles.* exclude (batch_id, source_id, first_source_id, is_newer, is_read_anew, body_before),
    first_source_id as source_id,
    null as duplicate_of
  from good_articles
) as fresh using (article_id)
when matched then update by name
when not matched then insert by name;

-- A page read again is the same version, read otherwise.
delete from published.article_versions where (article_id, version) in (select article_id, version from replaced_articles);
insert into published.article_versions by name
select article_id, version, title, body, content_hash, fetched_at as seen_at, capture_id
from good_articles;

merge into published.authors
using (
  select author_id, any_value(name) as name
  from staging.authors as staged
  join publishing using (batch_id)
  where (staged.batch_id, 'authors', staged.row_key) not in (from refused)
  group by author_id
) as signing using (author_id)
when not matched then insert by name;

insert into published.figures by name from good_figures;
insert into published.paragraphs by name
select staged.* exclude (batch_id, row_key)
from staging.paragraphs as staged
join publishing using (batch_id)
semi join good_articles using (article_id)
where (staged.batch_id, 'paragraphs', staged.row_key) not in (from refused);

insert into published.article_authors by name
select staged.* exclude (batch_id, row_key)
from staging.article_authors as staged
join publishing using (batch_id)
semi join good_articles using (article_id)
where (staged.batch_id, 'article_authors', staged.row_key) not in (from refused)
  and (staged.batch_id, 'authors', staged.author_id) not in (from refused);

insert into published.links by name
select staged.* exclude (batch_id, row_key)
from staging.links as staged
join publishing using (batch_id)
semi join good_articles using (article_id)
where (staged.batch_id, 'links', staged.row_key) not in (from refused);

insert into published.media by name
select staged.* exclude (batch_id, row_key)
from staging.media as staged
join publishing using (batch_id)
semi join good_articles using (article_id)
where (staged.batch_id, 'media', staged.row_key) not in (from refused);

insert into published.tags by name
select staged.* exclude (batch_id, row_key)
from staging.tags as staged
join publishing using (batch_id)
semi join good_articles using (article_id)
where (staged.batch_id, 'tags', staged.row_key) not in (from refused);


-- Addresses and listings are kept for every article that is public, also where its content was known already.
insert into published.article_urls by name
select distinct article_id, url, kind
from staging.article_urls as staged
join publishing using (batch_id)
anti join (
  select article_id, url, kind
  from published.article_urls
  semi join known_articles using (article_id)
) using (article_id, url, kind)
where (staged.batch_id, 'article_urls', staged.row_key) not in (from refused)
  and article_id in (select article_id from known_articles union all select article_id from good_articles);

-- One row per article and feed of the batches.
create or replace temp table listings as
select
  article_id, source_id, min_by(guid, found_at) as guid, min(found_at) as found_at,
  max(last_listed_at) as last_listed_at
from staging.article_sources as staged
join publishing using (batch_id)
where (staged.batch_id, 'article_sources', staged.row_key) not in (from refused)
  and article_id in (select article_id from known_articles union all select article_id from good_articles)
group by article_id, source_id;

update published.article_sources
set last_listed_at = greatest(article_sources.last_listed_at, listings.last_listed_at)
from (from listings semi join known_articles using (article_id)) as listings
where article_sources.article_id = listings.article_id
  and article_sources.source_id = listings.source_id;

insert into published.article_sources by name
from listings
anti join (
  select article_id, source_id
  from published.article_sources
  semi join known_articles using (article_id)
) using (article_id, source_id);
insert into ops.unreleased
select article_id from known_articles
union
select article_id from good_articles;
