"""What a status that is no page means: whether to come back, and when."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from ..archive.warc_records import NO_STATUS
from ..core.errors import (
    IngestError,
    PageForbidden,
    PageGone,
    PageLocked,
    PageMissing,
    Permanent,
    ProtocolBroken,
    RefusedForNow,
    ResponseEmpty,
    ResponsePartial,
    ServerFailed,
    Throttled,
)
from .response import Response

PAGES = frozenset({200, 203})
PASSING = frozenset({408, 421, 425})  # RFC 9110 and 8470: the same request may do better another time
_REFUSALS: dict[int, type[Permanent]] = {401: PageLocked, 404: PageMissing, 407: PageLocked, 410: PageGone}
_SECONDS = re.compile(r"(?:^|,)\s*([0-9]+)(?:\.[0-9]*)?\s*(?:s|secs?|seconds?)?\s*(?=,|$)", re.IGNORECASE)
NO_WAIT = timedelta(0)
LONGEST_WAIT = timedelta(days=31)  # nobody who means it asks for more


def refusal(response: Response, *, let_in_before: bool, now: datetime) -> IngestError | None:
    """Return the error that a response's status stands for; None for a page or a wanted 304, or without a response."""
    status = response.status
    asked_conditionally = any(name.startswith("If-") for name, _ in response.request_headers)
    if status == NO_STATUS or status in PAGES or (status == 304 and asked_conditionally):
        return None
    if (throttled := asked_for_time(response, now=now)) is not None:
        return throttled
    said, retry_at = _said(response), _retry_at(response, now)
    if status >= 500 or status in PASSING:
        return ServerFailed(said, about=response.url, retry_at=retry_at)
    if status == 403 and let_in_before:
        return RefusedForNow(f"{said}, though it let us in before", about=response.url)
    if status >= 400:
        failure = _REFUSALS.get(status, PageForbidden)(said, about=response.url)
        failure.retry_at = retry_at
        return failure
    if status == 304:
        return ServerFailed(f"{said}, though nothing was asked conditionally", about=response.url)
    if 300 <= status < 400:
        return ProtocolBroken(f"{said}, but not where to", about=response.url)
    if status in {204, 205}:
        return ResponseEmpty(said, about=response.url)
    if status == 206:
        return ResponsePartial(f"{said}, a part, though the whole was asked for", about=response.url)
    return ServerFailed(f"{said}, which is no page", about=response.url)


def robots_refusal(response: Response, *, now: datetime) -> IngestError | None:
    """Return the error that a robots.txt's status stands for, where that is neither its rules nor that it has none."""
    status = response.status
    if status in {206, 429} or 300 <= status < 400 or status >= 500:
        return refusal(response, let_in_before=False, now=now)
    return None


def asked_for_time(response: Response, *, now: datetime) -> Throttled | None:
    """Return the error of a response that asks us to come back later: any refusal may (RFC 9110, 10.2.3).

    One that speaks of the page alone, that it is not there or wants a password, asks for no time.
    """
    retry_at = _retry_at(response, now)
    if response.status == 429 or (retry_at is not None and response.status >= 400 and response.status not in _REFUSALS):
        return Throttled(_said(response), about=response.url, retry_at=retry_at)
    return None


def _said(response: Response) -> str:
    return f"{response.url} answers {response.status} {response.reason}".rstrip()


def _retry_at(response: Response, now: datetime) -> datetime | None:
    """Read Retry-After, in seconds or as a date (RFC 9110, 10.2.3); of several the longest counts, what is past is now.

    A date is read by our clock and by the server's, where it tells its time, and the later of the two counts.
    """
    values = [value for name, value in response.headers if name == "retry-after"]
    waits = [timedelta(seconds=int(one[:9])) for value in values for one in _SECONDS.findall(value)]
    server_now = _moment(response.header("date"))
    dates = filter(None, map(_moment, values))
    waits += [max(named - now, named - server_now if server_now else NO_WAIT, NO_WAIT) for named in dates]
    return now + min(max(waits), LONGEST_WAIT) if waits else None


def _moment(value: str | None) -> datetime | None:
    try:
        moment = parsedate_to_datetime((value or "").strip())
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
