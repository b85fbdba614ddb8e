"""What `ingest listen` and runs share in the state: subscriptions at hubs, pushes and pings that wait for a run."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from ..core.errors import WarehouseBusy
from ..core.pushes import Delivery, Listening, Ping, Subscription, Topic
from .database import State, StateTransaction
from .values import Row, row_of

MOST_WAITING_BYTES = 500_000_000  # of pushes that no run has processed; more are refused, and hubs retry
MOST_WAITING_OF_ONE = 1_000  # pushes, of one subscription
MOST_WAITING_BYTES_OF_ONE = 50_000_000  # or so much: a hub that pushes without end must leave room for others
REMEMBERED = timedelta(days=14)  # for which a push that was processed is known when it comes again
PAUSE = timedelta(minutes=5)  # without a word from `ingest listen`, after which it was not there

_FIELDS = tuple(name for name in Subscription.__slots__ if name != "token")


class StateInbox:
    """The inbox, in tables of the state. What was pushed, or asked of hubs, is on disk when a method returns."""

    def __init__(self, state: State) -> None:
        self._state = state

    def topics(self) -> list[Topic]:
        """Return what feeds say of being pushed, by source."""
        rows = self._state.read("topics")
        return [Topic(**row | {"hub_urls": tuple(row["hub_urls"])}) for row in rows]

    def keep_topics(self, topics: Iterable[Topic]) -> None:
        """Replace what feeds said before."""
        with self._state.write() as transaction:
            transaction.run("delete_topics")
            transaction.insert("topics", [row_of(topic) for topic in topics])

    def subscriptions(self) -> list[Subscription]:
        """Return all subscriptions, in the order they were opened."""
        return [Subscription(**row) for row in self._state.read("subscriptions")]

    def subscription(self, token: str) -> Subscription | None:
        """Return the subscription that is called back by a token."""
        return _one(self._state.read("subscription", {"token": token}))

    def open(self, subscription: Subscription) -> None:
        """Record a new subscription."""
        with self._state.write() as transaction:
            transaction.merge("subscriptions", [row_of(subscription)], key=["token"])

    def change(self, token: str, change: Callable[[Subscription], Subscription]) -> Subscription | None:
        """Change a subscription while nobody else does; return it as it is then, None where it is gone."""
        with self._state.write() as transaction:
            transaction.lock(f"subscription {token}")
            before = _one(transaction.run("subscription", token=token))
            if before is None:
                return None
            changed = change(before)
            transaction.merge("subscriptions", [row_of(changed)], key=["token"], update=_FIELDS)
        return changed

    def end(self, token: str) -> None:
        """Delete a subscription; what it brought stays."""
        with self._state.write() as transaction:
            transaction.lock(f"subscription {token}")
            for table in ("subscriptions", "awaited_pushes"):
                transaction.delete(table, [{"token": token}])

    def deliver(self, delivery: Delivery) -> bool:
        """Record a push; return whether it is new. Raises WarehouseBusy where too much waits."""
        with self._state.write() as transaction:
            transaction.lock("pushes")
            self._refuse_where_full(transaction, delivery)
            row = row_of(delivery) | {"bytes": len(delivery.body)}
            return bool(transaction.run("record_push", **row))

    def waiting(self, most: int) -> list[Delivery]:
        """Return pushes that no run has processed, the earliest first; those that were tried in vain come last."""
        return [Delivery(**row) for row in self._state.read("waiting_pushes", {"most": most})]

    def begin(self, delivery_id: str) -> None:
        """Record that a push is about to be processed: if that kills the process, it is known by which push."""
        self._count_attempts(delivery_id, 1)

    def put_back(self, delivery_id: str) -> None:
        """Undo `begin`: the push was not to blame."""
        self._count_attempts(delivery_id, -1)

    def waiting_sources(self) -> Mapping[str, tuple[str, datetime]]:
        """Return by source why something waits for it, and since when; a push counts before a ping."""
        rows = self._state.read("sources_waiting")
        rows.sort(key=lambda row: row["reason"] == "push")
        return {row["source_id"]: (row["reason"], row["received_at"]) for row in rows}

    def keep_taken(self, delivery_id: str, now: datetime) -> None:
        """Delete the body of a push that was processed; that it came is remembered for a while."""
        with self._state.write() as transaction:
            transaction.run("end_push", delivery_id=delivery_id, now=now)
            transaction.run("delete_taken_pushes", before=now - REMEMBERED)

    def ping(self, ping: Ping) -> None:
        """Record that a source has news; said twice, it is polled once."""
        with self._state.write() as transaction:
            transaction.run("record_ping", **row_of(ping))

    def pings(self) -> list[Ping]:
        """Return the sources that were pinged, and when they were last."""
        return [Ping(**row) for row in self._state.read("pings")]

    def answer_pings(self, source_id: str, until: datetime) -> None:
        """Delete what was said of a source up to a moment: it has been polled since."""
        with self._state.write() as transaction:
            transaction.run("delete_pings", source_id=source_id, until=until)

    def await_pushes(self, token: str, entry_ids: Sequence[str], now: datetime) -> None:
        """Record entries that a poll has found, and that a hub should push as well."""
        rows = [{"token": token, "entry_id": entry_id, "found_at": now} for entry_id in entry_ids]
        with self._state.write() as transaction:
            transaction.merge("awaited_pushes", rows, key=["token", "entry_id"])

    def have_come(self, entry_ids: Sequence[str]) -> None:
        """Await entries no longer: they were pushed, by whichever of a source's hubs."""
        with self._state.write() as transaction:
            transaction.run("delete_awaited_pushes", entry_ids=entry_ids)

    def overdue(self, found_before: datetime) -> Mapping[str, int]:
        """Count by token the entries found before a moment and not pushed since; await them no longer."""
        with self._state.write() as transaction:
            return Counter(row["token"] for row in transaction.run("end_overdue_pushes", found_before=found_before))

    def listening(self) -> Listening | None:
        """Return since when `ingest listen` is there; None where it never was."""
        for row in self._state.read("listening"):
            return Listening(since=row["there_since"], seen_at=row["seen_at"])
        return None

    def keep_listening(self, now: datetime) -> None:
        """Record that `ingest listen` is there."""
        with self._state.write_lazily() as transaction:
            transaction.run("record_listening", now=now, earliest=now - PAUSE)

    def _refuse_where_full(self, transaction: StateTransaction, delivery: Delivery) -> None:
        [waiting] = transaction.run("size_of_waiting_pushes", token=delivery.token)
        size = len(delivery.body)
        if (
            waiting["bytes"] + size > MOST_WAITING_BYTES
            or waiting["pushes_of_one"] >= MOST_WAITING_OF_ONE
            or waiting["bytes_of_one"] + size > MOST_WAITING_BYTES_OF_ONE
        ):
            message = f"{self._state.name} takes no more pushes: no run processes those that wait"
            raise WarehouseBusy(message, about=self._state.name)

    def _count_attempts(self, delivery_id: str, attempts: int) -> None:
        with self._state.write() as transaction:
            transaction.run("count_attempts", delivery_id=delivery_id, attempts=attempts)


def _one(rows: Sequence[Row]) -> Subscription | None:
    return Subscription(**rows[0]) if rows else None
