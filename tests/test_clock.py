"""A clock that was wrong once, and is right again, keeps nothing from being asked, judged, released or told."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from ingest import steps
from ingest.errors import TimedOut
from tests.desk import FEED, SITE, SOURCE, Desk, listing
from tests.fakes import a_page
from tests.warehouses import open_warehouse

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WRONG = pytest.mark.parametrize(
    "wrong_by", [-DAY, 3 * HOUR, 365 * DAY], ids=["a day back", "three hours ahead", "a year ahead"]
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with closing(open_warehouse(tmp_path)) as warehouse:
        yield Desk(warehouse)


def lists(desk: Desk, *slugs: str) -> None:
    desk.web.answers |= {FEED: listing(*slugs), **{f"{SITE}/{slug}": a_page(slug.title()) for slug in slugs}}


def pass_at_the_wrong_time(desk: Desk, wrong_by: timedelta) -> None:
    """Take a pass, in which a page can't be had, by a clock that is wrong, and set it right."""
    lists(desk, "first")
    desk.pass_over()
    lists(desk, "first", "second", "late")
    desk.web.answers[f"{SITE}/late"] = TimedOut("slow", about="late")
    desk.web.now += wrong_by
    desk.pass_over()
    desk.store.end_run(desk.run_id, desk.web.now)
    desk.web.now -= wrong_by


@WRONG
def test_the_next_run_asks_everyone(desk: Desk, wrong_by: timedelta) -> None:
    pass_at_the_wrong_time(desk, wrong_by)
    lists(desk, "first", "second", "third")
    desk.begin()

    assert desk.store.claim_to_visit(desk.run_id, SOURCE.source_id, desk.web.now)
    desk.poll()
    assert not desk.store.claim_to_visit(desk.run_id, SOURCE.source_id, desk.web.now)
    desk.fetch()
    desk.stage()
    desk.validate()
    desk.publish()
    assert "Third" in dict(desk.articles())


@WRONG
def test_a_page_waits_no_longer_than_any_may(desk: Desk, wrong_by: timedelta) -> None:
    pass_at_the_wrong_time(desk, wrong_by)
    lists(desk, "first", "second", "late")
    desk.web.now += 8 * DAY
    desk.pass_over()

    assert "Late" in dict(desk.articles())


@WRONG
def test_pages_are_asked_again_at_their_time(desk: Desk, wrong_by: timedelta) -> None:
    pass_at_the_wrong_time(desk, wrong_by)
    desk.web.now += 2 * DAY
    desk.begin()
    asked = len(desk.web.asked)
    desk.recheck(24)

    assert f"{SITE}/first" in [url for url, _ in desk.web.asked[asked:]]


@WRONG
def test_analysts_get_what_was_published(desk: Desk, wrong_by: timedelta) -> None:
    pass_at_the_wrong_time(desk, wrong_by)
    steps.release(store=desk.store, now=desk.web.now + wrong_by)
    with desk.warehouse.write() as transaction:
        transaction.connection.execute("update ops.releases set took_seconds = 90")
    lists(desk, "first", "second", "third")
    desk.pass_over()
    steps.release(store=desk.store, now=desk.web.now + HOUR, release_share=0.1)

    assert desk.store.is_released()
