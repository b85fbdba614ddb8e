"""When to ask again: a source for its feed, a server for a page."""

from datetime import datetime, timedelta

from ..errors import IngestError, Permanent, Transient
from ..model import Poll, Source

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=24)
VISITS_PER_ENTRY = 6


def is_due(last: Poll | None, now: datetime) -> bool:
    """Say whether a source may be asked now; one that was never asked always may."""
    return last is None or last.next_poll_at is None or last.next_poll_at <= now


def next_poll_after_success(source: Source, now: datetime) -> datetime | None:
    """Wait as long as the owner wishes; without a wish, whoever calls a run decides."""
    if source.poll_every_seconds is None:
        return None
    return now + timedelta(seconds=source.poll_every_seconds)


def next_poll_after_failure(error: IngestError, failures_in_a_row: int, now: datetime) -> datetime:
    """Double the wait for each failure in a row, up to a day, and always obey a server that named a time."""
    named = error.retry_at if isinstance(error, Transient) else None
    return max(named or now, now + _doubled_wait(failures_in_a_row))


def next_visit(error: IngestError, visits: int, now: datetime) -> datetime | None:
    """Give the time of the next visit to a page, or None when another would be no use or one too many."""
    if isinstance(error, Permanent) or visits >= VISITS_PER_ENTRY:
        return None
    named = error.retry_at if isinstance(error, Transient) else None
    return max(named or now, now + _doubled_wait(visits))


def _doubled_wait(times: int) -> timedelta:
    doublings = min(max(times - 1, 0), 12)  # 2**12 minutes is beyond the longest wait, and overflow is far
    return min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)
