"""When the bell rings for what was pushed: at once, not too often, and again until it was taken in."""

from datetime import datetime, timedelta

GAP = timedelta(seconds=10)  # between two rings for one source: one flow takes all that waits
AGAIN = timedelta(minutes=1)  # after which what still waits is rung for again, doubled each time
LONGEST = timedelta(minutes=15)


def next_ring(received_at: datetime, last_rung_at: datetime | None, rings: int) -> datetime:
    """Return when to ring for what waits since then, after so many rings for it; it may have come after the last."""
    if last_rung_at is None:
        return received_at
    if not rings or received_at > last_rung_at:
        return max(received_at, last_rung_at + GAP)
    return last_rung_at + min(AGAIN * (1 << min(rings - 1, 10)), LONGEST)
