"""What no run sees by itself: silence of all sources, and automations that fail; each is one alert until over."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from ingest.pipeline.watchdog import Broken, look_over
from ingest.state import State, alerts, entries
from ingest.warehouse import runs
from ingest.warehouse.warehouse import Warehouse
from tests.makers import NOON, a_poll, a_source, an_entry
from tests.state import state_of

HOUR = timedelta(hours=1)


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    """A state in which two sources had something new every hour until noon."""
    warehouse = Warehouse(tmp_path)
    state = state_of(warehouse)
    runs.begin_run(state, warehouse, "first", [a_source("gazette"), a_source("ledger")], NOON)
    for hours in range(6):
        at = NOON - hours * HOUR
        source = ("gazette", "ledger")[hours % 2]
        story = an_entry(f"story-{hours}", source)
        poll = a_poll(source, at=at, entries_found=1)
        entries.keep_poll(state, poll, "first", found=[story], outcomes=[], events=[])
    yield state
    warehouse.close()


def open_titles(state: State) -> list[str]:
    return sorted(alert.title for alert in alerts.open_alerts(state).values())


def test_silence_of_all_is_rung_once_and_over_with_the_next_news(state: State) -> None:
    for hours in (23, 25, 26):
        look_over(state=state, now=NOON + hours * HOUR, watched=2, broken=None)
    silent = [one.payload for one in alerts.unsent_events(state) if one.name == "source.silent"]
    titles = open_titles(state)

    assert titles == ["nothing new from any of 2 sources since 2026-03-01 12:00 UTC"]
    assert silent == [{"source": None, "since": "2026-03-01T12:00:00+00:00"}]


def test_a_single_source_has_its_own_alert(state: State) -> None:
    look_over(state=state, now=NOON + 25 * HOUR, watched=1, broken=None)

    assert open_titles(state) == []


def test_a_clock_that_was_set_back_makes_no_silence(state: State) -> None:
    look_over(state=state, now=NOON - HOUR, watched=2, broken=None)

    assert open_titles(state) == []


def test_automations_that_fail_are_one_alert_until_they_work(state: State) -> None:
    broken = [
        Broken(name="entries found are fetched", reason="404"),
        Broken(name="batches staged are validated", reason="404"),
    ]
    look_over(state=state, now=NOON, watched=2, broken=broken)
    look_over(state=state, now=NOON, watched=2, broken=None)
    while_broken = open_titles(state)
    look_over(state=state, now=NOON + HOUR, watched=2, broken=[])

    assert while_broken == ["automations fail: entries found are fetched, batches staged are validated"]
    assert open_titles(state) == []
