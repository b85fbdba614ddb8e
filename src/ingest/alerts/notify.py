"""The last step: what became of alerts with time, and every message that is due to each receiver."""

import logging
from datetime import datetime

from ..core.errors import Undelivered
from ..core.ids import alert_fingerprint
from ..core.log_lines import line
from ..core.model import Alert
from ..core.ports import Notifier
from ..state import State, alerts
from ..warehouse import batches
from . import life_cycle
from .delivery import QuietHours, due_now, retry_after
from .texts import Trouble, rejected_before

log = logging.getLogger("ingest")


def notify(*, notifier: Notifier, state: State, now: datetime, quiet: QuietHours | None = None) -> int:
    """Deliver every message that is due; one that can't be delivered stays due. Return how many were delivered.

    That an attempt is made is written down before it is made, so that one cut off in between is known to be repeated.
    A receiver that fails is not tried again before the next call, so a dead one costs a run one wait.
    """
    for alert in alerts.open_alerts(state).values():
        left = left_to_do(alert, state=state) if alert.quiet_since else None
        alerts.keep_alert(state, life_cycle.overdue_change(alert, now, left=left), now)
    delivered = 0
    failed: set[str] = set()
    for notification in due_now(alerts.due_notifications(state, notifier.receivers), now, quiet=quiet):
        if notification.receiver in failed:
            continue
        attempts = alerts.begin_delivery(state, notification, now)
        try:
            notifier.deliver(notification)
        except Undelivered as error:
            failed.add(notification.receiver)
            retry_at = retry_after(attempts, now)
            log.warning(line("undelivered", message=notification.message.title, retry_at=retry_at, reason=error))
            alerts.postpone_delivery(state, notification, retry_at, str(error))
        else:
            alerts.end_delivery(state, notification, now)
            delivered += 1
    alerts.close_messages(state, notifier.receivers, now)
    return delivered


def keep_trouble(kind: str, trouble: Trouble | None, *, state: State, now: datetime) -> None:
    """Open the alert of a kind that is about no source, keep it open, or end it where there is no trouble."""
    last = alerts.recent_alerts(state, now).get(alert_fingerprint(kind, None))
    alerts.keep_alert(state, life_cycle.next_alert(kind, None, now=now, last=last, trouble=trouble), now)


def left_to_do(alert: Alert, *, state: State, passing: str | None = None) -> str | None:
    """Return what is left to do where an alert ends, with the batch that passes now; None when nothing is."""
    if alert.source_id is None or not life_cycle.is_about_rejected(alert):
        return None
    return rejected_before(alert.source_id, batches.count_rejected(state, alert.source_id, passing=passing))
