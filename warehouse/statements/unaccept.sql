-- What is not published, though a person accepted it, does not say that it is accepted.
update quarantine.refused_rows
set accepted_at = null, accepted_why = null
where batch_id = $batch_id
  and list_contains($refused_ids::varchar[], refused_id)
