"""What the state keeps reaches analysts' history: each row once, as it is now, whenever copying is cut off."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from ingest.state import State, entries
from ingest.state.database import COPIED_TABLES
from ingest.state.sqlite import STATE_FILE, SqliteEngine
from ingest.warehouse import copy_history, quarantine, runs
from ingest.warehouse.copy_history import ROWS_AT_ONCE
from ingest.warehouse.warehouse import Warehouse
from tests.makers import NOON, a_batch, a_poll, a_source, an_entry
from tests.state import state_of
from tests.warehouses import open_warehouse

Row = dict[str, Any]

LATER = NOON + timedelta(microseconds=1)
# One row of each table, a value in each column.
ROWS: Mapping[str, Row] = {
    "runs": {"run_id": "run", "number": 1, "started_at": NOON, "ended_at": LATER},
    "polls": {
        "source_id": "gazette", "polled_at": NOON, "outcome": "failed", "reason": "http_503", "error_kind": "site",
        "detail": 'said "later"\n', "status": 503, "feed_url": "https://gazette.example/feed",
        "final_url": "https://www.gazette.example/feed", "etag": 'W/"1"', "last_modified": "Sun, 01 Mar 2026",
        "body_hash": "hash", "entries_listed": 3, "entries_found": 2, "received_bytes": 2**40, "elapsed_ms": 12,
        "failures_in_a_row": 1, "lag_seconds": 60, "next_poll_at": LATER, "run_number": 1, "capture_id": "capture",
    },
    "known_feeds": {
        "source_id": "gazette", "listed_url": "https://gazette.example/", "feed_url": "https://gazette.example/feed",
        "format": "rss20", "ttl_seconds": 60, "skip_hours": [0, 23], "skip_days": ["Sunday"], "gone_at": LATER,
        "site_url": "https://gazette.example/", "hub_urls": [], "topic_url": "https://gazette.example/feed",
        "listing_state": '{"pages": 3}',
    },
    "host_visits": {
        "run_id": "run", "host": "gazette.example", "requests": 5, "not_modified": 1, "throttled": 2, "failed": 0,
        "received_bytes": 2**33,
    },
    "backfills": {
        "source_id": "gazette", "first_day": date(2026, 1, 1), "last_day": date(2026, 1, 31),
        "address": "https://gazette.example/sitemap.xml", "listed_at": NOON, "visited_at": LATER, "reason": "not_found",
        "entries_found": 4,
    },
    "entry_outcomes": {
        "run_id": "run", "entry_id": "entry", "source_id": "gazette", "outcome": "failed", "reason": "no_text",
        "error_kind": "content", "detail": "Ü \u2028 \\", "ended_at": LATER,
    },
    "fetches": {
        "entry_id": "entry", "source_id": "gazette", "url": "https://gazette.example/flood", "fetched_at": NOON,
        "status": 200, "final_url": "https://gazette.example/flood/", "reason": "too_big", "error_kind": "content",
        "detail": "12 MB", "retry_at": LATER, "received_bytes": 2**33, "elapsed_ms": 40, "run_number": 1,
        "capture_id": "capture",
    },
    "captures": {
        "capture_id": "capture", "url": "https://gazette.example/flood", "captured_at": NOON, "status": 200,
        "payload_hash": "hash", "warc_file": "a.warc.gz", "warc_offset": 2**34, "warc_length": 900, "removed_at": LATER,
    },
    "batches": {
        "batch_id": "batch", "run_id": "run", "source_id": "gazette", "staged_at": NOON, "judged_at": LATER,
        "published_at": LATER, "articles": 2, "figures": 3, "state": "published", "is_reread": True,
    },
    "validations": {
        "batch_id": "batch", "suite": "figures", "rule": "is_known", "severity": "critical", "passed": False,
        "checked": 9, "unexpected": 1, "observed": "0.1", "note": "too few", "judged_at": LATER,
    },
    "quarantine": {
        "batch_id": "batch", "table_name": "figures", "row_key": "figure", "rule": "percent_bounds",
        "source_id": "gazette", "article_id": "article", "note": "too much", "row_json": '{"text": "4,300 \\"%\\""}',
        "quarantined_at": NOON, "refused_id": "refused", "capture_id": "capture", "retried_at": LATER,
        "accepted_at": LATER, "accepted_why": "It is so.",
    },
    "alerts": {
        "alert_id": "alert", "fingerprint": "feed.gone gazette", "source_id": "gazette", "severity": "error",
        "title": "gazette: its feed is gone", "body": "HTTP 410", "opened_at": NOON, "last_seen_at": LATER,
        "told_at": LATER, "reminders": 2, "returns": 1, "quiet_since": LATER, "resolved_at": LATER,
    },
    "events": {
        "event_id": "event", "name": "batch.published", "occurred_at": NOON, "source_id": "gazette",
        "payload": '{"source": "gazette", "articles": 2}', "sent_at": LATER,
    },
}  # fmt: skip
NOT_COPIED: Mapping[str, Row] = {"quarantine": {"excerpt": "4,300%"}}
CHANGES: Mapping[str, Row] = {
    "runs": {"ended_at": None}, "polls": {"detail": None}, "known_feeds": {"skip_hours": [], "hub_urls": ["https://hub"]},
    "host_visits": {"failed": 7}, "backfills": {"reason": None}, "entry_outcomes": {"reason": "same_article"},
    "fetches": {"retry_at": None}, "captures": {"removed_at": None}, "batches": {"state": "rejected"},
    "validations": {"passed": True}, "quarantine": {"accepted_at": None}, "alerts": {"reminders": 3},
    "events": {"sent_at": None},
}  # fmt: skip


class CutOff(BaseException):
    """Ends a process, as far as that can be had within one."""


class LimitedEngine(SqliteEngine):
    """An engine that is cut off before the statement after so many."""

    left: int | None = None

    def execute(self, sql: str, parameters: Mapping[str, object]) -> Any:
        if self.left is not None:
            if self.left == 0:
                raise CutOff
            self.left -= 1
        return super().execute(sql, parameters)


@pytest.fixture
def warehouse(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Warehouse]:
    is_lake = getattr(request, "param", "file") == "lake"
    lake = request.getfixturevalue("pg").lake() if is_lake else None
    opened = Warehouse(tmp_path, lake=lake) if lake else open_warehouse(tmp_path)
    with closing(opened), closing(state_of(opened)):
        yield opened


@pytest.fixture
def state(warehouse: Warehouse) -> State:
    return state_of(warehouse)


ON_BOTH = pytest.mark.parametrize(
    "warehouse", ["file", pytest.param("lake", marks=[pytest.mark.integration])], indirect=True
)


@ON_BOTH
def test_rows_reach_the_history_once_and_again_when_they_change(warehouse: Warehouse, state: State) -> None:
    keep(state_of(warehouse), ROWS)
    assert copy_history.copy_history(state, warehouse)
    copied = history(warehouse)

    assert not copy_history.copy_history(state, warehouse)
    keep(state_of(warehouse), changed := {table: ROWS[table] | CHANGES[table] for table in ROWS})
    assert copy_history.copy_history(state, warehouse)

    assert copied == {table: [row] for table, row in ROWS.items()}
    assert history(warehouse) == {table: [row] for table, row in changed.items()}


@ON_BOTH
def test_an_entry_under_way_that_another_run_took_over_is_not_left_behind(warehouse: Warehouse, state: State) -> None:
    runs.begin_run(state, warehouse, "killed", [a_source()], NOON)
    found = [an_entry("flood"), an_entry("storm")]
    entries.keep_poll(state, a_poll(), "killed", found=found, outcomes=[], events=[])
    copy_history.copy_history(state, warehouse)
    before = outcomes(warehouse)
    runs.begin_run(state, warehouse, "next", [a_source()], LATER)
    runs.worker_leases(state, warehouse).lease("next", ["gazette"], LATER)
    copy_history.copy_history(state, warehouse)

    assert before == [("killed", None), ("killed", None)]
    assert outcomes(warehouse) == [("next", None), ("next", None)]


def test_what_was_parsed_again_is_history_once_it_is_approved(warehouse: Warehouse, state: State) -> None:
    approved, withdrawn = a_batch("approved"), a_batch("withdrawn")
    for batch in (approved, withdrawn):
        quarantine.propose_batch(state, batch, [])
    copy_history.copy_history(state, warehouse)
    proposed = history(warehouse)["batches"]
    quarantine.approve_batch(state, approved.batch_id)
    quarantine.withdraw_proposals(state, warehouse)
    copy_history.copy_history(state, warehouse)

    assert proposed == []
    assert [(row["run_id"], row["state"]) for row in history(warehouse)["batches"]] == [("approved", "staged")]


def test_without_a_change_the_warehouse_is_not_asked(warehouse: Warehouse, state: State) -> None:
    runs.begin_run(state, warehouse, "run", [a_source()], NOON)
    entries.keep_poll(state, a_poll(), "run", found=[an_entry()], outcomes=[], events=[])
    copy_history.copy_history(state, warehouse)
    warehouse.close()

    assert not copy_history.copy_history(state, warehouse)


def test_many_rows_are_copied_some_at_a_time(warehouse: Warehouse, state: State) -> None:
    rows = [ROWS["events"] | {"event_id": f"event {number}"} for number in range(2 * ROWS_AT_ONCE + 1)]
    with state_of(warehouse).write() as transaction:
        transaction.insert("events", rows)
    copy_history.copy_history(state, warehouse)

    with warehouse.connect() as connection:
        found = connection.execute("select count(*), count(distinct event_id) from ops.events").fetchall()
    assert found == [(len(rows), len(rows))]


def test_cut_off_anywhere_the_next_copy_ends_as_an_uninterrupted_one(warehouse: Warehouse, tmp_path: Path) -> None:
    engine = LimitedEngine(tmp_path / STATE_FILE)
    with closing(State(engine)) as state:
        for number in count():
            changes = {} if number % 2 else CHANGES
            kept = {table: ROWS[table] | changes.get(table, {}) for table in ("runs", "entry_outcomes", "batches")}
            keep(state, kept)
            engine.left = number
            try:
                copy_history.copy_history(state, warehouse)
            except CutOff:
                pass
            else:
                break
            engine.left = None
            assert copy_history.copy_history(state, warehouse), number
            assert {table: history(warehouse)[table] for table in kept} == {table: [kept[table]] for table in kept}, (
                number
            )

    assert number > 3 * len(kept)  # marked, read and unmarked, each table by itself


def test_a_row_that_changes_while_it_is_copied_is_copied_again(warehouse: Warehouse, tmp_path: Path) -> None:
    class ChangingEngine(SqliteEngine):
        def execute(self, sql: str, parameters: Mapping[str, object]) -> Any:
            if "set copied = 2" in sql and "update runs" in sql:
                super().execute("update runs set ended_at = null, copied = 0", {})
            return super().execute(sql, parameters)

    with closing(State(ChangingEngine(tmp_path / STATE_FILE))) as state:
        keep(state, {"runs": ROWS["runs"]})
        copy_history.copy_history(state, warehouse)
        first = history(warehouse)["runs"]
        copy_history.copy_history(state, warehouse)

    assert first == [ROWS["runs"]]
    assert history(warehouse)["runs"] == [ROWS["runs"] | {"ended_at": None}]


def keep(state: State, rows: Mapping[str, Row]) -> None:
    with state.write() as transaction:
        for table, row in rows.items():
            update = [one for one in row if one not in COPIED_TABLES[table]]
            transaction.merge(table, [row | NOT_COPIED.get(table, {})], key=COPIED_TABLES[table], update=update)


def history(warehouse: Warehouse) -> dict[str, list[Row]]:
    """Return what the history holds, by table."""
    with warehouse.write() as transaction:
        found = {}
        for table in ROWS:
            columns = transaction.columns(f"ops.{table}")
            rows = transaction.connection.execute(f"select {', '.join(columns)} from ops.{table}").fetchall()
            found[table] = [dict(zip(columns, values, strict=True)) for values in rows]
        return found


def outcomes(warehouse: Warehouse) -> list[tuple[Any, ...]]:
    with warehouse.connect() as connection:
        return connection.execute("select run_id, outcome from ops.entry_outcomes order by all").fetchall()
