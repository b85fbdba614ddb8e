"""What Prometheus reads: counted in what is kept, in a file of its form, in place at once."""

import math
import re
import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from ingest.core.errors import Misconfigured
from ingest.core.parse_times import Stopwatch, Timed
from ingest.core.settings import load_settings
from ingest.observability.metrics import CONTENT_TYPE, MOST_HOSTS, MOST_SOURCES, served, write_metrics
from ingest.observability.telemetry import metrics_served
from ingest.state import Row
from ingest.warehouse import runs
from ingest.warehouse.warehouse import Warehouse
from tests.command import ingest
from tests.conftest import FirstPass
from tests.hub import CALLER
from tests.state import state_of
from tests.waiting import LONGEST_SECONDS

pytestmark = pytest.mark.integration

Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]

NOON = datetime(2026, 11, 16, 12, 0, tzinfo=UTC)


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Warehouse]:
    opened = Warehouse(tmp_path / "w")
    yield opened
    opened.close()


def write(path: Path, warehouse: Warehouse, *listed: str, now: datetime = NOON) -> None:
    write_metrics(path, listed, now, state=state_of(warehouse), warehouse=warehouse)


def written(warehouse: Warehouse, folder: Path, *listed: str, now: datetime = NOON) -> Samples:
    path = folder / "metrics.prom"
    write(path, warehouse, *listed, now=now)
    return samples(path.read_text(encoding="utf-8"))


def samples(text: str) -> Samples:
    """Read the form that Prometheus reads; every metric has a help text and begins as ours do."""
    found: Samples = {}
    for family in text_string_to_metric_families(text):
        assert family.documentation, family.name
        assert family.name.startswith("ingest_")
        for one in family.samples:
            key = (one.name, tuple(sorted(one.labels.items())))
            assert key not in found
            found[key] = one.value
    return found


def of(found: Samples, name: str) -> Mapping[tuple[str, ...], float]:
    return {tuple(value for _, value in labels): value for (each, labels), value in found.items() if each == name}


def test_metrics_are_those_of_the_warehouse_and_a_run_taken_again_changes_none(
    first_pass: FirstPass, tmp_path: Path
) -> None:
    copied = first_pass.copy_warehouse(tmp_path)
    path = tmp_path / "collected" / "ingest.prom"
    path.parent.mkdir()
    at = ("--direct", "--sources", first_pass.sources, "--warehouse", copied)
    ran = ingest("run", *at, cwd=tmp_path, INGEST_METRICS_FILE=str(path))
    found = samples(path.read_text(encoding="utf-8"))

    assert ran.code == 0
    assert [one.name for one in path.parent.iterdir()] == ["ingest.prom"]
    assert path.stat().st_mode & 0o777 == 0o644
    assert of(found, "ingest_entries_total") == {
        ("published", "new_article"): 50,
        ("unchanged", "same_article"): 2,
        ("rejected", "figures.impossible_share"): 8,
        ("failed", "missing"): 1,
        ("failed", "robots"): 1,
    }
    assert of(found, "ingest_batches") == {("staged",): 0, ("validated",): 0, ("published",): 4, ("rejected",): 1}
    assert of(found, "ingest_alerts_open")["critical",] == 1
    assert of(found, "ingest_sources") == {("answering",): 5, ("failing",): 0, ("never_answered",): 0}
    assert len(of(found, "ingest_source_last_success_timestamp_seconds")) == 5
    assert of(found, "ingest_read_seconds_count") == {(): 60}
    assert of(found, "ingest_fetch_seconds_count")["feed", "served"] == 10
    assert of(found, "ingest_articles") == {(): 50}
    assert of(found, "ingest_runs_total") == {(): 2}
    assert of(found, "ingest_answers_total")["not_modified",] == 5


def test_every_metric_is_documented(warehouse: Warehouse, tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "operate.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| `ingest_")]
    named = {name for row in rows for name in re.findall(r"`(ingest_\w+)`", row.split("|")[1])}
    write(tmp_path / "metrics.prom", warehouse)
    text = (tmp_path / "metrics.prom").read_text(encoding="utf-8")

    assert named == set(re.findall(r"^# TYPE (\w+)", text, re.MULTILINE))


def test_an_empty_warehouse_has_metrics_too(warehouse: Warehouse, tmp_path: Path) -> None:
    found = written(warehouse, tmp_path)

    assert of(found, "ingest_runs_total") == {(): 0}
    assert of(found, "ingest_run_last_end_timestamp_seconds") == {(): 0}
    assert of(found, "ingest_publication_lag_seconds_count") == {(): 0}
    assert all(math.isfinite(value) for value in found.values())


def test_lag_is_counted_from_publication_for_what_was_published_under_our_eyes(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    keep_poll(warehouse, "gazette", NOON, "served")
    for name, published_at, ended_at in [
        ("prompt", NOON + timedelta(minutes=10), NOON + timedelta(minutes=11)),
        ("late", NOON + timedelta(minutes=10), NOON + timedelta(hours=2)),
        ("ahead", NOON + timedelta(minutes=10), NOON + timedelta(minutes=9)),
        ("weeks", NOON + timedelta(minutes=10), NOON + timedelta(days=30)),
        ("old", NOON - timedelta(days=300), NOON + timedelta(minutes=11)),
        ("undated", None, NOON + timedelta(minutes=11)),
    ]:
        keep_entry(warehouse, name, published_at, ended_at)
    found = written(warehouse, tmp_path, "gazette")
    buckets = of(found, "ingest_publication_lag_seconds_bucket")

    assert [buckets[bound,] for bound in ("60.0", "3600.0", "7200.0", "259200.0", "+Inf")] == [2, 2, 3, 3, 4]
    assert of(found, "ingest_publication_lag_seconds_sum") == {(): 60 + 6_600 + 0 + 30 * 86_400 - 600}


def test_no_counter_falls_back_when_old_rows_are_let_go_of(warehouse: Warehouse, tmp_path: Path) -> None:
    day = timedelta(days=1)
    keep_poll(warehouse, "gazette", NOON, "served")
    keep_entry(warehouse, "first", NOON + timedelta(minutes=1), NOON + timedelta(minutes=5))
    end_run(warehouse, "one", NOON)
    before = written(warehouse, tmp_path, now=NOON)
    kept = written(warehouse, tmp_path, now=NOON + day)
    with closing(sqlite3.connect(warehouse.folder / "state.db")) as state, state:
        for table in ("entry_outcomes", "polls", "host_visits", "reading_times", "runs"):
            state.execute(f"delete from {table}")
    pruned = written(warehouse, tmp_path, now=NOON + day)
    keep_entry(warehouse, "second", None, NOON + day)
    end_run(warehouse, "two", NOON + day)
    after = written(warehouse, tmp_path, now=NOON + 3 * day)
    again = written(warehouse, tmp_path, now=NOON + 9 * day)

    counters = [key for key in before if key[0].endswith(("_total", "_bucket", "_count", "_sum"))]
    assert len(counters) > 40
    assert [before[key] for key in counters] == [kept[key] for key in counters] == [pruned[key] for key in counters]
    assert of(before, "ingest_publication_lag_seconds_count") == of(again, "ingest_publication_lag_seconds_count")
    assert of(after, "ingest_entries_total") == {("published", "new_article"): 2}
    assert of(after, "ingest_requests_total") == {(): 6}
    assert [after[key] for key in counters] == [again[key] for key in counters]


def test_how_long_pages_took_to_be_read_is_counted_by_run(warehouse: Warehouse, tmp_path: Path) -> None:
    watch = Stopwatch()
    for seconds in (0.004, 0.03, 0.03, 20.0):
        watch.note(seconds)
    state = state_of(warehouse)
    runs.keep_parse_times(state, "first", watch.take())
    runs.keep_parse_times(state, "second", watch.take())
    end_run(warehouse, "first", NOON)
    found = written(warehouse, tmp_path)
    buckets = of(found, "ingest_read_seconds_bucket")

    assert [buckets[bound,] for bound in ("0.005", "0.025", "0.05", "10.0", "+Inf")] == [1, 1, 3, 3, 4]
    assert of(found, "ingest_read_seconds_sum")[()] == pytest.approx(20.064)


def test_reading_is_timed_where_it_is_done() -> None:
    def read(text: str) -> tuple[int, float]:
        began = time.perf_counter()
        return len(text), time.perf_counter() - began

    began = time.perf_counter()
    (length, seconds_within), seconds = Timed(read)("four")

    assert length == 4
    assert seconds_within <= seconds <= time.perf_counter() - began


def test_a_source_that_fails_keeps_the_time_of_its_last_success(warehouse: Warehouse, tmp_path: Path) -> None:
    keep_poll(warehouse, "gazette", NOON, "served")
    keep_poll(warehouse, "gazette", NOON + timedelta(hours=1), "failed")
    keep_poll(warehouse, "herald", NOON, "failed")
    keep_poll(warehouse, "unlisted", NOON, "served")
    found = written(warehouse, tmp_path, "gazette", "herald")

    assert of(found, "ingest_source_last_success_timestamp_seconds") == {
        ("gazette",): NOON.timestamp(),
        ("herald",): 0,
    }
    assert of(found, "ingest_sources") == {("answering",): 0, ("failing",): 1, ("never_answered",): 1}


def test_series_are_bounded_and_sums_are_whole(warehouse: Warehouse, tmp_path: Path) -> None:
    keys = [f"source-{number:05}" for number in range(MOST_SOURCES + 200)]
    visits = {"requests": 2, "not_modified": 1, "throttled": 0, "failed": 0, "received_bytes": 10}
    insert(warehouse, "runs", {"run_id": "r", "number": 1, "started_at": NOON, "ended_at": NOON})
    insert(warehouse, "host_visits", *({"run_id": "r", "host": key, **visits} for key in keys))
    found = written(warehouse, tmp_path, *keys)

    assert len(of(found, "ingest_source_last_success_timestamp_seconds")) == MOST_SOURCES
    assert len(of(found, "ingest_host_requests_total")) == MOST_HOSTS
    assert of(found, "ingest_requests_total") == {(): 2 * len(keys)}
    assert of(found, "ingest_sources")["never_answered",] == len(keys)


def test_names_from_outside_cannot_forge_a_series(warehouse: Warehouse, tmp_path: Path) -> None:
    key = 'evil"} 1\ningest_articles 99\nx{y="'
    keep_poll(warehouse, key, NOON, "served")
    found = written(warehouse, tmp_path, key)

    assert of(found, "ingest_articles") == {(): 0}
    assert (key,) in of(found, "ingest_source_last_success_timestamp_seconds")


def test_a_scrape_sees_a_whole_file_whenever_it_comes(warehouse: Warehouse, tmp_path: Path) -> None:
    path, over, seen, torn = tmp_path / "metrics.prom", threading.Event(), threading.Event(), []
    write(path, warehouse)
    whole = len(path.read_bytes())

    def scrape() -> None:
        while not over.is_set():
            torn.extend([1] if len(path.read_bytes()) != whole else [])
            seen.set()

    reader = threading.Thread(target=scrape)
    reader.start()
    try:
        for _ in range(10):
            write(path, warehouse)
            seen.clear()
            assert seen.wait(LONGEST_SECONDS)
    finally:
        over.set()
        reader.join()

    assert torn == []


def test_who_scrapes_gets_what_the_last_run_wrote(warehouse: Warehouse, tmp_path: Path) -> None:
    path = tmp_path / "metrics.prom"
    with served(path, "127.0.0.1", 0) as port:
        early = CALLER.get(f"http://127.0.0.1:{port}/metrics")
        write(path, warehouse)
        answer = CALLER.get(f"http://127.0.0.1:{port}/metrics")
        strange = CALLER.get(f"http://127.0.0.1:{port}/../etc/passwd")

    assert (early.status_code, answer.status_code, strange.status_code) == (503, 200, 404)
    assert answer.headers["content-type"] == CONTENT_TYPE
    assert samples(answer.text) == samples(path.read_text(encoding="utf-8"))


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    with served(tmp_path / "metrics.prom", "127.0.0.1", 0) as port:
        settings = load_settings(metrics_port=port, warehouse=str(tmp_path))
        with pytest.raises(Misconfigured, match="INGEST_METRICS_PORT"), metrics_served(settings):
            pass


def test_a_file_that_cannot_be_written_is_told_and_nothing_is_left_behind(warehouse: Warehouse, tmp_path: Path) -> None:
    (tmp_path / "metrics.prom").mkdir()

    with pytest.raises(Misconfigured, match=r"metrics\.prom cannot be written: .*; fix it"):
        write(tmp_path / "metrics.prom", warehouse)
    assert list(tmp_path.glob("*.partial")) == []


def keep_poll(warehouse: Warehouse, key: str, at: datetime, outcome: str) -> None:
    poll = {"source_id": key, "polled_at": at, "outcome": outcome, "feed_url": "http://gazette.example/feed"}
    counts = {"entries_listed": 0, "entries_found": 0, "received_bytes": 0, "elapsed_ms": 12}
    insert(warehouse, "polls", {**poll, **counts, "failures_in_a_row": int(outcome == "failed")})


def keep_entry(warehouse: Warehouse, name: str, published_at: datetime | None, ended_at: datetime) -> None:
    key = {"entry_id": name, "source_id": "gazette"}
    entry = {"title": name, "authors": [], "tags": [], "listing_hash": "", "state": "ended"}
    seen = {"published_at": published_at, "found_at": ended_at, "last_listed_at": ended_at}
    insert(warehouse, "entries", {**key, **entry, **seen})
    ended = {"run_id": "r", "outcome": "published", "reason": "new_article", "ended_at": ended_at}
    insert(warehouse, "entry_outcomes", {**key, **ended})


def end_run(warehouse: Warehouse, run_id: str, at: datetime) -> None:
    insert(warehouse, "runs", {"run_id": run_id, "number": 1, "started_at": at, "ended_at": at})
    visits = {"requests": 3, "not_modified": 1, "throttled": 0, "failed": 0, "received_bytes": 10}
    insert(warehouse, "host_visits", {"run_id": run_id, "host": "gazette.example", **visits})
    if run_id in {"one", "two"}:
        insert(warehouse, "reading_times", {"run_id": run_id, "within_seconds": 0.05, "pages": 2, "seconds": 0.06})


def insert(warehouse: Warehouse, table: str, *rows: Row) -> None:
    with state_of(warehouse).write() as transaction:
        transaction.insert(table, rows)
