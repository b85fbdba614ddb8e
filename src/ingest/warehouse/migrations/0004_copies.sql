-- How copies of a story are found among all articles, and which they are of. Analysts see `articles.duplicate_of`.

-- One row per article and number that its copies are likely to share. Those of its older versions stay: a number
-- only says where to look, the texts decide.
create table ops.story_keys (
  story_key ubigint not null,
  article_id varchar not null,
  first_seen_at timestamptz not null
);
create index story_keys_by_key on ops.story_keys (story_key);

-- One row per article that is a copy: the earliest article that it copies, which may be a copy itself.
create table ops.copies (
  article_id varchar primary key,
  earliest_id varchar not null,
  earliest_seen_at timestamptz not null
);
create index copies_by_earliest on ops.copies (earliest_id);

-- What was published before is found by the number that stands for the whole text, and keeps its links.
insert into ops.story_keys
select ('0x' || sha256(content_hash)[:16])::ubigint, article_id, first_seen_at
from published.articles;

insert into ops.copies
select copy.article_id, copy.duplicate_of, earliest.first_seen_at
from published.articles as copy
join published.articles as earliest on earliest.article_id = copy.duplicate_of
where (earliest.first_seen_at, earliest.article_id) < (copy.first_seen_at, copy.article_id);
