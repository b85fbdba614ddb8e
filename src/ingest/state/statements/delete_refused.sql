-- The rows of an article that rules refused.
delete from quarantine
where article_id = :article_id
