"""Which hub is asked for what and when, and what it may make sure of (W3C WebSub, sections 5 and 6)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ..core.ids import content_key
from ..core.log_lines import printable
from ..core.pushes import LONGEST_LEASE, HubResponse, Mode, Subscription, Topic

LEASE_ASKED = timedelta(days=10)
SHORTEST_RENEWAL = timedelta(minutes=5)
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=5), timedelta(days=1)
ANSWERED_WITHIN = timedelta(days=1)  # a hub makes sure of a request when it likes; and again, if our answer was lost
TRIES_PER_HUB = 3  # before the next of a feed's hubs is tried as well
FAREWELLS = 3  # to a hub that won't let us go; its lease ends by itself
ASKED_AT_ONCE = 20  # so that what is asked was decided a moment ago


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be done about subscriptions now."""

    opened: tuple[tuple[Topic, str], ...]  # at which hub
    asked: tuple[tuple[Subscription, Mode], ...]
    forgotten: tuple[Subscription, ...]


def plan(topics: Iterable[Topic], subscriptions: Sequence[Subscription], now: datetime) -> Plan:
    """Subscribe what has a hub, renew what ends, move where a feed or its hub has moved, leave what nobody wants.

    The old subscription of a feed that moved is left once the new one is active, so that nothing is missed.
    """
    wanted = {topic.source_id: topic for topic in topics}
    mine: dict[str, list[Subscription]] = {}
    for one in subscriptions:
        mine.setdefault(one.source_id, []).append(one)
    opened: list[tuple[Topic, str]] = []
    asked: list[tuple[Subscription, Mode]] = []
    forgotten: list[Subscription] = []
    for source_id in dict.fromkeys((*wanted, *mine)):
        topic, theirs = wanted.get(source_id), mine.get(source_id, [])
        fitting = [one for one in theirs if _fits(one, topic)]
        active = next((one for one in fitting if one.is_active(now)), None)
        others = [one for one in theirs if one not in fitting]
        if active:
            others += [one for one in fitting if one is not active]
            fitting = [active]
        asked += [(one, "subscribe") for one in fitting if _is_due(one, now)]
        if topic and not active and (hub := _next_hub(topic, fitting)):
            opened.append((topic, hub))
        for one in others if active or topic is None else ():
            if _is_left(one, now):
                forgotten.append(one)
            elif one.state != "left" and (one.asked_mode != "unsubscribe" or _may_ask(one, now)):
                asked.append((one, "unsubscribe"))
    asked = asked[:ASKED_AT_ONCE]
    return Plan(opened=tuple(opened[: ASKED_AT_ONCE - len(asked)]), asked=tuple(asked), forgotten=tuple(forgotten))


def asking(subscription: Subscription, mode: Mode, now: datetime) -> Subscription:
    """Note a request before it is sent: the hub may make sure of it before it answers."""
    tries = subscription.tries + 1 if subscription.asked_mode == mode else 1
    return replace(subscription, asked_mode=mode, asked_at=now, tries=tries, retry_at=now + _wait(tries))


def answered(subscription: Subscription, answer: HubResponse) -> Subscription:
    """Take what a hub said to a request; where it moved for good, it is asked there from now on."""
    moved = replace(subscription, moved_to=answer.moved_to or subscription.moved_to)
    if answer.is_accepted or subscription.asked_mode != "subscribe":
        return moved
    return failed(moved, answer.reason or "refused")


def failed(subscription: Subscription, reason: str) -> Subscription:
    """Take a request that led to nothing; an address to which a hub had moved is not believed any longer.

    A lease that still runs is not touched by it.
    """
    state = "active" if subscription.state == "active" else "refused"
    return replace(subscription, state=state, reason=reason, moved_to=None)  # type: ignore[arg-type]


def may_confirm(subscription: Subscription, mode: str, topic_url: str, now: datetime) -> bool:
    """Return whether a hub asks about what we asked it for: this topic, this way, and lately."""
    asked_at = subscription.asked_at
    is_ours = subscription.asked_mode == mode and subscription.topic_url == topic_url
    return is_ours and asked_at is not None and abs(now - asked_at) <= ANSWERED_WITHIN


def confirmed(subscription: Subscription, lease_seconds: int | None, now: datetime) -> Subscription:
    """Take what a hub has made sure of: the lease it grants, bounded, or that it is over."""
    if subscription.asked_mode == "unsubscribe":
        return replace(subscription, state="left", lease_ends_at=None, renew_at=None)
    asked_for = int(LEASE_ASKED.total_seconds())
    lease = min(timedelta(seconds=min(lease_seconds or asked_for, 10**9)), LONGEST_LEASE)
    chance = int(content_key("renewal", subscription.token, now.isoformat()), 16) % 1001 / 10_000  # 0 to 0.1
    return replace(
        subscription,
        state="active",
        reason=None,
        tries=0,
        retry_at=None,
        active_since=subscription.active_since if subscription.is_active(now) else now,
        lease_ends_at=now + lease,
        renew_at=now + max(lease * (0.65 + chance), SHORTEST_RENEWAL),
    )


def denied(subscription: Subscription, reason: str, now: datetime) -> Subscription:
    """Take that a hub won't, or will no longer, push; it is asked again in a day."""
    said = printable(reason[:200])
    return replace(
        subscription,
        state="refused",
        reason=f"denied: {said}" if said else "denied",
        asked_mode=None,
        tries=max(subscription.tries, TRIES_PER_HUB),
        lease_ends_at=None,
        renew_at=None,
        retry_at=now + LONGEST_WAIT,
    )


def request(subscription: Subscription, mode: Mode, callback_url: str) -> Mapping[str, str]:
    """Word a request to a hub."""
    form = {"hub.mode": mode, "hub.topic": subscription.topic_url, "hub.callback": callback_url}
    if mode == "unsubscribe":
        return form
    return form | {
        "hub.lease_seconds": str(int(LEASE_ASKED.total_seconds())),
        "hub.secret": subscription.secret,
    }


def names_another(subscription: Subscription, hub_urls: Sequence[str], self_url: str | None) -> bool:
    """Return whether a delivery's own links lead away from where we subscribed; what the feed says then counts."""
    is_moved = self_url is not None and self_url != subscription.topic_url
    return is_moved or bool(hub_urls and subscription.hub_url not in hub_urls)


def _fits(subscription: Subscription, topic: Topic | None) -> bool:
    is_over = subscription.state == "left" or subscription.asked_mode == "unsubscribe"
    is_theirs = topic is not None and subscription.topic_url == topic.topic_url
    return is_theirs and topic is not None and subscription.hub_url in topic.hub_urls and not is_over


def _is_due(subscription: Subscription, now: datetime) -> bool:
    if not _may_ask(subscription, now):
        return False
    renew_at = subscription.renew_at
    if subscription.state != "active" or renew_at is None:
        return True
    return not now < renew_at <= now + LONGEST_LEASE  # also after a lease that was too short to be renewed in time


def _may_ask(subscription: Subscription, now: datetime) -> bool:
    retry_at = subscription.retry_at  # further ahead than any wait where a clock was
    return retry_at is None or not now < retry_at <= now + LONGEST_WAIT


def _next_hub(topic: Topic, fitting: Sequence[Subscription]) -> str | None:
    """Return the first hub that was not tried, once those that were have failed often enough."""
    if any(one.tries < TRIES_PER_HUB for one in fitting):
        return None
    tried = {one.hub_url for one in fitting}
    return next((hub for hub in topic.hub_urls if hub not in tried), None)


def _is_left(subscription: Subscription, now: datetime) -> bool:
    """Return whether nothing is left to ask of a hub: it let us go, never had us, or does not answer.

    What was left is kept for as long as the hub may make sure of it again.
    """
    asked_at = subscription.asked_at
    if subscription.state == "left":
        return asked_at is None or now - asked_at > ANSWERED_WITHIN
    if subscription.asked_mode != "unsubscribe":
        return not subscription.is_active(now)
    return subscription.tries >= FAREWELLS and _may_ask(subscription, now)


def _wait(tries: int) -> timedelta:
    return min(FIRST_WAIT * (1 << min(tries - 1, 10)), LONGEST_WAIT)
