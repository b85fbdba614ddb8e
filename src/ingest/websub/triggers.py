"""When a run is triggered for what was pushed: at once, not too often, and again until a run has taken it."""

from collections.abc import Mapping
from datetime import datetime, timedelta

GAP = timedelta(seconds=10)  # between two triggers for one source: one flow takes all that waits
AGAIN = timedelta(minutes=1)  # after which what still waits triggers again, doubled each time
LONGEST = timedelta(minutes=15)


def next_trigger(received_at: datetime, last_at: datetime | None, times: int) -> datetime:
    """Return when to trigger for what waits since then, after so many times; it may have come after the last."""
    if last_at is None:
        return received_at
    if not times or received_at > last_at:
        return max(received_at, last_at + GAP)
    return last_at + min(AGAIN * (1 << min(times - 1, 10)), LONGEST)


class Rounds:
    """What was triggered for, how often, until a run has taken it. Lost with the process: then all triggers again."""

    def __init__(self) -> None:
        self._sent: dict[str, tuple[datetime, int]] = {}  # when last, and how often for what waits now

    def due(self, waiting: Mapping[str, tuple[str, datetime]], now: datetime) -> list[tuple[str, str, datetime]]:
        """Return source, reason and time of what is to be triggered for now, and record it as triggered."""
        self._sent = {
            source_id: (at, times if source_id in waiting and waiting[source_id][1] <= at else 0)
            for source_id, (at, times) in self._sent.items()
            if source_id in waiting or now - at < GAP
        }
        due = []
        for source_id, (reason, received_at) in waiting.items():
            last_at, times = self._sent.get(source_id, (None, 0))
            if last_at is None or last_at > now or next_trigger(received_at, last_at, times) <= now:
                due.append((source_id, reason, received_at))
                self._sent[source_id] = (now, times + 1)
        return due
