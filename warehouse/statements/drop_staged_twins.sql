-- Several entries of a batch may bring the same address, listing or person; the first stands for all.
delete from staging.article_urls
where batch_id in (from twin_batch)
  and rowid not in (select min(rowid) from staging.article_urls group by batch_id, row_key);

delete from staging.article_sources
where batch_id in (from twin_batch)
  and rowid not in (select min(rowid) from staging.article_sources group by batch_id, row_key);

delete from staging.authors
where batch_id in (from twin_batch)
  and rowid not in (select min(rowid) from staging.authors group by batch_id, row_key);
