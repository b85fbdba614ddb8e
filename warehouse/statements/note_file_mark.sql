-- The file that was released lies elsewhere now, or another machine looks at it.
update ops.releases
set file_mark = $file_mark
where release_id = $release_id
