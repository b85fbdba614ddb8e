-- An entry whose page was parsed and is doubted waits for another fetch, with what its feed carried.
update entries
set state = 'found', retry_at = :retry_at
where entry_id = :entry_id
