-- The articles named are copies no more.
delete from ops.copies
where article_id in ({values})
