"""What the tests that kill runs go by: the stage of a kill, and whether each stage was hit."""

from collections import Counter

from tests.killing import STAGES, Moment, Run, stages_missed

# One whose only source was not due, so that it polled and fetched nothing.
UNDISTURBED = Run(was_killed=False, took_ms=30, said=[(10, " staged source=a"), (20, " validated source=a")])


def test_a_kill_after_what_the_undisturbed_run_never_did_is_in_the_stage_that_follows() -> None:
    assert UNDISTURBED.stage_of(Moment(station="polled")) == "fetching"


def test_of_eighty_kills_some_must_have_come_in_each_stage() -> None:
    hit, missed = STAGES[:-1], STAGES[-1:]

    assert stages_missed(Counter(dict.fromkeys(hit, 12))) == [*missed]
    assert stages_missed(Counter(dict.fromkeys(hit, 11))) == []  # 77: too few to tell
    assert stages_missed(Counter(dict.fromkeys(STAGES, 12))) == []
