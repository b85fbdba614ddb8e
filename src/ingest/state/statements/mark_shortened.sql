-- Articles whose page is there and shows less than is published, of those not known as such.
update articles
set is_gone = false, is_shortened = true
where article_id in (select value from json_each(:article_ids))
  and (is_gone or not is_shortened)
returning article_id
