"""State and warehouse keep what steps hand them: all of it or nothing, once however often it is handed over."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

import duckdb
import pytest

from ingest.core.errors import MemoryShort, ValidatorFailed, WarehouseBusy
from ingest.core.fetch_state import Waiting
from ingest.core.model import Fetch
from ingest.core.parsed_articles import StagedArticle
from ingest.core.ports import EntryOutcome
from ingest.quality.rejection import refusing_rules
from ingest.quality.validator import SuiteValidator
from ingest.state import State, entries, polls
from ingest.state.database import statement
from ingest.warehouse import batches, near_duplicate_rules, publication, quarantine, releases, runs
from ingest.warehouse.duckdb_errors import ROWS_IN_GROUP, open_database
from ingest.warehouse.migrations import lay_pattern
from ingest.warehouse.staged import load_staged
from ingest.warehouse.tables import NEWS_TABLES
from ingest.warehouse.warehouse import Warehouse, query, translated
from tests.desk import EXTRAS
from tests.expectations.conftest import STAGED_SUITES
from tests.makers import (
    NOON,
    a_batch,
    a_figure,
    a_parsed_article,
    a_poll,
    a_source,
    a_staged_article,
    a_validation,
    an_entry,
)
from tests.state import state_of
from tests.warehouses import open_warehouse

PLEDGE = "The bank pledged $12 million for a pier."
CORRECTED = "The bank pledged $21 million for a pier."
SUITES = Path(__file__).parents[2] / "expectations"
BOTH = ("paragraphs", "figures")


# What every kind of statement is in. All hold on a lake, but there each takes ten times as long.
LAKE = pytest.param("lake", marks=[pytest.mark.integration])
ON_BOTH = pytest.mark.parametrize("warehouse", ["file", LAKE], indirect=True)


@pytest.fixture
def warehouse(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Warehouse]:
    is_lake = getattr(request, "param", "file") == "lake"
    lake = request.getfixturevalue("pg").lake() if is_lake else None
    opened = Warehouse(tmp_path, lake=lake, extras=EXTRAS) if lake else open_warehouse(tmp_path, extras=EXTRAS)
    yield opened
    opened.close()


@pytest.fixture
def state(warehouse: Warehouse) -> State:
    return state_of(warehouse)


def test_an_entry_comes_in_once_and_waits_for_its_page(state: State, warehouse: Warehouse) -> None:
    runs.begin_run(state, warehouse, "run", [a_source()], NOON)
    keep_listing(state, "run")
    keep_listing(state, "run", at=NOON + timedelta(minutes=1))

    assert entries.waiting_entries(state, entries.take_in_waiting(state, "gazette", "run", NOON)) == [
        Waiting(entry=an_entry(), visits=0)
    ]


def test_many_who_read_at_once_need_no_more_memory_than_a_few(tmp_path: Path) -> None:
    with closing(Warehouse(tmp_path, memory_mb=40)) as warehouse:
        state = state_of(warehouse)
        runs.begin_run(state, warehouse, "run", [a_source()], NOON)
        listed = [an_entry(f"flood-{number}") for number in range(2_000)]
        entries.keep_poll(state, a_poll(), "run", found=listed, outcomes=[], events=[])
        due = entries.take_in_waiting(state, "gazette", "run", NOON)
        with ThreadPoolExecutor(16) as readers:
            given = list(readers.map(lambda _: entries.waiting_entries(state, due[:200]), range(64)))

    assert {len(waiting) for waiting in given} == {200}


# Looks into the file as soon as nobody has it open, and until it is told to stop.
LOOK = """
import sys
import duckdb
while True:
    try:
        duckdb.connect(sys.argv[1], read_only=True)
        break
    except duckdb.IOException:
        pass
print("looking", flush=True)
sys.stdin.readline()
"""


def test_the_file_is_opened_anew_in_the_middle_of_reading_and_nobody_notices(
    warehouse: Warehouse, state: State
) -> None:
    runs.begin_run(state, warehouse, "run", [a_source()], NOON)
    with ThreadPoolExecutor(4) as readers:
        reading = [readers.submit(warehouse.read, "known_sources") for _ in range(40)]
        warehouse.reopen()
        reading += [readers.submit(warehouse.read, "known_sources") for _ in range(40)]

    assert all([row["source_id"] for row in one.result()] == ["gazette"] for one in reading)


@pytest.mark.integration
def test_who_looks_into_the_file_while_it_is_opened_anew_is_waited_for(warehouse: Warehouse) -> None:
    is_looked_into = Event()

    def reopen() -> None:
        while not is_looked_into.is_set():  # until somebody was quick enough
            warehouse.reopen()

    command = [sys.executable, "-c", LOOK, str(warehouse.path)]
    with (
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as looking,
        ThreadPoolExecutor(1) as beside,
    ):
        assert looking.stdout is not None
        reopening = beside.submit(reopen)
        told = looking.stdout.readline()
        is_looked_into.set()
        is_waiting = not reopening.done()
        looking.communicate(b"\n")
        reopening.result()

    assert (told, is_waiting) == (b"looking\n", True)
    assert warehouse.read("known_sources") == []


def test_what_is_written_anew_with_what_was_added_does_not_grow_with_the_table(tmp_path: Path) -> None:
    with closing(Warehouse(tmp_path)) as warehouse, warehouse.alone() as connection:
        connection.execute("create table heap (number bigint)")
        for start in range(0, 100_000, 10_000):
            connection.execute(f"insert into heap from range({start}, {start + 10_000})")
            connection.execute("checkpoint")
        rows = connection.execute(
            "select sum(count) as rows from pragma_storage_info('heap') "
            "where column_name = 'number' and segment_type <> 'VALIDITY' group by row_group_id"
        ).fetchall()

    assert sum(count for (count,) in rows) == 100_000
    assert max(count for (count,) in rows) <= ROWS_IN_GROUP


@pytest.mark.integration
def test_the_file_stays_ours_though_this_process_opens_it_again(warehouse: Warehouse) -> None:
    with pytest.raises(WarehouseBusy, match="is open in this process"):
        open_database(warehouse.path, read_only=True)
    with pytest.raises(WarehouseBusy):
        Warehouse(warehouse.folder)
    opening = f"import duckdb; duckdb.connect({str(warehouse.path)!r}, read_only=True)"
    other = subprocess.run([sys.executable, "-c", opening], check=False, capture_output=True, text=True)

    assert "Could not set lock" in other.stderr


@pytest.mark.parametrize(
    "told",
    [
        duckdb.OutOfMemoryException("Out of Memory Error: failed to pin block of size 256.0 KiB"),
        duckdb.TransactionException("Failed to commit: could not allocate block of size 256.0 KiB"),
        duckdb.TransactionException("Failed to commit: failed to pin block of size 256.0 KiB"),
    ],
    ids=["a statement", "a commit", "a commit that reads"],
)
def test_whatever_lacks_memory_says_which_setting_gives_more(told: duckdb.Error) -> None:
    with pytest.raises(MemoryShort, match="raise INGEST_DATABASE_MEMORY_MB"), translated(Path("published.duckdb")):
        raise told


def test_entries_that_wait_are_looked_up_and_not_compared_with_every_capture(warehouse: Warehouse) -> None:
    sql = f"explain query plan {statement('waiting_entries')}"
    _, plan = state_of(warehouse)._engine.execute(sql, {"entry_ids": '["flood"]'})

    scanned = [detail for *_, detail in plan if detail.startswith("SCAN")]
    assert [detail for detail in scanned if "json_each" not in detail] == []
    assert any(detail.startswith("SEARCH e USING INDEX") for *_, detail in plan)


@ON_BOTH
def test_an_entry_to_be_retried_waits_until_then(state: State, warehouse: Warehouse) -> None:
    runs.begin_run(state, warehouse, "run", [a_source()], NOON)
    keep_listing(state, "run")
    later = NOON + timedelta(minutes=5)
    visit = a_fetch(reason="timeout", retry_at=later)
    entries.keep_fetches(state, [visit], outcomes=[an_outcome("failed", "timeout")], events=[])

    assert entries.take_in_waiting(state, "gazette", "next", NOON) == []
    assert entries.waiting_entries(state, entries.take_in_waiting(state, "gazette", "next", later)) == [
        Waiting(entry=an_entry(), visits=1)
    ]
    assert [(count.outcome, count.reason) for count in runs.outcome_counts(state, "run")] == [("failed", "timeout")]


def test_a_failure_is_kept_under_its_kind_and_what_is_none_under_no_kind(state: State, warehouse: Warehouse) -> None:
    runs.begin_run(state, warehouse, "run", [a_source()], NOON)
    keep_listing(state, "run")
    entries.keep_fetches(state, [a_fetch(reason="missing")], outcomes=[an_outcome("failed", "missing")], events=[])
    failed = a_poll(at=NOON + timedelta(minutes=1), outcome="failed", reason="robots_unknown")
    entries.keep_poll(state, failed, "run", found=[], outcomes=[], events=[])

    assert news(warehouse, "select reason, error_kind from ops.polls order by polled_at") == [
        {"reason": None, "error_kind": None},
        {"reason": "robots_unknown", "error_kind": "robots"},
    ]
    assert news(warehouse, "select reason, error_kind from ops.fetches") == [
        {"reason": "missing", "error_kind": "http_status"}
    ]
    assert news(warehouse, "select reason, error_kind from ops.entry_outcomes") == [
        {"reason": "missing", "error_kind": "http_status"}
    ]


def test_what_a_killed_run_left_under_way_counts_for_the_next(state: State, warehouse: Warehouse) -> None:
    runs.begin_run(state, warehouse, "killed", [a_source()], NOON)
    keep_listing(state, "killed")
    runs.begin_run(state, warehouse, "next", [a_source()], NOON)
    runs.worker_leases(state, warehouse).lease("next", ["gazette"], NOON)

    assert runs.outcome_counts(state, "killed") == []
    assert [count.entries for count in runs.outcome_counts(state, "next")] == [1]


def test_a_good_batch_is_published_whole(state: State, warehouse: Warehouse) -> None:
    publish(state, warehouse, a_pledge(PLEDGE, "$12 million", "12000000"))

    assert news(warehouse, "select value, unit, sentence from figures") == [
        {"value": 12_000_000, "unit": "USD", "sentence": PLEDGE}
    ]
    assert news(warehouse, "select title, version, word_count from articles") == [
        {"title": "Pier", "version": 1, "word_count": 8}
    ]
    assert [(count.outcome, count.reason) for count in runs.outcome_counts(state, "run")] == [
        ("published", "new_article")
    ]


@ON_BOTH
def test_a_corrected_figure_is_a_new_version_and_a_change(state: State, warehouse: Warehouse) -> None:
    publish(state, warehouse, a_pledge(PLEDGE, "$12 million", "12000000"))
    publish(state, warehouse, a_pledge(CORRECTED, "$21 million", "21000000", content_hash="second"), run_id="later")

    assert news(warehouse, "select version, value from figures") == [{"version": 2, "value": 21_000_000}]
    assert news(warehouse, "select change, before, after, to_version from figure_changes") == [
        {"change": "changed", "before": "$12 million", "after": "$21 million", "to_version": 2}
    ]
    assert news(warehouse, "select version from article_versions order by 1") == [{"version": 1}, {"version": 2}]


def test_a_figure_that_is_held_back_is_no_correction(state: State, warehouse: Warehouse) -> None:
    publish(state, warehouse, a_pledge(PLEDGE, "$12 million", "12000000"))
    newer = a_pledge(CORRECTED, "$21 million", "21000000", content_hash="second")
    publish(state, warehouse, newer, run_id="later", refuse="value > 20000000")

    assert news(warehouse, "select version from articles") == [{"version": 2}]
    assert news(warehouse, "select count(*) as held from ops.quarantine") == [{"held": 1}]
    assert news(warehouse, "select change, before, after from figure_changes") == []
    assert news(warehouse, "select count(*) as rung from ops.events where name = 'figure.corrected'") == [{"rung": 0}]


def test_who_signs_two_articles_of_a_batch_is_staged_once(state: State, warehouse: Warehouse) -> None:
    pair = [
        a_staged_article(a_parsed_article(slug, authors=("Ana Pérez",)), an_entry(slug)) for slug in ("pier", "flood")
    ]
    batches.stage_batch(state, a_batch(), pair, outcomes=[], events=[])
    load_staged(state, warehouse, [a_batch()])

    with warehouse.connect() as connection:
        assert connection.execute("select name from staging.authors").fetchall() == [("Ana Pérez",)]


@ON_BOTH
def test_what_a_person_settles_reaches_the_analysts(state: State, warehouse: Warehouse) -> None:
    publish(state, warehouse, a_pledge(PLEDGE, "$12 million", "12000000"), refuse="value > 0")
    held = "select refused_id, article_id, retried_at is not null as is_retried from ops.quarantine"
    (row,) = news(warehouse, held)
    quarantine.settle_refused(state, [row["refused_id"]], a_batch("reread"), [row["article_id"]])
    releases.release_file(state, warehouse, NOON + timedelta(minutes=1))

    assert news(warehouse, held) == [row | {"is_retried": True}]
    assert releases.release_file(state, warehouse, NOON + timedelta(minutes=2)) is False


def test_an_article_that_another_batch_has_published_changes_nothing(state: State, warehouse: Warehouse) -> None:
    publish(state, warehouse, a_pledge(PLEDGE, "$12 million", "12000000"))
    before = news(warehouse, "select article_id, version from articles")
    publish(state, warehouse, a_pledge(PLEDGE, "$12 million", "12000000"), run_id="later")

    assert news(warehouse, "select article_id, version from articles") == before
    assert [(count.outcome, count.reason) for count in runs.outcome_counts(state, "later")] == [
        ("unchanged", "same_article")
    ]


def test_a_refused_figure_is_held_back_and_its_article_published(state: State, warehouse: Warehouse) -> None:
    publish(state, warehouse, a_pledge(PLEDGE, "$12 million", "12000000"), refuse="value > 0")

    assert news(warehouse, "select count(*) as figures from figures") == [{"figures": 0}]
    assert news(warehouse, "select rule, row_json ->> 'text' as text from ops.quarantine") == [
        {"rule": "money_is_not_negative", "text": "$12 million"}
    ]
    assert [count.outcome for count in runs.outcome_counts(state, "run")] == ["published"]


def test_a_refused_article_takes_its_figures_with_it(state: State, warehouse: Warehouse) -> None:
    publish(state, warehouse, a_pledge(PLEDGE, "$12 million", "12000000"), suite="articles", refuse="word_count < 100")

    assert news(warehouse, "select count(*) as figures from figures") == [{"figures": 0}]
    assert [(count.outcome, count.reason) for count in runs.outcome_counts(state, "run")] == [
        ("quarantined", "money_is_not_negative")
    ]


@pytest.mark.parametrize(
    ("suite", "orphans"), [("authors", "article_authors"), ("paragraphs", "figures"), ("articles", "article_urls")]
)
def test_what_belongs_to_a_refused_row_is_not_published_though_no_rule_refuses_it(
    suite: str, orphans: str, *, state: State, warehouse: Warehouse
) -> None:
    publish(state, warehouse, a_pledge(PLEDGE, "$12 million", "12000000"), suite=suite, refuse="true")

    assert news(warehouse, f"select count(*) as orphans from {orphans}") == [{"orphans": 0}]


@ON_BOTH
def test_a_final_rule_refuses_also_what_a_person_accepted(state: State, warehouse: Warehouse) -> None:
    staged = a_pledge(PLEDGE, "$12 million", "12000000")
    publish(state, warehouse, staged, refuse="true")
    (row,) = news(warehouse, "select refused_id from ops.quarantine")
    quarantine.accept_refused(state, warehouse, row["refused_id"], a_batch(), "It is so.", NOON)
    publish(state, warehouse, staged, run_id="later", refuse="true", is_final=True)

    assert news(warehouse, "select accepted_at from ops.quarantine") == [{"accepted_at": None}] * 2


def test_an_accepted_figure_whose_paragraph_is_refused_does_not_say_that_it_is_accepted(
    state: State, warehouse: Warehouse
) -> None:
    staged = a_pledge(PLEDGE, "$12 million", "12000000")
    publish(state, warehouse, staged, refuse="true")
    (row,) = news(warehouse, "select refused_id from ops.quarantine")
    quarantine.accept_refused(state, warehouse, row["refused_id"], a_batch(), "It is so.", NOON)
    batch = stage(state, warehouse, staged, run_id="later")
    found = [a_validation(batch, suite=suite, passed=False, unexpected=1, failing_rows="true") for suite in BOTH]
    keep_validations(state, warehouse, found, broken=[])
    publication.publish_batches(state, warehouse, [batch], NOON, duplicate_rule=near_duplicate_rules)
    quarantine.settle_refused(state, [row["refused_id"]], batch, [a_parsed_article("pier").article.article_id])
    barriers = quarantine.withholding_rows(state, row["refused_id"], batch.batch_id)

    assert news(warehouse, "select accepted_at from ops.quarantine where accepted_at is not null") == []
    assert [(barrier["table_name"], barrier["rules"]) for barrier in barriers] == [
        ("paragraphs", ["money_is_not_negative"]),
        ("figures", ["money_is_not_negative", "paragraph_refused"]),
    ]


@pytest.mark.integration
def test_twins_in_every_table_are_held_back_each_and_the_batch_goes_on(state: State, warehouse: Warehouse) -> None:
    batch = stage(state, warehouse, a_pledge(PLEDGE, "$12 million", "12000000"))
    tables = [path.stem for path in STAGED_SUITES]
    with warehouse.connect() as connection:
        for table in tables:
            connection.execute(f"insert into staging.{table} from staging.{table}")
        staged = sum(connection.table(f"staging.{table}").shape[0] for table in tables if table != "authors")
    validator = SuiteValidator(SUITES, warehouse.connect)
    found = validator.validate(batch)
    validator.close()
    held = batches.keep_validations(
        state, warehouse, batch, found, broken=[], refusing=refusing_rules(found), changes=[], now=NOON
    )
    publication.publish_batches(state, warehouse, [batch], NOON, duplicate_rule=near_duplicate_rules)

    assert held == staged
    assert news(warehouse, "select count(*) as articles from articles") == [{"articles": 0}]


def test_a_rule_that_quarantines_other_rows_than_it_counted_is_an_error_of_ours(
    state: State, warehouse: Warehouse
) -> None:
    with pytest.raises(ValidatorFailed, match="found 5 rows, but its failing_rows finds 1"):
        publish(state, warehouse, a_pledge(PLEDGE, "$12 million", "12000000"), refuse="true", unexpected=5)

    assert len(batches.batches_in(state, "staged")) == 1


def test_a_stopped_batch_publishes_nothing_and_ends_its_entries(state: State, warehouse: Warehouse) -> None:
    staged = a_pledge(PLEDGE, "$12 million", "12000000")
    batch = stage(state, warehouse, staged)
    validation = a_validation(batch, severity="critical", passed=False, unexpected=1)
    keep_validations(state, warehouse, [validation], broken=["figures.money_is_not_negative"])

    assert batches.batches_in(state, "validated") == []
    assert [(count.outcome, count.reason) for count in runs.outcome_counts(state, "run")] == [
        ("rejected", "figures.money_is_not_negative")
    ]


@ON_BOTH
def test_a_known_article_under_another_address_keeps_both(state: State, warehouse: Warehouse) -> None:
    publish(state, warehouse, a_pledge(PLEDGE, "$12 million", "12000000"))
    runs.begin_run(state, warehouse, "later", [a_source("herald")], NOON)
    elsewhere = an_entry("pier", "herald", url="https://gazette.example/pier?from=herald")
    story = a_parsed_article("pier", (PLEDGE, ()))
    publish(state, warehouse, a_staged_article(story, elsewhere, is_new_content=False), run_id="later")

    assert news(warehouse, "select url from article_urls where kind = 'listed' order by url") == [
        {"url": "https://gazette.example/pier"},
        {"url": "https://gazette.example/pier?from=herald"},
    ]
    assert news(warehouse, "select source_id from article_sources order by 1") == [
        {"source_id": "gazette"},
        {"source_id": "herald"},
    ]


def test_the_analysts_file_is_replaced_only_when_it_would_differ(state: State, warehouse: Warehouse) -> None:
    publish(state, warehouse, a_pledge(PLEDGE, "$12 million", "12000000"))
    releases.release_file(state, warehouse, NOON)
    first = warehouse.news_path.stat().st_ino

    assert releases.release_file(state, warehouse, NOON) is False
    assert warehouse.news_path.stat().st_ino == first


def test_a_half_built_file_of_a_killed_release_is_cleared_away(state: State, warehouse: Warehouse) -> None:
    leftover = warehouse.folder / "news.duckdb.partial4711"
    leftover.write_bytes(b"half")
    publish(state, warehouse, a_pledge(PLEDGE, "$12 million", "12000000"))
    releases.release_file(state, warehouse, NOON)

    assert not leftover.exists()


def test_every_table_has_the_columns_that_a_lakes_has(warehouse: Warehouse) -> None:
    columns = "select table_name, column_name, data_type from information_schema.columns"
    sql = f"{columns} where table_schema = '{{}}' and table_name in {NEWS_TABLES} order by all"

    ours = news(warehouse, sql.format("main"))
    with duckdb.connect(":memory:") as connection:
        lay_pattern(connection)
        migrated = connection.execute(sql.format("published")).fetchall()

    assert [tuple(row.values()) for row in ours] == migrated


def test_every_table_and_column_an_analyst_sees_is_explained(warehouse: Warehouse) -> None:
    here = "database_name = current_database() and not internal and comment is null"

    assert news(warehouse, f"select schema_name, table_name from duckdb_tables() where {here}") == []
    assert news(warehouse, f"select table_name, column_name from duckdb_columns() where {here}") == []


def a_pledge(sentence: str, text: str, value: str, **changes: Any) -> StagedArticle:
    figure = a_figure(text, sentence, value, subject="pier")
    story = a_parsed_article("pier", (sentence, (figure,)), authors=("Ana Pérez",))
    return a_staged_article(story, an_entry("pier"), **changes)


def a_fetch(**changes: Any) -> Fetch:
    entry = an_entry()
    return Fetch(entry_id=entry.entry_id, source_id="gazette", url=entry.url or "", fetched_at=NOON, **changes)


def an_outcome(outcome: Any, reason: str) -> EntryOutcome:
    return EntryOutcome(entry_id=an_entry().entry_id, outcome=outcome, reason=reason)


def keep_listing(state: State, run_id: str, *, slug: str = "flood", at: Any = NOON) -> None:
    entries.keep_poll(state, a_poll(at=at), run_id, found=[an_entry(slug)], outcomes=[], events=[])


def stage(state: State, warehouse: Warehouse, staged: StagedArticle, *, run_id: str = "run") -> Any:
    number = len(polls.last_polls(state))
    runs.begin_run(state, warehouse, run_id, [a_source()], NOON)
    at = NOON + timedelta(minutes=number)
    entries.keep_poll(state, a_poll(at=at), run_id, found=[staged.entry], outcomes=[], events=[])
    batch = a_batch(run_id)
    batches.stage_batch(state, batch, [staged], outcomes=[], events=[])
    load_staged(state, warehouse, [batch])
    return batch


def keep_validations(state: State, warehouse: Warehouse, validations: list[Any], *, broken: list[str]) -> None:
    batch = batches.batches_in(state, "staged")[0]
    refusing = [] if broken else [validation for validation in validations if not validation.passed]
    batches.keep_validations(
        state, warehouse, batch, validations, broken=broken, refusing=refusing, changes=[], now=NOON
    )


def publish(
    state: State,
    warehouse: Warehouse,
    staged: StagedArticle,
    *,
    run_id: str = "run",
    suite: str = "figures",
    refuse: str | None = None,
    unexpected: int = 1,
    **changes: Any,
) -> None:
    batch = stage(state, warehouse, staged, run_id=run_id)
    found = {"suite": suite, "passed": refuse is None, "unexpected": unexpected, "failing_rows": refuse}
    validation = a_validation(batch, **found, **changes)
    keep_validations(state, warehouse, [validation], broken=[])
    publication.publish_batches(state, warehouse, [batch], NOON, duplicate_rule=near_duplicate_rules)


def news(warehouse: Warehouse, sql: str) -> list[dict[str, Any]]:
    """Release what is public, and ask the analysts' file."""
    releases.release_file(state_of(warehouse), warehouse, NOON)
    columns, rows = query(warehouse.news_path, sql)
    return [dict(zip(columns, row, strict=True)) for row in rows]
