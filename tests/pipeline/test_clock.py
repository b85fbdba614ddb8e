"""After a clock was wrong once, feeds are polled, pages fetched and refetched, and files released as before."""

from collections.abc import Iterator
from contextlib import closing
from copy import deepcopy
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from ingest.core.errors import TimedOut
from ingest.pipeline import steps
from ingest.warehouse import releases, runs
from ingest.warehouse.warehouse import Warehouse
from tests.desk import FEED, SITE, SOURCE, Desk, listing
from tests.fakes import FakeWeb, a_page
from tests.state import change, copy_warehouse
from tests.warehouses import open_warehouse

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def lists(desk: Desk, *slugs: str) -> None:
    desk.web.answers |= {FEED: listing(*slugs), **{f"{SITE}/{slug}": a_page(slug.title()) for slug in slugs}}


@dataclass(frozen=True, kw_only=True)
class WrongOnce:
    """A warehouse after a run with a wrong clock, which is right again."""

    wrong_by: timedelta
    folder: Path
    web: FakeWeb


@pytest.fixture(
    scope="module", params=[-DAY, 3 * HOUR, 365 * DAY], ids=["a day back", "three hours ahead", "a year ahead"]
)
def wrong_once(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> WrongOnce:
    """Run with the right clock, and with the wrong one, when the fetch of one page times out."""
    with closing(open_warehouse(tmp_path_factory.mktemp("wrong-once"))) as warehouse:
        desk = Desk(warehouse)
        lists(desk, "first")
        desk.run_stages()
        lists(desk, "first", "second", "late")
        desk.web.answers[f"{SITE}/late"] = TimedOut("slow", about="late")
        desk.web.now += request.param
        desk.run_stages()
        runs.end_run(desk.state, desk.run_id, desk.web.now)
        desk.web.now -= request.param
        desk.state.close()
    return WrongOnce(wrong_by=request.param, folder=warehouse.folder, web=desk.web)


@pytest.fixture
def desk(wrong_once: WrongOnce, tmp_path: Path) -> Iterator[Desk]:
    with closing(Warehouse(copy_warehouse(wrong_once.folder, tmp_path))) as warehouse:
        yield Desk(warehouse, web=deepcopy(wrong_once.web), runs=2)


def test_the_next_run_asks_everyone(desk: Desk) -> None:
    lists(desk, "first", "second", "third")
    desk.begin()

    with desk.leases.leased_to_poll(desk.run_id, SOURCE.source_id, desk.web.now) as is_ours:
        assert is_ours
        desk.poll()
    with desk.leases.leased_to_poll(desk.run_id, SOURCE.source_id, desk.web.now) as is_ours:
        assert not is_ours
    desk.fetch()
    desk.stage()
    desk.validate()
    desk.publish()
    assert "Third" in dict(desk.articles())


def test_a_page_waits_no_longer_than_any_may(desk: Desk) -> None:
    lists(desk, "first", "second", "late")
    desk.web.now += 8 * DAY
    desk.run_stages()

    assert "Late" in dict(desk.articles())


def test_pages_are_asked_again_at_their_time(desk: Desk) -> None:
    desk.web.now += 2 * DAY
    desk.begin()
    asked = len(desk.web.asked)
    desk.recheck(24)

    assert f"{SITE}/first" in [url for url, _ in desk.web.asked[asked:]]


@pytest.mark.slow
def test_analysts_get_what_was_published(desk: Desk, wrong_once: WrongOnce) -> None:
    steps.release(state=desk.state, warehouse=desk.warehouse, now=desk.web.now + wrong_once.wrong_by)
    change(desk.warehouse.folder, "update releases set took_seconds = 90")
    lists(desk, "first", "second", "third")
    desk.run_stages()
    steps.release(state=desk.state, warehouse=desk.warehouse, now=desk.web.now + HOUR, release_time_share=0.1)

    assert releases.is_released(desk.state, desk.warehouse, desk.web.now + HOUR)


def test_runs_are_counted_on_where_the_history_of_them_has_expired(desk: Desk) -> None:
    change(desk.warehouse.folder, "delete from runs")
    desk.begin()

    with desk.leases.leased_to_poll(desk.run_id, SOURCE.source_id, desk.web.now) as is_ours:
        assert is_ours
