"""What a visit to an entry's page amounts to: whether the entry can go on, and whether its host is left alone."""

from dataclasses import replace
from urllib.parse import urlsplit

from ..errors import (
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
    Unreachable,
)
from ..model import Conditions, Entry, Fetch, Page
from ..ports import Ending
from ..stories import Fetched
from ..visiting import Waiting
from .visits import body_hash, failed_hop

NOT_MODIFIED = 304
PAGE_GONE = "page_gone"
NOT_REACHED = frozenset(
    error.reason
    for error in (Unreachable, NameUnknown, ConnectionRefused, HandshakeFailed, TimedOut, RobotsUnknown, RefusedForNow)
)
ASKED_FOR_TIME = frozenset(error.reason for error in (Throttled, RefusedForNow))
UNREACHED_BEFORE_SHUTTING = 3


def host_of(entry: Entry) -> str:
    """Give the host an entry's page lives on, with its port where it names one; nothing without an address."""
    return urlsplit(entry.url or "").netloc.lower()


def shuts_host(visit: Fetch, unreached_in_a_row: int) -> bool:
    """Say whether a host is left alone for now: it asked for time, or was not reached several times in a row."""
    return visit.reason == Throttled.reason or unreached_in_a_row >= UNREACHED_BEFORE_SHUTTING


def failed_fetch(visit: Fetch, error: IngestError) -> Fetch:
    """Record what a visit to a page failed of, at which hop, and what that answered, if it did."""
    return replace(
        visit,
        reason=error.reason,
        detail=str(error),
        status=error.capture.status if error.capture else None,
        final_url=failed_hop(error),
        capture=error.capture,
        hops=tuple(capture for capture in error.captures if capture is not error.capture),
    )


def ending_without_page(waiting: Waiting, error: IngestError) -> Ending | None:
    """End an entry whose page is lost, unless its feed carried the whole story.

    An article that we have outlives its page: nothing failed, it is only told that the page is gone.
    """
    if waiting.is_carried:
        return None
    entry_id = waiting.entry.entry_id
    if is_gone(waiting, error):
        return Ending(entry_id=entry_id, outcome="unchanged", reason=PAGE_GONE, detail=str(error))
    return Ending(entry_id=entry_id, outcome="failed", reason=error.reason, detail=str(error))


def goes_without(waiting: Waiting, reason: str) -> bool:
    """Say whether an entry need not wait for its page: its feed carried the story, and no server asked for time.

    An article whose text came from its page waits for it. Other pages are asked again as their articles age.
    """
    has_page_text = waiting.article_id is not None and not waiting.is_from_feed
    return waiting.is_carried and not has_page_text and reason not in ASKED_FOR_TIME


def ending_unread(fetched: Fetched, reason: str, detail: str) -> Ending:
    """End an entry whose page holds no story; one that says that it is missing is gone, if we have its article."""
    entry_id = fetched.entry.entry_id
    if fetched.article_id is not None and reason == MissingPage.reason:
        return Ending(entry_id=entry_id, outcome="unchanged", reason=PAGE_GONE, detail=detail)
    return Ending(entry_id=entry_id, outcome="failed", reason=reason, detail=detail)


def ending_without_address(waiting: Waiting) -> Ending | None:
    """End an entry that has no page, unless its feed carried the whole story."""
    if waiting.is_carried:
        return None
    return Ending(entry_id=waiting.entry.entry_id, outcome="failed", reason="no_address")


def is_gone(waiting: Waiting, error: IngestError) -> bool:
    """Say whether an error means that the page of an article we have went away."""
    return waiting.article_id is not None and isinstance(error, PageMissing | PageGone)


def ending_of_same_page(waiting: Waiting, page: Page) -> Ending | None:
    """End an entry whose page is, byte for byte, the one its article was read from."""
    if waiting.capture is None:
        return None
    if page.status == NOT_MODIFIED:
        return Ending(entry_id=waiting.entry.entry_id, outcome="unchanged", reason="not_modified")
    if body_hash(page) == waiting.capture.payload_hash:
        return Ending(entry_id=waiting.entry.entry_id, outcome="unchanged", reason="same_page")
    return None


def conditions_of(page: Page) -> Conditions | None:
    """Give what a page told us, to be repeated; None where it told nothing."""
    etag, last_modified = page.header("etag"), page.header("last-modified")
    return Conditions(etag=etag, last_modified=last_modified, url=page.final_url) if etag or last_modified else None


def leads_home(page: Page) -> bool:
    """Say whether an address now leads to the front page of a site, which is how many say that a page is gone."""
    asked, answered = urlsplit(page.requested_url), urlsplit(page.final_url)
    return asked.path.strip("/") != "" and answered.path.strip("/") == "" and not answered.query
