"""History is kept for a time, and pages for as long as somebody may read them again; what is published stays."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing
from copy import deepcopy
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingest.core.retention import ArchiveFile, Keep, Removal
from ingest.pipeline.prune import prune, prune_daily, would_prune
from ingest.state import State, alerts
from ingest.state.database import COPIED_TABLES
from ingest.warehouse import copy_history, runs
from ingest.warehouse.expire_history import STATE_KEYS
from ingest.warehouse.warehouse import Warehouse
from tests.command import Ran, ingest
from tests.conftest import FirstPass
from tests.desk import FEED, SITE, Desk, listing
from tests.fakes import FakeWeb, a_page
from tests.makers import NOON, a_capture
from tests.state import change, state_of
from tests.warehouses import open_warehouse

DAY = timedelta(days=1)
KEEP = Keep(rejected=30 * DAY, history=10 * DAY, archive=None)
DAYS = 22
FIRST_DAY = NOON + DAY
DUE = (f"{SITE}/standing", f"{SITE}/day-11")  # for the first time; the others' visits are forgotten
PUBLISHED = (
    *("published.articles", "published.article_versions", "published.figures", "ops.batches"),
    *("ops.quarantine", "ops.captures", "ops.alerts"),
)
KEPT = ("entries", "batches", "captures", "alerts", "articles", "article_urls", "article_sources")


_MESSAGE = {"alert_id": "alert", "moment": "opened", "title": "", "body": "", "severity": "error", "written_at": NOON}
_DELIVERY = {"receiver": "desk", "attempts": 1, "begun_at": NOON}
_BATCH = {"source_id": "gazette", "staged_at": NOON, "articles": 1, "figures": 1, "state": "published"}
_NUMBERS = ("entries_listed", "entries_found", "received_bytes", "elapsed_ms", "failures_in_a_row")
_POLL = {"source_id": "gazette", "polled_at": NOON, "outcome": "served", "feed_url": FEED} | dict.fromkeys(_NUMBERS, 0)
# What is named or waited for, beside what is not.
OLD_ROWS: dict[str, list[dict[str, Any]]] = {
    "messages": [
        _MESSAGE | {"message_id": "sent", "sent_at": NOON},
        _MESSAGE | {"message_id": "unsent", "sent_at": None},
    ],
    "deliveries": [_DELIVERY | {"message_id": "sent"}, _DELIVERY | {"message_id": "unsent"}],
    "runs": [{"run_id": key, "number": 1, "started_at": NOON} for key in ("of a batch", "of nothing")],
    "batches": [_BATCH | {"batch_id": "batch", "run_id": "of a batch"}],
    "polls": [_POLL | {"capture_id": "of a poll"}],
    "captures": [
        asdict(a_capture()) | {"capture_id": key, "removed_at": None if key == "kept" else NOON}
        for key in ("of a poll", "of a version", "of a refused row", "of nothing", "kept")
    ],
    "quarantine": [
        {"batch_id": "batch", "table_name": "figures", "row_key": "figure", "rule": "bounds", "source_id": "gazette"}
        | {"note": "", "row_json": "{}", "excerpt": "", "quarantined_at": NOON, "refused_id": "refused"}
        | {"capture_id": "of a refused row"}
    ],
}


class NoFiles:
    """An archive without files."""

    def closed(self) -> Sequence[ArchiveFile]:
        return []

    def remove(self, names: Sequence[str]) -> None:
        raise AssertionError(names)


def ask(desk: Desk, sql: str) -> list[tuple[Any, ...]]:
    with desk.warehouse.connect() as connection:
        return connection.execute(sql).fetchall()


def everything(desk: Desk) -> list[list[tuple[Any, ...]]]:
    published = [ask(desk, f"from {table} order by all") for table in PUBLISHED]
    return [*published, *(desk.in_state(f"select * from {table} order by 1, 2") for table in KEPT)]


def counts(desk: Desk) -> dict[str, int]:
    """Return how many rows there are of what the state has a copy of in the warehouse, and that it is as many there."""
    copied = {table: ask(desk, f"select count(*) from ops.{table}")[0][0] for table in COPIED_TABLES}
    found = {table: desk.in_state(f"select count(*) from {table}")[0][0] for table in COPIED_TABLES}
    assert copied == found
    found["parsed_articles"] = desk.in_state("select count(*) from staged_parts")[0][0]
    return {table.replace("_", " "): number for table, number in found.items()}


def first_keys(state: State, table: str) -> set[str]:
    """Return the first column of the keys in a table of the state."""
    key = STATE_KEYS[table][0]
    rows = state.read("some_chosen", {"most": 100}, parts={"key": key, "chosen": f"select {key} from {table}"})
    return {row[key] for row in rows}


def pruned(desk: Desk) -> list[Removal]:
    return prune(state=desk.state, warehouse=desk.warehouse, archive=NoFiles(), keep=KEEP, now=desk.web.now)


@pytest.fixture(scope="module")
def season(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, FakeWeb]:
    """Three weeks of passes over a feed that lists one article all along, and another each day but the last ten."""
    folder = tmp_path_factory.mktemp("season")
    desk = Desk(open_warehouse(folder))
    for day in range(DAYS):
        slug = f"day-{min(day, DAYS - 11)}"
        desk.web.answers |= {FEED: listing("standing", slug), f"{SITE}/{slug}": a_page(slug.title())}
        desk.web.answers |= {f"{SITE}/standing": a_page("Standing")}
        desk.web.now += DAY - timedelta(hours=1)
        desk.begin()
        desk.poll()
        desk.fetch()
        desk.stage()
        desk.validate()
        desk.publish()
        runs.end_run(desk.state, desk.run_id, desk.web.now)
        alerts.mark_sent(desk.state, [one.event_id for one in alerts.unsent_events(desk.state)], desk.web.now)
    copy_history.copy_history(desk.state, desk.warehouse)
    desk.state.close()
    desk.warehouse.close()
    return folder, desk.web


@pytest.fixture
def seasoned(season: tuple[Path, FakeWeb], tmp_path: Path) -> Iterator[Desk]:
    """A copy of it, that a test may change."""
    folder, web = season
    warehouse = Warehouse(Path(shutil.copytree(folder, tmp_path / "season")))
    with closing(warehouse), closing(state_of(warehouse)):
        yield Desk(warehouse, web=deepcopy(web), runs=DAYS)


def test_history_goes_by_its_age_and_what_is_published_stays(seasoned: Desk) -> None:
    before = everything(seasoned)

    pruned(seasoned)

    assert everything(seasoned) == before
    begins = f"timestamptz '{seasoned.web.now - 10 * DAY}'"
    assert ask(seasoned, f"select count(*) from ops.events where occurred_at < {begins}") == [(0,)]
    # Visits that brought something stay: by them it is known how often this source has news.
    assert ask(seasoned, f"select bool_and(entries_found > 0) from ops.polls where polled_at < {begins}") == [(True,)]
    outcomes = f"select distinct outcome from ops.entry_outcomes where ended_at < {begins}"
    assert ask(seasoned, outcomes) == [("published",)]
    # Of what feeds list still, all visits are known, however old.
    assert ask(seasoned, "select count(distinct entry_id), min(fetched_at) from ops.fetches") == [(2, FIRST_DAY)]
    assert ask(seasoned, f"select count(*) from ops.validations where judged_at < {begins} and passed") == [(0,)]


def test_a_dry_run_counts_what_then_goes(seasoned: Desk) -> None:
    counted = would_prune(
        state=seasoned.state, warehouse=seasoned.warehouse, archive=NoFiles(), keep=KEEP, now=seasoned.web.now
    )
    rows = counts(seasoned)

    assert pruned(seasoned) == counted
    left = counts(seasoned)
    assert {one.what: one.number for one in counted} == {
        what: rows[what] - left[what] for what in rows if rows[what] > left[what]
    }
    assert {one.what for one in counted} >= {"entry outcomes", "events", "validations", "fetches", "parsed articles"}
    assert all(one.bytes > 10 * one.number for one in counted)
    assert pruned(seasoned) == []


@pytest.mark.parametrize("kind", ["file", pytest.param("lake", marks=[pytest.mark.integration])])
def test_what_something_names_or_waits_for_stays(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    lake = request.getfixturevalue("pg").lake() if kind == "lake" else None
    warehouse = Warehouse(tmp_path, lake=lake) if lake else open_warehouse(tmp_path)
    with closing(warehouse), closing(state_of(warehouse)):
        state = state_of(warehouse)
        with state.write() as transaction:
            for table, rows in OLD_ROWS.items():
                transaction.insert(table, rows)
        copy_history.copy_history(state, warehouse)
        with warehouse.write() as published:
            version = {
                "article_id": "article",
                "version": 1,
                "title": "",
                "body": "",
                "content_hash": "",
                "seen_at": NOON,
            }
            published.insert("published.article_versions", [version | {"capture_id": "of a version"}])
        counted = prune(state=state, warehouse=warehouse, archive=NoFiles(), keep=KEEP, now=NOON + 20 * DAY)
        left = {table: first_keys(state, table) for table in OLD_ROWS}
        with warehouse.connect() as connection:
            copied = {
                table: {
                    key
                    for (key,) in connection.execute(f"select {COPIED_TABLES[table][0]} from ops.{table}").fetchall()
                }
                for table in OLD_ROWS
                if table in COPIED_TABLES
            }

    assert left == {
        "messages": {"unsent"}, "deliveries": {"unsent"}, "runs": {"of a batch"}, "batches": {"batch"},
        "polls": {"gazette"}, "captures": {"of a poll", "of a version", "of a refused row", "kept"},
        "quarantine": {"batch"},
    }  # fmt: skip
    assert copied == {table: left[table] for table in copied}
    assert {one.what: one.number for one in counted} == {"messages": 1, "deliveries": 1, "runs": 1, "captures": 1}


@pytest.mark.slow
def test_passes_go_on_after_pruning_as_they_would_have(seasoned: Desk) -> None:
    pruned(seasoned)
    asked_before = len(seasoned.web.asked)
    seasoned.web.answers |= {FEED: listing("standing", "fresh"), f"{SITE}/fresh": a_page("Fresh")}

    assert seasoned.run_stages() == {("unchanged", "known"): 1, ("published", "new_article"): 1}
    seasoned.recheck(24)
    assert sorted(url for url, _ in seasoned.web.asked[asked_before:]) == sorted([FEED, f"{SITE}/fresh", *DUE])


@pytest.mark.slow
def test_history_is_pruned_with_the_first_run_of_a_day(seasoned: Desk) -> None:
    def at(now: datetime) -> list[Removal]:
        return prune_daily(state=seasoned.state, warehouse=seasoned.warehouse, archive=NoFiles(), keep=KEEP, now=now)

    today = seasoned.web.now

    assert [bool(at(moment)) for moment in (today, today, today + 5 * DAY)] == [True, False, True]


@pytest.mark.integration
def test_old_files_of_the_archive_go_but_for_those_an_article_is_read_from(
    first_pass: FirstPass, tmp_path: Path
) -> None:
    warehouse = first_pass.copy_warehouse(tmp_path)
    asked_again(first_pass, warehouse)  # brings a file of answers that say the same
    age(warehouse, days=100)
    first, second = sorted((warehouse / "archive").glob("*.warc.gz"), key=lambda path: -path.stat().st_size)

    told = pruning(first_pass, warehouse, "--dry-run").told
    assert second.exists()
    ran = pruning(first_pass, warehouse)

    files = [one for one in told["removed"] if one["what"] == "archive files"]
    assert (ran.code, ran.told["removed"]) == (0, told["removed"])
    assert [(one["number"], one["bytes"] > 1_000) for one in files] == [(1, True)]
    assert (first.exists(), second.exists()) == (True, False)
    assert replayed(first_pass, warehouse)["unkept"] == []


@pytest.mark.integration
def test_what_is_asked_to_go_all_the_same_is_told_by_replay_and_explain(first_pass: FirstPass, tmp_path: Path) -> None:
    warehouse = first_pass.copy_warehouse(tmp_path)
    age(warehouse, days=100)

    ran = pruning(first_pass, warehouse, "--even-needed")

    assert ran.code == 0, ran.err
    assert list((warehouse / "archive").glob("*.warc.gz")) == []
    again = replayed(first_pass, warehouse)
    assert again["sources"] == []
    assert {one["source_id"] for one in again["unkept"]} >= {"meridian-post", "la-brujula"}
    with duckdb.connect(str(warehouse / "news.duckdb"), read_only=True) as news:
        [(figure,)] = news.execute("select figure_id from figures order by 1 limit 1").fetchall()
    explained = ingest("explain", figure, "--warehouse", warehouse, cwd=warehouse).out
    assert "no longer kept: that file was removed on 2" in explained


def asked_again(first_pass: FirstPass, warehouse: Path) -> None:
    ran = ingest(
        "run", "--direct", "--force", "--sources", first_pass.sources, "--warehouse", warehouse, cwd=warehouse,
    )  # fmt: skip
    assert ran.code == 0, ran.err


def age(warehouse: Path, *, days: int) -> None:
    """Let all captures be so much older than they are."""
    change(warehouse, "update captures set captured_at = captured_at - ?", [days * 24 * 3600 * 1_000_000])


def pruning(first_pass: FirstPass, warehouse: Path, *options: str) -> Ran:
    return ingest("prune", "--json", *options, "--warehouse", warehouse, cwd=warehouse, INGEST_ARCHIVE_DAYS="60")


def replayed(first_pass: FirstPass, warehouse: Path) -> Any:
    return ingest(
        "replay", "--json", "--sources", first_pass.sources, "--warehouse", warehouse, cwd=warehouse
    ).told  # fmt: skip
