"""How long a server says that what it served stays fresh (RFC 9111), and a feed says so of itself."""

import re
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from ..model import Page
from ..visiting import KnownFeed

_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
_NEVER_FRESH = re.compile(r"\bno-(?:cache|store)\b", re.IGNORECASE)


def named_wait(page: Page, known: KnownFeed | None) -> timedelta:
    """Give the longer of what the headers of an answer name and what the feed last said of itself."""
    ttl_seconds = known.ttl_seconds if known else None
    return max(_fresh_for(page), timedelta(seconds=ttl_seconds or 0))


def _fresh_for(page: Page) -> timedelta:
    """Read max-age less Age; without it, Expires less Date (RFC 9111, 4.2.1)."""
    control = ", ".join(value for name, value in page.headers if name == "cache-control")
    if _NEVER_FRESH.search(control):
        return timedelta(0)
    if "max-age" in control.lower():
        found = _MAX_AGE.search(control)
        if found is None:
            return timedelta(0)  # an age that can't be read is none (4.2.1)
        age = page.header("age") or "0"
        seconds = int(found[1]) - (int(age) if age.isdecimal() and age.isascii() and len(age) < 10 else 0)
        return timedelta(seconds=max(seconds, 0))
    expires = _moment(page.header("expires"))
    if expires is None:
        return timedelta(0)
    said_at = _moment(page.header("date")) or page.fetched_at
    return max(expires - said_at, timedelta(0))


def _moment(value: str | None) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value or "")
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else None
