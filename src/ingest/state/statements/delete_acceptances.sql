-- No row of an article is accepted any more.
delete from accepted_rows
where (table_name, row_key) in (
  select table_name, row_key
  from quarantine
  where article_id = :article_id
)
