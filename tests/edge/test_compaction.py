"""The pipeline's file is written anew where much of it is free, with all that is in it, and whenever it is killed."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingest.edge.compaction import compact
from ingest.edge.warehouse import Warehouse
from tests.conftest import FirstPass

KILLS = int(os.environ.get("INGEST_TEST_KILLS", "5"))
LONGEST_SECONDS = 0.6  # about what it takes


def compacted(warehouse: Path) -> bool:
    return compact(warehouse, share=0.3, memory_mb=128, worth_bytes=1_000_000)


def wasteful(first_pass: FirstPass, folder: Path) -> Path:
    """Give a warehouse whose file has held much more than it does."""
    copied = first_pass.copy_warehouse(folder)
    with duckdb.connect(str(copied / "ingest.duckdb")) as connection:
        connection.execute("create table ops.ballast as select r, md5(r::varchar) as text from range(2000000) as t(r)")
        connection.execute("checkpoint")
        # More than finds room among what is free already, or the end would be cut off.
        connection.execute("create table ops.last as select r, md5(r::varchar) as text from range(500000) as t(r)")
        connection.execute("checkpoint")
        connection.execute("drop table ops.ballast")
    return copied


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
    warehouse = wasteful(first_pass, tmp_path)
    before, size = everything_in(warehouse), (warehouse / "ingest.duckdb").stat().st_size

    done = compacted(warehouse)

    assert done
    assert everything_in(warehouse) == before
    assert (warehouse / "ingest.duckdb").stat().st_size < 0.7 * size
    assert not compacted(warehouse)
    assert not list(warehouse.glob("*.compact*"))


def test_a_file_that_is_open_here_is_left_alone(first_pass: FirstPass, tmp_path: Path) -> None:
    copied = wasteful(first_pass, tmp_path)
    warehouse = Warehouse(copied)
    inode = (copied / "ingest.duckdb").stat().st_ino
    try:
        assert not compacted(copied)
    finally:
        warehouse.close()

    assert (copied / "ingest.duckdb").stat().st_ino == inode


def test_a_file_that_another_process_writes_is_left_alone(first_pass: FirstPass, tmp_path: Path) -> None:
    copied = wasteful(first_pass, tmp_path)
    holding = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", holding, str(copied / "ingest.duckdb")], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout
        holder.stdout.readline()

        done = compacted(copied)
        assert holder.stdin
        holder.stdin.close()

    assert not done


def test_a_copy_that_can_not_be_made_is_warned_of_and_harms_nothing(
    first_pass: FirstPass, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    warehouse = wasteful(first_pass, tmp_path)
    before = everything_in(warehouse)
    (warehouse / "ingest.duckdb.compact").mkdir()

    assert not compacted(warehouse)
    assert "can't be written anew" in caplog.text
    assert everything_in(warehouse) == before


def test_killed_at_any_moment_nothing_is_lost(first_pass: FirstPass, tmp_path: Path) -> None:
    warehouse = wasteful(first_pass, tmp_path)
    before, wasted = everything_in(warehouse), tmp_path / "wasted.duckdb"
    shutil.copy(warehouse / "ingest.duckdb", wasted)
    code = (
        "import sys, pathlib; from tests.edge.test_compaction import compacted; print('begins', flush=True);"
        "compacted(pathlib.Path(sys.argv[1])); print('ended', flush=True)"
    )
    chance, ended = random.Random(7), 0
    for _ in range(KILLS):
        shutil.copy(wasted, warehouse / "ingest.duckdb")
        with subprocess.Popen([sys.executable, "-c", code, str(warehouse)], stdout=subprocess.PIPE) as compacting:
            assert compacting.stdout
            compacting.stdout.readline()
            time.sleep(chance.random() * LONGEST_SECONDS)
            compacting.send_signal(signal.SIGKILL)
            ended += b"ended" in compacting.stdout.read()

        assert everything_in(warehouse) == before

    assert ended < KILLS
    assert compacted(warehouse) or not list(warehouse.glob("*.compact*"))
    assert everything_in(warehouse) == before
