-- Articles whose page is gone, of those not known as such.
update articles
set is_gone = true
where article_id in (select value from json_each(:article_ids))
  and not is_gone
returning article_id
