"""Keeps us subscribed: asks hubs for what is listed, renews it in time, moves with feeds and hubs, and leaves."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from ..core.errors import IngestError
from ..core.model import Source
from ..core.pushes import Hubs, Inbox, Mode, Subscription, Topic
from . import subscription_rules

log = logging.getLogger("ingest")


def keep_subscribed(
    sources: Sequence[Source],
    *,
    inbox: Inbox,
    hubs: Hubs,
    callback_url: Callable[[str], str],
    new_secret: Callable[[], str],
    clock: Callable[[], datetime],
) -> int:
    """Do what is due about subscriptions now; say how many requests that took. One hub that fails stops no other."""
    listed = {source.source_id: source.feed_url for source in sources}
    topics = [topic for topic in inbox.topics() if listed.get(topic.source_id) == topic.listed_url]
    plan = subscription_rules.plan(topics, inbox.subscriptions(), clock())
    for one in plan.forgotten:
        inbox.end(one.token)
        log.info("unsubscribed source=%s hub=%s", one.source_id, one.hub_url)
    opened = [_new(topic, hub_url, new_secret) for topic, hub_url in plan.opened]
    for one in opened:
        inbox.open(one)
    asked: list[tuple[Subscription, Mode]] = [*plan.asked, *((one, "subscribe") for one in opened)]
    for one, mode in asked:
        _ask(one, mode, inbox=inbox, hubs=hubs, callback_url=callback_url(one.token), now=clock())
    return len(asked)


def _new(topic: Topic, hub_url: str, new_secret: Callable[[], str]) -> Subscription:
    return Subscription(
        token=new_secret(),
        source_id=topic.source_id,
        topic_url=topic.topic_url,
        hub_url=hub_url,
        secret=new_secret(),
    )


def _ask(one: Subscription, mode: Mode, *, inbox: Inbox, hubs: Hubs, callback_url: str, now: datetime) -> None:
    """Ask a hub; that it is asked is kept first, for it may make sure before it answers."""
    asked = inbox.change(one.token, lambda kept: subscription_rules.asking(kept, mode, now))
    if asked is None:
        return
    try:
        answer = hubs.ask(asked.moved_to or asked.hub_url, subscription_rules.request(asked, mode, callback_url))
        after = inbox.change(one.token, lambda kept: subscription_rules.answered(kept, answer))
    except IngestError as error:
        reason = error.reason
        after = inbox.change(one.token, lambda kept: subscription_rules.failed(kept, reason))
        log.info("no hub source=%s hub=%s: %s", one.source_id, one.hub_url, error)
    told = (one.source_id, one.hub_url, mode, after.reason if after else None)
    log.info("asked source=%s hub=%s mode=%s reason=%s", *told)
