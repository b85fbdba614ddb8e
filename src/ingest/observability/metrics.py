"""Metrics for Prometheus, counted in what is kept, so that no restart and no run taken twice changes them."""

import os
import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric

from .. import __version__
from ..core.errors import Misconfigured
from ..core.parse_times import PARSE_TIME_BOUNDS
from ..state import Row, State
from ..state.counts import LAG_BOUNDS, VISIT_BOUNDS, count_for_good, counts
from ..warehouse.warehouse import Warehouse

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
MOST_SOURCES = 1_000  # series of one metric: those silent for longest; `ingest_sources` counts all
MOST_HOSTS = 100  # those asked most; `ingest_requests_total` counts all


class KeptMetrics:
    """Reads every metric on demand: from the state, and of what is public from the warehouse."""

    def __init__(self, state: State, warehouse: Warehouse, listed: Sequence[str]) -> None:
        """Take what is read, and the sources that are listed now: others are not watched any more."""
        self._state = state
        self._warehouse = warehouse
        self._listed = list(listed)

    def collect(self) -> Iterator[Metric]:
        """Yield every metric."""
        counted: dict[str, list[Row]] = defaultdict(list)
        for row in counts(self._state):
            counted[row["series"]].append(row)
        yield from self._ends(counted["entries"])
        yield from self._times(counted)
        yield from self._sources()
        yield from self._hosts(counted["hosts"])
        yield from self._single(sum(row["events"] for row in counted["runs"]))

    def _ends(self, ended: list[Row]) -> Iterator[Metric]:
        entries = CounterMetricFamily(
            "ingest_entries", "Entries by where their way ended.", labels=["outcome", "reason"]
        )
        for row in sorted(ended, key=lambda row: row["labels"]):
            entries.add_metric(row["labels"], row["events"])
        yield entries
        known = {row["state"]: row["entries"] for row in self._state.read("metrics_under_way")}
        states = ("found", "fetched", "staged")
        yield _gauge("ingest_entries_under_way", "Entries by how far they have come.", "state", states, known)
        known = {row["state"]: row["batches"] for row in self._state.read("metrics_batches")}
        validations = ("staged", "validated", "published", "rejected")
        yield _gauge("ingest_batches", "Batches by what became of them.", "verdict", validations, known)
        known = {row["severity"]: row["alerts"] for row in self._state.read("metrics_alerts")}
        severities = ("critical", "warning", "info")
        yield _gauge("ingest_alerts_open", "Alerts that are not over.", "severity", severities, known)

    def _times(self, counted: dict[str, list[Row]]) -> Iterator[Metric]:
        said = (
            "From an article's publication, by its feed, until it was public in the warehouse; only what was published "
        )
        lag = HistogramMetricFamily("ingest_publication_lag_seconds", f"{said}while its source was watched.")
        _add(lag, [], counted["lag"], LAG_BOUNDS)
        yield lag
        visits = HistogramMetricFamily(
            "ingest_fetch_seconds", "How long servers took to answer, redirects included.", labels=["kind", "outcome"]
        )
        for labels in sorted({tuple(row["labels"]) for row in counted["visits"]}):
            rows = [row for row in counted["visits"] if tuple(row["labels"]) == labels]
            _add(visits, list(labels), rows, VISIT_BOUNDS)
        yield visits
        reading = HistogramMetricFamily("ingest_read_seconds", "How long it took to read a page, figures included.")
        _add(reading, [], counted["reading"], PARSE_TIME_BOUNDS)
        yield reading

    def _sources(self) -> Iterator[Metric]:
        rows = self._state.read("metrics_sources", {"source_ids": self._listed})
        never = sum(row["answered_at"] is None for row in rows)
        failing = sum(row["answered_at"] is not None and row["failures_in_a_row"] > 0 for row in rows)
        known = {"never_answered": never, "failing": failing, "answering": len(rows) - never - failing}
        yield _gauge("ingest_sources", "Listed sources, by how their last visit went.", "state", tuple(known), known)
        answered = GaugeMetricFamily(
            "ingest_source_last_success_timestamp_seconds",
            f"When a source's feed last answered; of those silent for longest, {MOST_SOURCES} at most; 0 is never.",
            labels=["source_id"],
        )
        for row in rows[:MOST_SOURCES]:
            answered.add_metric([row["source_id"]], _stamp(row["answered_at"]))
        yield answered

    def _hosts(self, counted: list[Row]) -> Iterator[Metric]:
        hosts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        sums: dict[str, int] = defaultdict(int)
        for row in counted:
            host, answer = row["labels"]
            hosts[host][answer] = row["events"]
            sums[answer] += row["events"]
        answers = ("not_modified", "throttled", "failed")
        said = "Requests to newsrooms, robots.txt and redirects included."
        yield CounterMetricFamily("ingest_requests", said, sums["requests"])
        yield CounterMetricFamily("ingest_received_bytes", "Bytes of bodies as they were sent.", sums["received_bytes"])
        special = CounterMetricFamily("ingest_answers", "Answers that stand out: 304, 429, none.", labels=["answer"])
        for answer in answers:
            special.add_metric([answer], sums[answer])
        yield special
        most = f"the {MOST_HOSTS} asked most"
        asked = CounterMetricFamily("ingest_host_requests", f"Requests by host; {most}.", labels=["host"])
        stood_out = CounterMetricFamily(
            "ingest_host_answers", f"Answers that stand out, by host; {most}.", labels=["host", "answer"]
        )
        for host in sorted(hosts, key=lambda host: (-hosts[host]["requests"], host))[:MOST_HOSTS]:
            asked.add_metric([host], hosts[host]["requests"])
            for answer in answers:
                stood_out.add_metric([host, answer], hosts[host][answer])
        yield from (asked, stood_out)

    def _single(self, runs: int) -> Iterator[Metric]:
        (row,) = self._warehouse.read("metrics_single")
        row |= self._state.read("metrics_runs")[0]
        last = next(iter(self._state.read("last_release")), Row(released_at=None, took_seconds=0))
        yield GaugeMetricFamily(
            "ingest_run_last_end_timestamp_seconds", "When a run last came to its end.", _stamp(row["run_ended_at"])
        )
        yield CounterMetricFamily("ingest_runs", "Runs that came to their end.", runs)
        yield GaugeMetricFamily("ingest_runs_unended", "Runs killed or under way.", row["runs_unended"])
        yield GaugeMetricFamily(
            "ingest_release_timestamp_seconds", "When the analysts' file was last made.", _stamp(last["released_at"])
        )
        yield GaugeMetricFamily("ingest_release_seconds", "How long that took.", last["took_seconds"])
        yield GaugeMetricFamily("ingest_articles_unreleased", "Articles that file has yet to get.", row["unreleased"])
        yield GaugeMetricFamily("ingest_articles", "Articles that are public.", row["articles"])
        yield GaugeMetricFamily("ingest_rows_quarantined", "Rows held back that nobody settled.", row["quarantined"])
        yield GaugeMetricFamily(
            "ingest_messages_owed", "Messages about alerts not delivered yet.", row["messages_unsent"]
        )
        about = GaugeMetricFamily("ingest_info", "The program and its schema.", labels=["version", "schema"])
        about.add_metric([__version__, str(row["schema_version"])], 1)
        yield about


def write_metrics(
    path: Path, listed: Sequence[str], now: datetime, *, state: State, warehouse: Warehouse, mode: int = 0o644
) -> None:
    """Put a file with all metrics in place at once, as node_exporter's textfile collector wants it."""
    count_for_good(state, now)
    registry = CollectorRegistry()
    registry.register(KeptMetrics(state, warehouse, listed))
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    try:
        partial.write_bytes(generate_latest(registry))
        partial.chmod(mode)
        partial.replace(path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        message = f"{path} cannot be written: {error.strerror}; fix it, or set INGEST_METRICS_FILE otherwise"
        raise Misconfigured(message, about="metrics") from error


@contextmanager
def served(path: Path, host: str, port: int) -> Iterator[int]:
    """Answer whoever scrapes with what the last run wrote, while the block runs; give the port."""

    class Handler(BaseHTTPRequestHandler):
        timeout = 10

        def do_GET(self) -> None:
            if self.path.partition("?")[0] not in ("/metrics", "/"):
                self.send_error(404)
                return
            try:
                body = path.read_bytes()
            except OSError:
                self.send_error(503, "no run has written metrics yet")
                return
            self.send_response(200)
            self.send_header("Content-Type", CONTENT_TYPE)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Log nothing; who scrapes does so all the time."""

    try:
        server = ThreadingHTTPServer((host, port), Handler)
    except OSError as error:
        message = f"metrics cannot be served at {host}:{port}: {error.strerror}; set INGEST_METRICS_PORT otherwise"
        raise Misconfigured(message, about="metrics") from error
    server.daemon_threads = True
    serving = threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True)
    serving.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        serving.join()


def _gauge(name: str, said: str, label: str, values: Sequence[str], known: Mapping[str, int]) -> GaugeMetricFamily:
    """Return a gauge with a series for each value of its label; what is not known is none."""
    family = GaugeMetricFamily(name, said, labels=[label])
    for value in values:
        family.add_metric([value], known.get(value, 0))
    return family


def _add(family: HistogramMetricFamily, labels: list[str], rows: Sequence[Row], bounds: Sequence[float]) -> None:
    """Add classes up, as Prometheus wants them: each bucket holds all that are smaller."""
    events = {row["bound"]: row["events"] for row in rows}
    sofar, buckets = 0, []
    for bound in bounds:
        sofar += events.get(bound, 0)
        buckets.append((str(bound), sofar))
    whole = sum(events.values())
    family.add_metric(labels, [*buckets, ("+Inf", whole)], sum(row["seconds"] for row in rows))


def _stamp(moment: datetime | None) -> float:
    return moment.timestamp() if moment else 0.0
