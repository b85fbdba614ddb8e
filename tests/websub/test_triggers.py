"""What waits triggers a run: at once, not all the time, and until a run has taken it."""

from datetime import timedelta

from ingest.websub.triggers import Rounds
from tests.makers import NOON

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def test_it_triggers_at_once_and_again_until_it_was_taken() -> None:
    rounds, waiting = Rounds(), {"gazette": ("push", NOON)}
    sent = [at for at in range(60 * 60) if rounds.due(waiting, NOON + at * SECOND)]

    assert sent == [0, 60, 180, 420, 900, 1_800, 2_700]


def test_what_comes_after_the_last_trigger_triggers_soon() -> None:
    rounds = Rounds()
    rounds.due({"gazette": ("push", NOON)}, NOON)
    waiting = {"gazette": ("push", NOON + 2 * SECOND)}  # what was triggered for is taken

    assert [at for at in range(2, 60) if rounds.due(waiting, NOON + at * SECOND)] == [10]


def test_many_pushes_are_one_trigger() -> None:
    rounds = Rounds()
    sent = [rounds.due({"gazette": ("push", NOON + at * SECOND)}, NOON + at * SECOND) for at in range(30)]

    assert sum(map(len, sent)) == 3


def test_each_source_has_its_own_ring() -> None:
    rounds = Rounds()
    rounds.due({"gazette": ("push", NOON)}, NOON)
    waiting = {"gazette": ("push", NOON), "ledger": ("ping", NOON + SECOND)}

    assert rounds.due(waiting, NOON + SECOND) == [("ledger", "ping", NOON + SECOND)]


def test_a_clock_that_is_set_back_holds_up_nothing() -> None:
    rounds = Rounds()
    rounds.due({"gazette": ("push", NOON)}, NOON)

    assert rounds.due({"gazette": ("push", NOON - 60 * MINUTE)}, NOON - 60 * MINUTE)
