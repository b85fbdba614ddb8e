"""A warehouse of an earlier version opens with its state in a database of its own: every row is there, once.

INGEST_TEST_KILLS says at how many of its flushes the import is killed; without it, at a dozen, far apart.
"""

import os
import shutil
import signal
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from socket import socket
from typing import Any
from unittest.mock import Mock

import duckdb
import psycopg
import pytest

from ingest.archive.archive import WarcArchive
from ingest.core.errors import DiskFull, WarehouseDamaged, WarehouseUnusable
from ingest.core.fetch_state import Backfill
from ingest.core.files import refuse_small_disk
from ingest.core.settings import Settings, load_settings
from ingest.pipeline.open_stores import open_both, open_state, open_warehouse
from ingest.state import State, alerts, backfills, entries
from ingest.state.values import decoded_rows
from ingest.warehouse import batches, near_duplicate_rules, runs
from ingest.warehouse.lake import Hold, Lake
from ingest.warehouse.migrations import LAST_WITH_KEYS, migrations
from ingest.warehouse.near_duplicate_model import ArticleText, Sketch
from ingest.warehouse.near_duplicates import SKETCH_COLUMNS
from ingest.warehouse.staged import load_staged, unpacked
from ingest.warehouse.state_import import import_state
from ingest.warehouse.statements import statement
from ingest.warehouse.transaction import Row, rows_of
from ingest.warehouse.warehouse import Warehouse
from tests.archive.test_archive import exchange
from tests.command import Ran, ingest, ingest_of
from tests.forkserver import ROOT
from tests.limits import files_no_larger_than
from tests.makers import NOON, a_source
from tests.old_warehouse import NEWEST, make_old, make_with_state, open_old
from tests.syscalls import SYNCS, Fault, NotPossibleHere, supervise

KILLS = int(os.environ.get("INGEST_TEST_KILLS", "12"))
MOVED = [name for number, name, _ in migrations() if number > NEWEST]
# By table of the state, where its rows were; tables of the state that number their rows keep the order.
PLACES = {
    "runs": "ops.runs",
    "leases": "ops.claims",
    "polls": "ops.polls",
    "known_feeds": "ops.known_feeds",
    "host_visits": "ops.host_visits",
    "backfills": "ops.backfills",
    "entries": "raw.entries",
    "entry_outcomes": "ops.entry_outcomes",
    "fetches": "ops.fetches",
    "captures": "ops.captures",
    "batches": "ops.batches",
    "validations": "ops.validations",
    "quarantine": "quarantine.refused_rows",
    "accepted_rows": "quarantine.accepted_rows",
    "alerts": "ops.alerts",
    "messages": "ops.messages",
    "deliveries": "ops.deliveries",
    "prunings": "ops.prunings",
    "reading_times": "ops.reading_times",
    "counted": "ops.counted",
    "counted_until": "ops.counted_until",
}
QUARANTINE = ("quarantine", "accepted_rows")
RENAMED = {"claimed_at": "leased_at", "counted_until": "counted_until_at"}
# What the warehouse has of them afterwards, for analysts.
HISTORY = {
    table for table in PLACES if table not in {"leases", "entries", "messages", "deliveries", "prunings"}
} - {"reading_times", "counted", "counted_until", "accepted_rows"}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Old:
    """A warehouse of an earlier version, and the rows in it by table."""

    folder: Path
    lake: Lake | None
    rows: Mapping[str, list[Row]]

    @property
    def settings(self) -> Settings:
        lake = {"lake": self.lake.catalog, "lake_data": self.lake.data} if self.lake else {}
        return load_settings(warehouse=self.folder, **lake)

    @contextmanager
    def opened(self) -> Iterator[tuple[Warehouse, State]]:
        with closing(open_warehouse(self.settings)) as warehouse, closing(open_state(self.settings)) as state:
            yield warehouse, state

    def moved(self) -> None:
        with self.opened() as (warehouse, state):
            assert import_state(warehouse, state, near_duplicate_rules)

    def in_state(self, table: str) -> list[Row]:
        """Return the rows of a table of the state, in the order of their numbers, or of their contents."""
        if self.lake:
            with psycopg.connect(self.lake.catalog, options="-c search_path=ingest") as connection:
                return _rows(connection.execute(f"select * from {table}"))
        with closing(sqlite3.connect(self.folder / "state.db")) as connection:
            return _rows(connection.execute(f"select * from {table}"))


@contextmanager
def open_moved(old: Old) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the file, or the lake, that it has become."""
    with ExitStack() as opened:
        if old.lake:
            hold = opened.enter_context(closing(Hold(old.lake, old.folder, worker=1)))
            connection, name = hold.connection, hold.name
        else:
            path, name = old.folder / "published.duckdb", "published"
            connection = opened.enter_context(duckdb.connect(str(path), read_only=True))
        connection.execute(f"use {name}")
        connection.execute("set timezone = 'UTC'")
        yield connection


def _rows(result: Any) -> list[Row]:
    rows = decoded_rows([column[0] for column in result.description], result.fetchall())
    return sorted(rows, key=lambda row: row["number"] if "number" in row else by_content(row))


def by_content(row: Row) -> list[str]:
    return [str(value) for value in row.values()]


LAKE = pytest.param("lake", marks=[pytest.mark.integration])  # all tests hold there, but its migrations take long


@pytest.fixture
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Old:
    is_lake = getattr(request, "param", "file") == "lake"
    lake = request.getfixturevalue("pg").empty_lake() if is_lake else None
    return Old(folder=tmp_path, lake=lake, rows=make_old(tmp_path, lake))


@pytest.fixture
def landed(request: pytest.FixtureRequest, tmp_path: Path) -> Old:
    """A warehouse whose state has a database of its own already, but for what rules refused."""
    is_lake = getattr(request, "param", "file") == "lake"
    lake = request.getfixturevalue("pg").empty_lake() if is_lake else None
    return Old(folder=tmp_path, lake=lake, rows=make_with_state(tmp_path, lake))


@pytest.mark.parametrize("landed", ["file", LAKE], indirect=True)
def test_rows_in_quarantine_follow_the_state_that_was_imported_before(landed: Old) -> None:
    landed.moved()
    with landed.opened() as (warehouse, state):
        assert not import_state(warehouse, state, near_duplicate_rules)
        assert warehouse.migrated == []
        told = state.read("report_refused", {"sources": [], "beginnings": [], "rule": None, "is_settled": False})
        with warehouse.connect() as connection:
            history = rows_of(connection.execute("from ops.quarantine"))

    for table in QUARANTINE:
        expected = landed.rows[PLACES[table]]
        found = [{column: row[column] for column in expected[0]} for row in landed.in_state(table)]
        assert sorted(found, key=by_content) == sorted(expected, key=by_content), table
    assert sorted(history, key=by_content) == sorted(landed.rows[PLACES["quarantine"]], key=by_content)
    assert {row["copied"] for row in landed.in_state("quarantine")} == {2}
    assert [(row["table_name"], row["rules"], row["excerpt"]) for row in told] == [
        ("authors", "named", "nobody"), ("figures", "bounds", '4,300 "%" — ñ'), ("figures", "whole", '4,300 "%" — ñ'),
    ]  # fmt: skip


def test_killed_before_the_warehouse_knows_that_they_were_imported_it_imports_them_once(landed: Old) -> None:
    before = (landed.folder / "ingest.duckdb").read_bytes()
    landed.moved()
    once = {table: landed.in_state(table) for table in QUARANTINE}
    (landed.folder / "published.duckdb").unlink()
    (landed.folder / "ingest.duckdb").write_bytes(before)
    landed.moved()

    assert {table: landed.in_state(table) for table in QUARANTINE} == once


def test_where_one_did_not_arrive_the_warehouse_keeps_them_all(landed: Old) -> None:
    with landed.opened() as (warehouse, state):
        with closing(sqlite3.connect(landed.folder / "state.db")) as connection:
            lost = "create trigger lost before insert on quarantine when new.rule = 'whole'"
            connection.execute(f"{lost} begin select raise(ignore); end")
        with pytest.raises(WarehouseDamaged, match="of 4 rows of quarantine it got 3"):
            import_state(warehouse, state, near_duplicate_rules)
    with closing(sqlite3.connect(landed.folder / "state.db")) as connection:
        connection.execute("drop trigger lost")
    assert [landed.in_state(table) for table in QUARANTINE] == [[], []]

    landed.moved()
    assert len(landed.in_state("quarantine")) == 4


@pytest.mark.parametrize("old", ["file", LAKE], indirect=True)
def test_every_row_arrives(old: Old) -> None:
    old.moved()

    for table, place in PLACES.items():
        expected = [{RENAMED.get(column, column): value for column, value in row.items()} for row in old.rows[place]]
        found = [{column: row[column] for column in expected[0]} for row in old.in_state(table)]
        in_order = (lambda _: 0) if table in {"polls", "fetches"} else by_content
        assert sorted(found, key=in_order) == sorted(expected, key=in_order), table
    assert [row["host"] for row in old.in_state("fetches")] == ["gazette.example:8443", "gazette.example"]
    assert [row["event_id"] for row in old.in_state("events")] == ["earlier", "later"]  # as they were sent before
    assert len(old.in_state("events")) == len(old.rows["ops.events"])


def test_what_the_warehouse_has_already_is_not_copied_to_it_again(old: Old) -> None:
    old.moved()

    for table in (*HISTORY, "events"):
        assert {row["copied"] for row in old.in_state(table)} == {2}, table


def test_published_articles_are_registered(old: Old) -> None:
    old.moved()

    at = {"fetched_at": moment("2026-03-01T10:00"), "first_seen_at": moment("2026-02-01T10:00")}
    same = {"source_id": "gazette", "content_hash": "hash", **at, **dict.fromkeys(SKETCH_COLUMNS)}
    text = ArticleText(article_id="", title="", body="body", content_hash="hash", first_seen_at=NOON)
    same |= {"sketch_1": near_duplicate_rules.sketch(text).kept[0]}
    assert old.in_state("articles") == [
        {"article_id": "other", "is_from_feed": False, "is_gone": False, "is_shortened": True}
        | {"capture_id": "capture-4"} | same,
        {"article_id": "public", "is_from_feed": True, "is_gone": True, "is_shortened": False}
        | {"capture_id": None} | same,
    ]  # fmt: skip
    assert [(row["url"][-6:], row["kind"]) for row in old.in_state("article_urls")] == [
        ("/ended", "listed"), ("public", "canonical"), ("public", "final"),
    ]  # fmt: skip
    assert old.in_state("article_sources") == [{"article_id": "public", "source_id": "gazette"}]


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_parsed_articles_that_wait_are_kept_by_batch(old: Old) -> None:
    old.moved()
    parts = {row["batch_id"]: row for row in old.in_state("staged_parts")}
    staged = unpacked(parts["staged"]["contents"])

    assert parts.keys() == {"staged", "validated", "rejected", "proposed"}
    assert {key: part["article_ids"] for key, part in parts.items()} == {key: [key] for key in parts}
    assert staged.keys() == {"articles", "article_sources", "figures"}
    assert staged["figures"][0]["value"] == "12000000.500000"
    assert staged["articles"][0]["fetched_at"] == "2026-03-01T10:00:00.000001+00:00"
    [figure] = old.rows["staging.figures"]
    assert staged["figures"] == [figure | {"value": str(figure["value"])}]


@pytest.mark.parametrize("old", ["file", LAKE], indirect=True)
def test_articles_of_a_rejected_batch_that_only_the_warehouse_has_are_kept(
    old: Old, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(Warehouse, "write_anew", Mock())
        old.moved()
    stage_in_warehouse(old, "rejected")

    with old.opened() as (warehouse, state):
        assert not import_state(warehouse, state, near_duplicate_rules)

    parts = {row["batch_id"]: row for row in old.in_state("staged_parts")}
    assert parts.keys() == {"staged", "validated", "rejected", "proposed"}
    assert [row["title"] for row in unpacked(parts["rejected"]["contents"])["articles"]] == ["Tram fares rise"]


def stage_in_warehouse(old: Old, batch_id: str) -> None:
    """Make it one of the version that kept the rows of a rejected batch in the warehouse alone."""
    with old.opened() as (_, state), state.write() as transaction:
        transaction.run("delete_staged_parts", batch_ids=[batch_id])
    with open_old(old.lake or old.folder / "ingest.duckdb", old.folder) as connection:
        connection.execute("delete from ops.migrations where number >= 27; drop table ops.published_batches")
        connection.execute("drop table ops.release; create table ops.releases (mark varchar)")
        connection.execute("drop table ops.removed_articles; drop table ops.publication_head")
        connection.execute("create schema staging")
        connection.execute(statement("staging_tables"))
        late = "'late' as article_id, 'Tram fares rise' as title, 'late' as row_key"
        connection.execute(f"insert into staging.articles by name select {late}, ? as batch_id", [batch_id])


def test_analysts_history_stays_and_the_rest_is_in_the_state_alone(old: Old) -> None:
    old.moved()

    with open_moved(old) as connection:
        there = {
            f"{schema}.{table}"
            for schema, table in connection.execute(
                "select schema_name, table_name from duckdb_tables() where database_name = current_database()"
            ).fetchall()
        }
        for table in HISTORY:
            assert rows_of(connection.execute(f"from ops.{table} order by rowid")) == old.rows[PLACES[table]], table
    assert not (old.folder / "ingest.duckdb").exists()
    gone = PLACES.keys() - HISTORY - {"accepted_rows"} | {"quarantine"}
    assert not there & {PLACES[table] for table in gone}


def test_a_second_opening_imports_nothing(old: Old) -> None:
    with old.opened() as (warehouse, state):
        assert import_state(warehouse, state, near_duplicate_rules)
        assert warehouse.migrated == MOVED
        with state.write() as transaction:
            event = {"event_id": "new", "name": "source.failed", "occurred_at": moment("2026-03-02"), "payload": "{}"}
            transaction.insert("events", [event])
    with old.opened() as (warehouse, state):
        assert not import_state(warehouse, state, near_duplicate_rules)
        assert warehouse.migrated == []

    assert [row["event_id"] for row in old.in_state("events")] == ["earlier", "later", "new"]


def test_a_new_warehouse_has_nothing_to_import(tmp_path: Path) -> None:
    new = Old(folder=tmp_path, lake=None, rows={})
    with new.opened() as (warehouse, state):
        assert warehouse.migrated == []
        assert not import_state(warehouse, state, near_duplicate_rules)
    with new.opened() as (warehouse, state):
        assert not import_state(warehouse, state, near_duplicate_rules)


def test_until_the_state_has_the_rows_they_stay_in_the_warehouse(old: Old) -> None:
    for _ in range(2):
        with closing(open_warehouse(old.settings)) as warehouse:
            assert warehouse.migrated in ([MOVED[0]], [])
    old.moved()

    assert len(old.in_state("entries")) == len(old.rows["raw.entries"])


def test_articles_published_before_get_their_sketches_once(old: Old) -> None:
    body = " ".join(f"word{number}" for number in range(60))
    with open_old(old.folder / "ingest.duckdb", old.folder) as connection:
        connection.execute("update published.articles set body = ?", [body])
    cut_off = Counter[str]()

    def failing(text: ArticleText) -> Sketch:
        cut_off[text.article_id] += 1
        if len(cut_off) > 1:
            raise KeyboardInterrupt
        return near_duplicate_rules.sketch(text)

    duplicate_rule = Mock(near_duplicate_rules, sketch=failing)
    with old.opened() as (warehouse, state), pytest.raises(KeyboardInterrupt):
        import_state(warehouse, state, duplicate_rule)
    with old.opened() as (warehouse, state):
        assert warehouse.migrated == []
        import_state(warehouse, state, near_duplicate_rules)
        assert warehouse.migrated == [name for number, name, _ in migrations() if number > LAST_WITH_KEYS]
    with old.opened() as (warehouse, state):
        import_state(warehouse, state, duplicate_rule)

    kept = near_duplicate_rules.sketch(
        ArticleText(article_id="", title="", body=body, content_hash="", first_seen_at=NOON)
    ).kept
    found = [[row[column] for column in SKETCH_COLUMNS] for row in old.in_state("articles")]
    assert found == [[*kept]] * 2
    assert len(kept) == len(SKETCH_COLUMNS)
    assert cut_off.total() == 2


@pytest.mark.parametrize("size", [200_000, 400_000])
def test_a_write_that_fails_in_the_middle_changes_nothing(old: Old, size: int) -> None:
    with old.opened() as (warehouse, state), files_no_larger_than(size), pytest.raises(WarehouseUnusable):
        import_state(warehouse, state, near_duplicate_rules)
    assert old.in_state("captures") == []
    old.moved()

    assert len(old.in_state("captures")) == len(old.rows["ops.captures"])


def test_a_disk_too_small_is_told_before_anything_is_written() -> None:
    refuse_small_disk(Path("/w/state.db"), needed_bytes=2_000_000, free_bytes=2_000_000, what="the state")
    told = "no room on the disk for /w/state.db: .* takes 2,000,000 bytes there, and 1,999,999 are free"
    with pytest.raises(DiskFull, match=told):
        refuse_small_disk(Path("/w/state.db"), needed_bytes=2_000_000, free_bytes=1_999_999, what="the state")


def test_a_row_that_did_not_arrive_is_told_and_all_is_as_before(old: Old) -> None:
    with old.opened() as (warehouse, state):
        with closing(sqlite3.connect(old.folder / "state.db")) as connection:
            connection.execute("create trigger lost before insert on alerts begin select raise(ignore); end")
        with pytest.raises(
            WarehouseDamaged, match=r"state\.db did not get .*ingest\.duckdb: of 2 rows of alerts it got 0"
        ):
            import_state(warehouse, state, near_duplicate_rules)
    assert old.in_state("entries") == []

    with closing(sqlite3.connect(old.folder / "state.db")) as connection:
        connection.execute("drop trigger lost")
    old.moved()
    assert len(old.in_state("alerts")) == 2


def test_what_was_restored_without_the_other_is_refused(old: Old, tmp_path: Path) -> None:
    backup = (tmp_path / "ingest.duckdb").read_bytes()
    old.moved()
    moved = tmp_path / "published.duckdb"
    after = moved.read_bytes()

    def refusal() -> str:
        with old.opened() as (warehouse, state), pytest.raises(WarehouseUnusable) as raised:
            import_state(warehouse, state, near_duplicate_rules)
        return str(raised.value)

    both = "{} and " + f"{tmp_path}/state.db do not belong together"
    remedy = "restore both from the same backup"
    moved.unlink()
    (tmp_path / "ingest.duckdb").write_bytes(backup)
    other = f"{both.format(tmp_path / 'ingest.duckdb')}, each was made with another: {remedy}"
    assert [refusal(), refusal()] == [other] * 2
    (tmp_path / "ingest.duckdb").unlink()
    both = both.format(moved)
    assert [refusal(), refusal()] == [f"{both}, each was made with another: {remedy}"] * 2
    moved.write_bytes(after)
    (tmp_path / "state.db").unlink()
    assert [refusal(), refusal()] == [f"{both}, the second is empty: {remedy}"] * 2


def test_an_older_file_that_was_written_since_is_told_of_and_kept(old: Old) -> None:
    backup = (old.folder / "ingest.duckdb").read_bytes()
    old.moved()
    (old.folder / "ingest.duckdb").write_bytes(backup)

    for _ in range(2):
        with pytest.raises(WarehouseUnusable, match=r"ingest\.duckdb was written by an older version while"):
            open_warehouse(old.settings)
    assert (old.folder / "ingest.duckdb").read_bytes() == backup


def test_an_empty_file_that_an_older_version_left_is_no_trouble(old: Old) -> None:
    old.moved()
    with open_old(old.folder / "ingest.duckdb", old.folder) as connection:
        connection.execute(statement("migrations"))
        connection.execute(migrations()[0][2])
    open_warehouse(old.settings).close()

    assert not (old.folder / "ingest.duckdb").exists()


def test_a_state_that_is_lost_is_told_of_and_no_empty_one_is_made(old: Old, tmp_path: Path) -> None:
    old.moved()
    (tmp_path / "state.db").unlink()

    for _ in range(2):
        with pytest.raises(WarehouseUnusable, match="do not belong together, the second is missing: restore both"):
            open_both(old.settings)
    assert not (tmp_path / "state.db").exists()


def test_what_was_recorded_before_the_rows_of_the_warehouse_arrive_stays(old: Old, tmp_path: Path) -> None:
    with closing(open_state(old.settings)) as state:
        archive = WarcArchive(tmp_path / "archive", state, clock=lambda: NOON, software="tests")
        found = archive.keep(exchange("https://gazette.example/feed", b"<rss/>"))
        archive.close()
    old.moved()

    assert len(old.in_state("captures")) == len(old.rows["ops.captures"]) + 1
    assert found.capture_id in {row["capture_id"] for row in old.in_state("captures")}


@pytest.mark.integration
@pytest.mark.slow
def test_killed_before_any_flush_it_is_run_again_and_ends_as_if_it_had_not_been(old: Old, tmp_path: Path) -> None:
    before = Path(shutil.copytree(old.folder, tmp_path / "before", ignore=shutil.ignore_patterns("before")))
    counted = Fault(calls=SYNCS)
    assert migrate(before, tmp_path / "whole", counted).code == 0
    expected = content(tmp_path / "whole")

    for at in range(0, len(counted.seen), -(-len(counted.seen) // KILLS)):
        folder = tmp_path / f"killed-{at}"
        assert migrate(before, folder, Fault(calls=SYNCS, at=at)).code == -signal.SIGKILL
        again = ingest("migrate", f"--warehouse={folder}", cwd=tmp_path)
        assert (again.code, again.err, content(folder)) == (0, "", expected), counted.seen[at]


def migrate(before: Path, folder: Path, fault: Fault) -> Ran:
    """Migrate a copy of a warehouse, with this fault."""

    def supervised(process: socket) -> None:
        try:
            supervise(process, fault, folder)
        except NotPossibleHere:
            pytest.skip("this machine does not let system calls be supervised")

    shutil.copytree(before, folder)
    return ingest_of(ROOT, "migrate", f"--warehouse={folder}", cwd=folder.parent, supervise=supervised)


def content(folder: Path) -> tuple[dict[str, list[Row]], list[Any]]:
    """Return the rows of the state, and those of the warehouse's largest history and its migrations."""
    old = Old(folder=folder, lake=None, rows={})
    with open_moved(old) as connection:
        there = connection.execute("select name from ops.migrations order by all").fetchall()
        there += connection.execute("from ops.captures order by all").fetchall()
    return {table: old.in_state(table) for table in (*PLACES, "events", "articles", "staged_parts")}, there


def test_a_run_goes_on_where_the_earlier_version_stopped(old: Old) -> None:
    with old.opened() as (warehouse, state):
        import_state(warehouse, state, near_duplicate_rules)
        january = Backfill(source_id="gazette", first_day=date(2026, 1, 1), last_day=date(2026, 1, 31))
        runs.begin_run(state, warehouse, "next", [a_source()], NOON)
        leases = runs.worker_leases(state, warehouse)
        leased = leases.lease("next", ["gazette"], NOON)  # which a worker had that is dead
        load_staged(state, warehouse, batches.batches_in(state, "staged"))
        with warehouse.connect() as connection:
            staged = rows_of(connection.execute("from staging.figures"))

        assert leased == {"gazette"}
        assert entries.take_in_waiting(state, "gazette", "next", NOON) == ["waits"]
        assert [entry.entry.entry_id for entry in entries.fetched_entries(state, "gazette", 9)] == ["fetched"]
        assert batches.content_hashes(state, "next", ["public", "staged"]) == {"public": "hash"}
        assert entries.has_served(state, "gazette", "gazette.example:8443")
        assert staged == old.rows["staging.figures"]
        assert [event.event_id for event in alerts.unsent_events(state)] == ["later"]
        assert alerts.open_alerts(state).keys() == {"feed-silent:gazette"}
        (notification,) = alerts.due_notifications(state, ["json:0f"])
        assert (notification.message.moment, notification.attempts) == ("reminded", 2)
        assert backfills.waiting_backfill(state, january) == ["https://gazette.example/2"]
