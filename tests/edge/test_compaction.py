"""The pipeline's file is written anew where much of it is free, with all that is in it, and whenever it is killed."""

import os
import random
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingest.edge.compaction import compact
from ingest.edge.warehouse import Warehouse
from tests.conftest import FirstPass

from .conftest import NOW

pytestmark = pytest.mark.integration

KILLS = int(os.environ.get("INGEST_TEST_KILLS", "4"))

# Compacts a warehouse; dies before the nth line of it, or at the write that makes a file larger than so many bytes.
COMPACT = """
import os, resource, signal, sys
from pathlib import Path
from ingest.edge import compaction
folder, line, size = Path(sys.argv[1]), *map(int, sys.argv[2:])
lines = 0
def count(frame, event, _):
    global lines
    if frame.f_code.co_filename != compaction.__file__:
        return None
    if event == "line":
        lines += 1
        if lines == line:
            os.kill(os.getpid(), signal.SIGKILL)
    return count
if size:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
sys.settrace(count)
done = compaction.compact(folder, share=0.3, memory_mb=128, worth_bytes=1_000_000)
sys.settrace(None)
assert done
print(lines)
"""


def compacted(warehouse: Path) -> bool:
    return compact(warehouse, share=0.3, memory_mb=128, worth_bytes=1_000_000)


def waste(path: Path, *, rows: int) -> None:
    """Have a file hold much more than it does afterwards."""
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"create table ops.ballast as select r, md5(r::varchar) as t from range({rows}) as t(r)")
        connection.execute("checkpoint")
        # More than finds room among what is free already, or the end would be cut off.
        connection.execute("create table ops.last as select r, md5(r::varchar) as t from range(30000) as t(r)")
        connection.execute("checkpoint")
        connection.execute("drop table ops.ballast")


@pytest.fixture(scope="module")
def wasted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a pipeline's file that is mostly free."""
    warehouse = Warehouse(tmp_path_factory.mktemp("wasted"))
    event = {"name": "batch.published", "occurred_at": NOW, "payload": '{"figures": 3}'}
    with warehouse.write() as transaction:
        transaction.insert("ops.events", ({**event, "event_id": str(number)} for number in range(1_000)))
    warehouse.close()
    waste(warehouse.path, rows=300_000)
    return warehouse.path


@pytest.fixture
def warehouse(wasted: Path, tmp_path: Path) -> Path:
    """Return a warehouse of which a test may compact the file."""
    shutil.copy(wasted, tmp_path)
    return tmp_path


def everything_in(warehouse: Path) -> dict[str, list[Any]]:
    """Give all rows of all tables in their order, and how tables, keys and indexes were made."""
    with duckdb.connect(str(warehouse / "ingest.duckdb"), read_only=True) as connection:
        tables = connection.execute(
            "select schema_name || '.' || table_name, sql from duckdb_tables() order by all"
        ).fetchall()
        held = {name: connection.execute(f"from {name}").fetchall() for name, _ in tables}
        return held | {"tables": tables, "indexes": connection.execute("select sql from duckdb_indexes()").fetchall()}


def test_a_file_that_is_mostly_free_becomes_smaller_and_keeps_all_it_holds(
    first_pass: FirstPass, tmp_path: Path
) -> None:
    warehouse = first_pass.copy_warehouse(tmp_path)
    waste(warehouse / "ingest.duckdb", rows=900_000)
    before, file = everything_in(warehouse), (warehouse / "ingest.duckdb").stat()

    done = compacted(warehouse)

    assert done
    assert everything_in(warehouse) == before
    assert (warehouse / "ingest.duckdb").stat().st_size < 0.7 * file.st_size
    assert (warehouse / "ingest.duckdb").stat().st_ino != file.st_ino  # put in place by a rename
    assert not compacted(warehouse)
    assert not list(warehouse.glob("*.compact*"))


def test_a_file_that_is_open_here_is_left_alone(warehouse: Path) -> None:
    opened = Warehouse(warehouse)
    inode = (warehouse / "ingest.duckdb").stat().st_ino
    try:
        assert not compacted(warehouse)
    finally:
        opened.close()

    assert (warehouse / "ingest.duckdb").stat().st_ino == inode


def test_a_file_that_another_process_writes_is_left_alone(warehouse: Path) -> None:
    holding = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", holding, str(warehouse / "ingest.duckdb")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == b"open\n"

        done = compacted(warehouse)
        assert holder.stdin
        holder.stdin.close()

    assert not done


def test_a_copy_that_can_not_be_made_is_warned_of_and_harms_nothing(
    warehouse: Path, caplog: pytest.LogCaptureFixture
) -> None:
    before = everything_in(warehouse)
    (warehouse / "ingest.duckdb.compact").mkdir()

    assert not compacted(warehouse)
    assert "can't be written anew" in caplog.text
    assert everything_in(warehouse) == before


def test_killed_at_any_moment_nothing_is_lost(wasted: Path, warehouse: Path) -> None:
    before = everything_in(warehouse)
    whole = compact_and_die(warehouse)
    assert whole.returncode == 0, whole.stderr
    lines, size = int(whole.stdout), (warehouse / "ingest.duckdb").stat().st_size

    chance = random.Random(7)
    at_lines = [lines, *chance.sample(range(1, lines), KILLS // 2 - 1)]  # the last is after the rename
    # What is written differs by a block or two from time to time: each limit has to be reached.
    at_sizes = [chance.randrange(size // 10, size * 8 // 10) for _ in range(KILLS // 2)]
    for moment in [*({"line": line} for line in at_lines), *({"size": size} for size in at_sizes)]:
        shutil.copy(wasted, warehouse / "ingest.duckdb")

        killed = compact_and_die(warehouse, **moment)

        assert killed.returncode == (-signal.SIGKILL if "line" in moment else -signal.SIGXFSZ), (moment, killed.stderr)
        assert everything_in(warehouse) == before, moment

    assert compacted(warehouse)
    assert not list(warehouse.glob("*.compact*"))
    assert everything_in(warehouse) == before


def compact_and_die(warehouse: Path, *, line: int = 0, size: int = 0) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", COMPACT, str(warehouse), str(line), str(size)]
    return subprocess.run(command, capture_output=True, text=True)
