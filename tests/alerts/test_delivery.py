"""Nobody is woken for what can wait, nothing is told out of its order, and a receiver that fails is given time."""

from datetime import UTC, datetime, timedelta

import pytest

from ingest.alerts.delivery import QuietHours, due_now, quiet_hours, retry_after
from ingest.core.messages import LOG, Message, Notification
from tests.makers import NOON

NIGHT = quiet_hours("22:00-07:00 Europe/Madrid")
MIDNIGHT = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)


def notification(title: str, **changes: object) -> Notification:
    fields = {"alert_id": "alert", "moment": "opened", "severity": "warning", "body": "", "receiver": "pager"}
    fields |= {key: str(value) for key, value in changes.items() if key in fields}
    message = Message(
        message_id=title, title=title, alert_id=fields["alert_id"], moment=fields["moment"], body="",
        severity=fields["severity"],
    )  # fmt: skip
    retry_at = changes.get("retry_at")
    return Notification(
        message=message, receiver=fields["receiver"], retry_at=retry_at if isinstance(retry_at, datetime) else None
    )


def titles(listed: list[Notification]) -> list[str]:
    return [one.message.title for one in listed]


@pytest.mark.parametrize(
    ("setting", "clock", "is_quiet"),
    [
        ("22:00-07:00", "21:59", False),
        ("22:00-07:00", "22:00", True),
        ("22:00-07:00", "06:59", True),
        ("22:00-07:00", "07:00", False),
        ("12:00-13:30", "13:29", True),
        ("12:00-13:30", "13:30", False),
        ("22:00-07:00 America/Mexico_City", "05:00", True),  # 23:00 there
        ("22:00-07:00 America/Mexico_City", "21:00", False),
    ],
)
def test_quiet_hours_are_those_of_their_place(setting: str, clock: str, is_quiet: bool) -> None:
    quiet = quiet_hours(setting)

    assert isinstance(quiet, QuietHours)
    assert quiet.hold(datetime.fromisoformat(f"2026-03-01T{clock}:00+00:00")) is is_quiet


@pytest.mark.parametrize(
    ("changes", "is_sent"),
    [
        ({"severity": "critical"}, True),
        ({"severity": "critical", "moment": "resolved"}, True),
        ({"severity": "critical", "moment": "reminded"}, False),
        ({"severity": "warning"}, False),
        ({"severity": "warning", "receiver": LOG}, True),
    ],
)
def test_at_night_only_what_is_critical_disturbs(changes: dict[str, str], is_sent: bool) -> None:
    one = notification("flood", **changes)

    assert due_now([one], MIDNIGHT, quiet=NIGHT) == ([one] if is_sent else [])
    assert due_now([one], NOON, quiet=NIGHT) == [one]
    assert due_now([one], MIDNIGHT, quiet=None) == [one]


def test_what_waits_holds_back_what_follows_about_the_same_alert_to_the_same_receiver() -> None:
    listed = [
        notification("began", retry_at=NOON + timedelta(minutes=1)),
        notification("began, by mail", receiver="mail"),
        notification("ended"),
        notification("another", alert_id="other"),
    ]

    assert titles(due_now(listed, NOON, quiet=None)) == ["began, by mail", "another"]
    assert titles(due_now(listed, NOON + timedelta(minutes=1), quiet=None)) == titles(listed)


def test_a_wait_that_a_wrong_clock_has_set_is_none() -> None:
    assert titles(due_now([notification("began", retry_at=NOON + timedelta(days=365))], NOON, quiet=None)) == ["began"]


def test_waits_double_up_to_an_hour() -> None:
    waits = [(retry_after(attempts, NOON) - NOON) // timedelta(minutes=1) for attempts in (1, 2, 3, 6, 7, 500)]

    assert waits == [1, 2, 4, 32, 60, 60]
