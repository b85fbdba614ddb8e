"""Alerts, the messages owed about them, and events not yet told."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime

from ...events import event
from ...model import Alert, Event
from ...ports import AlertChange, Message
from ..warehouse import Transaction
from .rows import Rows, keep_events, noun


class AlertRows(Rows):
    """What is kept of alerts and events."""

    def open_alerts(self) -> dict[str, Alert]:
        """Give the alerts that are not over, by fingerprint."""
        return {row["fingerprint"]: noun(Alert, row) for row in self._warehouse.read("open_alerts")}

    def keep_alert(self, change: AlertChange, now: datetime) -> None:
        """Keep an alert as it now is, and what people are owed about it."""
        with self._warehouse.write() as transaction:
            keep_change(transaction, change, now)

    def unsent_messages(self) -> list[Message]:
        """Give the messages still owed, oldest first."""
        return [noun(Message, row) for row in self._warehouse.read("unsent_messages")]

    def keep_delivery(self, message_id: str, sent_at: datetime | None) -> None:
        """Count an attempt; with a time, the message is no longer owed."""
        with self._warehouse.write() as transaction:
            transaction.run("keep_delivery", message_id=message_id, sent_at=sent_at)

    def unsent_events(self) -> list[Event]:
        """Give the events not yet told, oldest first."""
        rows = self._warehouse.read("unsent_events")
        return [noun(Event, row | {"payload": json.loads(row["payload"])}) for row in rows]

    def keep_told(self, event_ids: Iterable[str], now: datetime) -> None:
        """Mark events as told."""
        with self._warehouse.write() as transaction:
            transaction.run("keep_told", event_ids=list(event_ids), now=now)


def keep_change(transaction: Transaction, change: AlertChange, now: datetime) -> None:
    """Write down what became of an alert, the message owed for it and the event that tells it."""
    if change.alert is None:
        return
    transaction.insert(
        "ops.alerts",
        [asdict(change.alert)],
        on_conflict="on conflict do update set body = excluded.body, last_seen_at = excluded.last_seen_at, "
        "resolved_at = excluded.resolved_at",
    )
    if change.message is None:
        return
    transaction.insert(
        "ops.messages",
        [asdict(change.message) | {"written_at": now, "attempts": 0}],
        on_conflict="on conflict do nothing",
    )
    alert = change.alert
    told = {"source": alert.source_id, "alert": alert.alert_id, "severity": alert.severity, "title": alert.title}
    keep_events(transaction, [event(f"alert.{change.message.moment}", now, told)])
