"""An alert's life: opened when something breaks, reminded of while it lasts, resolved when it is over.

What comes and goes is damped: it stays open until it has been quiet for a while, and its coming and going is not told.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from ..core.ids import alert_fingerprint, content_key
from ..core.messages import AlertChange, Message
from ..core.model import Alert, Severity
from .texts import Trouble

# After the last telling; the last one again and again.
REMIND_AFTER = (timedelta(hours=4), timedelta(days=1), timedelta(days=3), timedelta(days=7))
SAME_TROUBLE_WITHIN = timedelta(hours=6)  # what is back so soon after its end is not new
RETURNS_UNTIL_UNSTEADY = 2
QUIET_BEFORE_RESOLVED = timedelta(hours=6)  # of what is unsteady

_WORST_FIRST: Sequence[Severity] = ("critical", "warning", "info")


def next_alert(
    kind: str,
    source_id: str | None,
    *,
    now: datetime,
    last: Alert | None,
    trouble: Trouble | None,
    left: str | None = None,
) -> AlertChange:
    """Return what becomes of the last alert of a kind, given what is wrong now: nothing, or a new state and a message.

    `left` says what is left to do where it is over.
    """
    is_open = last is not None and last.resolved_at is None
    if trouble is None:
        return _calm(last, now, left) if last and is_open else AlertChange()
    if last is None or (last.resolved_at and now - last.resolved_at >= SAME_TROUBLE_WITHIN):
        return _open(kind, source_id, trouble, now)
    return _go_on(last, trouble, now) if is_open else _reopen(last, trouble, now)


def overdue_change(alert: Alert, now: datetime, *, left: str | None = None) -> AlertChange:
    """Return what time alone does to an open alert: a reminder is due, or an unsteady one was quiet for long enough."""
    if alert.quiet_since:  # in the future where a clock was ahead: that waits for nothing
        is_over = not alert.quiet_since <= now < alert.quiet_since + QUIET_BEFORE_RESOLVED
        return _resolve(alert, now, ended_at=alert.quiet_since, left=left) if is_over else AlertChange()
    wait = REMIND_AFTER[min(alert.reminders, len(REMIND_AFTER) - 1)]
    if alert.told_at <= now < alert.told_at + wait:
        return AlertChange()
    return _tell(replace(alert, reminders=alert.reminders + 1), "reminded", "Still so: ", now)


def is_about_rejected(alert: Alert) -> bool:
    """Return whether an alert tells of a source's rejected batch: when it is over, articles may still not be public."""
    return alert.severity == "critical" and alert.source_id is not None and alert.resolved_at is None


def is_unsteady(alert: Alert) -> bool:
    """Return whether an alert has come and gone so often that its end is no news until it lasts."""
    return alert.returns >= RETURNS_UNTIL_UNSTEADY


def _open(kind: str, source_id: str | None, trouble: Trouble, now: datetime) -> AlertChange:
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
        told_at=now,
    )
    return _tell(alert, "opened", "", now)


def _reopen(last: Alert, trouble: Trouble, now: datetime) -> AlertChange:
    """Take up an alert that was over; the time it becomes unsteady is the last time its return is told."""
    alert = replace(
        _seen(last, trouble, now), severity=trouble.severity, returns=last.returns + 1, reminders=0, resolved_at=None
    )
    return _tell(alert, "opened", "Unsteady: " if is_unsteady(alert) else "Again: ", now)


def _go_on(alert: Alert, trouble: Trouble, now: datetime) -> AlertChange:
    """Keep an open alert alive; only trouble that became worse is told at once."""
    returns = alert.returns + (alert.quiet_since is not None)
    seen = replace(_seen(alert, trouble, now), returns=returns, quiet_since=None)
    if _WORST_FIRST.index(trouble.severity) < _WORST_FIRST.index(alert.severity):
        return _tell(replace(seen, severity=trouble.severity), "opened", "Worse: ", now)
    return AlertChange(alert=seen)


def _calm(alert: Alert, now: datetime, left: str | None) -> AlertChange:
    if not is_unsteady(alert):
        return _resolve(alert, now, ended_at=now, left=left)
    if alert.quiet_since is None:
        return AlertChange(alert=replace(alert, quiet_since=now))
    return overdue_change(alert, now, left=left)


def _resolve(alert: Alert, now: datetime, *, ended_at: datetime, left: str | None) -> AlertChange:
    over = replace(alert, quiet_since=None, resolved_at=now)
    came_back = f", and came back {alert.returns} times" if alert.returns else ""
    body = f"Over since {_at(ended_at)}; it began {_at(alert.opened_at)}{came_back}." + (f"\n{left}" if left else "")
    return _tell(replace(over, body=alert.body), "resolved", "Resolved: ", now, body=body)


def _seen(alert: Alert, trouble: Trouble, now: datetime) -> Alert:
    return replace(alert, title=trouble.title, body=trouble.body, last_seen_at=now)


def _tell(alert: Alert, moment: str, mark: str, now: datetime, *, body: str | None = None) -> AlertChange:
    told = replace(alert, told_at=now)
    message = Message(
        message_id=content_key("message", alert.alert_id, moment, now.isoformat()),
        alert_id=alert.alert_id,
        moment=moment,
        title=f"{mark}{alert.title}",
        body=body or f"{alert.body}\n{_since(alert)}",
        severity=alert.severity,
    )
    return AlertChange(alert=told, message=message)


def _since(alert: Alert) -> str:
    since = f"Since {_at(alert.opened_at)}, last seen {_at(alert.last_seen_at)}. Severity: {alert.severity}."
    if not is_unsteady(alert):
        return since
    hours = QUIET_BEFORE_RESOLVED // timedelta(hours=1)
    return (
        f"{since}\nIt came back {alert.returns} times: it stays open until it has been quiet for {hours} hours, "
        "and its coming and going is not told."
    )


def _at(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
