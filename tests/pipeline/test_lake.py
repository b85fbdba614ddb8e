"""The pipeline on a lake: the same rows as on a file, and several workers at once."""

import json
import os
import shlex
import signal
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pytest

from benchmarks.crowd import crowd
from ingest.warehouse.lake import Lake, open_to_read
from ingest.warehouse.migrations import lay_pattern
from ingest.warehouse.warehouse import query
from tests.command import ingest, surroundings
from tests.comparing import AGREED
from tests.conftest import FirstPass
from tests.docs.console import ELSEWHERE, LAKED, ROOT, Reader, Shown, commands
from tests.forkserver import fork_and_listen
from tests.postgres import Postgres

pytestmark = [pytest.mark.integration, pytest.mark.slow]

ARTICLES = int(os.environ.get("INGEST_TEST_LAKE_ARTICLES", "12"))
STORIES_EACH = 4 if ARTICLES < 1_000 else 500
HOSTS_AT_ONCE = 1  # of one worker


def test_the_first_of_several_machines_makes_a_lake_whose_rows_are_those_of_a_file(
    first_pass: FirstPass, pg: Postgres, tmp_path: Path
) -> None:
    shared = tmp_path / "shared"
    *lines, run = [
        one.line for one in commands(ROOT / "docs" / "several-machines.md") if ELSEWHERE.get(one.line) is LAKED
    ]
    operator = Reader(
        folder=tmp_path,
        environment={"PGHOST": str(pg.folder), "PGUSER": "ingest", "INGEST_SOURCES": str(first_pass.sources)},
        stands_for={"db.example.org": str(pg.folder), "/srv/shared": str(shared)},
    )
    for line in lines:
        operator.type(Shown(line=line))
    ran = ingest(*shlex.split(run, comments=True)[1:], cwd=tmp_path, stdin=b"", **operator.environment)

    assert (run.split()[:2], ran.code) == (["ingest", "run"], first_pass.ran.code)
    assert rows_of(shared / "warehouse") == rows_of(first_pass.warehouse)
    assert not (shared / "warehouse" / "published.duckdb").exists()


def test_two_workers_share_the_sources_and_what_a_killed_one_left_is_taken_up(pg: Postgres, tmp_path: Path) -> None:
    lake, warehouse = pg.lake(), tmp_path / "warehouse"
    with crowd(ARTICLES // STORIES_EACH, STORIES_EACH, latency_seconds=0.02) as newsrooms:
        (tmp_path / "sources.json").write_text(json.dumps(newsrooms.sources()))
        are_at_work = newsrooms.hold(HOSTS_AT_ONCE + 1)  # more than one worker sends at once
        killed, other = Worker(tmp_path, lake), Worker(tmp_path, lake)
        assert are_at_work.wait(600)
        at_work = pg.ask(lake.catalog, "select count(distinct worker) from leases")
        newsrooms.release()
        killed.wait_for(" fetched source=")
        most_at_once = newsrooms.most_at_once  # of one host; a dead worker's last request may go on for a moment
        killed.kill()
        ends = [worker.end() for worker in (killed, other, Worker(tmp_path, lake))]

    assert [code for code, _ in ends] == [-signal.SIGKILL, 0, 0], "\n".join(told for _, told in ends)
    assert at_work == "2"
    assert most_at_once == 1  # no host was asked by both at the same time
    assert query(warehouse / "news.duckdb", "select count(*), count(distinct url) from articles")[1] == [
        (ARTICLES, ARTICLES)
    ]
    with closing(open_to_read(lake)) as connection:
        assert asked(connection, "select count(*) from published.articles") == [(ARTICLES,)]
        assert asked(connection, "select outcome, count(distinct entry_id) from ops.entry_outcomes group by all") == [
            ("published", ARTICLES)
        ]
        assert twins_in(connection) == []
    assert pg.ask(lake.catalog, "select distinct state from entries") == "ended"
    assert pg.ask(lake.catalog, "select count(*) from leases where run_id is not null") == "0"
    waiting = "select count(*) from staged_parts join batches using (batch_id) where state <> 'published'"
    assert pg.ask(lake.catalog, waiting) == "0"


def test_two_runs_at_once_publish_everything_once_and_leave_no_batch_behind(pg: Postgres, tmp_path: Path) -> None:
    lake = pg.lake()
    with crowd(12, 2, latency_seconds=0.02) as newsrooms:
        (tmp_path / "sources.json").write_text(json.dumps(newsrooms.sources()))
        are_at_work = newsrooms.hold(HOSTS_AT_ONCE + 1)
        workers = [Worker(tmp_path, lake) for _ in range(2)]
        assert are_at_work.wait(600)
        newsrooms.release()
        ends = [worker.end() for worker in workers]

    assert [code for code, _ in ends] == [0, 0], "\n".join(told for _, told in ends)
    assert pg.ask(lake.catalog, "select state, count(distinct run_id) from batches group by 1") == "published|2"
    assert query(tmp_path / "warehouse" / "news.duckdb", "select count(*), count(distinct url) from articles")[1] == [
        (24, 24)
    ]
    with closing(open_to_read(lake)) as connection:
        assert asked(connection, "select count(*) from published.articles") == [(24,)]
        assert twins_in(connection) == []


class Worker:
    """A run of its own over all sources, on a lake and in a folder that others share."""

    def __init__(self, folder: Path, lake: Lake) -> None:
        command = ["run", "--direct", "--sources", "sources.json", "--warehouse", "warehouse"]
        self._process, self._lines = fork_and_listen(command, cwd=folder, environment=settings_of_worker(lake))
        self._told: list[str] = []

    def wait_for(self, told: str) -> None:
        """Wait until it logs this."""
        for line in self._lines:
            self._told.append(line)
            if told in line:
                return
        raise AssertionError(f"it never said {told!r}, but {self._told}")

    def kill(self) -> None:
        self._process.kill()

    def end(self) -> tuple[int, str]:
        """Wait for its end; return its exit code and all that it logged."""
        with self._lines:
            self._told += self._lines
        return self._process.wait(), "".join(self._told)


def settings_of_worker(lake: Lake) -> dict[str, str]:
    at_once = {"INGEST_HOSTS_AT_ONCE": str(HOSTS_AT_ONCE)}
    ways = {"INGEST_RELEASE_TIME_SHARE": "1", "INGEST_LOG_LEVEL": "info"}
    return surroundings({**settings_of(lake), **at_once, **ways})


def twins_in(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the tables of a lake in which two rows have one key of those that a file would enforce."""
    with duckdb.connect(":memory:") as pattern:
        lay_pattern(pattern)
        keys = pattern.execute(
            "select schema_name || '.' || table_name, constraint_column_names from duckdb_constraints() "
            "where constraint_type = 'PRIMARY KEY'"
        ).fetchall()
    return [table for table, columns in keys if asked(connection, twins_of(table, columns))]


def twins_of(table: str, columns: Sequence[str]) -> str:
    return f"select 1 from {table} group by {', '.join(columns)} having count(*) > 1"


def asked(connection: duckdb.DuckDBPyConnection, sql: str) -> list[Any]:
    return connection.execute(sql).fetchall()


def settings_of(lake: Lake) -> dict[str, str]:
    return {"INGEST_LAKE": lake.catalog, "INGEST_LAKE_DATA": lake.data}


def rows_of(warehouse: Path) -> dict[str, list[object]]:
    """Read what analysts get, but for times and captures."""
    return {name: sorted(query(warehouse / "news.duckdb", sql)[1], key=repr) for name, sql in AGREED.items()}
