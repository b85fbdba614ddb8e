delete from pushes
where taken_at < :before
