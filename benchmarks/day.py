"""What grows where passes follow each other for weeks in one process: `python -m benchmarks.day --passes 300`.

The clock is not touched: after each pass all that is ours in the warehouse is made twelve hours older, so that 300
passes are five months. History is kept for eight days, and the archive for ten, as far as no article needs it.
"""

import argparse
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import psutil

from ingest.demo import Newsroom
from ingest.state.sqlite import STATE_FILE

from .measure import Measure, shown_as_taken
from .page import put_section, table

HOURS = 12  # from one pass to the next
SETTINGS = {"INGEST_HISTORY_DAYS": "8", "INGEST_ARCHIVE_DAYS": "10", "INGEST_COMPACT_SHARE": "0.5"}
NEW, LISTED = 3, 20  # articles of a pass, and of the feed
THEIRS = ("published_at", "modified_at", "updated_at")  # moments that newsrooms name, in entries, staging and published
MOMENTS = r"""
select tables.name, columns.name
from pragma_table_list as tables, pragma_table_info(tables.name) as columns
where tables.schema = 'main'
  and (columns.name like '%\_at' escape '\' or columns.name like '%\_since' escape '\')
"""  # columns of the state
HISTORY = ("polls", "fetches", "entry_outcomes", "validations", "events", "host_visits")
Look = Mapping[str, float]

LOOP = """
import gc, json, sys, threading
from ingest.flows.direct import run_directly
for line in sys.stdin:
    report = run_directly(line.strip(), keys=(), everything=True, given=json.loads(sys.argv[1]))
    gc.collect()
    held = {"objects": len(gc.get_objects()), "threads": threading.active_count()}
    print(json.dumps({"troubles": [one.detail for one in report.troubles], "held": held}), flush=True)
"""


def main() -> None:
    """Take passes, and look at memory and disk after each; write what grew between a third of them and the last."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.day", description=__doc__)
    parser.add_argument("--passes", type=int, default=300)
    parser.add_argument("--hours", type=int, default=HOURS)
    parser.add_argument("--json", action="store_true", help="print what was looked at, and write nothing")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        if asked.json:
            for look in passes(asked.passes, Path(scratch), hours=asked.hours):
                print(json.dumps(look), flush=True)
        else:
            looks = []
            for look in passes(asked.passes, Path(scratch), hours=asked.hours):
                looks.append(look)
                print(json.dumps(look), flush=True)
            put_section("Weeks of passes in one process", table(list(shown_as_taken(measures(looks)))))


def passes(count: int, folder: Path, *, hours: int) -> Iterator[Look]:
    """Take passes over a newsroom that publishes and changes articles all the time; look after each."""
    warehouse = folder / "warehouse"
    with Newsroom() as newsroom:
        listed = [{"key": "gazette", "feed_url": newsroom.feed_url, "language": "en", "country": "US"}]
        (folder / "sources.json").write_text(json.dumps(listed), encoding="utf-8")
        given = {"warehouse": str(warehouse), "sources": str(folder / "sources.json")}
        process = subprocess.Popen(
            [sys.executable, "-c", LOOP, json.dumps(given)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=_environment(),
        )  # fmt: skip
        with process:
            assert process.stdin
            assert process.stdout
            for number in range(count):
                _publish(newsroom, number)
                began = time.monotonic()
                process.stdin.write(f"run-{number:04}\n")
                process.stdin.flush()
                told = json.loads(process.stdout.readline())
                assert told["troubles"] == [], told
                took = time.monotonic() - began
                yield _look(number + 1, process.pid, warehouse) | told["held"] | {"seconds": round(took, 1)}
                _make_older(warehouse, hours)
            process.stdin.close()


def measures(looks: list[Look]) -> Iterable[Measure]:
    """Return what grew from a third of the runs on, by when all that is kept for a time has come to its end."""
    early, late = looks[len(looks) // 3], looks[-1]
    articles = late["articles"] - early["articles"]
    how = (
        f"{len(looks):,} passes, of {NEW} new stories and a changed one each; from pass {early['pass']:.0f} to the last"
    )
    yield Measure(name="articles that came in", value=articles, unit="articles", how=how)
    for name, what, unit, size in (
        ("memory of the process", "rss", "MB", 1e6),
        ("`published.duckdb`", "database", "MB", 1e6),
        ("of it, in use", "used", "MB", 1e6),
        ("`state.db`", "state", "MB", 1e6),
        ("`news.duckdb`", "news", "MB", 1e6),
        ("archive", "archive", "MB", 1e6),
        ("rows of history", "history", "rows", 1),
    ):
        most = max(look[what] for look in looks)
        said = f"{early[what] / size:,.1f} before, {late[what] / size:,.1f} after; {most / size:,.1f} at most"
        yield Measure(name=f"{name}, growth", value=(late[what] - early[what]) / size, unit=unit, how=said)


def _publish(newsroom: Newsroom, number: int) -> None:
    for story in range(NEW):
        newsroom.publishes(f"story-{number}-{story}")
    slug = f"story-{max(number - 1, 0)}-0"
    newsroom.publishes(
        slug, text=f"Repairs will cost ${number + 4} million, the harbor board said after pass {number}."
    )
    for old in list(newsroom.publications)[:-LISTED]:
        del newsroom.publications[old]
    newsroom.requests.clear()


def _look(number: int, process_id: int, warehouse: Path) -> dict[str, float]:
    with duckdb.connect(str(warehouse / "published.duckdb"), read_only=True) as connection:
        [(used,)] = connection.execute("select used_blocks * block_size from pragma_database_size()").fetchall()
        counted = " + ".join(f"(select count(*) from ops.{one})" for one in HISTORY)
        [(history, articles)] = connection.execute(
            f"select {counted}, (select count(*) from published.articles)"
        ).fetchall()
    files = list((warehouse / "archive").glob("*.warc.gz"))
    return {
        "pass": number,
        "rss": psutil.Process(process_id).memory_info().rss,
        "open_files": psutil.Process(process_id).num_fds(),
        "database": (warehouse / "published.duckdb").stat().st_size,
        "used": used,
        "state": (warehouse / STATE_FILE).stat().st_size,
        "news": (warehouse / "news.duckdb").stat().st_size,
        "archive": sum(file.stat().st_size for file in files),
        "files": len(files),
        "history": history,
        "articles": articles,
    }


def _make_older(warehouse: Path, hours: int) -> None:
    """Make all that we wrote older, as if time had gone by."""
    with duckdb.connect(str(warehouse / "published.duckdb")) as connection:
        found: list[tuple[Any, ...]] = connection.execute(
            "select schema_name, table_name, list(column_name) from duckdb_columns() where database_name = 'ingest'"
            " and schema_name in ('published', 'ops') and data_type = 'TIMESTAMP WITH TIME ZONE'"
            f" and not (schema_name <> 'ops' and column_name in {THEIRS}) group by all"
        ).fetchall()
        for schema, name, columns in found:
            older = ", ".join(f"{column} = {column} - interval {hours} hour" for column in columns)
            connection.execute(f"update {schema}.{name} set {older}")
    with closing(sqlite3.connect(warehouse / STATE_FILE)) as state, state:
        for name, column in state.execute(MOMENTS).fetchall():
            if name != "entries" or column not in THEIRS:
                state.execute(f"update {name} set {column} = {column} - {hours * 3_600_000_000}")


def _environment() -> dict[str, str]:
    return {**os.environ, **SETTINGS}


if __name__ == "__main__":
    main()
