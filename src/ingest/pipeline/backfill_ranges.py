"""What of an archive lies within a range of days."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

from ..core.model import Entry

MOST_UNDATED = 500  # of one sitemap: pages that are asked for although nothing says of which day they are

_PART = re.compile(r"y(?:yyy|ear)?|m(?:m|onth)?|d(?:d|ay)?", re.IGNORECASE)
_STORY = re.compile(r"(?:-|\d|\.html?)[^/]*/?$", re.IGNORECASE)
_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)(?:[-_/]?(0[1-9]|1[0-2])(?:[-_/]?(0[1-9]|[12]\d|3[01]))?)?(?!\d)")


def within(
    entries: Sequence[Entry], *, listed_at: str, first_day: date, last_day: date
) -> tuple[list[Entry], list[Entry]]:
    """Return the entries of the days, and those left out because nothing says of which day they are.

    An article that says nothing of its day is of the days in the name of the sitemap that lists it. Where that says
    nothing either, and most there is undated, articles are worth a look, as long as they are few.
    """
    undated = [entry for entry in entries if _days_of(entry) is None and entry.updated_at is None]
    named = _days_named(listed_at)
    is_guessed = named is None and len(entries) / 2 < len(undated) <= MOST_UNDATED

    def is_wanted(entry: Entry) -> bool:
        days = _days_of(entry)
        if days is None and entry.updated_at:
            day = entry.updated_at.astimezone(UTC).date()
            days = (day, day) if first_day <= day <= last_day else named if _is_story(entry) else None
        elif days is None and _is_story(entry):
            days = (first_day, last_day) if is_guessed else named
        return days is not None and days[0] <= last_day and first_day <= days[1]

    chosen = [entry for entry in entries if is_wanted(entry)]
    return chosen, [] if named or is_guessed else undated


def entry_day(entry: Entry) -> date | None:
    """Return the last day (UTC) an entry may be of: when it was published, as its address says, or when it changed."""
    days = _days_of(entry)
    if days:
        return days[1]
    return entry.updated_at.astimezone(UTC).date() if entry.updated_at else None


def may_hold(url: str, modified: str | None, first_day: date, last_day: date) -> bool:
    """Return whether a sitemap may list anything of the days: by the date in its name, and not changed before them."""
    changed = _moment(modified)
    if changed and changed < first_day:
        return False
    named = _days_named(url)
    return named is None or (named[0] <= last_day and first_day <= named[1])


def _days_of(entry: Entry) -> tuple[date, date] | None:
    """Return the days an entry was published in: the one it names, else as its address says, a month at most."""
    if entry.published_at:
        day = entry.published_at.astimezone(UTC).date()
        return day, day
    named = _DATE.search(urlsplit(entry.url or "").path)
    return _days(named) if named and named[2] else None


def _is_story(entry: Entry) -> bool:
    """Return whether an address looks like an article's rather than that of a page that is always there."""
    return _STORY.search(urlsplit(entry.url or "").path) is not None


def _days_named(url: str) -> tuple[date, date] | None:
    """Return the days that the name of a sitemap names, in its path or as WordPress.com has them, in its query."""
    parts = urlsplit(url)
    asked = {name.lower()[:1]: value.zfill(2) for name, value in parse_qsl(parts.query) if _PART.fullmatch(name)}
    written = "-".join(asked[name] for name in "ymd" if name in asked) if "y" in asked else parts.path
    named = _DATE.search(written)
    return _days(named) if named else None


def _days(named: re.Match[str]) -> tuple[date, date]:
    """Return the first and last day of a year, a month or a day as named in an address."""
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
