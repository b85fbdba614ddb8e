"""A person is told what breaks, reminded while it lasts, and told its end; what comes and goes is damped."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from ingest.alerts.life_cycle import QUIET_BEFORE_RESOLVED, REMIND_AFTER, is_unsteady, next_alert, overdue_change
from ingest.alerts.texts import Trouble
from ingest.core.messages import AlertChange, Message
from ingest.core.model import Alert
from tests.makers import NOON

TROUBLE = Trouble(severity="warning", title="gazette: rows held back", body="Too many.")
WORSE = Trouble(severity="critical", title="gazette: batch rejected", body="All of them.")
KIND = "batch.numbers"


def opened(source_id: str = "gazette") -> AlertChange:
    return next_alert(KIND, source_id, now=NOON, last=None, trouble=TROUBLE)


@dataclass
class ParsedArticle:
    """An alert and what was told of it, as minutes go by."""

    alert: Alert | None = None
    told: tuple[str, ...] = ()

    def at(self, minutes: int, trouble: Trouble | None) -> None:
        self.take(next_alert(KIND, "gazette", now=after(minutes), last=self.alert, trouble=trouble))

    def wait_until(self, minutes: int) -> None:
        if self.alert and not self.alert.resolved_at:
            self.take(overdue_change(self.alert, after(minutes)))

    def take(self, change: AlertChange) -> None:
        self.alert = change.alert or self.alert
        self.told += (change.message.title,) if change.message else ()


def after(minutes: int) -> datetime:
    return NOON + timedelta(minutes=minutes)


def test_new_trouble_opens_an_alert_and_owes_a_message() -> None:
    change = opened()

    assert change.alert is not None
    assert change.message is not None
    assert (change.alert.severity, change.alert.title, change.alert.opened_at) == ("warning", TROUBLE.title, NOON)
    assert (change.message.moment, change.message.title) == ("opened", TROUBLE.title)
    assert change.message.body == (
        "Too many.\nSince 2026-03-01 12:00 UTC, last seen 2026-03-01 12:00 UTC. Severity: warning."
    )


def test_no_trouble_is_no_change() -> None:
    assert next_alert(KIND, "gazette", now=NOON, last=None, trouble=None) == AlertChange()


def test_the_same_trouble_elsewhere_is_another_alert() -> None:
    here, there = opened().alert, opened("herald").alert

    assert here is not None
    assert there is not None
    assert here.fingerprint != there.fingerprint


# (minute, trouble or None) as it is seen, and all that is told.
LIVES: list[tuple[str, Sequence[tuple[int, Trouble | None]], tuple[str, ...]]] = [
    ("lasts", [(0, TROUBLE), (60, TROUBLE), (200, TROUBLE)], ("gazette: rows held back",)),
    ("ends", [(0, TROUBLE), (60, None), (70, None)], ("gazette: rows held back", "Resolved: gazette: rows held back")),
    (
        "grows worse, and then milder",
        [(0, TROUBLE), (60, WORSE), (70, WORSE), (80, TROUBLE)],
        ("gazette: rows held back", "Worse: gazette: batch rejected"),
    ),
    (
        "comes back soon",
        [(0, TROUBLE), (60, None), (90, TROUBLE)],
        ("gazette: rows held back", "Resolved: gazette: rows held back", "Again: gazette: rows held back"),
    ),
    (
        "comes back much later, as something new",
        [(0, TROUBLE), (60, None), (60 + 360, TROUBLE)],
        ("gazette: rows held back", "Resolved: gazette: rows held back", "gazette: rows held back"),
    ),
    (
        "comes and goes",
        [(0, TROUBLE), (10, None), (20, TROUBLE), (30, None), (40, TROUBLE), (50, None), (60, TROUBLE), (70, None)],
        (
            "gazette: rows held back",
            "Resolved: gazette: rows held back",
            "Again: gazette: rows held back",
            "Resolved: gazette: rows held back",
            "Unsteady: gazette: rows held back",
        ),
    ),
]


@pytest.mark.parametrize(("seen", "told"), [life[1:] for life in LIVES], ids=[life[0] for life in LIVES])
def test_an_alert_is_told_as_its_life_goes(seen: Sequence[tuple[int, Trouble | None]], told: tuple[str, ...]) -> None:
    story = ParsedArticle()
    for minutes, trouble in seen:
        story.at(minutes, trouble)

    assert story.told == told


def test_reminders_come_after_growing_waits_and_then_once_a_week() -> None:
    story = ParsedArticle()
    story.at(0, TROUBLE)
    reminded = []
    for hour in range(1, 24 * 30):
        before = len(story.told)
        story.wait_until(hour * 60)
        reminded += [hour] if len(story.told) > before else []

    assert reminded == [4, 28, 100, 268, 436, 604]
    assert set(story.told[1:]) == {"Still so: gazette: rows held back"}


def test_a_clock_that_was_ahead_keeps_no_reminder_back() -> None:
    story = ParsedArticle()
    story.at(365 * 24 * 60, TROUBLE)
    story.wait_until(0)

    assert story.told[1:] == ("Still so: gazette: rows held back",)


def test_what_is_unsteady_ends_when_it_was_quiet_for_long_enough() -> None:
    story = ParsedArticle()
    for number in range(8):
        story.at(number * 10, None if number % 2 else TROUBLE)
    story.wait_until(70 + 359)
    still_open = story.alert
    story.wait_until(70 + 360)

    assert still_open is not None
    assert still_open.resolved_at is None
    assert story.alert is not None
    assert story.alert.resolved_at == after(70 + 360)
    assert story.told[-1] == "Resolved: gazette: rows held back"


def test_an_unsteady_alert_says_so() -> None:
    story = ParsedArticle()
    for minutes, trouble in [(0, TROUBLE), (10, None), (20, TROUBLE), (30, None)]:
        story.at(minutes, trouble)
    change = next_alert(KIND, "gazette", now=after(40), last=story.alert, trouble=TROUBLE)

    assert change.message is not None
    assert change.message.body.splitlines()[-1] == (
        "It came back 2 times: it stays open until it has been quiet for 6 hours, and its coming and going is not told."
    )


class AlertLife(RuleBasedStateMachine):
    """Trouble comes, goes and lasts as chance has it, while time goes by; what must hold at every moment."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOON
        self.alert: Alert | None = None
        self.messages: list[tuple[datetime, Message]] = []
        self.is_troubled = False
        self.well_since: datetime | None = None

    @rule(minutes=st.integers(1, 600), trouble=st.sampled_from([None, None, TROUBLE, TROUBLE, WORSE]))
    def look(self, minutes: int, trouble: Trouble | None) -> None:
        self.now += timedelta(minutes=minutes)
        self.take(next_alert(KIND, "gazette", now=self.now, last=self.alert, trouble=trouble))
        if trouble is None and (self.is_troubled or self.well_since is None):
            self.well_since = self.now
        self.is_troubled = trouble is not None

    @rule(minutes=st.integers(0, 10_000))
    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        if self.alert and self.alert.resolved_at is None:
            self.take(overdue_change(self.alert, self.now))

    def take(self, change: AlertChange) -> None:
        self.alert = change.alert or self.alert
        if change.message:
            self.messages.append((self.now, change.message))

    @invariant()
    def trouble_has_an_open_alert(self) -> None:
        assert not self.is_troubled or (self.alert is not None and self.alert.resolved_at is None)

    @invariant()
    def what_is_over_stays_open_only_while_it_is_unsteady(self) -> None:
        if self.alert and not self.is_troubled and self.alert.resolved_at is None:
            assert is_unsteady(self.alert)
            assert self.alert.quiet_since == self.well_since

    @invariant()
    def nothing_ends_that_was_not_begun(self) -> None:
        is_open = False
        for _, message in self.messages:
            assert message.moment == "opened" or is_open
            is_open = message.moment != "resolved"
        assert is_open == (self.alert is not None and self.alert.resolved_at is None)

    @invariant()
    def nobody_is_told_often(self) -> None:
        times = [when for when, message in self.messages if "Worse" not in message.title]
        for first, later in zip(times, times[6:], strict=False):
            assert later - first >= min(REMIND_AFTER[0], QUIET_BEFORE_RESOLVED)

    @invariant()
    def no_two_messages_are_the_same(self) -> None:
        ids = [message.message_id for _, message in self.messages]
        assert len(set(ids)) == len(ids)


AlertLife.TestCase.settings = settings(
    max_examples=100, stateful_step_count=30, suppress_health_check=list(HealthCheck)
)
TestAlertLife = AlertLife.TestCase
