"""A lake: who may write, who has which source, what is told when PostgreSQL is away, and what its snapshots give."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path

import duckdb
import pytest

from ingest.core.errors import IngestError, Misconfigured, WarehouseAway, WarehouseBusy, WarehouseUnusable
from ingest.core.settings import load_settings
from ingest.pipeline.open_stores import lake_of
from ingest.state import entries, polls
from ingest.state.leases import Leases
from ingest.warehouse import copy_history, releases, runs
from ingest.warehouse.duckdb_errors import translated_of_lake
from ingest.warehouse.lake import Lake, keyless, open_to_read
from ingest.warehouse.migrations import migrations
from ingest.warehouse.warehouse import Lock, Warehouse, look_at_lake
from tests.docs.console import ROOT, blocks
from tests.makers import NOON, a_poll, a_source, an_entry
from tests.postgres import Postgres
from tests.state import state_of
from tests.waiting import wait_until

pytestmark = pytest.mark.integration


class Workers:
    """Several holds on one lake, as several processes have them."""

    def __init__(self, lake: Lake, folder: Path) -> None:
        self.lake = lake
        self._folder = folder
        self._opened = ExitStack()

    def open(self) -> Warehouse:
        return self._opened.enter_context(closing(Warehouse(self._folder, lake=self.lake)))

    def close(self) -> None:
        self._opened.close()


@pytest.fixture
def workers(pg: Postgres, tmp_path: Path) -> Iterator[Workers]:
    with closing(Workers(pg.lake(), tmp_path)) as opened:
        yield opened


def leases_of(warehouse: Warehouse) -> Leases:
    return runs.worker_leases(state_of(warehouse), warehouse)


def test_a_source_is_one_workers_until_its_run_ends(workers: Workers) -> None:
    one, other = workers.open(), workers.open()
    runs.begin_run(state_of(one), one, "one", [a_source()], NOON)
    runs.begin_run(state_of(other), other, "other", [a_source()], NOON)
    taken = leases_of(one).lease("one", ["gazette"], NOON)
    refused = leases_of(other).lease("other", ["gazette", "herald"], NOON)
    runs.end_run(state_of(one), "one", NOON)

    assert (taken, refused) == ({"gazette"}, {"herald"})
    assert leases_of(other).lease("other", ["gazette"], NOON) == {"gazette"}


def test_what_a_dead_worker_had_in_hand_is_taken_over_and_a_living_one_keeps_it(workers: Workers) -> None:
    dying, living = workers.open(), workers.open()
    runs.begin_run(state_of(dying), dying, "before", [a_source()], NOON)
    leases_of(dying).lease("before", ["gazette"], NOON)
    entries.keep_poll(state_of(dying), a_poll(), "before", found=[an_entry()], outcomes=[], events=[])
    state = state_of(living)
    runs.begin_run(state, living, "after", [a_source()], NOON)
    kept = runs.outcome_counts(state, "before")
    dying.close()
    taken = leases_of(living).lease("after", ["gazette"], NOON)

    assert [count.entries for count in kept] == [1]
    assert taken == {"gazette"}
    assert [count.entries for count in runs.outcome_counts(state, "after")] == [1]
    assert runs.outcome_counts(state, "before") == []


def test_a_run_keeps_its_sources_where_its_stages_are_taken_one_after_another_by_several_workers(
    workers: Workers,
) -> None:
    first, stranger_to_it = workers.open(), workers.open()
    leases_of(first).lease("run", ["gazette"], NOON)
    first.close()
    second = workers.open()
    kept = leases_of(second).lease("run", ["gazette", "herald"], NOON)

    assert kept == {"gazette", "herald"}
    assert leases_of(stranger_to_it).lease("other", ["gazette", "herald"], NOON) == set()


def test_a_feed_that_another_worker_has_just_visited_is_not_visited_again(workers: Workers) -> None:
    one, other = workers.open(), workers.open()
    for worker, run_id in ((one, "one"), (other, "other")):
        runs.begin_run(state_of(worker), worker, run_id, [a_source()], NOON)
    with (
        leases_of(one).leased_to_poll("one", "gazette", NOON) as is_ones,
        leases_of(other).leased_to_poll("other", "gazette", NOON) as both,
    ):
        entries.keep_poll(state_of(one), a_poll(at=NOON), "one", found=[], outcomes=[], events=[])
    with leases_of(other).leased_to_poll("other", "gazette", NOON) as again:
        pass

    assert (is_ones, both, again) == (True, False, False)
    assert leases_of(other).lease("other", ["gazette"], NOON) == {"gazette"}  # one's lease ended with its poll


def test_a_release_waits_for_another_workers_and_touches_nothing_of_it(workers: Workers, pg: Postgres) -> None:
    one, other = workers.open(), workers.open()
    runs.begin_run(state_of(one), one, "run", [a_source()], NOON)
    half_built = one.news_path.with_name(f"{one.news_path.name}.partial1")
    waiting = "select count(*) from pg_locks where locktype = 'advisory' and not granted"
    with ThreadPoolExecutor(1) as threads:
        with one.alone(Lock.PUBLICATION):  # as a worker that is at its release
            half_built.touch()
            release = threads.submit(releases.release_file, state_of(other), other, NOON)
            wait_until(lambda: release.done() or pg.ask(workers.lake.catalog, waiting) == "1")
            is_left_alone = half_built.exists()
        is_made = release.result(60)

    assert (is_left_alone, is_made) == (True, True)
    assert not half_built.exists()  # what a killed worker left is cleared away


def test_a_worker_that_postgresql_lost_sight_of_writes_no_more(workers: Workers, pg: Postgres) -> None:
    lost = workers.open()
    pg.ask(workers.lake.catalog, "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory'")

    with pytest.raises(WarehouseAway, match="lost sight of this worker"):
        runs.begin_run(state_of(lost), lost, "run", [a_source()], NOON)


def test_a_commit_that_conflicts_with_a_strangers_is_tried_again_later(workers: Workers) -> None:
    warehouse = workers.open()
    state = state_of(warehouse)
    runs.begin_run(state, warehouse, "run", [a_source()], NOON)
    copy_history.copy_history(state, warehouse)

    with pytest.raises(WarehouseBusy):
        change_run_beside_a_stranger(warehouse)


def change_run_beside_a_stranger(warehouse: Warehouse) -> None:
    assert warehouse.lake is not None
    with warehouse.write() as transaction, closing(stranger(warehouse.lake)) as own:
        transaction.connection.execute("update ops.runs set ended_at = now()")
        own.execute("update lake.ops.runs set ended_at = now()")


def stranger(lake: Lake) -> duckdb.DuckDBPyConnection:
    """Open a lake as somebody does who takes no lock."""
    connection = open_to_read(lake)
    connection.execute("use memory")
    connection.execute("detach lake")
    connection.execute(f"attach 'ducklake:postgres:{lake.catalog}' as lake")
    return connection


def test_a_postgresql_that_went_away_is_worth_another_try_and_ends_no_process(pg: Postgres, tmp_path: Path) -> None:
    with closing(Warehouse(tmp_path, lake=pg.lake())) as warehouse:
        state = state_of(warehouse)
        runs.begin_run(state, warehouse, "run", [a_source()], NOON)
        pg.control("-m", "immediate", "stop")
        try:
            with pytest.raises(WarehouseAway):
                polls.last_polls(state)
            with pytest.raises(WarehouseAway):
                runs.end_run(state, "run", NOON)
        finally:
            pg.start()


@pytest.mark.parametrize(
    ("catalog", "error"),
    [
        ("host={host} user=ingest dbname=nowhere password=geheim", Misconfigured),
        ("hots=x password=geheim", Misconfigured),
        ("host=127.0.0.1 port=1 user=ingest dbname=lake password=geheim", WarehouseAway),
        ("postgresql://ingest:geheim@127.0.0.1:1/lake", WarehouseAway),
    ],
    ids=["no such database", "misspelt", "nobody listens", "an address"],
)
def test_a_lake_that_can_not_be_opened_is_told_without_its_password(
    catalog: str, error: type[IngestError], pg: Postgres, tmp_path: Path
) -> None:
    lake = Lake(catalog=catalog.format(host=pg.folder), data=str(tmp_path / "files"))
    with pytest.raises(error) as raised:
        Warehouse(tmp_path, lake=lake)

    assert "geheim" not in f"{raised.value} {lake} {lake!r}"
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__


@pytest.mark.parametrize("said", [{"lake": "password=geheim"}, {"lake_data": "/srv/lake"}], ids=["catalog", "data"])
def test_half_a_lake_is_refused_without_its_password(said: dict[str, str]) -> None:
    settings = load_settings(**said)
    with pytest.raises(Misconfigured, match="INGEST_LAKE and INGEST_LAKE_DATA") as raised:
        lake_of(settings)

    assert "geheim" not in f"{raised.value} {settings!r}"


def test_object_storage_is_refused_by_name() -> None:
    with pytest.raises(Misconfigured, match="mount it"):
        load_settings(lake="dbname=lake", lake_data="s3://bucket/lake")


def test_a_lake_is_not_looked_for_in_another_folder_than_its_own(workers: Workers, tmp_path: Path) -> None:
    workers.open()
    elsewhere = Lake(catalog=workers.lake.catalog, data=str(tmp_path / "elsewhere"))

    with pytest.raises(Misconfigured, match="INGEST_LAKE_DATA"):
        Warehouse(tmp_path, lake=elsewhere)


def test_a_lake_that_nobody_made_can_not_be_looked_at(pg: Postgres) -> None:
    with pytest.raises(WarehouseUnusable, match="does not exist yet"):
        look_at_lake(pg.empty_lake(), "report_status")


def test_two_who_come_first_at_once_make_one_lake(pg: Postgres, tmp_path: Path) -> None:
    lake = pg.empty_lake()
    with closing(Warehouse(tmp_path, lake=lake)) as one, closing(Warehouse(tmp_path, lake=lake)) as other:
        assert one.migrated == [name for _, name, _ in migrations()]
        assert other.migrated == []


def test_a_bug_of_ours_is_no_trouble_with_the_lake() -> None:
    with pytest.raises(duckdb.BinderException), translated_of_lake("the lake", catalog="x"):
        raise duckdb.BinderException("no such column")


def test_migrations_lose_their_keys_and_nothing_else() -> None:
    sql = """
        -- One row; with a primary key (as said).
        create table ops.things (
          key varchar primary key,
          state varchar not null check (state in ('found', 'ended')),
          position integer default 0,
          unique_name varchar,
          primary key (key, position)
        );
        create unique index by_state on ops.things (state);
        drop index by_state;
    """

    assert re.sub(r"\s+", " ", keyless(sql)).strip() == (
        "create table ops.things ( key varchar, state varchar not null, position integer default 0, "
        "unique_name varchar );"
    )


def test_what_the_guide_shows_of_snapshots_runs(workers: Workers) -> None:
    warehouse = workers.open()
    state = state_of(warehouse)
    runs.begin_run(state, warehouse, "run", [a_source()], NOON)
    shown = [block.text for block in blocks(ROOT / "docs" / "several-machines.md") if block.language == "duckdb"]
    named = re.compile(r"attach 'ducklake:postgres:[^']*' as lake \(read_only\);")

    assert len(shown) == 2
    for text in shown:
        with closing(stranger(workers.lake)) as connection:
            for statement in named.sub("", text).split(";"):
                if statement.strip():
                    assert connection.execute(statement).fetchall() is not None
