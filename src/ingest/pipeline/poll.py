"""The first arrow: a visit to a source's feed, wherever it lives now."""

import logging
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from ..alerts import life_cycle, texts
from ..core.events import Payload, event
from ..core.fetch_state import KnownFeed, PollHistory
from ..core.ids import alert_fingerprint
from ..core.log_lines import line
from ..core.model import Entry, Event, Feed, Page, Poll, Source
from ..core.ports import Web
from ..core.urls import normalise_url
from ..feeds import new_entries
from ..feeds.sections.page import SECTION
from ..feeds.skip_hours import read_update_base
from ..scheduling import freshness, retries
from ..state import State, polls
from ..state.alerts import keep_alert, open_alerts, recent_alerts
from ..state.entries import keep_poll, listed_entries
from . import poll_outcomes
from .feed_polls import Visited, ask, fall_back, follow, learned

log = logging.getLogger("ingest")


def poll(
    source: Source, *, web: Web, state: State, run_id: str, now: datetime, pace: retries.Pace = retries.AS_CALLED
) -> Poll:
    """Visit a source once, keep what is new, say what happened. A failed visit is a visit, and is kept too."""
    key = source.source_id
    kept, known = polls.last_polls(state, [key]).get(key), polls.known_feeds(state, [key]).get(key)
    last = retries.last_of(source, kept, known)
    history = polls.poll_history(state, key)
    before = retries.known_feed(source, known)
    trusting = retries.trusts_not_modified(key, history.visits)
    visited = ask(source, last, before, web=web, trusting=trusting, now=now)
    if visited.is_missing and not source.is_listing:
        everyone: list[Poll | KnownFeed] = [*polls.last_polls(state).values(), *polls.known_feeds(state).values()]
        theirs = {one.feed_url for one in everyone if one.source_id != source.source_id}
        visited = follow(source, visited, web=web, theirs=theirs, now=now)
    if visited.is_elsewhere:
        visited = fall_back(source, visited, before, web=web, trusting=trusting, now=now)
    return _keep(source, visited, before, history, state=state, run_id=run_id, now=now, pace=pace)


def share(source: Source, answer: Page, feed: Feed, *, state: State, run_id: str, now: datetime) -> Poll:
    """Take the answer that a source's feed was found by for its first visit; the next is not due at once."""
    page = replace(answer, requested_url=source.feed_url, moved_to=None)  # it is listed where it moved to
    visit = poll_outcomes.served_poll(source, None, page, feed, now=now)
    known = learned(source, None, page, feed)
    base = read_update_base(page.body)
    visited = Visited(visit=visit, known=known, page=page, feed=feed, updates_from=base)
    pace = retries.Pace(least_seconds=retries.SHARED_SECONDS)
    return _keep(source, visited, None, PollHistory(), state=state, run_id=run_id, now=now, pace=pace)


def addresses_of(entries: Iterable[Entry]) -> list[tuple[str, str]]:
    """Return the addresses of entries in their one form, each with the entry's key."""
    return [(entry.entry_id, normalise_url(entry.url)) for entry in entries if entry.url]


def _keep(
    source: Source,
    visited: Visited,
    before: KnownFeed | None,
    history: PollHistory,
    *,
    state: State,
    run_id: str,
    now: datetime,
    pace: retries.Pace,
) -> Poll:
    page, known = visited.page, visited.known
    entries = visited.feed.entries if visited.feed else ()
    listed = listed_entries(state, source.source_id, [entry.entry_id for entry in entries])
    found, outcomes = new_entries.sort_entries(entries, listed, now)
    lag_seconds = poll_outcomes.lag_seconds((one for one in found if one.entry_id not in listed), now)
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
        due_at = retries.next_poll_after_success(source, now, named=named, known=known, history=history, pace=pace)
        visit = replace(visit, next_poll_at=due_at)
    silent_since = retries.silent_since(history.arrivals, now) if page else None
    events = [*poll_outcomes.poll_events(visit, page, run_id=run_id), *_moves(visit, before, known, page)]
    events += _fallen_back(source, visit, before, known)
    events += _silence(visit, silent_since, state=state)
    _watch(visit, silent_since, state=state, now=now)  # before the visit counts: a feed that is gone gets no other
    news = keep_poll(
        state,
        visit,
        run_id,
        found=found,
        outcomes=outcomes,
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


def _moves(visit: Poll, before: KnownFeed | None, known: KnownFeed | None, page: Page | None) -> list[Event]:
    """Ring for a feed that is back where its owner lists it; wherever else it went, the answer itself tells."""
    if before is None or known is None or before.feed_url == known.feed_url or (page and page.moved_to):
        return []
    if known.format == SECTION:  # told otherwise
        return []
    told: Payload = {"source": visit.source_id, "from_url": before.feed_url, "to_url": known.feed_url}
    return [event("source.moved", visit.polled_at, told)]


def _fallen_back(source: Source, visit: Poll, before: KnownFeed | None, known: KnownFeed | None) -> list[Event]:
    """Return the event that section pages are read from now on, because no feed answers."""
    if source.is_listing or known is None or known.format != SECTION or (before and before.format == SECTION):
        return []
    was = before.feed_url if before else source.feed_url
    log.warning(line("fell_back", source=source.source_id, from_url=was, to_url=known.feed_url))
    told: Payload = {"source": visit.source_id, "from_url": was, "to_url": known.feed_url}
    return [event("source.fell_back", visit.polled_at, told)]


def _silence(visit: Poll, since: datetime | None, *, state: State) -> list[Event]:
    """Ring once when a source has fallen silent: while the alert about it is open, everybody knows."""
    if since is None or alert_fingerprint("source.silent", visit.source_id) in open_alerts(state):
        return []
    return [event("source.silent", visit.polled_at, {"source": visit.source_id, "since": since.isoformat()})]


def _watch(visit: Poll, silent_since: datetime | None, *, state: State, now: datetime) -> None:
    """Open alerts for a source that keeps failing, is gone or has fallen silent; end them when it is over."""
    found = {
        "source.failed": texts.failure_of(visit),
        "source.gone": texts.loss_of(visit),
        "source.silent": texts.silence_of(visit, silent_since),
    }
    alerts = recent_alerts(state, now)
    for kind, trouble in found.items():
        last = alerts.get(alert_fingerprint(kind, visit.source_id))
        if kind == "source.silent" and visit.outcome == "failed":
            continue  # nothing was learned about its news
        keep_alert(state, life_cycle.next_alert(kind, visit.source_id, now=now, last=last, trouble=trouble), now)
