-- What was staged of the batches that the temporary table `prunable` names.
delete from staging.articles where batch_id in (select batch_id from prunable);
delete from staging.article_urls where batch_id in (select batch_id from prunable);
delete from staging.article_sources where batch_id in (select batch_id from prunable);
delete from staging.authors where batch_id in (select batch_id from prunable);
delete from staging.article_authors where batch_id in (select batch_id from prunable);
delete from staging.paragraphs where batch_id in (select batch_id from prunable);
delete from staging.figures where batch_id in (select batch_id from prunable);
delete from staging.links where batch_id in (select batch_id from prunable);
delete from staging.media where batch_id in (select batch_id from prunable);
delete from staging.tags where batch_id in (select batch_id from prunable);
