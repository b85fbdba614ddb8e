"""Nobody waits behind a host that hangs for longer than it takes to find that out, or behind one with many pages."""

from datetime import timedelta

import pytest

from ingest.scheduling.source_order import budget_of, first_turn, has_time, is_over, left_of, next_turn, take_turns
from tests.makers import NOON, a_source


def in_order(*listed: str, failing: tuple[str, ...] = ()) -> list[str]:
    sources = [a_source(path, feed_url=f"https://{path}") for path in listed]
    return [source.source_id for source in take_turns(sources, failing=failing)]


def test_sources_on_hosts_of_their_own_are_visited_as_listed() -> None:
    assert in_order("c.example", "a.example", "b.example") == ["c.example", "a.example", "b.example"]


def test_hosts_take_turns() -> None:
    assert in_order("a.example/1", "A.example/2", "a.example/3", "b.example", "c.example") == [
        "a.example/1", "b.example", "c.example", "A.example/2", "a.example/3",
    ]  # fmt: skip


def test_what_failed_last_time_comes_last() -> None:
    failing = ("a.example/1", "b.example")

    assert in_order("a.example/1", "a.example/2", "b.example", "c.example", failing=failing) == [
        "c.example", "a.example/2", "a.example/1", "b.example",
    ]  # fmt: skip


def test_sources_whose_pages_were_fetched_longest_ago_are_first_and_hosts_take_turns_all_the_same() -> None:
    listed = [a_source(path, feed_url=f"https://{path}") for path in ("a.example/1", "a.example/2", "b.example")]
    fetched = {"a.example/1": 9, "b.example": 8}

    assert [source.source_id for source in take_turns(listed, fetched=fetched)] == [
        "a.example/2", "b.example", "a.example/1",
    ]  # fmt: skip


def test_no_round_takes_longer_than_a_minute_however_many_there_are() -> None:
    turn = first_turn(NOON, budget_of(86400), NOON)
    lengths = []
    for _ in range(1000):
        lengths.append(turn.length.total_seconds())
        turn = next_turn(turn)

    assert (lengths[:3], max(lengths)) == ([20, 60, 60], 60)


def test_a_run_gives_no_source_more_than_ten_pages_a_second() -> None:
    turn = first_turn(NOON, budget_of(600), NOON)

    assert (turn.until - NOON, turn.most) == (timedelta(minutes=10), 6_000)
    assert [left_of(next_turn(turn), visits).most for visits in (0, 5_990, 7_000)] == [6_000, 10, 0]


@pytest.mark.parametrize(("minutes", "has_any"), [(0, True), (9, True), (10, False), (180, False), (-1, False)])
def test_a_run_has_time_until_its_budget_is_spent_or_the_clock_is_set_back(minutes: int, has_any: bool) -> None:
    turn = first_turn(NOON, budget_of(600), NOON)

    assert has_time(turn, NOON + timedelta(minutes=minutes)) is has_any


def test_a_turn_ends_with_its_round_with_its_run_and_when_the_clock_is_set_back() -> None:
    turn, begun_at = first_turn(NOON, budget_of(600), NOON), NOON + timedelta(seconds=595)

    assert [is_over(turn, begun_at, begun_at + timedelta(seconds=seconds)) for seconds in (0, 4, 5, -1)] == [
        False, False, True, True,
    ]  # fmt: skip
    assert [is_over(turn, NOON, NOON + timedelta(seconds=seconds)) for seconds in (19, 20)] == [False, True]
