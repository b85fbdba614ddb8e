-- An entry whose article is in a batch.
update entries
set state = 'staged', batch_id = :batch_id, article_id = :article_id
where entry_id = :entry_id
