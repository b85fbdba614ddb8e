"""What pushes alone need of the state."""

from collections.abc import Sequence
from datetime import datetime

from ...model import Event
from .rows import Rows, keep_events


class PushRows(Rows):
    """What is kept of what was pushed, beside the visits that it is kept as."""

    def has_taken(self, source_id: str, body_hash: str, received_at: datetime) -> bool:
        """Say whether what was pushed of a source was taken in since it came."""
        told = {"source_id": source_id, "body_hash": body_hash, "received_at": received_at}
        return bool(self._state.read("has_taken", told))

    def first_found(self, source_id: str, found_at: datetime) -> list[str]:
        """Name the entries that a visit was the first to find."""
        rows = self._state.read("first_found", {"source_id": source_id, "found_at": found_at})
        return [row["entry_id"] for row in rows]

    def keep_told_of(self, events: Sequence[Event]) -> None:
        """Keep events that no rows of their own prove."""
        with self._state.write() as transaction:
            keep_events(transaction, events)
