"""A person is told once when something breaks and once when it is over."""

from datetime import timedelta

import pytest

from ingest.decide.alerting import Trouble, failure_of, next_alert, rejection_of
from ingest.ports import AlertChange
from tests.makers import NOON, a_batch, a_poll, a_verdict

TROUBLE = Trouble(severity="critical", title="gazette: batch stopped by figures.sum", body="Too many.")
LATER = NOON + timedelta(hours=2)


def opened() -> AlertChange:
    return next_alert("batch.rejected", "gazette", now=NOON, open_alert=None, trouble=TROUBLE)


def test_new_trouble_opens_an_alert_and_owes_a_message() -> None:
    change = opened()

    assert change.alert is not None
    assert change.message is not None
    assert (change.alert.severity, change.alert.title, change.alert.opened_at) == ("critical", TROUBLE.title, NOON)
    assert (change.message.moment, change.message.title) == ("opened", TROUBLE.title)
    assert change.message.body == "Too many.\nSince 2026-03-01 12:00 UTC."


def test_trouble_that_lasts_is_not_told_again() -> None:
    alert = opened().alert
    change = next_alert("batch.rejected", "gazette", now=LATER, open_alert=alert, trouble=TROUBLE)

    assert change.message is None
    assert change.alert is not None
    assert (change.alert.opened_at, change.alert.last_seen_at, change.alert.resolved_at) == (NOON, LATER, None)


def test_trouble_that_is_over_is_told_once() -> None:
    alert = opened().alert
    change = next_alert("batch.rejected", "gazette", now=LATER, open_alert=alert, trouble=None)

    assert change.alert is not None
    assert change.message is not None
    assert (change.alert.alert_id, change.alert.resolved_at) == (alert and alert.alert_id, LATER)
    assert change.message.title == f"Resolved: {TROUBLE.title}"
    assert change.message.body == "Over since 2026-03-01 14:00 UTC; it began 2026-03-01 12:00 UTC."


def test_no_trouble_is_no_change() -> None:
    assert next_alert("batch.rejected", "gazette", now=NOON, open_alert=None, trouble=None) == AlertChange()


def test_the_same_trouble_elsewhere_is_another_alert() -> None:
    here, there = (
        opened().alert,
        next_alert("batch.rejected", "herald", now=NOON, open_alert=None, trouble=TROUBLE).alert,
    )

    assert here is not None
    assert there is not None
    assert here.fingerprint != there.fingerprint


@pytest.mark.parametrize(("failures", "told"), [(0, False), (2, False), (3, True), (4, True)])
def test_a_source_is_told_of_from_its_third_failure_on(failures: int, told: bool) -> None:
    poll = a_poll(outcome="failed", reason="timed_out", detail="too slow", failures_in_a_row=failures)

    assert (failure_of(poll) is not None) is told


def test_a_stopped_batch_says_which_rules_and_why_a_reader_would_care() -> None:
    batch = a_batch()
    verdict = a_verdict(batch, rule="sum", severity="critical", passed=False, checked=1200, unexpected=46)
    trouble = rejection_of("gazette", batch.batch_id, [verdict])

    assert trouble is not None
    assert trouble.title == "gazette: batch stopped by figures.sum"
    assert "- figures.sum: 46 of 1,200 rows. Nobody gives less than nothing." in trouble.body.splitlines()


def test_a_batch_that_passed_is_no_trouble() -> None:
    assert rejection_of("gazette", "batch", []) is None
