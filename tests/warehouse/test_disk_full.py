"""Where the disk is full, that is what is said; what was committed stays, and the next try goes on from there."""

import subprocess
import sys
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from ingest.core.errors import DiskFull
from ingest.warehouse import releases
from ingest.warehouse.duckdb_errors import translated
from ingest.warehouse.warehouse import Warehouse
from tests.desk import EXTRAS
from tests.limits import files_no_larger_than
from tests.makers import NOON
from tests.state import state_of
from tests.warehouse.test_releases import content, pledge, publish
from tests.warehouses import open_warehouse

ROOMS = [100_000, 700_000, 4_500_000]  # bytes beyond what a file has already
ROWS = 5_000


def fill(warehouse: Warehouse, committed: list[int]) -> None:
    """Write, one transaction after another, until no more can be written; note how many rows were committed."""
    for first in range(0, 1_000_000, ROWS):
        with warehouse.write() as transaction:
            numbers = f"select md5(i::varchar), i::varchar, now() from range({first}, {first + ROWS}) t(i)"
            transaction.connection.execute(f"insert into ops.copies {numbers}")
        committed.append(first + ROWS)


@pytest.mark.parametrize("room", ROOMS)
def test_a_database_that_cannot_grow_keeps_what_was_committed(tmp_path: Path, room: int) -> None:
    warehouse = open_warehouse(tmp_path)
    committed = [0]
    with files_no_larger_than(warehouse.path.stat().st_size + room), pytest.raises(DiskFull):
        fill(warehouse, committed)
    warehouse.close()
    with closing(Warehouse(tmp_path)) as again, again.alone() as connection:
        [(rows, last)] = connection.execute("select count(*), max(earliest_id::bigint) from ops.copies").fetchall()

    assert rows in {committed[-1], committed[-1] + ROWS}  # DuckDB may fail after a commit, at its checkpoint
    assert last + 1 == rows


@pytest.mark.parametrize("size", [1_000, 2_000_000, 8_000_000])
@pytest.mark.slow
def test_a_release_that_finds_no_room_leaves_the_last_one(tmp_path: Path, size: int) -> None:
    with closing(open_warehouse(tmp_path, extras=EXTRAS)) as warehouse:
        state = state_of(warehouse)
        publish(state, warehouse, "first", *(pledge(f"pier-{number}") for number in range(4)))
        releases.release_file(state, warehouse, NOON)
        before = content(warehouse.news_path)
        publish(state, warehouse, "second", *(pledge(f"quay-{number}") for number in range(4)))
        with files_no_larger_than(size), pytest.raises(DiskFull):
            releases.release_file(state, warehouse, NOON)
        after = content(warehouse.news_path)
    with closing(Warehouse(tmp_path, extras=EXTRAS)) as warehouse:
        released = releases.release_file(state_of(warehouse), warehouse, NOON)

    assert after == before
    assert released
    assert sorted(path.name for path in tmp_path.glob("news.duckdb*")) == ["news.duckdb"]


@pytest.mark.parametrize(
    "error",
    [
        duckdb.IOException('IO Error: Could not write file "/w/published.duckdb": No space left on device'),
        duckdb.FatalException("FATAL Error: Failed to commit: Could not write file: Disk quota exceeded"),
        duckdb.TransactionException("TransactionContext Error: Failed to commit: No space left on device"),
        duckdb.OutOfMemoryException("failed to offload data block (limit was set by 'max_temp_directory_size')"),
    ],
)
def test_whatever_duckdb_calls_it_a_full_disk_is_named(error: duckdb.Error) -> None:
    with pytest.raises(DiskFull, match=r"published\.duckdb: make some"), translated(Path("published.duckdb")):
        raise error


@pytest.mark.integration
def test_duckdb_shows_no_progress_on_standard_output_where_it_takes_us_for_a_person() -> None:
    program = """
from ingest.warehouse.duckdb_errors import open_database
with open_database(":memory:") as connection:
    print(connection.execute("select current_setting('enable_progress_bar')").fetchall())
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)

    assert (done.stdout, done.stderr) == (b"[(False,)]\n", b"")
