"""Takes in what was pushed, as a visit would have: the way from the inbox of `ingest listen` to entries."""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Protocol

from ..alerts import life_cycle
from ..core.errors import IngestError, MemoryShort, Transient, WarehouseUnusable
from ..core.events import event
from ..core.fetch_state import KnownFeed
from ..core.ids import alert_fingerprint
from ..core.model import Capture, Poll, Source
from ..core.pushes import PINGED, Delivery, Inbox, Ping, Subscription, Topic
from ..feeds import new_entries
from ..feeds.discovery import in_turn
from ..feeds.feed import read_feed
from ..state import State, alerts, entries, polls
from ..websub import trust
from . import poll_outcomes
from .poll import addresses_of

log = logging.getLogger("ingest")

PUSHED = "pushed"  # the reason of a visit that was none
DELIVERIES_AT_ONCE = 5  # each may be a feed of megabytes
ATTEMPTS = 3  # after which a delivery that can't be taken in makes its source due instead
UNREADABLE = "unreadable_push"


class PushArchive(Protocol):
    """The archive, as far as pushes need it."""

    def keep_pushed(self, url: str, body: bytes, received_at: datetime) -> Capture:
        """Put on record what a hub pushed of the feed at an address."""
        ...


def take_in(
    sources: Mapping[str, Source],
    *,
    inbox: Inbox,
    state: State,
    archive: PushArchive,
    run_id: str,
    clock: Callable[[], datetime],
) -> int:
    """Record the entries of all that was pushed; return how many pushes that were. One that is bad stops no other.

    A push goes from the inbox once its entries are recorded. Killed in between, it is known again and not taken twice.
    """
    taken = 0
    tried: set[str] = set()
    while fresh := [one for one in inbox.waiting(DELIVERIES_AT_ONCE) if one.delivery_id not in tried]:
        for delivery in fresh:
            tried.add(delivery.delivery_id)
            inbox.begin(delivery.delivery_id)
            source = sources.get(delivery.source_id)
            if source is None:
                log.warning("unlisted source=%s delivery=%s", delivery.source_id, delivery.delivery_id)
            elif delivery.attempts >= ATTEMPTS:
                _visit_instead(delivery, inbox, "it could not be taken in")
            else:
                try:
                    entry_ids = _take_in(source, delivery, state=state, archive=archive, run_id=run_id, now=clock())
                    inbox.have_come(entry_ids)
                    taken += 1
                except MemoryShort as error:  # too much in one piece: all behind it would wait for ever
                    _visit_instead(delivery, inbox, str(error))
                except (Transient, WarehouseUnusable):
                    inbox.put_back(delivery.delivery_id)
                    raise
                except IngestError as error:
                    _visit_instead(delivery, inbox, str(error))
            inbox.keep_taken(delivery.delivery_id, clock())
    return taken


def check_hubs(*, inbox: Inbox, state: State, now: datetime) -> int:
    """Believe hubs no longer that did not push what we found ourselves, and say so; say how many entries that were."""
    missed = inbox.overdue(now - trust.GRACE)
    for token, count in missed.items():
        before = inbox.subscription(token)
        after = inbox.change(token, lambda one, count=count: trust.after_miss(one, count, now))  # type: ignore[misc]
        if before is None or after is None:
            continue
        log.warning("distrusted source=%s hub=%s missed=%d", after.source_id, after.hub_url, count)
        told: dict[str, str | int | None] = {"source": after.source_id, "hub": after.hub_url, "missed": count}
        if before.is_trusted or before.distrusted_at is None:
            alerts.record_events(state, [event("hub.distrusted", now, told)])
    return sum(missed.values())


def after_visit(source: Source, visit: Poll, last: Poll | None, *, inbox: Inbox, state: State) -> None:
    """Delete what was said of a source before it was visited, and await from its hub what the visit has found.

    Where it was the hub who said so, without the entries, it has kept its word.
    """
    now = visit.polled_at
    pings = [ping for ping in inbox.pings() if ping.source_id == source.source_id]
    if pings:
        inbox.answer_pings(source.source_id, now)
    if any(ping.reason != PINGED for ping in pings):
        return
    listening = inbox.listening()
    found: list[str] | None = None
    for one in active_subscriptions(inbox.subscriptions(), source.source_id, now):
        if visit.outcome == "served" and trust.owes(one, last, listening, now):
            found = polls.entries_first_found(state, source.source_id, now) if found is None else found
            inbox.await_pushes(one.token, found, now)


def offer_topics(known: Mapping[str, KnownFeed], *, inbox: Inbox) -> None:
    """Tell `ingest listen` what feeds say of being pushed, where they say it."""
    offered = [
        Topic(
            source_id=source_id,
            listed_url=one.listed_url,
            topic_url=one.topic_url or one.feed_url,
            hub_urls=one.hub_urls,
        )
        for source_id, one in sorted(known.items())
        if one.hub_urls and not one.gone_at
    ]
    if offered != inbox.topics():
        inbox.keep_topics(offered)


def active_subscriptions(subscriptions: Sequence[Subscription], source_id: str, now: datetime) -> list[Subscription]:
    """Return those of a source whose hub owes us pushes now."""
    return [one for one in subscriptions if one.source_id == source_id and one.is_active(now)]


def _take_in(
    source: Source, delivery: Delivery, *, state: State, archive: PushArchive, run_id: str, now: datetime
) -> list[str]:
    """Keep a delivery as a visit that brought these entries; name them."""
    with in_turn(delivery.body):
        feed = read_feed(delivery.body, source=source, url=delivery.topic_url, content_type=delivery.content_type)
    entry_ids = [entry.entry_id for entry in feed.entries]
    body_hash = sha256(delivery.body).hexdigest()
    if polls.has_taken_push(state, source.source_id, body_hash, delivery.received_at):
        return entry_ids
    listed = entries.listed_entries(state, source.source_id, entry_ids)
    found, outcomes = new_entries.sort_entries(feed.entries, listed, now)
    capture = archive.keep_pushed(delivery.topic_url, delivery.body, delivery.received_at)
    visit = Poll(
        source_id=source.source_id,
        polled_at=now,
        outcome="served",
        reason=PUSHED,
        feed_url=delivery.topic_url,
        body_hash=body_hash,
        entries_listed=len(feed.entries),
        entries_found=len(found),
        received_bytes=len(delivery.body),
        lag_seconds=poll_outcomes.lag_seconds(
            (one for one in found if one.entry_id not in listed), delivery.received_at
        ),
        capture_id=capture.capture_id,
    )
    if found:
        _end_silence(source, state=state, now=now)
    news = entries.keep_poll(
        state,
        visit,
        run_id,
        found=found,
        outcomes=outcomes,
        events=poll_outcomes.poll_events(visit, None, run_id=run_id),
        addresses=addresses_of(found),
    )
    log.info("took in source=%s entries=%d found=%d", source.source_id, len(feed.entries), news)
    return entry_ids


def _end_silence(source: Source, *, state: State, now: datetime) -> None:
    """End the alert that a source has fallen silent: it speaks."""
    last = alerts.recent_alerts(state, now).get(alert_fingerprint("source.silent", source.source_id))
    ended = life_cycle.next_alert("source.silent", source.source_id, now=now, last=last, trouble=None)
    alerts.keep_alert(state, ended, now)


def _visit_instead(delivery: Delivery, inbox: Inbox, why: str) -> None:
    log.warning("visited instead source=%s delivery=%s: %s", delivery.source_id, delivery.delivery_id, why)
    inbox.ping(Ping(source_id=delivery.source_id, reason=UNREADABLE, received_at=delivery.received_at))
