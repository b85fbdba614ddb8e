delete from staging.accepted_rows
