"""The pipeline on a lake: the same rows as on a file, and several workers at once."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pytest

from benchmarks.crowd import crowd
from ingest.edge.lake import Lake, open_to_read
from ingest.edge.migrations import lay_pattern
from ingest.edge.warehouse import query
from tests.command import INGEST, ingest, surroundings
from tests.conftest import FirstPass
from tests.killing import AGREED
from tests.postgres import Postgres

pytestmark = [pytest.mark.lake, pytest.mark.gx]

ARTICLES = int(os.environ.get("INGEST_TEST_LAKE_ARTICLES", "100"))
STORIES_EACH = 10 if ARTICLES < 1_000 else 500


def test_a_whole_run_ends_in_the_same_rows_from_a_lake_as_from_a_file(
    first_pass: FirstPass, pg: Postgres, tmp_path: Path
) -> None:
    warehouse = tmp_path / "warehouse"
    asked = ("--direct", "--json", "--sources", first_pass.sources, "--warehouse", warehouse)
    ran = ingest("run", *asked, cwd=tmp_path, stdin=b"", **settings_of(pg.lake()))

    assert ran.code == first_pass.ran.code
    assert rows_of(warehouse) == rows_of(first_pass.warehouse)
    assert not (warehouse / "ingest.duckdb").exists()


def test_two_workers_share_the_sources_and_what_a_killed_one_left_is_taken_up(pg: Postgres, tmp_path: Path) -> None:
    lake, warehouse, began = pg.lake(), tmp_path / "warehouse", time.monotonic()
    with crowd(ARTICLES // STORIES_EACH, STORIES_EACH, latency_seconds=0.02) as newsrooms:
        (tmp_path / "sources.json").write_text(json.dumps(newsrooms.sources()))
        killed, other = (start_worker(tmp_path, lake) for _ in range(2))
        with killed, other:
            wait_until(lake, "select count(*) from ops.fetches", ARTICLES // 2, of=killed)
            at_work = asked_of(lake, "select count(distinct worker), count(distinct source_id) from ops.claims")
            killed.kill()
            assert other.wait() == 0
        left = asked_of(lake, "select count(*) from published.articles")
        with start_worker(tmp_path, lake) as last:
            assert last.wait() == 0
    say(began, f"two at work on {at_work}, left {left}, {len(newsrooms.asked_at)} requests")

    assert killed.returncode == -signal.SIGKILL
    assert at_work[0][0] == 2
    assert newsrooms.most_at_once == 1  # no host was asked by both at the same time
    assert asked_of(lake, "select count(*) from published.articles") == [(ARTICLES,)]
    assert query(warehouse / "news.duckdb", "select count(*), count(distinct url) from articles")[1] == [
        (ARTICLES, ARTICLES)
    ]
    assert asked_of(lake, "select distinct state from raw.entries") == [("ended",)]
    assert asked_of(lake, "select outcome, count(distinct entry_id) from ops.entry_outcomes group by all") == [
        ("published", ARTICLES)
    ]
    assert asked_of(lake, "select count(*) from ops.claims") == [(0,)]
    assert twins_in(lake) == []


def start_worker(folder: Path, lake: Lake) -> "subprocess.Popen[bytes]":
    """Start a run of its own over all sources, all on one lake and in one folder."""
    return subprocess.Popen(
        [INGEST, "run", "--direct", "--sources", "sources.json", "--warehouse", "warehouse"],
        cwd=folder,
        env=surroundings({**settings_of(lake), "INGEST_READING_PROCESSES": "1", "INGEST_RELEASE_SHARE": "1"}),
        stdout=subprocess.DEVNULL,
    )


def wait_until(lake: Lake, sql: str, count: int, *, of: "subprocess.Popen[bytes]") -> None:
    """Wait until a query on the lake counts so many, while a worker runs."""
    while asked_of(lake, sql)[0][0] < count:
        assert of.poll() is None
        time.sleep(1)  # to look costs what a worker would have


def say(began: float, told: str) -> None:
    """Tell figures to whoever runs this with -s."""
    sys.stderr.write(f"{ARTICLES} articles, {time.monotonic() - began:.0f} s: {told}\n")


def twins_in(lake: Lake) -> list[str]:
    """Name the tables of a lake in which two rows have one key of those that a file would enforce."""
    with duckdb.connect(":memory:") as pattern:
        lay_pattern(pattern)
        keys = pattern.execute(
            "select schema_name || '.' || table_name, constraint_column_names from duckdb_constraints() "
            "where constraint_type = 'PRIMARY KEY'"
        ).fetchall()
    return [table for table, columns in keys if asked_of(lake, twins_of(table, columns))]


def twins_of(table: str, columns: Sequence[str]) -> str:
    return f"select 1 from {table} group by {', '.join(columns)} having count(*) > 1"


def asked_of(lake: Lake, sql: str) -> list[Any]:
    with closing(open_to_read(lake)) as connection:
        return connection.execute(sql).fetchall()


def settings_of(lake: Lake) -> dict[str, str]:
    return {"INGEST_LAKE": lake.catalog, "INGEST_LAKE_DATA": lake.data}


def rows_of(warehouse: Path) -> dict[str, list[object]]:
    """Read what analysts get, but for times and captures."""
    return {name: sorted(query(warehouse / "news.duckdb", sql)[1], key=repr) for name, sql in AGREED.items()}
