"""Alerts, the messages to deliver about them, and events not sent yet."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from ..core.events import event
from ..core.messages import AlertChange, Message, Notification
from ..core.model import Alert, Event
from . import State, StateTransaction, row_of
from .rows import keep_events, noun

LATELY = timedelta(days=1)  # longer than any rule looks back


def open_alerts(state: State) -> dict[str, Alert]:
    """Return the alerts that are not over, by fingerprint."""
    return {row["fingerprint"]: noun(Alert, row) for row in state.read("open_alerts")}


def alert_texts(state: State) -> list[str]:
    """Return the texts of the alerts that are not over."""
    return [alert.body for alert in open_alerts(state).values()]


def keep_alert(state: State, change: AlertChange, now: datetime) -> None:
    """Keep an alert as it now is, and the messages about it; without a change nothing is written."""
    if change.alert is None:
        return
    with state.write() as transaction:
        keep_change(transaction, change, now)


def recent_alerts(state: State, now: datetime) -> dict[str, Alert]:
    """Return the last alert of each fingerprint that is open or was so lately, by fingerprint."""
    rows = state.read("recent_alerts", {"ended_since": now - LATELY})
    return {row["fingerprint"]: noun(Alert, row) for row in rows}


def due_notifications(state: State, receivers: Sequence[str]) -> list[Notification]:
    """Return what each of the receivers has not got yet, oldest first."""
    rows = state.read("unsent_messages", {"receivers": list(receivers)})
    rows.sort(key=lambda row: (row["written_at"], row["message_id"], receivers.index(row["receiver"])))
    return [noun(Notification, row | {"message": noun(Message, row)}) for row in rows]


def begin_delivery(state: State, notification: Notification, now: datetime) -> int:
    """Record that an attempt begins; return its number."""
    with state.write() as transaction:
        return int(transaction.run("begin_delivery", now=now, **_place(notification))[0]["attempts"])


def postpone_delivery(state: State, notification: Notification, retry_at: datetime, reason: str) -> None:
    """Keep when a message that was not taken is to be tried again, and why."""
    with state.write() as transaction:
        transaction.run("postpone_delivery", retry_at=retry_at, reason=reason, **_place(notification))


def end_delivery(state: State, notification: Notification, now: datetime) -> None:
    """Keep that a receiver has taken a message."""
    with state.write() as transaction:
        transaction.run("end_delivery", now=now, **_place(notification))


def close_messages(state: State, receivers: Sequence[str], now: datetime) -> None:
    """Mark the messages as sent that all of the receivers have."""
    with state.write() as transaction:
        transaction.run("close_messages", receivers=list(receivers), receivers_count=len(receivers), now=now)


def record_events(state: State, events: Iterable[Event]) -> None:
    """Write down events that no rows of their own go with."""
    with state.write() as transaction:
        keep_events(transaction, events)


def unsent_events(state: State) -> list[Event]:
    """Return the events that are not sent yet, oldest first."""
    rows = state.read("unsent_events")
    return [noun(Event, row | {"payload": json.loads(row["payload"])}) for row in rows]


def mark_sent(state: State, event_ids: Iterable[str], now: datetime) -> None:
    """Mark events as sent."""
    with state.write() as transaction:
        transaction.run("mark_sent", event_ids=list(event_ids), now=now)


_CHANGING = (
    *("severity", "title", "body", "last_seen_at", "told_at"),
    *("reminders", "returns", "quiet_since", "resolved_at"),
)


def keep_change(transaction: StateTransaction, change: AlertChange, now: datetime) -> None:
    """Write down what became of an alert, the message to send for it and the event that reports it."""
    if change.alert is None:
        return
    transaction.merge("alerts", [row_of(change.alert)], key=["alert_id"], update=_CHANGING)
    if change.message is None:
        return
    transaction.merge("messages", [row_of(change.message) | {"written_at": now}], key=["message_id"])
    alert = change.alert
    told = {"source": alert.source_id, "alert": alert.alert_id, "severity": alert.severity, "title": alert.title}
    keep_events(transaction, [event(f"alert.{change.message.moment}", now, told)])


def _place(notification: Notification) -> dict[str, str]:
    return {"message_id": notification.message.message_id, "receiver": notification.receiver}
