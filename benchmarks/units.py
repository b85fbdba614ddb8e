"""What the sums of docs/scale.md are made of and no other measure tells, and what being watched costs.

    python -m benchmarks.units [--rows N]

Takes some minutes; writes a section of benchmarks/README.md when it is taken whole.
"""

import argparse
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path
from statistics import median

from ingest.observability.metrics import write_metrics
from ingest.state import State
from ingest.state.sqlite import STATE_FILE, SqliteEngine
from ingest.warehouse.warehouse import Warehouse
from tests.traces import TraceReceiver

from .crowd import crowd
from .direct import WAREHOUSE, list_sources, run_direct
from .measure import Measure, medians_of, shown_as_taken
from .page import put_section, table

HOSTS = (1_100, 100)  # many and few; the latter are traced
ROWS = 1_000_000
NO_RECHECKS = {"INGEST_REFETCH_AFTER_SECONDS": "[]"}
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
ROWS_AT_ONCE = 100_000  # of a transaction, which holds them


def measure_unchanged(hosts: Sequence[int] = HOSTS, turns: int = 1) -> Iterator[Measure]:
    """Measure what it costs to poll a feed with the body that it had, from the difference of many and few."""
    with ExitStack() as stack:
        folders = [_polled(stack, count) for count in hosts]
        costs = [[run_direct(folder, "--force", **NO_RECHECKS).cpu_seconds for folder in folders] for _ in range(turns)]
    many, few = (median(column) for column in zip(*costs, strict=True))
    how = (
        f"{hosts[0]:,} feeds polled again, each with the body that it had, took {many:.1f} s, {hosts[1]:,} {few:.1f} s"
    )
    spent = 1000 * (many - few) / (hosts[0] - hosts[1])
    yield Measure(name="asking an unchanged feed", value=spent, unit="CPU ms", how=f"{how}; {medians_of(turns)}")


def measure_watching(hosts: int) -> Iterator[Measure]:
    """Measure what unchanged feeds leave in the archive, and what it costs to have such a run traced."""
    with ExitStack() as stack:
        folder = _polled(stack, hosts)
        before = _archived(folder)
        asked = run_direct(folder, "--force", **NO_RECHECKS)
        grown = _archived(folder) - before
        with TraceReceiver() as receiver:
            traced = run_direct(folder, "--force", OTEL_EXPORTER_OTLP_ENDPOINT=receiver.endpoint, **NO_RECHECKS)
    yield Measure(
        name="keeping that in the archive", value=grown / hosts, unit="bytes", how="request and revisit record"
    )
    cost = traced.cpu_seconds - asked.cpu_seconds
    how = f"{len(receiver.spans)} spans of a pass over {hosts} feeds, the start of the library included"
    yield Measure(name="tracing a run", value=cost, unit="CPU seconds", how=how)


def measure_metrics(rows: int) -> Iterator[Measure]:
    """Measure what it costs to write metrics of a day with so many pages, and once that day is old."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        warehouse = Warehouse(folder / "w")
        state = State(SqliteEngine(folder / "w" / STATE_FILE))
        for start in range(0, rows, ROWS_AT_ONCE):
            _keep_day(state, range(start, min(start + ROWS_AT_ONCE, rows)))
        for name, now in (("metrics of a busy day", NOW), ("metrics of the day after", NOW + timedelta(days=2))):
            # Once before: this counts what is old for good.
            write_metrics(folder / "metrics.prom", [], now, state=state, warehouse=warehouse)
            began = time.process_time()
            write_metrics(folder / "metrics.prom", [], now, state=state, warehouse=warehouse)
            spent = time.process_time() - began
            how = f"{rows:,} pages fetched and {rows:,} entries ended within a day"
            yield Measure(name=name, value=spent, unit="CPU seconds", how=how)
        state.close()
        warehouse.close()


def _keep_day(state: State, numbers: range) -> None:
    """Keep entries that have ended within a day, and the fetches of their pages."""
    at = {number: NOW - timedelta(seconds=number % 86_400) for number in numbers}
    ended = {"run_id": "run", "source_id": "gazette", "outcome": "published", "reason": "new_article"}
    fetched = {"source_id": "gazette", "url": "/", "received_bytes": 0}
    with state.write() as transaction:
        transaction.insert(
            "entry_outcomes", (ended | {"entry_id": str(number), "ended_at": at[number]} for number in numbers)
        )
        transaction.insert(
            "fetches",
            (
                fetched | {"entry_id": str(number), "fetched_at": at[number], "elapsed_ms": number % 5000}
                for number in numbers
            ),
        )


def _polled(stack: ExitStack, hosts: int) -> Path:
    """Return a folder in which a run has seen all of so many feeds, of an article each; they are served meanwhile."""
    opened = stack.enter_context(crowd(hosts, 1, latency_seconds=0))
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    list_sources(folder, opened.sources())
    run_direct(folder, **NO_RECHECKS)
    return folder


def _archived(folder: Path) -> int:
    return sum(path.stat().st_size for path in (folder / WAREHOUSE / "archive").glob("*.warc.gz"))


def main() -> None:
    """Measure all of it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.units", description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    asked = parser.parse_args()
    measures: Iterable[Measure] = chain(measure_unchanged(), measure_watching(HOSTS[1]), measure_metrics(asked.rows))
    taken = list(shown_as_taken(measures))
    if asked.rows == ROWS:
        put_section("Visits and watching", table(taken))


if __name__ == "__main__":
    main()
