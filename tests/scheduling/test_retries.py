"""When we ask again: later after each failure, never before a server said, and not at all where it is no use."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.core.errors import IngestError, PageMissing, Throttled, TimedOut
from ingest.core.fetch_state import KnownFeed, PollHistory
from ingest.scheduling.retries import (
    LONGEST_WAIT,
    VISITS_PER_ENTRY,
    Pace,
    heeds_ping,
    is_due,
    known_feed,
    next_poll_after_failure,
    next_poll_after_success,
    next_visit,
    silent_since,
    trusts_not_modified,
)
from tests.makers import NOON, a_poll, a_source

SLOW = TimedOut("slow", about="gazette")


def after_failure(error: IngestError, failures: int = 1) -> datetime:
    return next_poll_after_failure(error, failures, NOON, source_id="gazette")


def is_kept(named: datetime, due_at: datetime | None, now: datetime = NOON) -> bool:
    """Return whether a time that a server named is kept: never early, and not much later."""
    return due_at is not None and named <= due_at <= named + min((named - now) / 10, timedelta(minutes=5))


def test_a_source_that_was_never_asked_is_due() -> None:
    assert is_due(None, NOON)


def test_a_source_without_a_time_is_due() -> None:
    assert is_due(a_poll(next_poll_at=None), NOON)


@pytest.mark.parametrize(("seconds", "due"), [(-1, True), (0, True), (1, False)])
def test_a_source_is_due_from_its_time_on(seconds: int, due: bool) -> None:
    assert is_due(a_poll(next_poll_at=NOON + timedelta(seconds=seconds)), NOON) is due


def test_an_owners_wish_is_kept() -> None:
    assert next_poll_after_success(a_source(poll_every_seconds=900), NOON) == NOON + timedelta(minutes=15)


def test_without_a_wish_whoever_runs_decides() -> None:
    assert next_poll_after_success(a_source(), NOON) is None


@pytest.mark.parametrize(
    ("failures", "minutes"), [(1, 1), (2, 2), (3, 4), (4, 8), (11, 1024), (12, 1440), (9999, 1440)]
)
def test_the_wait_doubles_up_to_a_day(failures: int, minutes: int) -> None:
    assert after_failure(SLOW, failures) == NOON + timedelta(minutes=minutes)


def test_a_server_that_named_a_time_is_obeyed() -> None:
    named = NOON + timedelta(hours=3)

    assert is_kept(named, after_failure(Throttled("later", about="gazette", retry_at=named)))


def test_a_server_that_named_a_time_beside_a_lasting_failure_is_obeyed() -> None:
    missing = PageMissing("404", about="gazette")
    missing.retry_at = NOON + timedelta(hours=3)

    assert is_kept(missing.retry_at, after_failure(missing))


def test_a_server_that_named_a_moment_gone_by_waits_like_any_other() -> None:
    named = NOON - timedelta(hours=3)
    error = Throttled("later", about="gazette", retry_at=named)

    assert after_failure(error) == NOON + timedelta(minutes=1)


def test_a_page_that_is_missing_is_not_asked_for_again() -> None:
    assert next_visit(PageMissing("404", about="flood"), 1, NOON) is None


def test_a_page_is_asked_for_six_times_at_most() -> None:
    times = [next_visit(SLOW, visits, NOON) for visits in range(1, VISITS_PER_ENTRY + 1)]

    assert [time and (time - NOON) // timedelta(minutes=1) for time in times] == [1, 2, 4, 8, 16, None]


@given(st.integers(min_value=0, max_value=10**9))
def test_no_wait_is_in_the_past_or_longer_than_a_day(failures: int) -> None:
    wait = after_failure(SLOW, failures) - NOON

    assert timedelta(0) < wait <= LONGEST_WAIT


def known(**changes: Any) -> KnownFeed:
    url = a_source().feed_url
    return KnownFeed(source_id="gazette", listed_url=url, feed_url=url, **changes)


def test_a_server_that_names_an_age_waits_no_longer_than_a_day() -> None:
    due_at = next_poll_after_success(a_source(), NOON, named=timedelta(days=365))

    assert is_kept(NOON + LONGEST_WAIT, due_at)


def test_a_server_that_names_longer_than_the_owner_is_obeyed() -> None:
    source = a_source(poll_every_seconds=900)

    due_at = next_poll_after_success(source, NOON, named=timedelta(hours=1))

    assert is_kept(NOON + timedelta(hours=1), due_at)


def test_a_time_that_many_were_told_is_kept_by_none_early_and_not_by_all_at_once() -> None:
    names = [f"s{number}" for number in range(200)]
    named = NOON + timedelta(hours=2)
    error = Throttled("later", about="gazette", retry_at=named)
    until = known(skip_hours=(12, 13))
    due = [next_poll_after_success(a_source(name), NOON, named=timedelta(hours=2)) for name in names]
    awake = [next_poll_after_success(a_source(name), NOON, known=until) for name in names]
    failed = [next_poll_after_failure(error, 1, NOON, source_id=name) for name in names]

    for moments in (due, awake, failed):
        assert all(is_kept(named, moment) for moment in moments)
        assert len(set(moments)) > 150


def test_a_retry_after_of_a_month_is_a_week() -> None:
    error = Throttled("later", about="gazette", retry_at=NOON + timedelta(days=30))

    assert is_kept(NOON + timedelta(days=7), after_failure(error))


def test_a_feed_that_has_news_every_hour_is_asked_twice_an_hour() -> None:
    history = PollHistory(visits=9, arrivals=tuple(NOON - timedelta(hours=hours) for hours in range(6)))
    due_at = next_poll_after_success(a_source(), NOON, history=history, pace=Pace(least_seconds=60))

    assert due_at is not None
    assert timedelta(minutes=27) <= due_at - NOON <= timedelta(minutes=33)


def test_a_pause_makes_a_habit_longer_but_not_without_end() -> None:
    hourly = tuple(NOON - timedelta(hours=60 + hours) for hours in range(6))
    history = PollHistory(visits=9, arrivals=hourly)
    due_at = next_poll_after_success(a_source(), NOON, history=history, pace=Pace(least_seconds=60))

    assert due_at is not None
    assert timedelta(hours=5.4) <= due_at - NOON <= timedelta(hours=6.6)


def test_waits_by_habit_are_not_all_the_same() -> None:
    history = PollHistory(visits=9, arrivals=tuple(NOON - timedelta(hours=hours) for hours in range(6)))
    pace = Pace(least_seconds=60)
    due = {next_poll_after_success(a_source(f"s{n}"), NOON, history=history, pace=pace) for n in range(20)}

    assert len(due) > 15


def test_a_clock_that_ran_ahead_makes_no_habit() -> None:
    ahead = tuple(NOON + timedelta(days=4000 - days) for days in range(6))
    history = PollHistory(visits=9, arrivals=(*ahead, NOON - timedelta(hours=2)))
    due_at = next_poll_after_success(a_source(), NOON, history=history, pace=Pace(least_seconds=60))

    assert due_at is not None
    assert timedelta(minutes=54) <= due_at - NOON <= timedelta(minutes=66)
    assert silent_since([*ahead, NOON], NOON + timedelta(days=9)) is None


@pytest.mark.parametrize(("quiet", "seconds"), [(timedelta(0), 300), (timedelta(days=90), 7200)])
def test_no_habit_leads_beyond_the_least_and_the_longest_wait(quiet: timedelta, seconds: int) -> None:
    history = PollHistory(visits=9, arrivals=(NOON - quiet,))
    pace = Pace(least_seconds=300, most_seconds=7200)

    assert next_poll_after_success(a_source(), NOON, history=history, pace=pace) == NOON + timedelta(seconds=seconds)


def test_hours_a_feed_asks_to_skip_are_slept_through() -> None:
    due_at = next_poll_after_success(a_source(), NOON, known=known(skip_hours=(12, 13)))

    assert is_kept(NOON + timedelta(hours=2), due_at)


def test_a_weekend_is_slept_through_for_a_day_at_most() -> None:
    weekend = known(skip_days=("Saturday", "Sunday"))
    saturday = NOON - timedelta(days=1)

    assert is_kept(NOON, next_poll_after_success(a_source(), saturday, known=weekend), saturday)
    assert not is_due(a_poll(at=NOON - timedelta(hours=23)), NOON, known=weekend)
    assert is_due(a_poll(at=NOON - timedelta(hours=24)), NOON, known=weekend)


def test_a_feed_that_is_gone_is_not_asked() -> None:
    assert not is_due(a_poll(), NOON, known=known(gone_at=NOON))


def test_another_address_makes_what_was_known_void() -> None:
    assert known_feed(a_source(feed_url="https://gazette.example/other"), known(gone_at=NOON)) is None


def test_one_visit_in_a_hundred_does_not_trust_a_304() -> None:
    doubting = [visits for visits in range(1000) if not trusts_not_modified("gazette", visits)]

    assert len(doubting) == 10
    assert doubting[0] >= 50
    assert {later - earlier for earlier, later in pairwise(doubting)} == {100}


def test_a_source_is_silent_after_three_times_its_longest_pause() -> None:
    arrivals = [NOON - timedelta(hours=hours) for hours in (0, 2, 14, 16, 18)]

    assert silent_since(arrivals, NOON + timedelta(hours=36)) is None
    assert silent_since(arrivals, NOON + timedelta(hours=37)) == NOON


def test_a_source_without_a_habit_is_never_silent() -> None:
    assert silent_since([NOON], NOON + timedelta(days=99)) is None


def test_a_clock_that_was_set_back_keeps_no_source_waiting() -> None:
    last = a_poll(at=NOON + timedelta(hours=1), next_poll_at=NOON + timedelta(hours=5))

    assert is_due(last, NOON)


@pytest.mark.parametrize(("early", "due"), [(90, True), (91, False)])
def test_a_clock_that_strikes_as_often_as_the_owner_wishes_finds_a_source_due_each_time(early: int, due: bool) -> None:
    last = a_poll(at=NOON, next_poll_at=NOON + timedelta(seconds=900))

    assert is_due(last, NOON + timedelta(seconds=900 - early), every_seconds=900) is due


def test_no_visit_is_early_where_a_server_named_the_time_or_after_a_failure() -> None:
    named = a_poll(at=NOON, next_poll_at=NOON + timedelta(seconds=901))
    failed = a_poll(at=NOON, next_poll_at=NOON + timedelta(seconds=900), outcome="failed")
    later = NOON + timedelta(seconds=890)

    assert [is_due(last, later, every_seconds=900) for last in (named, failed)] == [False, False]


def test_a_source_that_pings_us_need_not_be_due_but_for_its_failures() -> None:
    waits: dict[str, Any] = {"at": NOON, "next_poll_at": NOON + timedelta(hours=1)}
    pinged = [None, a_poll(**waits), a_poll(**waits, outcome="failed"), a_poll(at=NOON, outcome="failed")]

    assert [heeds_ping(last, NOON) for last in pinged] == [True, True, False, True]
    assert not heeds_ping(a_poll(), NOON, known=known(gone_at=NOON))
