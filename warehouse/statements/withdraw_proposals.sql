-- What was read again and not approved leaves no trace.
delete from staging.articles where batch_id in (select batch_id from ops.batches where state = 'proposed');
delete from staging.article_urls where batch_id in (select batch_id from ops.batches where state = 'proposed');
delete from staging.article_sources where batch_id in (select batch_id from ops.batches where state = 'proposed');
delete from staging.authors where batch_id in (select batch_id from ops.batches where state = 'proposed');
delete from staging.article_authors where batch_id in (select batch_id from ops.batches where state = 'proposed');
delete from staging.paragraphs where batch_id in (select batch_id from ops.batches where state = 'proposed');
delete from staging.figures where batch_id in (select batch_id from ops.batches where state = 'proposed');
delete from staging.links where batch_id in (select batch_id from ops.batches where state = 'proposed');
delete from staging.media where batch_id in (select batch_id from ops.batches where state = 'proposed');
delete from staging.tags where batch_id in (select batch_id from ops.batches where state = 'proposed');
delete from ops.batches where state = 'proposed';
