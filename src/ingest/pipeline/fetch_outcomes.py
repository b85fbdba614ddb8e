"""What a visit to an entry's page amounts to: whether the entry can go on, and whether its host is left alone."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from ..core.errors import (
    ConnectionRefused,
    HandshakeFailed,
    IngestError,
    MissingPage,
    NameUnknown,
    PageGone,
    PageMissing,
    RefusedForNow,
    RobotsUnknown,
    Throttled,
    TimedOut,
    TitleMismatch,
    Unreachable,
)
from ..core.fetch_state import Waiting
from ..core.model import Conditions, Entry, Fetch, Page
from ..core.parsed_articles import Fetched
from ..core.ports import EntryOutcome
from ..scheduling.retries import next_visit_to_doubted
from .poll_outcomes import body_hash, failed_hop

NOT_MODIFIED = 304
NO_ADDRESS = "no_address"  # the reason of an entry that has no page, and asks nothing
PAGE_GONE = "page_gone"
NOT_REACHED = frozenset(
    error.reason
    for error in (Unreachable, NameUnknown, ConnectionRefused, HandshakeFailed, TimedOut, RobotsUnknown, RefusedForNow)
)
ASKED_FOR_TIME = frozenset(error.reason for error in (Throttled, RefusedForNow))
UNREACHED_BEFORE_SHUTTING = 3
PROMPT_SECONDS = 5.0  # in which nearly every page is there; what goes beyond wears our patience
PATIENCE_SECONDS = 45.0  # for a host, in one go: two pages that take all the time there is, or nine that drip


def host_of(entry: Entry) -> str:
    """Return the host an entry's page lives on, with its port where it names one; nothing without an address."""
    return urlsplit(entry.url or "").netloc.lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How the visits to one host have gone so far, in one go."""

    unreached_in_a_row: int = 0
    slow_seconds: float = 0.0  # that its answers took beyond what they should

    def after(self, visit: Fetch) -> "Patience":
        """Take in one more visit. A page waited for in vain says nothing of the next, but its time is gone."""
        was_waited_for = visit.reason == TimedOut.reason and visit.elapsed_ms > 0
        is_reached = visit.reason not in NOT_REACHED
        return Patience(
            unreached_in_a_row=0 if is_reached else self.unreached_in_a_row + (not was_waited_for),
            slow_seconds=self.slow_seconds + max(visit.elapsed_ms / 1000 - PROMPT_SECONDS, 0.0),
        )

    @property
    def is_over(self) -> bool:
        """Return whether the host is left alone for now: it is not there, or has kept us for too long."""
        return self.unreached_in_a_row >= UNREACHED_BEFORE_SHUTTING or self.slow_seconds >= PATIENCE_SECONDS


def why_shut(visit: Fetch, patience: Patience) -> str | None:
    """Return why a host is left alone after a fetch: it asked for time, or took too much of ours; None if it is not."""
    if visit.reason == Throttled.reason or patience.is_over:
        return visit.reason or TimedOut.reason
    return None


def failed_fetch(visit: Fetch, error: IngestError) -> Fetch:
    """Record what a visit to a page failed of, at which hop, and what that answered, if it did."""
    return replace(
        visit,
        reason=error.reason,
        detail=str(error),
        status=(error.capture.status or None) if error.capture else None,
        final_url=failed_hop(error),
        elapsed_ms=error.elapsed_ms,
        capture=error.capture,
    )


def outcome_without_page(waiting: Waiting, error: IngestError) -> EntryOutcome | None:
    """End an entry whose page is lost, unless its feed carried the whole article.

    An article that we have outlives its page: nothing failed, it is only told that the page is gone.
    """
    if waiting.is_carried:
        return None
    entry_id = waiting.entry.entry_id
    if is_gone(waiting, error):
        return EntryOutcome(entry_id=entry_id, outcome="unchanged", reason=PAGE_GONE, detail=str(error))
    return EntryOutcome(entry_id=entry_id, outcome="failed", reason=error.reason, detail=str(error))


def goes_without(waiting: Waiting, reason: str) -> bool:
    """Return whether an entry need not wait for its page: its feed carried the article, and no server asked for time.

    An article whose text came from its page waits for it. Other pages are asked again as their articles age.
    """
    has_page_text = waiting.article_id is not None and not waiting.is_from_feed
    return waiting.is_carried and not has_page_text and reason not in ASKED_FOR_TIME


def outcome_without_article(fetched: Fetched, reason: str, detail: str) -> EntryOutcome:
    """End an entry whose page holds no article; one that says that it is missing is gone, if we have its article."""
    entry_id = fetched.entry.entry_id
    if fetched.article_id is not None and reason == MissingPage.reason:
        return EntryOutcome(entry_id=entry_id, outcome="unchanged", reason=PAGE_GONE, detail=detail)
    return EntryOutcome(entry_id=entry_id, outcome="failed", reason=reason, detail=detail)


def revisits(waiting: Iterable[Fetched], outcomes: Iterable[EntryOutcome], now: datetime) -> dict[str, datetime]:
    """Return the time of the next visit, by entry_id, to the pages that were read and are doubted."""
    visits = {one.entry.entry_id: one.visits for one in waiting}
    doubted = [entry_outcome.entry_id for entry_outcome in outcomes if entry_outcome.reason == TitleMismatch.reason]
    times = ((entry_id, next_visit_to_doubted(visits[entry_id], now)) for entry_id in doubted)
    return {entry_id: at for entry_id, at in times if at}


def outcome_without_address(waiting: Waiting) -> EntryOutcome | None:
    """End an entry that has no page, unless its feed carried the whole article."""
    if waiting.is_carried:
        return None
    return EntryOutcome(entry_id=waiting.entry.entry_id, outcome="failed", reason=NO_ADDRESS)


def is_gone(waiting: Waiting, error: IngestError) -> bool:
    """Return whether an error means that the page of an article we have went away."""
    return waiting.article_id is not None and isinstance(error, PageMissing | PageGone)


def outcome_of_same_page(waiting: Waiting, page: Page) -> EntryOutcome | None:
    """End an entry whose page is, byte for byte, the one its article was read from."""
    if waiting.capture is None:
        return None
    if page.status == NOT_MODIFIED:
        return EntryOutcome(entry_id=waiting.entry.entry_id, outcome="unchanged", reason="not_modified")
    if body_hash(page) == waiting.capture.payload_hash:
        return EntryOutcome(entry_id=waiting.entry.entry_id, outcome="unchanged", reason="same_page")
    return None


def conditions_of(page: Page) -> Conditions | None:
    """Return what a page told us, to be repeated; None where it told nothing."""
    etag, last_modified = page.header("etag"), page.header("last-modified")
    return Conditions(etag=etag, last_modified=last_modified, url=page.final_url) if etag or last_modified else None


def leads_home(page: Page) -> bool:
    """Return whether an address now leads to the front page of a site, which is how many say that a page is gone."""
    asked, answered = urlsplit(page.requested_url), urlsplit(page.final_url)
    return asked.path.strip("/") != "" and answered.path.strip("/") == "" and not answered.query
