"""What of an archive lies within a range of days."""

import re
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

from ..model import Entry

_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)(?:[-_/]?(0[1-9]|1[0-2])(?:[-_/]?(0[1-9]|[12]\d|3[01]))?)?(?!\d)")


def entry_day(entry: Entry) -> date | None:
    """Give the day (UTC) of an entry: when it was published, else as its address says, else when it changed."""
    if entry.published_at:
        return entry.published_at.astimezone(UTC).date()
    named = _DATE.search(urlsplit(entry.url or "").path)
    if named and named[3]:
        return _days(named)[0]
    return entry.updated_at.astimezone(UTC).date() if entry.updated_at else None


def may_hold(url: str, modified: str | None, first_day: date, last_day: date) -> bool:
    """Say whether a sitemap may list anything of the days: by the date in its name, and not changed before them."""
    changed = _moment(modified)
    if changed and changed < first_day:
        return False
    named = _DATE.search(urlsplit(url).path)
    if not named:
        return True
    begins, ends = _days(named)
    return begins <= last_day and first_day <= ends


def _days(named: re.Match[str]) -> tuple[date, date]:
    """Give the first and last day of a year, a month or a day as named in an address."""
    year, month, day = int(named[1]), int(named[2] or 0), int(named[3] or 0)
    try:
        if day:
            return date(year, month, day), date(year, month, day)
    except ValueError:
        day = 0
    if month:
        after = date(year + month // 12, month % 12 + 1, 1)
        return date(year, month, 1), after - timedelta(days=1)
    return date(year, 1, 1), date(year, 12, 31)


def _moment(written: str | None) -> date | None:
    try:
        return datetime.fromisoformat(written or "").date()
    except ValueError:
        return None
