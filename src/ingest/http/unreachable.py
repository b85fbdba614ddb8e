"""Hosts that could not be reached just now, so that a thousand entries of a dead host don't each wait to find out."""

import threading
import time

from ..core.errors import TimedOut, Unreachable

_MOST_HOSTS = 10_000


class AbsentHosts:
    """The failures to connect, by origin, remembered for a while. Safe to use from several threads."""

    def __init__(self, *, seconds: float) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._known: dict[str, tuple[float, Unreachable | TimedOut]] = {}

    def refuse(self, origin: str, *, url: str) -> None:
        """Raise again what was found out about this origin lately, if anything was."""
        with self._lock:
            until, failure = self._known.get(origin, (0.0, None))
        if failure is not None and time.monotonic() < until:
            raise type(failure)(f"{failure}; found out less than {self._seconds:g} s ago", about=url) from failure

    def remember(self, origin: str, failure: Unreachable | TimedOut) -> None:
        """Keep a failure to connect."""
        with self._lock:
            if len(self._known) >= _MOST_HOSTS:
                self._known.clear()
            self._known[origin] = (time.monotonic() + self._seconds, type(failure)(str(failure), about=failure.about))
