-- Deletes the staged rows of the batches that the temporary table `unstaged` names.
delete from staging.articles where batch_id in (select batch_id from unstaged);
delete from staging.article_urls where batch_id in (select batch_id from unstaged);
delete from staging.article_sources where batch_id in (select batch_id from unstaged);
delete from staging.authors where batch_id in (select batch_id from unstaged);
delete from staging.article_authors where batch_id in (select batch_id from unstaged);
delete from staging.paragraphs where batch_id in (select batch_id from unstaged);
delete from staging.figures where batch_id in (select batch_id from unstaged);
delete from staging.links where batch_id in (select batch_id from unstaged);
delete from staging.media where batch_id in (select batch_id from unstaged);
delete from staging.tags where batch_id in (select batch_id from unstaged);
