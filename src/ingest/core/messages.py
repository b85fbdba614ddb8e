"""Messages about alerts, and to whom each is still to be delivered."""

from dataclasses import dataclass
from datetime import datetime

from .model import Alert


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message about an alert: that it opened, that it lasts, or that it is over."""

    message_id: str
    alert_id: str
    moment: str  # "opened", "reminded" or "resolved"
    title: str
    body: str
    severity: str


LOG = "log"  # the receiver that is always there, and that nothing disturbs


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """A message that one receiver has not confirmed yet."""

    message: Message
    receiver: str
    attempts: int = 0  # begun so far, also those that were cut off
    retry_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertChange:
    """What becomes of an alert, and the message to send for it; both None when nothing changes."""

    alert: Alert | None = None
    message: Message | None = None
