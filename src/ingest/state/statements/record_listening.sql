-- After a pause, or with a clock that was set back, it is there since now.
insert into listening (one, there_since, seen_at)
values (1, :now, :now)
on conflict (one) do update
set there_since =
      case
        when listening.seen_at between :earliest and :now then listening.there_since
        else excluded.there_since
      end,
    seen_at = excluded.seen_at
