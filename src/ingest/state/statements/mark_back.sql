-- Articles whose page is there and shows what is published, of those not known as such.
update articles
set is_gone = false, is_shortened = false
where article_id in (select value from json_each(:article_ids))
  and (is_gone or is_shortened)
returning article_id
