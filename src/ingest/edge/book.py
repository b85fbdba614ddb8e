"""What `ingest listen` and runs tell each other, in a small SQLite file that both may write: `listen.db`.

It holds secrets, so nobody else may read it. What was pushed and not taken in yet is nowhere else.
"""

import json
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from ..assets import asset
from ..errors import WarehouseBusy, WarehouseUnusable
from ..pushes import BOOK_FILE, PINGED, Delivery, Listening, Ping, Subscription, Topic

MOST_WAITING_BYTES = 500_000_000  # of deliveries that no run has taken in; more are refused, and hubs try again
MOST_WAITING_OF_ONE = 1_000  # deliveries, of one subscription
MOST_WAITING_BYTES_OF_ONE = 50_000_000  # or so much: a hub that pushes without end must leave room for others
REMEMBERED = timedelta(days=14)  # what was taken in; pushed again, it is the same
PAUSE = timedelta(minutes=5)  # without a word from `ingest listen`: then it was not there
_BUSY_SECONDS = 10.0

_WAITS = "taken_at is null"


class ListenBook:
    """The book on SQLite. Safe to use from several threads and processes; every change is on disk when it returns."""

    def __init__(self, folder: Path) -> None:
        """Open the file in the warehouse's folder, and make it if need be."""
        self._path = folder / BOOK_FILE
        self._lock = threading.Lock()
        with self._translated():
            self._path.touch(mode=0o600, exist_ok=True)
            self._connection = sqlite3.connect(
                self._path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
            try:
                self._connection.execute("pragma journal_mode = wal")
                self._connection.execute("pragma synchronous = full")  # what was answered 2xx outlives a power cut
                self._connection.executescript((asset("warehouse/listen") / "schema.sql").read_text(encoding="utf-8"))
            except sqlite3.Error:
                self._connection.close()
                raise

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def topics(self) -> list[Topic]:
        """Give what feeds said of being pushed."""
        told = [json.loads(row[0]) for row in self._read("select topic from topics order by source_id")]
        return [Topic(**{**one, "hub_urls": tuple(one["hub_urls"])}) for one in told]

    def keep_topics(self, topics: Iterable[Topic]) -> None:
        """Put these in the place of all that was said before."""
        rows = [(one.source_id, json.dumps(asdict(one))) for one in topics]
        with self._write() as connection:
            connection.execute("delete from topics")
            connection.executemany("insert into topics values (?, ?)", rows)

    def subscriptions(self) -> list[Subscription]:
        """Give all subscriptions, in the order in which they were opened."""
        return [_subscription(row[0]) for row in self._read("select told from subscriptions order by number")]

    def subscription(self, token: str) -> Subscription | None:
        """Give the one that is called back by this token."""
        rows = self._read("select told from subscriptions where token = ?", token)
        return _subscription(rows[0][0]) if rows else None

    def open(self, subscription: Subscription) -> None:
        """Keep a new subscription."""
        with self._write() as connection:
            told = (subscription.token, _told(subscription))
            connection.execute("insert or ignore into subscriptions (token, told) values (?, ?)", told)

    def change(self, token: str, change: Callable[[Subscription], Subscription]) -> Subscription | None:
        """Change a subscription while nobody else does; give it as it is then, None where it is gone."""
        with self._write() as connection:
            row = connection.execute("select told from subscriptions where token = ?", (token,)).fetchone()
            if row is None:
                return None
            changed = change(_subscription(row[0]))
            connection.execute("update subscriptions set told = ? where token = ?", (_told(changed), token))
        return changed

    def forget(self, token: str) -> None:
        """Keep a subscription no longer; what it brought stays."""
        with self._write() as connection:
            connection.execute("delete from subscriptions where token = ?", (token,))
            connection.execute("delete from awaited where token = ?", (token,))

    def deliver(self, delivery: Delivery) -> bool:
        """Keep a delivery, unless it has come before; say whether it is new. Raises WarehouseBusy when full."""
        count = (
            "select total(bytes), total(token = :ours), total(case when token = :ours then bytes end)"
            f" from deliveries where {_WAITS}"
        )
        told = ("delivery_id", "token", "source_id", "topic_url", "content_type", "body")
        columns = ", ".join((*told, "bytes", "received_at"))
        values = [*(getattr(delivery, name) for name in told), len(delivery.body), _written(delivery.received_at)]
        with self._write() as connection:
            total, ours, bytes_of_ours = connection.execute(count, {"ours": delivery.token}).fetchone()
            is_full = total + len(delivery.body) > MOST_WAITING_BYTES or ours >= MOST_WAITING_OF_ONE
            if is_full or bytes_of_ours + len(delivery.body) > MOST_WAITING_BYTES_OF_ONE:
                raise WarehouseBusy(f"{self._path} is full: no run takes in what is pushed", about=str(self._path))
            kept = connection.execute(
                f"insert or ignore into deliveries ({columns}) values (?, ?, ?, ?, ?, ?, ?, ?)",
                values,
            )
        return kept.rowcount > 0

    def waiting(self, limit: int) -> list[Delivery]:
        """Give deliveries not taken in yet, first received first; those that were tried in vain come last."""
        names = ("delivery_id", "token", "source_id", "topic_url", "content_type", "body", "received_at", "attempts")
        rows = self._read(
            f"select {', '.join(names)} from deliveries where {_WAITS} order by attempts, received_at, rowid limit ?",
            limit,
        )
        told = [dict(zip(names, row, strict=True)) for row in rows]
        return [Delivery(**{**one, "received_at": datetime.fromisoformat(one["received_at"])}) for one in told]

    def begin(self, delivery_id: str) -> None:
        """Note that a delivery is about to be taken in: what kills whoever does so is known by it."""
        self._count_attempt(delivery_id, 1)

    def put_back(self, delivery_id: str) -> None:
        """Take back that it was begun: it was not to blame."""
        self._count_attempt(delivery_id, -1)

    def waiting_sources(self) -> Mapping[str, tuple[str, datetime]]:
        """Name the sources for which something waits, with why and since when."""
        pinged = self._read("select source_id, reason, first_at from pings")
        pushed = self._read(
            f"select source_id, 'push', min(received_at) from deliveries where {_WAITS} group by source_id"
        )
        return {source_id: (reason, datetime.fromisoformat(at)) for source_id, reason, at in (*pinged, *pushed)}

    def keep_taken(self, delivery_id: str, now: datetime) -> None:
        """Let go of a delivery that was taken in; that it came is remembered for a while."""
        with self._write() as connection:
            connection.execute(
                "update deliveries set taken_at = ?, body = null where delivery_id = ?", (_written(now), delivery_id)
            )
            connection.execute("delete from deliveries where taken_at < ?", (_written(now - REMEMBERED),))

    def ping(self, ping: Ping) -> None:
        """Keep that a source has news; said twice, it is visited once. What a hub said counts before what others do."""
        at = _written(ping.received_at)
        with self._write() as connection:
            connection.execute(
                "insert into pings values (?, ?, ?, ?) on conflict do update set received_at = excluded.received_at,"
                " reason = case when reason = ? then excluded.reason else reason end",
                (ping.source_id, ping.reason, at, at, PINGED),
            )

    def pings(self) -> list[Ping]:
        """Give the sources that are said to have news, and since when."""
        rows = self._read("select source_id, reason, received_at from pings order by first_at, source_id")
        return [Ping(source_id=row[0], reason=row[1], received_at=datetime.fromisoformat(row[2])) for row in rows]

    def answer_pings(self, source_id: str, until: datetime) -> None:
        """Let go of what was said of a source up to a moment: it has been visited since."""
        with self._write() as connection:
            connection.execute(
                "delete from pings where source_id = ? and received_at <= ?", (source_id, _written(until))
            )

    def await_pushes(self, token: str, entry_ids: Sequence[str], now: datetime) -> None:
        """Remember entries that we found ourselves, and that a hub should push as well."""
        rows = [(token, entry_id, _written(now)) for entry_id in entry_ids]
        with self._write() as connection:
            connection.executemany("insert or ignore into awaited values (?, ?, ?)", rows)

    def have_come(self, entry_ids: Sequence[str]) -> None:
        """Await entries no longer: they were pushed, whichever of a source's hubs did."""
        with self._write() as connection:
            connection.executemany("delete from awaited where entry_id = ?", [(one,) for one in entry_ids])

    def overdue(self, found_before: datetime) -> Mapping[str, int]:
        """Count by token the entries found before a moment and not pushed since; await them no longer."""
        late = "where found_at <= ?"
        with self._write() as connection:
            rows = connection.execute(
                f"select token, count(*) from awaited {late} group by token", (_written(found_before),)
            ).fetchall()
            connection.execute(f"delete from awaited {late}", (_written(found_before),))
        return dict(rows)

    def listening(self) -> Listening | None:
        """Say whether `ingest listen` is there; None when it never was."""
        rows = self._read("select since, seen_at from listening")
        if not rows:
            return None
        since, seen_at = map(datetime.fromisoformat, rows[0])
        return Listening(since=since, seen_at=seen_at)

    def keep_listening(self, now: datetime) -> None:
        """Note that `ingest listen` is there; after a pause, or a clock set back, it is so since now."""
        at = _written(now)
        with self._write() as connection:
            connection.execute(
                "insert into listening values (1, ?, ?) on conflict do update set"
                " since = case when seen_at between ? and ? then since else excluded.since end,"
                " seen_at = excluded.seen_at",
                (at, at, _written(now - PAUSE), at),
            )

    def _count_attempt(self, delivery_id: str, by: int) -> None:
        with self._write() as connection:
            connection.execute("update deliveries set attempts = attempts + ? where delivery_id = ?", (by, delivery_id))

    def _read(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        with self._lock, self._translated():
            return self._connection.execute(sql, values).fetchall()

    @contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        """Change the file alone, all or nothing."""
        with self._lock, self._translated():
            self._connection.execute("begin immediate")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("rollback")
                raise
            self._connection.execute("commit")

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            if "locked" in str(error) or "busy" in str(error):
                raise WarehouseBusy(f"{self._path}: {error}", about=str(self._path)) from error
            raise WarehouseUnusable(f"{self._path} can't be used: {error}", about=str(self._path)) from error
        except (sqlite3.Error, OSError) as error:
            raise WarehouseUnusable(f"{self._path} can't be used: {error}", about=str(self._path)) from error


_MOMENTS = frozenset(one.name for one in fields(Subscription) if one.type == datetime | None)


def _told(subscription: Subscription) -> str:
    return json.dumps(asdict(subscription), default=_written)


def _subscription(told: str) -> Subscription:
    values: dict[str, Any] = json.loads(told)
    for name in _MOMENTS & values.keys():
        values[name] = datetime.fromisoformat(values[name]) if values[name] else None
    return Subscription(**values)


def _written(moment: datetime) -> str:
    """Write a moment so that later ones sort behind earlier ones."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
