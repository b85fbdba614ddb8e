-- One row per message before a moment that nobody is owed any more.
select rowid
from ops.messages
where written_at < $before
  and sent_at is not null
