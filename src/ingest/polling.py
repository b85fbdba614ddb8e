"""The first arrow: a visit to a source's feed, wherever it lives now."""

import logging
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urljoin

from .decide import alerting, cadence, freshness, novelty, troubles, visits
from .errors import (
    IngestError,
    NotAFeed,
    PageForbidden,
    PageGone,
    PageMissing,
    ResponseEmpty,
    Unreachable,
    WarehouseUnusable,
)
from .events import Payload, event
from .finding import INDEX, Found, find_feed, find_successor, read_listing
from .keys import alert_fingerprint
from .lines import line
from .model import Capture, Conditions, Entry, Event, Feed, Page, Poll, Source
from .parse.hub_links import MOST_HUBS, read_hub_links
from .parse.rhythm import read_skipped_days, read_skipped_hours, read_update_base
from .parse.urls import normalise_url
from .ports import Store, Web
from .visiting import KnownFeed, PollHistory

log = logging.getLogger("ingest")

_NOT_HERE = (NotAFeed, PageMissing, PageGone, PageForbidden, ResponseEmpty)  # the feed may be at another address


@dataclass(frozen=True, slots=True, kw_only=True)
class Visited:
    """A source's feed after a visit: the record of it, what was answered, and what is known of it from now on."""

    visit: Poll
    captures: tuple[Capture, ...]
    known: KnownFeed | None
    page: Page | None = None
    feed: Feed | None = None
    updates_from: datetime | None = None  # when the feed begins to count its periods
    is_missing: bool = False  # 404


def poll(
    source: Source, *, web: Web, store: Store, run_id: str, now: datetime, pace: cadence.Pace = cadence.AS_CALLED
) -> Poll:
    """Visit a source once, keep what is new, say what happened. A failed visit is a visit, and is kept too."""
    key = source.source_id
    kept, known = store.last_polls([key]).get(key), store.known_feeds([key]).get(key)
    last = cadence.last_of(source, kept, known)
    history = store.poll_history(key)
    before = cadence.known_feed(source, known)
    trusting = cadence.trusts_not_modified(key, history.visits)
    visited = _ask(source, last, before, web=web, trusting=trusting, now=now)
    if visited.is_missing:
        everyone: list[Poll | KnownFeed] = [*store.last_polls().values(), *store.known_feeds().values()]
        theirs = {one.feed_url for one in everyone if one.source_id != source.source_id}
        visited = _follow(source, visited, web=web, theirs=theirs, now=now)
    return _keep(source, visited, before, history, store=store, run_id=run_id, now=now, pace=pace)


def share(source: Source, answer: Page, feed: Feed, *, store: Store, run_id: str, now: datetime) -> Poll:
    """Take the answer that a source's feed was found by for its first visit; the next is not due at once."""
    page = replace(answer, requested_url=source.feed_url, moved_to=None)  # it is listed where it moved to
    visit = visits.served_poll(source, None, page, feed, now=now)
    known = _learned(source, None, page, feed)
    base = read_update_base(page.body)
    visited = Visited(visit=visit, captures=page.captures, known=known, page=page, feed=feed, updates_from=base)
    pace = cadence.Pace(least_seconds=cadence.SHARED_SECONDS)
    return _keep(source, visited, None, PollHistory(), store=store, run_id=run_id, now=now, pace=pace)


def addresses_of(entries: Iterable[Entry]) -> list[tuple[str, str]]:
    """Give the addresses of entries in their one form, each with the entry's key."""
    return [(entry.entry_id, normalise_url(entry.url)) for entry in entries if entry.url]


def _keep(
    source: Source,
    visited: Visited,
    before: KnownFeed | None,
    history: PollHistory,
    *,
    store: Store,
    run_id: str,
    now: datetime,
    pace: cadence.Pace,
) -> Poll:
    page, known = visited.page, visited.known
    entries = visited.feed.entries if visited.feed else ()
    listed = store.listed(source.source_id, [entry.entry_id for entry in entries])
    found, endings = novelty.sort_entries(entries, listed, now)
    lag_seconds = visits.lag_seconds((one for one in found if one.entry_id not in listed), now)
    visit = replace(
        visited.visit,
        entries_listed=len(entries),
        entries_found=len(found),
        lag_seconds=lag_seconds if history.visits else None,  # what a first visit finds was there before us
    )
    if found:
        history = replace(history, arrivals=(now, *history.arrivals))
    if page:
        named = freshness.named_wait(page, known, visited.updates_from)
        due_at = cadence.next_poll_after_success(source, now, named=named, known=known, history=history, pace=pace)
        visit = replace(visit, next_poll_at=due_at)
    silent_since = cadence.silent_since(history.arrivals, now) if page else None
    events = [*visits.poll_events(visit, page, run_id=run_id), *_moves(visit, before, known, page)]
    events += _silence(visit, silent_since, store=store)
    _watch(visit, silent_since, store=store, now=now)  # before the visit counts: a feed that is gone gets no other
    news = store.keep_poll(
        visit,
        run_id,
        captures=visited.captures,
        found=found,
        endings=endings,
        events=events,
        known=known,
        addresses=addresses_of(found),
    )
    visit = replace(visit, entries_found=news)
    how = {"outcome": visit.outcome, "reason": visit.reason}
    counts = {"entries": len(entries), "found": len(found), "ms": visit.elapsed_ms}
    log.info(line("polled", source=source.source_id, **how, **counts, **_left_out(visited.feed)))
    return visit


def _left_out(feed: Feed | None) -> dict[str, str]:
    """Count what was listed and can't be an entry, by the reasons."""
    reasons = Counter(reason for _, reason in feed.rejected) if feed else Counter()
    return {"left_out": ",".join(f"{reason}:{count}" for reason, count in reasons.items())} if reasons else {}


def _ask(
    source: Source, last: Poll | None, before: KnownFeed | None, *, web: Web, trusting: bool, now: datetime
) -> Visited:
    """Visit the feed."""
    try:
        page, feed = visit_feed(source, last, web=web, known=before, trusting=trusting)
        visit = visits.served_poll(source, last, page, feed, now=now)
        known: KnownFeed | None = _learned(source, before, page, feed)
        base = read_update_base(page.body)
        page = replace(page, body=b"")  # read, and on record: many such may wait to be kept
        return Visited(visit=visit, captures=page.captures, known=known, page=page, feed=feed, updates_from=base)
    except WarehouseUnusable:
        raise  # ours to mend: the feed is not to blame, and is asked again by the next run
    except IngestError as error:
        error = visits.doubted(error, lambda: last is not None and last.body_hash is not None)
        visit = visits.failed_poll(source, last, error, now=now)
        known = before
        if isinstance(error, PageGone):
            known = replace(before or _unknown(source), gone_at=now)
        return Visited(visit=visit, captures=error.captures, known=known, is_missing=isinstance(error, PageMissing))


def visit_feed(
    source: Source, last: Poll | None, *, web: Web, known: KnownFeed | None = None, trusting: bool = True
) -> tuple[Page, Feed | None]:
    """Try a source's addresses in order, the one it moved to first; a page without a feed has not changed.

    Without trust nothing is asked conditionally, and the bytes alone tell whether anything changed.
    """
    moved_to = (known.feed_url,) if known else ()
    addresses = tuple(dict.fromkeys((*moved_to, source.feed_url, *source.feed_candidates)))
    for address in addresses:
        # An index of sitemaps may stay as it is while what it lists changes.
        is_index = known is not None and known.format == INDEX
        is_same = last is not None and not is_index and address in (last.feed_url, last.final_url)
        conditions = _conditions(last) if last and is_same else None
        try:
            page = web.visit_feed(address, conditions=conditions if trusting else None)
            if page.status == 304 or (is_same and last and last.body_hash == visits.body_hash(page)):
                return page, None
            return page, _read(page, source, web)
        except IngestError as error:
            is_elsewhere = isinstance(error, _NOT_HERE) or (address in moved_to and isinstance(error, Unreachable))
            if address == addresses[-1] or not is_elsewhere:
                raise
    raise AssertionError(f"{source.source_id} has no address")


def _conditions(last: Poll) -> Conditions:
    return Conditions(etag=last.etag, last_modified=last.last_modified, url=last.final_url)


def _read(page: Page, source: Source, web: Web) -> Feed:
    try:
        return read_listing(page, source=source, web=web)
    except IngestError as error:
        if error.hop is None:
            error.hop, error.captures = page.final_url, page.captures
        raise


def _unknown(source: Source) -> KnownFeed:
    return KnownFeed(source_id=source.source_id, listed_url=source.feed_url, feed_url=source.feed_url)


def _learned(source: Source, known: KnownFeed | None, page: Page, feed: Feed | None) -> KnownFeed:
    """Tell what a visit that was answered teaches of the feed; a move counts for the address that was asked first.

    Where it once moved to may be dead while the owner's address answers: then that is where it lives.
    """
    before = replace(known or _unknown(source), gone_at=None)
    if page.requested_url == before.feed_url or page.requested_url == source.feed_url != before.feed_url:
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


def _follow(source: Source, visited: Visited, *, web: Web, theirs: set[str], now: datetime) -> Visited:
    """Take what a missing feed's successor answers for the visit, where its site has one that is no other source's.

    It is looked for at the first failure, the second, the fourth …: a search may cost the newsroom a dozen requests.
    """
    failures, known = visited.visit.failures_in_a_row, visited.known or _unknown(source)
    found = _successor(source, known, web=web) if not failures & (failures - 1) else None
    if found is None or found.feed_url in {known.feed_url, *theirs}:
        return visited
    visit = replace(visits.served_poll(source, None, found.page, found.feed, now=now), feed_url=found.feed_url)
    learned = _learned(source, replace(known, feed_url=found.feed_url), found.page, found.feed)
    return Visited(
        visit=visit,
        captures=(*visited.captures, *found.page.captures),
        known=learned,
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


def _moves(visit: Poll, before: KnownFeed | None, known: KnownFeed | None, page: Page | None) -> list[Event]:
    """Ring for a feed that is back where its owner lists it; wherever else it went, the answer itself tells."""
    if before is None or known is None or before.feed_url == known.feed_url or (page and page.moved_to):
        return []
    told: Payload = {"source": visit.source_id, "from_url": before.feed_url, "to_url": known.feed_url}
    return [event("source.moved", visit.polled_at, told)]


def _silence(visit: Poll, since: datetime | None, *, store: Store) -> list[Event]:
    """Ring once when a source has fallen silent: while the alert about it is open, everybody knows."""
    if since is None or alert_fingerprint("source.silent", visit.source_id) in store.open_alerts():
        return []
    return [event("source.silent", visit.polled_at, {"source": visit.source_id, "since": since.isoformat()})]


def _watch(visit: Poll, silent_since: datetime | None, *, store: Store, now: datetime) -> None:
    """Open alerts for a source that keeps failing, is gone or has fallen silent; end them when it is over."""
    found = {
        "source.failed": troubles.failure_of(visit),
        "source.gone": troubles.loss_of(visit),
        "source.silent": troubles.silence_of(visit, silent_since),
    }
    alerts = store.recent_alerts(now)
    for kind, trouble in found.items():
        last = alerts.get(alert_fingerprint(kind, visit.source_id))
        if kind == "source.silent" and visit.outcome == "failed":
            continue  # nothing was learned about its news
        store.keep_alert(alerting.next_alert(kind, visit.source_id, now=now, last=last, trouble=trouble), now)
