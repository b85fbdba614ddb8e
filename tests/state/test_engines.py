"""The state is the same in SQLite and in PostgreSQL: what is read of it, what is kept, and how processes share it."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import UTC, datetime

import pytest

from ingest.core.errors import WarehouseUnusable
from ingest.state import State, StateTransaction
from ingest.state.database import migrations
from tests.makers import NOON
from tests.state.conftest import Opening

EVERYTHING = {
    "source_id": "gazette",
    "listed_url": "https://gazette.example/%41?q=100%",
    "feed_url": "a \ud800 lone surrogate, a \0 byte, 'quotes', \\, :name, %(name)s, ñ, 日本, 😀",
    "skip_hours": [1, 23],
    "skip_days": ["Sunday"],
    "gone_at": datetime(2026, 11, 16, 12, 0, 0, 123456, tzinfo=UTC),
    "ttl_seconds": 2**62,
    "hub_urls": None,
}
SQL = """
-- One row; numbers as both return them.
select
  sum(requests) as requests, avg(requests) as mean, avg(failed) as whole, count(*) > 1 as is_many,
  cast(sum(requests) as real) / 3 as share, max(host) as last_host, max(requests) + :seconds * 1000000 as large
from host_visits
"""


def host_visit(host: str, requests: int = 1, failed: int = 0) -> dict[str, object]:
    counts = {"not_modified": 0, "throttled": 0, "failed": failed, "received_bytes": 0}
    return {"run_id": "run", "host": host, "requests": requests, **counts}


def ask(state: State, sql: str, **parameters: object) -> list[dict[str, object]]:
    """Run a statement that has no file of its own."""
    columns, found = state._engine.execute(state._engine.written_for(sql), parameters)
    return [dict(zip(columns, row, strict=True)) for row in found]


def test_what_was_kept_is_read_back(open_state: Opening) -> None:
    with open_state().write() as transaction:
        transaction.merge("known_feeds", [EVERYTHING], key=["source_id"])
        transaction.insert("staged_parts", [{"batch_id": "b", "article_ids": ["a"], "contents": bytes(range(256))}])
    state = open_state(is_read_only=True)
    [feed] = state.read("known_feeds", {"source_ids": ["gazette", "ledger"]})

    text = "a ? lone surrogate, a \ufffd byte, 'quotes', \\, :name, %(name)s, ñ, 日本, 😀"
    assert {name: feed[name] for name in EVERYTHING} == EVERYTHING | {"feed_url": text}
    assert feed["format"] is None
    assert ask(state, "select contents from staged_parts") == [{"contents": bytes(range(256))}]


def test_numbers_are_of_the_same_types(open_state: Opening) -> None:
    state = open_state()
    with state.write() as transaction:
        transaction.insert("host_visits", [host_visit("a", 3), host_visit("b", 4)])
    [row] = ask(state, SQL, seconds=3_600)

    assert {name: (type(value), value) for name, value in row.items()} == {
        "requests": (int, 7),
        "mean": (float, 3.5),
        "whole": (float, 0.0),
        "is_many": (type(row["is_many"]), True),
        "share": (float, pytest.approx(7 / 3)),
        "last_host": (str, "b"),
        "large": (int, 3_600_000_004),
    }


def test_texts_are_compared_by_their_bytes(open_state: Opening) -> None:
    state = open_state()
    with state.write() as transaction:
        transaction.insert("host_visits", [host_visit(host) for host in ("é", "a", "z", "Z", "-")])

    ordered = ask(state, "select host from host_visits order by host")
    assert [row["host"] for row in ordered] == ["-", "Z", "a", "z", "é"]
    assert ask(state, "select max(host) as host from host_visits where host < :most", most="b") == [{"host": "a"}]


def test_of_rows_with_one_key_the_first_counts_and_only_what_is_to_change_does(open_state: Opening) -> None:
    state = open_state()
    known = {**EVERYTHING, "site_url": "https://one.example"}
    with state.write() as transaction:
        transaction.merge("known_feeds", [known, known | {"site_url": "https://two.example"}], key=["source_id"])
    changed = known | {"site_url": "https://three.example", "format": "atom"}
    with state.write() as transaction:
        transaction.merge("known_feeds", [changed], key=["source_id"], update=["format"])
        transaction.merge("known_feeds", [changed | {"format": "rss"}], key=["source_id"])
    [feed] = state.read("known_feeds", {"source_ids": None})

    assert (feed["site_url"], feed["format"]) == ("https://one.example", "atom")


def test_what_fails_half_way_leaves_nothing_and_the_next_is_whole(open_state: Opening) -> None:
    state = open_state()

    def fail() -> None:
        with state.write() as transaction:
            transaction.insert("host_visits", [host_visit("a")])
            seen.append((ask(state, hosts), ask(open_state(is_read_only=True), hosts)))
            raise ZeroDivisionError

    seen: list[object] = []
    hosts = "select host from host_visits"
    with pytest.raises(ZeroDivisionError):
        fail()
    with state.write() as transaction:
        transaction.insert("host_visits", [host_visit("b")])

    assert seen == [([{"host": "a"}], [])]  # others see what is committed
    assert ask(open_state(), hosts) == [{"host": "b"}]


def test_a_commit_is_flushed_unless_it_was_begun_lazily(open_state: Opening) -> None:
    state = open_state()
    is_server = state.path is None
    asked = "show synchronous_commit" if is_server else "pragma synchronous"
    flushed, later = ("on", "off") if is_server else (2, 1)

    def how(write: Callable[[], AbstractContextManager[StateTransaction]], host: str) -> object:
        with write() as transaction:
            transaction.insert("host_visits", [host_visit(host)])
            return [*ask(state, asked)[0].values()]

    ways = (state.write, "a"), (state.write_lazily, "b"), (state.write, "c")
    assert [how(write, host) for write, host in ways] == [[flushed], [later], [flushed]]
    assert ask(open_state(), "select count(*) as hosts from host_visits") == [{"hosts": 3}]


def test_a_state_of_this_version_is_opened_as_it_is(open_state: Opening) -> None:
    assert open_state().migrated == [name for _, name, _ in migrations()]
    assert open_state().migrated == []


def test_two_that_come_first_at_once_make_one_state(open_state: Opening) -> None:
    with ThreadPoolExecutor(3) as threads:
        made = [threads.submit(open_state) for _ in range(3)]

    assert sorted(len(one.result().migrated) for one in made) == [0, 0, len(migrations())]


@pytest.mark.parametrize("is_read_only", [False, True])
def test_the_state_of_a_newer_version_is_refused(open_state: Opening, is_read_only: bool) -> None:
    with open_state().write() as transaction:
        transaction.insert("migrations", [{"number": 9999, "name": "9999_later"}])

    with pytest.raises(WarehouseUnusable, match=r"made by a newer version \(state 9999.*upgrade ingest"):
        open_state(is_read_only=is_read_only)


def test_the_state_of_an_older_version_is_not_migrated_by_who_only_reads(open_state: Opening) -> None:
    state = open_state()
    with state.write():
        ask(state, "delete from migrations")

    with pytest.raises(WarehouseUnusable, match="made by an older version; `ingest migrate`"):
        open_state(is_read_only=True)
    assert ask(state, "select count(*) as number from migrations") == [{"number": 0}]


def test_two_that_write_at_once_lose_nothing(open_state: Opening) -> None:
    states = [open_state(), open_state()]
    start = threading.Barrier(len(states))

    def record(state: State, writer: str) -> None:
        start.wait()
        for number in range(25):
            with state.write() as transaction:
                transaction.run("begin_delivery", message_id="message", receiver="mail", now=NOON)
                one = {"event_id": f"{writer}-{number}", "name": "run.ended", "occurred_at": NOON, "payload": {}}
                transaction.insert("events", [one])

    with ThreadPoolExecutor(len(states)) as threads:
        for done in [threads.submit(record, state, str(at)) for at, state in enumerate(states)]:
            done.result()

    assert ask(states[0], "select attempts from deliveries") == [{"attempts": 50}]
    assert ask(states[0], "select count(*) as many, count(distinct number) as numbers from events") == [
        {"many": 50, "numbers": 50}
    ]


def test_what_is_read_and_then_written_is_held_meanwhile(open_state: Opening) -> None:
    states = [open_state(), open_state()]
    start = threading.Barrier(len(states))

    def begin(state: State, writer: str) -> None:
        start.wait()
        for number in range(25):
            with state.write() as transaction:
                transaction.lock("runs")
                transaction.run("begin_run", run_id=f"{writer}-{number}", now=NOON)

    with ThreadPoolExecutor(len(states)) as threads:
        for done in [threads.submit(begin, state, str(at)) for at, state in enumerate(states)]:
            done.result()

    assert ask(states[0], "select count(distinct number) as numbers from runs") == [{"numbers": 50}]
