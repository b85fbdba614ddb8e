"""Tells people: a line in the log always, and any address that Apprise knows."""

import logging
from collections.abc import Sequence
from typing import Any

from ..errors import Misconfigured, Undelivered
from ..ports import Message

log = logging.getLogger("ingest.alerts")

_KINDS = {"critical": "failure", "warning": "warning", "info": "info"}  # Apprise's words for severity


class AppriseMessenger:
    """Delivers to every address given. Addresses hold secrets, so none is ever shown."""

    def __init__(self, addresses: Sequence[str]) -> None:
        self._addresses = tuple(addresses)

    def deliver(self, message: Message) -> None:
        """Hand the message over, or raise Undelivered; the log has it in either case."""
        log.warning("alert.%s severity=%s %s\n%s", message.moment, message.severity, message.title, message.body)
        if not self._addresses:
            return
        try:
            sender = _sender(self._addresses)
        except Misconfigured as error:
            raise Undelivered(str(error), about=message.title) from error
        kind = "success" if message.moment == "resolved" else _KINDS[message.severity]
        if not sender.notify(title=message.title, body=message.body, notify_type=kind):
            raise Undelivered("not every alert address took the message", about=message.title)


def count_addresses(addresses: Sequence[str]) -> int:
    """Count alert addresses; Misconfigured says which of them, by its place, is none that Apprise knows."""
    return len(_sender(addresses)) if addresses else 0


def _sender(addresses: Sequence[str]) -> Any:
    import apprise  # slow to import, and seldom needed

    sender = apprise.Apprise()
    for place, address in enumerate(addresses, 1):
        if not sender.add(address):
            raise Misconfigured(f"alert address {place} is none that Apprise knows", about=f"alert address {place}")
    return sender
