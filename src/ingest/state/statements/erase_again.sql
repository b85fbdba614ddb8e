-- Has what is left of any removed article erased once more.
update removed_articles
set erased_at = null, copied = 0
where erased_at is not null
