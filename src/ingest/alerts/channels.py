"""Tells people: a line in the log always, and any address that Apprise knows."""

import logging
import threading
import warnings
from collections.abc import Sequence
from typing import Any

from ..core.errors import Misconfigured, Undelivered
from ..core.ids import content_key
from ..core.messages import LOG, Message, Notification

log = logging.getLogger("ingest.alerts")

ID_HEADER = "Idempotency-Key"
DELIVERY_SECONDS = 30.0  # a receiver that drips must not hold up a run
_KINDS = {"critical": "failure", "warning": "warning", "info": "info"}  # Apprise's words for severity


class AppriseNotifier:
    """Delivers to every address given. Addresses hold secrets, so a receiver is named by a hash of its address."""

    def __init__(self, addresses: Sequence[str], *, delivery_seconds: float = DELIVERY_SECONDS) -> None:
        self._addresses = {content_key("receiver", address): address for address in addresses}
        self._delivery_seconds = delivery_seconds
        self.receivers = (LOG, *self._addresses)

    def deliver(self, notification: Notification) -> None:
        """Hand a message to its receiver, or raise Undelivered; whether it came through all the same is not known."""
        message = notification.message
        body = f"{message.body}\n{_footer(notification)}"
        if notification.receiver == LOG:
            log.warning("alert.%s severity=%s %s\n%s", message.moment, message.severity, message.title, body)
            return
        try:
            sender = _sender([self._addresses[notification.receiver]])
        except Misconfigured as error:
            raise Undelivered(str(error), about=message.title) from error
        _name_message(sender, message)
        kind = "success" if message.moment == "resolved" else _KINDS[message.severity]
        self._notify(sender, message, body=body, kind=kind)

    def _notify(self, sender: Any, message: Message, *, body: str, kind: str) -> None:
        accepted: list[bool] = []
        # Apprise limits each wait for a byte, not the whole. An answer after our limit finds nobody waiting for it.
        sending = threading.Thread(
            target=lambda: accepted.append(sender.notify(title=message.title, body=body, notify_type=kind)), daemon=True
        )
        sending.start()
        sending.join(self._delivery_seconds)
        if sending.is_alive():
            limit = f"{self._delivery_seconds:g} s"
            raise Undelivered(f"no answer from an alert address within {limit}", about=message.title)
        if accepted != [True]:
            raise Undelivered("an alert address did not take the message", about=message.title)


def count_addresses(addresses: Sequence[str]) -> int:
    """Count alert addresses; Misconfigured says which of them, by its place, is none that Apprise knows."""
    return len(_sender(addresses)) if addresses else 0


def _sender(addresses: Sequence[str]) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what Apprise's services import, when the first is looked up
        import apprise  # slow to import, and seldom needed

        sender = apprise.Apprise()
        for place, address in enumerate(addresses, 1):
            if not sender.add(address):
                raise Misconfigured(f"alert address {place} is none that Apprise knows", about=f"alert address {place}")
    return sender


def _name_message(sender: Any, message: Message) -> None:
    """Send a key by which the receiver knows a repetition, where its service takes headers: webhooks and mail do."""
    for service in sender:
        if isinstance(getattr(service, "headers", None), dict):
            service.headers[ID_HEADER] = message.message_id


def _footer(notification: Notification) -> str:
    repeated = f", attempt {notification.attempts + 1}: perhaps you have it already" if notification.attempts else ""
    return f"Message {notification.message.message_id}{repeated}"
