-- Lets what was read be found: from now on its numbers stand for articles.
insert into search.documents
select unindexed.document, unindexed.article_id, unindexed.language, unindexed.stemmed_as, count(*), sum(lengths.words)
from temp.unindexed as unindexed
join temp.lengths as lengths using (document)
group by unindexed.document, unindexed.article_id, unindexed.language, unindexed.stemmed_as;

update search.state
set last_document = greatest(last_document, (select max(document) from search.documents));
