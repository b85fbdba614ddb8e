"""When a person is told: once when something breaks, once when it is over, and never for the same thing twice."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from ..errors import PageGone
from ..keys import alert_fingerprint, content_key
from ..model import Alert, Poll, Severity, Verdict
from ..ports import AlertChange, Message

FAILURES_BEFORE_ALERT = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What is wrong with one thing now: the words an alert about it would use."""

    severity: Severity
    title: str
    body: str


def rejection_of(source_id: str, batch_id: str, broken: Sequence[Verdict]) -> Trouble | None:
    """Describe a batch that was stopped, or None when no rule broke."""
    if not broken:
        return None
    found = [
        f"- {verdict.suite}.{verdict.rule}: {verdict.unexpected:,} of {verdict.checked:,} rows"
        f"{f' ({verdict.observed})' if verdict.observed else ''}. {verdict.note}"
        for verdict in broken
    ]
    names = ", ".join(f"{verdict.suite}.{verdict.rule}" for verdict in broken)
    return Trouble(
        severity="critical",
        title=f"{source_id}: batch stopped by {names}",
        body="\n".join(
            [
                f"Nothing of this batch of {source_id} was published; what was published before stands.",
                *found,
                f"Look closer: ingest status --source {source_id}",
                f"Every verdict: ingest sql \"from ops.validations where batch_id = '{batch_id}' and not passed\"",
            ]
        ),
    )


def failure_of(poll: Poll) -> Trouble | None:
    """Describe a source that failed several times in a row, or None while it did not."""
    if poll.failures_in_a_row < FAILURES_BEFORE_ALERT:
        return None
    return Trouble(
        severity="warning",
        title=f"{poll.source_id}: {poll.failures_in_a_row} visits in a row failed ({poll.reason})",
        body=f"{poll.detail}\nLook closer: ingest status --source {poll.source_id}",
    )


def loss_of(poll: Poll) -> Trouble | None:
    """Describe a source whose server says that it is gone for good, or None while it does not."""
    if poll.reason != PageGone.reason:
        return None
    return Trouble(
        severity="warning",
        title=f"{poll.source_id}: the feed is gone for good",
        body=f"{poll.detail}\nIt is not asked again until the sources file names another feed_url, or with --all.",
    )


def silence_of(poll: Poll, since: datetime | None) -> Trouble | None:
    """Describe a source that answers, but has had nothing new for much longer than is its habit."""
    if since is None:
        return None
    return Trouble(
        severity="warning",
        title=f"{poll.source_id}: nothing new since {since:%Y-%m-%d %H:%M} UTC",
        body="Its feed answers, but it has never had nothing new for so long. Has it moved?\n"
        f"Look closer: ingest status --source {poll.source_id}",
    )


def next_alert(
    kind: str, source_id: str, *, now: datetime, open_alert: Alert | None, trouble: Trouble | None
) -> AlertChange:
    """Open an alert for new trouble, keep an open one alive while the trouble lasts, resolve it when it is over."""
    if trouble is None:
        return _resolve(open_alert, now) if open_alert else AlertChange()
    if open_alert:
        return AlertChange(alert=replace(open_alert, last_seen_at=now, body=trouble.body))
    fingerprint = alert_fingerprint(kind, source_id)
    alert = Alert(
        alert_id=content_key(fingerprint, now.isoformat()),
        fingerprint=fingerprint,
        source_id=source_id,
        severity=trouble.severity,
        title=trouble.title,
        body=trouble.body,
        opened_at=now,
        last_seen_at=now,
    )
    return AlertChange(
        alert=alert, message=_message(alert, "opened", f"{trouble.body}\nSince {now:%Y-%m-%d %H:%M} UTC.")
    )


def _resolve(alert: Alert, now: datetime) -> AlertChange:
    over = replace(alert, last_seen_at=now, resolved_at=now)
    lasted = f"Over since {now:%Y-%m-%d %H:%M} UTC; it began {alert.opened_at:%Y-%m-%d %H:%M} UTC."
    return AlertChange(alert=over, message=_message(over, "resolved", lasted))


def _message(alert: Alert, moment: str, body: str) -> Message:
    mark = "Resolved: " if moment == "resolved" else ""
    return Message(
        message_id=content_key("message", alert.alert_id, moment),
        alert_id=alert.alert_id,
        moment=moment,
        title=f"{mark}{alert.title}",
        body=body,
        severity=alert.severity,
    )
