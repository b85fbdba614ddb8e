"""Whom the bell rings for now: sources for which something waits, each at its time."""

from collections.abc import Mapping
from datetime import datetime

from .trigger_times import GAP, next_ring


class Rounds:
    """What was rung for, how often, until it was taken in. Forgotten with the process: then it rings again."""

    def __init__(self) -> None:
        self._rung: dict[str, tuple[datetime, int]] = {}  # when last, and how often for what waits now

    def due(self, waiting: Mapping[str, tuple[str, datetime]], now: datetime) -> list[tuple[str, str, datetime]]:
        """Return source, reason and time of what is to be rung for now, and take it for rung."""
        self._rung = {
            source_id: (at, rings if source_id in waiting and waiting[source_id][1] <= at else 0)
            for source_id, (at, rings) in self._rung.items()
            if source_id in waiting or now - at < GAP
        }
        due = []
        for source_id, (reason, received_at) in waiting.items():
            last_at, rings = self._rung.get(source_id, (None, 0))
            if last_at is None or last_at > now or next_ring(received_at, last_at, rings) <= now:
                due.append((source_id, reason, received_at))
                self._rung[source_id] = (now, rings + 1)
        return due
