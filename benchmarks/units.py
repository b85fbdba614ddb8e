"""What the sums of docs/scale.md are made of and no other measure tells, and what being watched costs.

    python -m benchmarks.units [--hosts N] [--rows N]

Takes some minutes; writes a section of benchmarks/README.md when it is taken whole.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path

from ingest.edge.metrics import write_metrics
from ingest.edge.warehouse import Warehouse
from ingest.state import State
from ingest.state.sqlite import STATE_FILE, SqliteEngine
from tests.traces import TraceReceiver

from .crowd import crowd
from .measure import Measure, shown_as_taken
from .page import put_section, table
from .process import INGEST, Cost, run

HOSTS = 150
ROWS = 1_000_000
SETTINGS = {"INGEST_HOST_GAP_SECONDS": "0", "INGEST_RECHECK_AFTER_SECONDS": "[]"}
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
ROWS_AT_ONCE = 100_000  # of a transaction, which holds them


def measure_visits(hosts: int) -> Iterator[Measure]:
    """Measure what it costs to ask feeds that have nothing new, and to have that traced."""
    with crowd(hosts, 1, latency_seconds=0.0) as opened, tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / "sources.json").write_text(json.dumps(opened.sources()), encoding="utf-8")
        _pass(folder, "--all")
        before = _archived(folder)
        asked = _pass(folder, "--all")
        grown = _archived(folder) - before
        one = _pass(folder, "--source", "host-0000")
        with TraceReceiver() as receiver:
            traced = _pass(folder, "--all", OTEL_EXPORTER_OTLP_ENDPOINT=receiver.endpoint)
    said = f"{hosts} feeds asked again, each with the body that it had, beside a pass over one"
    spent = 1000 * (asked.cpu_seconds - one.cpu_seconds) / hosts
    yield Measure(name="asking an unchanged feed", value=spent, unit="CPU ms", how=said)
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


def _pass(folder: Path, *arguments: str, **settings: str) -> Cost:
    command = [INGEST, "run", "--direct", "--json", "--sources", "sources.json", "--warehouse", "w", *arguments]
    cost = run(command, folder=folder, settings={**SETTINGS, **settings})
    if cost.exit_code != 0:
        raise RuntimeError(f"the run ended with {cost.exit_code}: {cost.said[-500:]} {cost.complained[-2000:]}")
    return cost


def _archived(folder: Path) -> int:
    return sum(path.stat().st_size for path in (folder / "w" / "archive").glob("*.warc.gz"))


def main() -> None:
    """Measure all of it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.units", description=__doc__)
    parser.add_argument("--hosts", type=int, default=HOSTS)
    parser.add_argument("--rows", type=int, default=ROWS)
    asked = parser.parse_args()
    measures: Iterable[Measure] = chain(measure_visits(asked.hosts), measure_metrics(asked.rows))
    taken = list(shown_as_taken(measures))
    if (asked.hosts, asked.rows) == (HOSTS, ROWS):
        put_section("Visits and watching", table(taken))


if __name__ == "__main__":
    main()
