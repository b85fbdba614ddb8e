"""What it costs to show a full warehouse: the report on it, and an export of it. Takes the pipeline's file of one."""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import duckdb

from ingest.warehouse.tables import NEWS_TABLES, OPS_TABLES

from .measure import Measure, shown_as_taken
from .page import put_section, table

INGEST = Path(sys.executable).with_name("ingest")
MONTH = Path(__file__).with_name("month_made_up.sql")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What a command took."""

    cpu_seconds: float
    seconds: float
    memory_mb: float


def measure_shown(pipeline: Path, scratch: Path) -> Iterator[Measure]:
    """Build an analysts' file with a month of passes, and measure on it."""
    news = scratch / "news.duckdb"
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as builder:
        counts = builder.submit(build, pipeline, news).result()  # what it held would count as the commands' own
    articles, figures, results = (counts[table] for table in ("articles", "figures", "ops.validations"))
    there = f"{articles:,} articles, {figures:,} figures, {results:,} validation results"
    yield _measure("the report", run("report", scratch), f"a month of 2,880 passes: {there}")
    first = run("export", scratch, str(scratch / "out"))
    size = sum(path.stat().st_size for path in (scratch / "out").rglob("data.*")) / 1e9
    yield _measure(
        "a first export", first, f"Parquet, {size:.1f} GB, a file for each table and each of a thousand days"
    )
    yield _measure("an export in which nothing has changed", run("export", scratch, str(scratch / "out")), "the same")


def build(pipeline: Path, news: Path) -> dict[str, int]:
    """Copy every table that is released, without its keys: nothing here goes by them."""
    with duckdb.connect(str(news)) as connection:
        connection.execute("set threads = 1; set memory_limit = '2GB'; set timezone = 'UTC'")
        connection.execute(f"attach '{pipeline}' as home (read_only)")
        connection.execute("create schema ops")
        for name in NEWS_TABLES:
            connection.execute(f"create table {name} as from home.{name} order by 1")
        for name in OPS_TABLES:
            connection.execute(f"create table ops.{name} as from home.ops.{name} order by 1")
        connection.execute(MONTH.read_text(encoding="utf-8"))
        return {
            name: int(connection.execute(f"select count(*) from {name}").fetchall()[0][0])
            for name in ("articles", "figures", "ops.validations")
        }


def run(command: str, warehouse: Path, *arguments: str) -> Spent:
    """Run the program to its end, as a person does."""
    began = time.monotonic()
    started = subprocess.Popen([INGEST, command, *arguments, "--warehouse", str(warehouse)], stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(started.pid, 0)
    started.returncode = os.waitstatus_to_exitcode(status)
    assert started.returncode == 0
    seconds = time.monotonic() - began
    return Spent(cpu_seconds=used.ru_utime + used.ru_stime, seconds=seconds, memory_mb=used.ru_maxrss / 1000)


def _measure(name: str, spent: Spent, how: str) -> Measure:
    told = f"{how}; {spent.seconds:.0f} s by the clock, {spent.memory_mb:.0f} MB"
    return Measure(name=name, value=spent.cpu_seconds, unit="CPU seconds", how=told)


def main() -> None:
    """Measure, and write the section."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.shown", description=__doc__)
    parser.add_argument("pipeline", type=Path, help="a published.duckdb with as much in it as is to be shown")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        measures: Iterable[Measure] = shown_as_taken(measure_shown(asked.pipeline, Path(scratch)))
        put_section("A full warehouse, shown", table(list(measures)))


if __name__ == "__main__":
    main()
