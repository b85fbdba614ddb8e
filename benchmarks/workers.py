"""Measures what a second worker adds, on PostgreSQL and DuckLake: `python -m benchmarks.workers [--turns N]`.

Each worker is `ingest run --direct` with one parsing process, over the same sources, whose answers take their time.
"""

import argparse
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from threading import Event, Thread

import psycopg

from ingest.warehouse.lake import Lake
from tests.postgres import Postgres, postgres

from .crowd import crowd
from .direct import list_sources, published_by, run_direct
from .measure import Measure, shown_as_taken
from .page import put_section, table
from .process import Cost

HOSTS = 80
STORIES_EACH = 20
LATENCY_SECONDS = 0.2
HOSTS_AT_ONCE = 4  # of one worker: as few as leave it waiting for answers most of the time
LOOK_EVERY_SECONDS = 0.05
WAITING = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """What some workers made of the sources together."""

    articles: int
    wall_seconds: float
    cpu_seconds: float
    waited_seconds: float  # for locks of PostgreSQL, by all of them


@dataclass
class Locks:
    """How often connections were seen to wait for a lock."""

    looks: int = 0
    waiting: int = 0

    @contextmanager
    def watched(self, address: str) -> Iterator[None]:
        """Look again and again, until the end of the block."""
        over = Event()

        def look() -> None:
            with psycopg.connect(address, autocommit=True) as connection:
                while not over.wait(LOOK_EVERY_SECONDS):
                    rows = connection.execute(WAITING).fetchall()
                    self.looks += 1
                    self.waiting += rows[0][0]

        looking = Thread(target=look)
        looking.start()
        try:
            yield
        finally:
            over.set()
            looking.join()


def measures(turns: int, pg: Postgres) -> Iterator[Measure]:
    """Run one worker and two over the same load, in turns; compare the medians."""
    one, two = [], []
    for _ in range(turns):
        one.append(share(1, pg.empty_lake()))
        two.append(share(2, pg.empty_lake()))
    how = (
        f"{HOSTS * STORIES_EACH:,} short articles from {HOSTS} hosts, each answer after {LATENCY_SECONDS:g} s, "
        f"`hosts_at_once` {HOSTS_AT_ONCE}, `parse_processes` 1; medians of {turns} in turns"
    )
    rates = [median(run.articles * 60 / run.wall_seconds for run in runs) for runs in (one, two)]
    spent = [median(1000 * run.cpu_seconds / run.articles for run in runs) for runs in (one, two)]
    waited = median(100 * run.waited_seconds / (2 * run.wall_seconds) for run in two)
    yield Measure(
        name="two workers, articles a minute", value=rates[1] / rates[0], unit="times one worker's",
        how=f"{rates[1]:,.0f} and {rates[0]:,.0f}; {how}",
    )  # fmt: skip
    yield Measure(
        name="two workers, CPU an article", value=spent[1] / spent[0], unit="times one worker's",
        how=f"{spent[1]:.1f} and {spent[0]:.1f} ms, without PostgreSQL's own",
    )  # fmt: skip
    yield Measure(
        name="two workers, waiting for locks", value=waited, unit="% of their time",
        how=f"connections that wait for a lock in PostgreSQL, looked at every {LOOK_EVERY_SECONDS * 1000:.0f} ms",
    )  # fmt: skip


def share(workers: int, lake: Lake) -> Shared:
    """Have so many workers begin together on a new lake; every article must be published by one of them, once."""
    settings = {
        "INGEST_LAKE": lake.catalog,
        "INGEST_LAKE_DATA": lake.data,
        "INGEST_PARSE_PROCESSES": "1",
        "INGEST_HOSTS_AT_ONCE": str(HOSTS_AT_ONCE),
    }
    locks = Locks()
    with (
        crowd(HOSTS, STORIES_EACH, latency_seconds=LATENCY_SECONDS) as newsrooms,
        tempfile.TemporaryDirectory() as scratch,
        # Each command is waited for with what it leaves behind, which is not to be another's.
        ProcessPoolExecutor(workers, get_context("spawn")) as waiting,
    ):
        folders = [Path(scratch) / str(number) for number in range(workers)]
        for folder in folders:
            folder.mkdir()
            (folder / "warehouse").symlink_to(Path(scratch) / "warehouse")
            list_sources(folder, newsrooms.sources())
        (Path(scratch) / "warehouse").mkdir()
        with locks.watched(lake.catalog):
            costs = list(waiting.map(partial(_run, settings), folders))
    articles = sum(map(published_by, costs))
    assert articles == HOSTS * STORIES_EACH, f"{articles} articles were published"
    return Shared(
        articles=articles,
        wall_seconds=max(cost.wall_seconds for cost in costs),
        cpu_seconds=sum(cost.cpu_seconds for cost in costs),
        waited_seconds=locks.waiting * LOOK_EVERY_SECONDS,
    )


def _run(settings: Mapping[str, str], folder: Path) -> Cost:
    return run_direct(folder, **settings)


def main() -> None:
    """Measure, and write the section of benchmarks/README.md."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.workers", description=__doc__)
    parser.add_argument("--turns", type=int, default=3)
    given = parser.parse_args()
    with postgres() as pg:
        measured = list(shown_as_taken(measures(given.turns, pg)))
    put_section("Two workers", table(measured))


if __name__ == "__main__":
    main()
