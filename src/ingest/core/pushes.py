"""What is pushed to us and by whom: topics, subscriptions at hubs (W3C WebSub), deliveries and pings."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, Protocol

PINGED = "ping"  # the reason of a ping by somebody other than a hub

LONGEST_LEASE = timedelta(days=14)  # whatever a hub grants: what nobody renews has to end

Mode = Literal["subscribe", "unsubscribe"]
SubscriptionState = Literal["new", "active", "refused", "left"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What a source's feed says of being pushed: its name at hubs, and which hubs those are."""

    source_id: str
    listed_url: str  # as its owner lists it; listed otherwise, nothing of this counts any more
    topic_url: str
    hub_urls: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """What we asked a hub for, what it granted, and how well it has kept its word."""

    token: str  # nobody can guess it: it is the callback's address, and known to the hub alone
    source_id: str
    topic_url: str
    hub_url: str  # as the feed names it
    secret: str = field(repr=False)  # that deliveries are signed with
    state: SubscriptionState = "new"
    reason: str | None = None  # why it was refused
    moved_to: str | None = None  # where the hub said, for good, that it takes requests
    asked_mode: Mode | None = None  # what the hub was last asked for, and may make sure of
    asked_at: datetime | None = None
    tries: int = 0  # requests in a row that led to nothing
    retry_at: datetime | None = None  # it is asked nothing before
    active_since: datetime | None = None
    lease_ends_at: datetime | None = None
    renew_at: datetime | None = None
    pushes: int = 0
    last_push_at: datetime | None = None
    refused: int = 0  # deliveries thrown away: their signature was wrong, or missing
    is_trusted: bool = False  # its pushes do for the frequent visits
    kept_word: int = 0  # pushes in a row since anything was missed
    distrusted_at: datetime | None = None
    missed: int = 0  # entries it should have pushed, that last time

    def is_active(self, now: datetime) -> bool:
        """Return whether the hub owes us pushes now. A lease longer than any was noted by a clock that was ahead."""
        if self.state != "active" or self.lease_ends_at is None:
            return False
        return now < self.lease_ends_at <= now + LONGEST_LEASE


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What a hub pushed, signed as agreed, and not taken in yet."""

    delivery_id: str
    token: str
    source_id: str
    topic_url: str
    content_type: str | None
    body: bytes = field(repr=False)
    received_at: datetime
    attempts: int = 0  # to take it in


@dataclass(frozen=True, slots=True, kw_only=True)
class Ping:
    """Somebody who may says that a source has news."""

    source_id: str
    reason: str  # PINGED, or what a hub sent: "thin_push", "unreadable_push"
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """Since when `ingest listen` has been there without a pause, and when it last said so."""

    since: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What whoever called us is answered."""

    status: int
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HubResponse:
    """How a hub took a request: where it lives now if it moved for good, and why it refused if it did."""

    is_accepted: bool
    reason: str | None = None
    moved_to: str | None = None


class Hubs(Protocol):
    """Hubs as we ask them, within the bounds of any visit to the web."""

    def ask(self, url: str, form: Mapping[str, str]) -> HubResponse:
        """Send a request, over redirects that keep it a request; raises what went wrong as one of our errors."""
        ...


class Inbox(Protocol):
    """What `ingest listen` and runs share. What was pushed, or asked of hubs, is durable when a method returns."""

    def topics(self) -> list[Topic]:
        """Return what feeds say of being pushed, by source."""
        ...

    def keep_topics(self, topics: Iterable[Topic]) -> None:
        """Replace what feeds said before."""
        ...

    def subscriptions(self) -> list[Subscription]:
        """Return all subscriptions, in the order they were opened."""
        ...

    def subscription(self, token: str) -> Subscription | None:
        """Return the subscription that is called back by a token."""
        ...

    def open(self, subscription: Subscription) -> None:
        """Record a new subscription."""
        ...

    def change(self, token: str, change: Callable[[Subscription], Subscription]) -> Subscription | None:
        """Change a subscription while nobody else does; return it as it is then, None where it is gone."""
        ...

    def end(self, token: str) -> None:
        """Delete a subscription."""
        ...

    def deliver(self, delivery: Delivery) -> bool:
        """Record a push; return whether it is new. Raises WarehouseBusy where too much waits."""
        ...

    def waiting(self, most: int) -> list[Delivery]:
        """Return pushes that no run has processed, the earliest first; those that were tried in vain come last."""
        ...

    def begin(self, delivery_id: str) -> None:
        """Record that a push is about to be processed: if that kills the process, it is known by which push."""
        ...

    def put_back(self, delivery_id: str) -> None:
        """Undo `begin`: the push was not to blame."""
        ...

    def waiting_sources(self) -> Mapping[str, tuple[str, datetime]]:
        """Return by source why something waits for it, and since when."""
        ...

    def keep_taken(self, delivery_id: str, now: datetime) -> None:
        """Delete the body of a push that was processed; that it came is remembered for a while."""
        ...

    def ping(self, ping: Ping) -> None:
        """Record that a source has news."""
        ...

    def pings(self) -> list[Ping]:
        """Return the sources that were pinged, and when they were last."""
        ...

    def answer_pings(self, source_id: str, until: datetime) -> None:
        """Delete what was said of a source up to a moment: it has been polled since."""
        ...

    def await_pushes(self, token: str, entry_ids: Sequence[str], now: datetime) -> None:
        """Record entries that a poll has found, and that a hub should push as well."""
        ...

    def have_come(self, entry_ids: Sequence[str]) -> None:
        """Await entries no longer: they were pushed."""
        ...

    def overdue(self, found_before: datetime) -> Mapping[str, int]:
        """Count by token the entries found before a moment and not pushed since; await them no longer."""
        ...

    def listening(self) -> Listening | None:
        """Return since when `ingest listen` is there; None where it never was."""
        ...

    def keep_listening(self, now: datetime) -> None:
        """Record that `ingest listen` is there."""
        ...
