-- One row per batch and article of it that a rule refused, and nobody accepted: the first such rule.
select batch_id, row_key as article_id, min(rule) as rule
from quarantine.refused_rows
join publishing using (batch_id)
where table_name = 'articles'
  and accepted_at is null
group by batch_id, row_key
