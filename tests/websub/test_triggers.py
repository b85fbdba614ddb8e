"""The bell rings for what waits: at once, not all the time, and until somebody comes."""

from datetime import timedelta

from ingest.websub.triggers import Rounds
from tests.makers import NOON

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def test_it_rings_at_once_and_again_until_it_was_taken_in() -> None:
    rounds, waiting = Rounds(), {"gazette": ("push", NOON)}
    rung = [at for at in range(60 * 60) if rounds.due(waiting, NOON + at * SECOND)]

    assert rung == [0, 60, 180, 420, 900, 1_800, 2_700]


def test_what_comes_after_the_last_ring_is_rung_for_soon() -> None:
    rounds = Rounds()
    rounds.due({"gazette": ("push", NOON)}, NOON)
    waiting = {"gazette": ("push", NOON + 2 * SECOND)}  # what was rung for is taken in

    assert [at for at in range(2, 60) if rounds.due(waiting, NOON + at * SECOND)] == [10]


def test_many_pushes_are_one_ring() -> None:
    rounds = Rounds()
    rung = [rounds.due({"gazette": ("push", NOON + at * SECOND)}, NOON + at * SECOND) for at in range(30)]

    assert sum(map(len, rung)) == 3


def test_each_source_has_its_own_ring() -> None:
    rounds = Rounds()
    rounds.due({"gazette": ("push", NOON)}, NOON)
    waiting = {"gazette": ("push", NOON), "ledger": ("ping", NOON + SECOND)}

    assert rounds.due(waiting, NOON + SECOND) == [("ledger", "ping", NOON + SECOND)]


def test_a_clock_that_is_set_back_holds_up_nothing() -> None:
    rounds = Rounds()
    rounds.due({"gazette": ("push", NOON)}, NOON)

    assert rounds.due({"gazette": ("push", NOON - 60 * MINUTE)}, NOON - 60 * MINUTE)
