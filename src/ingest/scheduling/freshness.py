"""How long a server says that what it served stays fresh (RFC 9111), and a feed says so of itself."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from ..core.fetch_state import KnownFeed
from ..core.model import Page

_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
_NEVER_FRESH = re.compile(r"\bno-(?:cache|store)\b", re.IGNORECASE)
NO_TIME = timedelta(0)


def named_wait(page: Page, known: KnownFeed | None, updates_from: datetime | None = None) -> timedelta:
    """Return the longer of what the headers of an answer name and what the feed last said of itself.

    A feed that says from when it counts its periods is next written when the current one is over.
    """
    period = timedelta(seconds=(known and known.ttl_seconds) or 0)
    if period and updates_from:
        period -= (page.fetched_at - updates_from) % period
    return max(_fresh_for(page), period)


def _fresh_for(page: Page) -> timedelta:
    """Read max-age, or without it Expires less Date, and take off Age (RFC 9111, 4.2)."""
    control = ", ".join(value for name, value in page.headers if name == "cache-control")
    if _NEVER_FRESH.search(control):
        return NO_TIME
    if "max-age" in control.lower():
        found = _MAX_AGE.search(control)
        named = timedelta(seconds=int(found[1])) if found else NO_TIME  # an age that can't be read is none (4.2.1)
    else:
        expires, said_at = _moment(page.header("expires")), _moment(page.header("date")) or page.fetched_at
        named = expires - said_at if expires else NO_TIME
    age = page.header("age") or ""
    seconds = int(age) if age.isdecimal() and age.isascii() and len(age) < 10 else 0
    return max(named - timedelta(seconds=seconds), NO_TIME)


def _moment(value: str | None) -> datetime | None:
    """Read one of HTTP's three forms of a date, which is in UTC also where it does not say so (RFC 9110, 5.6.7)."""
    try:
        moment = parsedate_to_datetime(value or "")
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
