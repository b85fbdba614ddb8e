-- Who made a figure read otherwise: the publisher, who changed its text, or our reader, which reads the same text
-- better. Of changes that are here already, those are known whose words stand in one of the versions alone (publisher),
-- or that read the same words otherwise (reader); the others stay null.
alter table published.figure_changes add column cause varchar;
update published.figure_changes
set cause = case
  when before = after then 'reader'
  when (before is null or not contains(newer.body, before)) and (after is null or not contains(older.body, after))
    then 'publisher'
end
from published.article_versions as older, published.article_versions as newer
where older.article_id = figure_changes.article_id
  and older.version = figure_changes.from_version
  and newer.article_id = figure_changes.article_id
  and newer.version = figure_changes.to_version;
