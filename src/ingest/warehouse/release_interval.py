"""When the analysts' file is made anew: often, but never so often that making it is all that is done."""

from datetime import datetime, timedelta

AT_ONCE = timedelta(minutes=1)  # what takes no longer is worth no wait


def next_release(released_at: datetime, took: timedelta, *, share: float) -> datetime:
    """Return the time from which the file may be made again, so that making it takes at most that share of the time."""
    return released_at if took <= AT_ONCE else released_at + took / share
