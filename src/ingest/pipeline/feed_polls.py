"""A visit to a source's feed wherever it lives now, to what has come in its place, or to its section pages."""

import logging
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urljoin

from ..alerts.texts import FAILURES_BEFORE_ALERT
from ..core.errors import (
    IngestError,
    NotAFeed,
    PageForbidden,
    PageGone,
    PageMissing,
    ResponseEmpty,
    Unreachable,
    WarehouseUnusable,
)
from ..core.fetch_state import KnownFeed
from ..core.model import Conditions, Feed, Page, Poll, Source
from ..core.ports import Web
from ..feeds.discovery import INDEX, Found, find_feed, find_successor, read_listing
from ..feeds.hub_links import MOST_HUBS, read_hub_links
from ..feeds.sections.page import SECTION
from ..feeds.skip_hours import read_skipped_days, read_skipped_hours, read_update_base
from . import poll_outcomes
from .section_polls import reads_sections, visit_sections

log = logging.getLogger("ingest")

SEARCH_DAY = 0  # Monday: of the days on which a feed is tried again in place of section pages, that of a whole search
_NOT_HERE = (NotAFeed, PageMissing, PageGone, PageForbidden, ResponseEmpty)  # the feed may be at another address


@dataclass(frozen=True, slots=True, kw_only=True)
class Visited:
    """A source's feed after a visit: the record of it, and what is known of it from now on."""

    visit: Poll
    known: KnownFeed | None
    page: Page | None = None
    feed: Feed | None = None
    updates_from: datetime | None = None  # when the feed begins to count its periods
    error: IngestError | None = None  # what a failed visit failed of
    has_read_sections: bool = False  # section pages were asked

    @property
    def is_missing(self) -> bool:
        """Return whether nothing is at the feed's address: 404."""
        return isinstance(self.error, PageMissing)

    @property
    def is_elsewhere(self) -> bool:
        """Return whether the feed may be at another address."""
        return isinstance(self.error, _NOT_HERE)


def ask(
    source: Source, last: Poll | None, before: KnownFeed | None, *, web: Web, trusting: bool, now: datetime
) -> Visited:
    """Visit the feed."""
    is_by_sections = reads_sections(source, last, before, now)
    try:
        if is_by_sections:
            return _ask_sections(source, last, before, web=web, trusting=trusting, now=now)
        page, feed = visit_feed(source, last, web=web, known=before, trusting=trusting)
        visit = poll_outcomes.served_poll(source, last, page, feed, now=now)
        known: KnownFeed | None = learned(source, before, page, feed)
        base = read_update_base(page.body)
        page = replace(page, body=b"")  # read, and on record: many such may wait to be kept
        return Visited(visit=visit, known=known, page=page, feed=feed, updates_from=base)
    except WarehouseUnusable:
        raise  # ours to fix: the feed is not to blame, and is asked again by the next run
    except IngestError as error:
        error = poll_outcomes.doubted(error, lambda: last is not None and last.body_hash is not None)
        visit = poll_outcomes.failed_poll(source, last, error, now=now)
        known = before
        if isinstance(error, PageGone):
            known = replace(before or _unknown(source), gone_at=now)
        return Visited(visit=visit, known=known, error=error, has_read_sections=is_by_sections)


def _ask_sections(
    source: Source, last: Poll | None, before: KnownFeed | None, *, web: Web, trusting: bool, now: datetime
) -> Visited:
    """Visit the section pages."""
    read = visit_sections(source, before, web=web, trusting=trusting)
    visit = poll_outcomes.served_poll(source, last, read.page, read.feed, now=now)
    known = replace(
        before or _unknown(source),
        feed_url=source.section_urls[0],
        format=SECTION,
        ttl_seconds=None,
        skip_hours=(),
        skip_days=(),
        gone_at=None,
        listing_state=read.listing_state,
    )
    page = replace(read.page, body=b"")
    return Visited(visit=visit, known=known, page=page, feed=read.feed)


def fall_back(
    source: Source, visited: Visited, before: KnownFeed | None, *, web: Web, trusting: bool, now: datetime
) -> Visited:
    """Read the section pages where no feed answers and none is found; of what was a feed, once it is an alert.

    Where they fail as well, that is what is told of a source that had nothing else before.
    """
    is_new = before is None or before.format != SECTION
    had_feed = is_new and before is not None and before.format is not None
    if (
        visited.has_read_sections
        or not source.section_urls
        or (had_feed and visited.visit.failures_in_a_row < FAILURES_BEFORE_ALERT)
    ):
        return visited
    if source.site_url and (is_new or now.weekday() == SEARCH_DAY):
        found = _search(source, source.site_url, web=web)
        if found is not None:
            return _found(source, visited.known or _unknown(source), found, now=now)
    try:
        return _ask_sections(source, None, before, web=web, trusting=trusting, now=now)
    except WarehouseUnusable:
        raise
    except IngestError as error:
        log.debug("no section page source=%s %s", source.source_id, error)
        return visited if is_new else replace(visited, visit=_failed_again(visited.visit, error), error=error)


def _failed_again(visit: Poll, error: IngestError) -> Poll:
    return replace(visit, reason=error.reason, detail=str(error), final_url=poll_outcomes.failed_hop(error))


def _search(source: Source, home: str, *, web: Web) -> Found | None:
    try:
        return find_feed(home, source=source, web=web)
    except IngestError as error:
        log.debug("no feed found source=%s %s", source.source_id, error)
        return None


def visit_feed(
    source: Source, last: Poll | None, *, web: Web, known: KnownFeed | None = None, trusting: bool = True
) -> tuple[Page, Feed | None]:
    """Try a source's addresses in order, the one it moved to first; a page without a feed has not changed.

    Without trust nothing is asked conditionally, and the bytes alone tell whether anything changed.
    """
    if source.is_listing:
        read = visit_sections(source, known, web=web, trusting=trusting)
        return read.page, read.feed
    moved_to = (known.feed_url,) if known and known.format != SECTION else ()
    addresses = tuple(dict.fromkeys((*moved_to, source.feed_url, *source.feed_candidates)))
    for address in addresses:
        # An index of sitemaps may stay as it is while what it lists changes.
        is_index = known is not None and known.format == INDEX
        is_same = last is not None and not is_index and address in (last.feed_url, last.final_url)
        conditions = _conditions(last) if last and is_same else None
        try:
            page = web.visit_feed(address, conditions=conditions if trusting else None)
            if page.status == 304 or (is_same and last and last.body_hash == poll_outcomes.body_hash(page)):
                return page, None
            with poll_outcomes.failing_as(page):
                return page, read_listing(page, source=source, web=web)
        except IngestError as error:
            is_elsewhere = isinstance(error, _NOT_HERE) or (address in moved_to and isinstance(error, Unreachable))
            if address == addresses[-1] or not is_elsewhere:
                raise
    raise AssertionError(f"{source.source_id} has no address")


def _conditions(last: Poll) -> Conditions:
    return Conditions(etag=last.etag, last_modified=last.last_modified, url=last.final_url)


def _unknown(source: Source) -> KnownFeed:
    return KnownFeed(source_id=source.source_id, listed_url=source.feed_url, feed_url=source.feed_url)


def learned(source: Source, known: KnownFeed | None, page: Page, feed: Feed | None) -> KnownFeed:
    """Tell what a visit that was answered teaches of the feed; a move counts for the address that was asked first.

    Where it once moved to may be dead while the owner's address answers: then that is where it lives.
    """
    before = replace(known or _unknown(source), gone_at=None)
    if before.format == SECTION and feed is not None and feed.format != SECTION:
        before = replace(before, feed_url=page.moved_to or page.requested_url)  # the feed is back
    elif page.requested_url == before.feed_url or page.requested_url == source.feed_url != before.feed_url:
        before = replace(before, feed_url=page.moved_to or page.requested_url)
    hub_urls, topic_url = read_hub_links(page.headers, page.final_url)
    if hub_urls:  # W3C WebSub, 4: what the answer itself says goes before what the feed does
        before = replace(before, hub_urls=hub_urls, topic_url=topic_url or (feed and feed.self_url) or before.topic_url)
    if feed is None:
        return before
    if not hub_urls:
        before = replace(before, hub_urls=feed.hub_urls[:MOST_HUBS], topic_url=feed.self_url or page.final_url)
    return replace(
        before,
        format=feed.format,
        ttl_seconds=feed.ttl_seconds,
        skip_hours=read_skipped_hours(page.body),
        skip_days=read_skipped_days(page.body),
        site_url=feed.site_url,
    )


def follow(source: Source, visited: Visited, *, web: Web, theirs: set[str], now: datetime) -> Visited:
    """Take what a missing feed's successor answers for the visit, where its site has one that is no other source's.

    It is looked for at the first failure, the second, the fourth …: a search may cost the newsroom a dozen requests.
    """
    failures, known = visited.visit.failures_in_a_row, visited.known or _unknown(source)
    found = _successor(source, known, web=web) if not failures & (failures - 1) else None
    if found is None or found.feed_url in {known.feed_url, *theirs}:
        return visited
    return _found(source, known, found, now=now)


def _found(source: Source, known: KnownFeed, found: Found, *, now: datetime) -> Visited:
    """Take what was found for the visit."""
    visit = replace(poll_outcomes.served_poll(source, None, found.page, found.feed, now=now), feed_url=found.feed_url)
    known_now = learned(source, replace(known, feed_url=found.feed_url), found.page, found.feed)
    return Visited(
        visit=visit,
        known=known_now,
        page=replace(found.page, requested_url=known.feed_url, moved_to=found.feed_url, body=b""),
        feed=found.feed,
        updates_from=read_update_base(found.page.body),
    )


def _successor(source: Source, known: KnownFeed, *, web: Web) -> Found | None:
    """Look for a feed that is missing: where its site announces one, and all over that site once it was read before.

    Where nobody ever said what its site is, the front page of its host may be that of many.
    """
    home = source.site_url or known.site_url
    try:
        if home and known.format:
            return find_feed(home, source=source, web=web)
        if home or known.format:
            return find_successor(home or urljoin(source.feed_url, "/"), source=source, web=web)
    except IngestError as error:
        log.debug("no successor source=%s %s", source.source_id, error)
    return None
