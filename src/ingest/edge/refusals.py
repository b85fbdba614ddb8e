"""What a status that is no page means: whether to come back, and when."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from ..errors import IngestError, PageForbidden, PageGone, PageMissing, ResponseCorrupt, ServerFailed, Throttled
from .exchange import Answer

PAGES = frozenset({200, 203})
PASSING = frozenset({408, 421, 425})  # RFC 9110 and 8470: the same request may do better another time
LONGEST_WAIT = timedelta(days=31)  # nobody who means it asks for more


def refusal(answer: Answer, *, requested_url: str, asked_conditionally: bool, now: datetime) -> IngestError | None:
    """Give the error an answer stands for, or None when it is a page or a wanted 304."""
    status = answer.status
    if status in PAGES or (status == 304 and asked_conditionally):
        return None
    said = f"{answer.url} answers {status} {answer.reason}".rstrip()
    retry_at = _retry_at(answer.header("retry-after"), now)
    if status == 429 or (retry_at is not None and status in {403, 503}):
        return Throttled(said, about=requested_url, retry_at=retry_at)
    if status >= 500 or status in PASSING:
        return ServerFailed(said, about=requested_url, retry_at=retry_at)
    if status == 404:
        return PageMissing(said, about=requested_url)
    if status == 410:
        return PageGone(said, about=requested_url)
    if status >= 400:
        return PageForbidden(said, about=requested_url)
    if status == 304:
        return ServerFailed(f"{said}, though nothing was asked conditionally", about=requested_url)
    if 300 <= status < 400:
        return ResponseCorrupt(f"{said}, but not where to", about=requested_url)
    return ServerFailed(f"{said}, which is no page", about=requested_url)


def _retry_at(value: str | None, now: datetime) -> datetime | None:
    """Read Retry-After, in seconds or as a date (RFC 9110, 10.2.3); what is past means now."""
    if value is None:
        return None
    text = value.strip()
    if text.isdecimal() and text.isascii():
        return now + min(timedelta(seconds=int(text[:9])), LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    aware = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max(aware, now), now + LONGEST_WAIT)
