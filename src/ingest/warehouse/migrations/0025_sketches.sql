-- How near-duplicates are found is in the state database, where each article got its sketch before (state_import.py).
drop table ops.story_keys;
