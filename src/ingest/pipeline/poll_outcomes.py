"""What a visit to a feed amounts to: the record of it, and the events it rings."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from statistics import median

from ..core.errors import IngestError, PageForbidden, PageGone, RefusedForNow, Throttled
from ..core.events import Payload, event
from ..core.model import Entry, Event, Feed, Page, Poll, Source
from ..scheduling.retries import next_poll_after_failure

PRECONDITION_FAILED = 412
LONGEST_LAG_SECONDS = 30 * 86_400  # what is older was listed late by the newsroom


def body_hash(page: Page) -> str:
    """Hash what was served, to know it again when no header tells."""
    return hashlib.sha256(page.body).hexdigest()


def served_poll(source: Source, last: Poll | None, page: Page, feed: Feed | None, *, now: datetime) -> Poll:
    """Record a visit that was answered; without a feed in it, nothing had changed."""
    kept = last if page.status == 304 else None
    etag, last_modified = _validators(page, kept)
    return Poll(
        source_id=source.source_id,
        polled_at=now,
        outcome="served" if feed else "unchanged",
        reason=None if feed else ("not_modified" if page.status == 304 else "same_body"),
        status=page.status,
        feed_url=page.requested_url,
        final_url=page.final_url,
        etag=etag,
        last_modified=last_modified,
        body_hash=kept.body_hash if kept else body_hash(page),
        received_bytes=page.received_bytes,
        elapsed_ms=page.elapsed_ms,
        capture_id=page.capture.capture_id if page.capture else None,
    )


def _validators(page: Page, kept: Poll | None) -> tuple[str | None, str | None]:
    """Return what is repeated next time: what the page told, and of one that has not changed, what was told before.

    A 304 with another tag than ours is about what we never had (RFC 9111, 4.3.4), and leaves nothing to repeat.
    """
    etag, last_modified = page.header("etag"), page.header("last-modified")
    if kept is None:
        return etag, last_modified
    if etag and kept.etag and etag.removeprefix("W/") != kept.etag.removeprefix("W/"):
        return None, None
    return etag or kept.etag, last_modified or kept.last_modified


def failed_poll(source: Source, last: Poll | None, error: IngestError, *, now: datetime) -> Poll:
    """Record a visit that failed, and what earlier ones learned of the feed.

    Validators belong to the address that told them, and are forgotten once another one answers in its place, or once
    it may be they that are refused: a feed that fails when they are repeated would be lost.
    """
    failures = last.failures_in_a_row + 1 if last else 1
    hop = failed_hop(error)
    is_theirs = last is not None and hop in (None, last.final_url)
    told = last if is_theirs and not _may_refuse_conditions(error, failures) else None
    return Poll(
        source_id=source.source_id,
        polled_at=now,
        outcome="failed",
        reason=error.reason,
        detail=str(error),
        status=(error.capture.status or None) if error.capture else None,
        feed_url=last.feed_url if last else source.feed_url,
        final_url=hop,
        etag=told.etag if told else None,
        last_modified=told.last_modified if told else None,
        body_hash=last.body_hash if last else None,
        elapsed_ms=error.elapsed_ms,
        failures_in_a_row=failures,
        next_poll_at=next_poll_after_failure(error, failures, now, source_id=source.source_id),
        capture_id=error.capture.capture_id if error.capture else None,
    )


def _may_refuse_conditions(error: IngestError, failures: int) -> bool:
    """Return whether a refusal may be of the conditions: 412 always is (RFC 9110, 15.5.13), another the second time."""
    if error.capture is None or error.reason == Throttled.reason:
        return False
    return error.capture.status == PRECONDITION_FAILED or failures > 1


def doubted(error: IngestError, let_in_before: Callable[[], bool]) -> IngestError:
    """Take a 403 for a throttle from whoever let us in before; any other error is what it is."""
    status = error.capture.status if error.capture else None
    if status != 403 or not isinstance(error, PageForbidden) or not let_in_before():
        return error
    throttled = RefusedForNow(f"{error}, though it let us in before", about=error.about)
    throttled.hop, throttled.captures, throttled.elapsed_ms = error.hop, error.captures, error.elapsed_ms
    return throttled


def lag_seconds(news: Iterable[Entry], now: datetime) -> int | None:
    """Return how long ago what is new was published, in the middle of it; a time ahead says nothing."""
    ages = [(now - entry.published_at).total_seconds() for entry in news if entry.published_at]
    past = [age for age in ages if 0 <= age < LONGEST_LAG_SECONDS]
    return round(median(past)) if past else None


@contextmanager
def failing_as(page: Page) -> Iterator[None]:
    """Attribute a parse error to the page's address and captures, unless it names an address already."""
    try:
        yield
    except IngestError as error:
        if error.hop is None:
            error.hop, error.captures = page.final_url, page.captures
        raise


def failed_hop(error: IngestError) -> str | None:
    """Return the address that failed, which redirects may have led to."""
    if error.hop:
        return error.hop
    return error.about if error.about.startswith(("http://", "https://")) else None


def poll_events(visit: Poll, page: Page | None, *, run_id: str) -> list[Event]:
    """Return what a visit to a feed brought to pass."""
    told: Payload = {"source": visit.source_id}
    events = []
    if visit.outcome == "failed":
        failure: Payload = {"reason": visit.reason, "detail": visit.detail}
        failures = visit.failures_in_a_row
        events.append(event("source.failed", visit.polled_at, told | failure | {"failures_in_a_row": failures}))
        if visit.reason == PageGone.reason:
            events.append(event("source.gone", visit.polled_at, told | {"feed_url": visit.feed_url}))
    if page and page.moved_to:
        moved: Payload = {"from_url": page.requested_url, "to_url": page.moved_to}
        events.append(event("source.moved", visit.polled_at, told | moved))
    if visit.entries_found:
        events.append(event("entries.found", visit.polled_at, told | {"run": run_id, "entries": visit.entries_found}))
    return events
