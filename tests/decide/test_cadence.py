"""When we ask again: later after each failure, never before a server said, and not at all where it is no use."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.decide.cadence import (
    LONGEST_WAIT,
    VISITS_PER_ENTRY,
    is_due,
    next_poll_after_failure,
    next_poll_after_success,
    next_visit,
)
from ingest.errors import PageMissing, Throttled, TimedOut
from tests.makers import NOON, a_poll, a_source

SLOW = TimedOut("slow", about="gazette")


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
    assert next_poll_after_failure(SLOW, failures, NOON) == NOON + timedelta(minutes=minutes)


def test_a_server_that_named_a_time_is_obeyed() -> None:
    named = NOON + timedelta(hours=3)

    assert next_poll_after_failure(Throttled("later", about="gazette", retry_at=named), 1, NOON) == named


def test_a_server_that_named_a_moment_gone_by_waits_like_any_other() -> None:
    named = NOON - timedelta(hours=3)
    error = Throttled("later", about="gazette", retry_at=named)

    assert next_poll_after_failure(error, 1, NOON) == NOON + timedelta(minutes=1)


def test_a_page_that_is_missing_is_not_asked_for_again() -> None:
    assert next_visit(PageMissing("404", about="flood"), 1, NOON) is None


def test_a_page_is_asked_for_six_times_at_most() -> None:
    times = [next_visit(SLOW, visits, NOON) for visits in range(1, VISITS_PER_ENTRY + 1)]

    assert [time and (time - NOON) // timedelta(minutes=1) for time in times] == [1, 2, 4, 8, 16, None]


@given(st.integers(min_value=0, max_value=10**9))
def test_no_wait_is_in_the_past_or_longer_than_a_day(failures: int) -> None:
    wait = next_poll_after_failure(SLOW, failures, NOON) - NOON

    assert timedelta(0) < wait <= LONGEST_WAIT
