-- One row per published article and source that listed it, with when it was listed last, if that was since a moment.
select article_id, source_id, max(last_listed_at) as last_listed_at
from entries
where last_listed_at >= :listed_since
  and article_id is not null
group by article_id, source_id
