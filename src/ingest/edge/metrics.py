"""Metrics for Prometheus, counted in the warehouse, so that no restart and no run taken twice changes what they say."""

import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric

from .. import __version__
from ..errors import Misconfigured
from .stopwatch import READING_BOUNDS

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
MOST_SOURCES = 1_000  # series of one metric: those silent for longest; `ingest_sources` counts all
MOST_HOSTS = 100  # those asked most; `ingest_requests_total` counts all
LAG_BOUNDS = (60.0, 300.0, 900.0, 1800.0, 3600.0, 7200.0, 14400.0, 28800.0, 86400.0, 259200.0)
VISIT_BOUNDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)

Read = Callable[[str, Mapping[str, object]], list[dict[str, Any]]]


class WarehouseMetrics:
    """Reads every metric when it is asked for."""

    def __init__(self, read: Read, listed: Sequence[str]) -> None:
        """Take the warehouse's reader, and the sources that are listed now: others are not watched any more."""
        self._read = read
        self._listed = frozenset(listed)

    def collect(self) -> Iterator[Metric]:
        """Give every metric."""
        yield from self._ends()
        yield from self._times()
        yield from self._sources()
        yield from self._hosts()
        yield from self._single()

    def _ends(self) -> Iterator[Metric]:
        entries = CounterMetricFamily(
            "ingest_entries", "Entries by where their way ended.", labels=["outcome", "reason"]
        )
        for row in self._rows("metrics_entries"):
            entries.add_metric([row["outcome"], row["reason"] or ""], row["entries"])
        yield entries
        waiting = GaugeMetricFamily("ingest_entries_under_way", "Entries by how far they have come.", labels=["state"])
        counts = {row["state"]: row["entries"] for row in self._rows("metrics_under_way")}
        for state in ("found", "fetched", "staged"):
            waiting.add_metric([state], counts.get(state, 0))
        yield waiting
        batches = GaugeMetricFamily("ingest_batches", "Batches by what became of them.", labels=["verdict"])
        counts = {row["state"]: row["batches"] for row in self._rows("metrics_batches")}
        for state in ("staged", "validated", "published", "rejected"):
            batches.add_metric([state], counts.get(state, 0))
        yield batches
        alerts = GaugeMetricFamily("ingest_alerts_open", "Alerts that are not over.", labels=["severity"])
        counts = {row["severity"]: row["alerts"] for row in self._rows("metrics_alerts")}
        for severity in ("critical", "warning", "info"):
            alerts.add_metric([severity], counts.get(severity, 0))
        yield alerts

    def _times(self) -> Iterator[Metric]:
        said = (
            "From an article's publication, by its feed, until it was public in the warehouse; only what was published "
        )
        lag = HistogramMetricFamily("ingest_publication_lag_seconds", f"{said}while its source was watched.")
        _add(lag, [], self._rows("metrics_lag", bounds=list(LAG_BOUNDS)), LAG_BOUNDS)
        yield lag
        visits = HistogramMetricFamily(
            "ingest_fetch_seconds", "How long servers took to answer, redirects included.", labels=["kind", "outcome"]
        )
        rows = self._rows("metrics_visits", bounds=list(VISIT_BOUNDS))
        for kind, is_failed in sorted({(row["kind"], row["is_failed"]) for row in rows}):
            of_kind = [row for row in rows if (row["kind"], row["is_failed"]) == (kind, is_failed)]
            _add(visits, [kind, "failed" if is_failed else "served"], of_kind, VISIT_BOUNDS)
        yield visits
        reading = HistogramMetricFamily("ingest_read_seconds", "How long it took to read a page, figures included.")
        _add(reading, [], self._rows("metrics_reading"), READING_BOUNDS)
        yield reading

    def _sources(self) -> Iterator[Metric]:
        rows = [row for row in self._rows("metrics_sources") if row["source_id"] in self._listed]
        states = GaugeMetricFamily("ingest_sources", "Listed sources, by how their last visit went.", labels=["state"])
        never = sum(row["answered_at"] is None for row in rows)
        failing = sum(row["answered_at"] is not None and row["failures_in_a_row"] > 0 for row in rows)
        known = {"never_answered": never, "failing": failing, "answering": len(rows) - never - failing}
        for state, count in known.items():
            states.add_metric([state], count)
        yield states
        answered = GaugeMetricFamily(
            "ingest_source_last_success_timestamp_seconds",
            f"When a source's feed last answered; of those silent for longest, {MOST_SOURCES} at most; 0 is never.",
            labels=["source_id"],
        )
        for row in rows[:MOST_SOURCES]:
            answered.add_metric([row["source_id"]], _stamp(row["answered_at"]))
        yield answered

    def _hosts(self) -> Iterator[Metric]:
        rows = self._rows("metrics_hosts")
        answers = ("not_modified", "throttled", "failed")
        whole = CounterMetricFamily("ingest_requests", "Requests to newsrooms, robots.txt and redirects included.")
        whole.add_metric([], sum(row["requests"] for row in rows))
        yield whole
        received = CounterMetricFamily("ingest_received_bytes", "Bytes of bodies as they were sent.")
        received.add_metric([], sum(row["received_bytes"] for row in rows))
        yield received
        special = CounterMetricFamily("ingest_answers", "Answers that stand out: 304, 429, none.", labels=["answer"])
        for answer in answers:
            special.add_metric([answer], sum(row[answer] for row in rows))
        yield special
        asked = CounterMetricFamily(
            "ingest_host_requests", f"Requests by host; the {MOST_HOSTS} asked most.", labels=["host"]
        )
        stood_out = CounterMetricFamily(
            "ingest_host_answers",
            f"Answers that stand out, by host; the {MOST_HOSTS} asked most.",
            labels=["host", "answer"],
        )
        for row in rows[:MOST_HOSTS]:
            asked.add_metric([row["host"]], row["requests"])
            for answer in answers:
                stood_out.add_metric([row["host"], answer], row[answer])
        yield from (asked, stood_out)

    def _single(self) -> Iterator[Metric]:
        (row,) = self._rows("metrics_single")
        yield GaugeMetricFamily(
            "ingest_run_last_end_timestamp_seconds", "When a run last came to its end.", _stamp(row["run_ended_at"])
        )
        yield CounterMetricFamily("ingest_runs", "Runs that were begun.", row["runs"])
        yield GaugeMetricFamily("ingest_runs_unended", "Runs killed or under way.", row["runs_unended"])
        yield GaugeMetricFamily(
            "ingest_release_timestamp_seconds", "When the analysts' file was last made.", _stamp(row["released_at"])
        )
        yield GaugeMetricFamily("ingest_release_seconds", "How long that took.", row["release_seconds"] or 0)
        yield GaugeMetricFamily("ingest_articles_unreleased", "Articles that file has yet to get.", row["unreleased"])
        yield GaugeMetricFamily("ingest_articles", "Articles that are public.", row["articles"])
        yield GaugeMetricFamily("ingest_rows_quarantined", "Rows held back that nobody settled.", row["quarantined"])
        yield GaugeMetricFamily(
            "ingest_messages_owed", "Messages about alerts not delivered yet.", row["messages_owed"]
        )
        about = GaugeMetricFamily("ingest_info", "The program and its schema.", labels=["version", "schema"])
        about.add_metric([__version__, str(row["schema_version"])], 1)
        yield about

    def _rows(self, name: str, **parameters: object) -> list[dict[str, Any]]:
        return self._read(name, parameters)


def write_metrics(path: Path, read: Read, listed: Sequence[str]) -> None:
    """Put a file with all metrics in place at once, as node_exporter's textfile collector wants it."""
    registry = CollectorRegistry()
    registry.register(WarehouseMetrics(read, listed))
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    try:
        partial.write_bytes(generate_latest(registry))
        partial.chmod(0o644)  # another user's exporter reads it
        partial.replace(path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        message = f"{path} cannot be written: {error.strerror}; mend it, or set INGEST_METRICS_FILE otherwise"
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
            """Say nothing; who scrapes does so all the time."""

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


def _add(
    family: HistogramMetricFamily, labels: list[str], rows: Sequence[dict[str, Any]], bounds: Sequence[float]
) -> None:
    """Add classes up, as Prometheus wants them: each bucket holds all that are smaller."""
    counts = {row["bound"]: row["events"] for row in rows}
    sofar, buckets = 0, []
    for bound in bounds:
        sofar += counts.get(bound, 0)
        buckets.append((str(bound), sofar))
    whole = sum(counts.values())
    family.add_metric(labels, [*buckets, ("+Inf", whole)], sum(row["seconds"] for row in rows))


def _stamp(moment: datetime | None) -> float:
    return moment.timestamp() if moment else 0.0
