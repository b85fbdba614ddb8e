"""What hosts ask of robots (RFC 9309): read once a day, obeyed for pages."""

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from protego import Protego

from ..errors import RobotsRefused, RobotsUnknown, Unreachable
from ..model import Capture
from .limits import WebLimits

# Gets an address, following redirects: status, body, and where the answers are kept. Raises RobotsUnknown for an answer
# that breaks off, Unreachable for a host that is not there, and lets through what else is wrong with the host itself.
Ask = Callable[[str], tuple[int, bytes, tuple[Capture, ...]]]

_AGENT = re.compile(r"(?im)^(\s*user-agent\s*:\s*)([\w-]+)(/[^\s#]*)?")


@dataclass(frozen=True, slots=True)
class _Rules:
    """A host's robots.txt as it stands, or the failure to get it."""

    rules: Protego | None  # None: everything is allowed
    failure: RobotsUnknown | Unreachable | None
    stale_at: float  # monotonic


class RobotsBook:
    """The robots.txt of each origin we visit, remembered for a day. Safe to use from several threads."""

    def __init__(self, *, product: str, limits: WebLimits, ask: Ask) -> None:
        self._product = product
        self._limits = limits
        self._ask = ask
        self._lock = threading.Lock()
        self._known: dict[str, _Rules] = {}
        self._locks: dict[str, threading.Lock] = {}

    def check(self, origin: str, url: str) -> float:
        """Give the pause the origin asks for; raises RobotsRefused where it asks us not to come.

        A robots.txt that is missing or refused to us (4xx) allows everything; one that fails (5xx) forbids everything
        until it can be had, which is RobotsUnknown; that a host is not there is remembered for as long.
        """
        rules = self._rules(origin)
        if rules.failure is not None:
            raise _again(rules.failure, f"{origin}/robots.txt can't be had: {rules.failure}", about=url)
        if rules.rules is None:
            return 0.0
        if not rules.rules.can_fetch(url, self._product):
            raise RobotsRefused(f"{origin}/robots.txt asks {self._product} not to visit {url}", about=url)
        delay = rules.rules.crawl_delay(self._product)
        return min(max(delay or 0.0, 0.0), self._limits.crawl_delay_seconds)

    def _rules(self, origin: str) -> _Rules:
        with self._lock:
            lock = self._locks.setdefault(origin, threading.Lock())
        with lock:
            known = self._known.get(origin)
            if known is None or known.stale_at <= time.monotonic():
                known = self._known[origin] = self._read(origin)
            return known

    def _read(self, origin: str) -> _Rules:
        now = time.monotonic()
        fresh, soon = now + self._limits.robots_fresh_seconds, now + self._limits.robots_unknown_seconds
        try:
            status, body, captures = self._ask(f"{origin}/robots.txt")
        except (RobotsUnknown, Unreachable) as error:
            return _Rules(None, _again(error, str(error), about=origin), soon)
        if status >= 500 or status == 429:
            unknown = RobotsUnknown(f"the host answers {status}", about=origin)
            unknown.hop, unknown.captures = captures[-1].url, captures
            return _Rules(None, unknown, soon)
        if status >= 400:
            return _Rules(None, None, fresh)
        return _Rules(_parsed(body, self._product), None, fresh)


def _again(failure: RobotsUnknown | Unreachable, message: str, *, about: str) -> RobotsUnknown | Unreachable:
    """Make a failure anew, with where it happened and what was heard there."""
    made = type(failure)(message, about=about)
    made.hop, made.captures = failure.hop, failure.captures
    return made


def _parsed(body: bytes, product: str) -> Protego:
    """Read as RFC 9309, 2.2, says: UTF-8, what can't be read left out; of an agent's name, a version is no part.

    A group is ours when its name is our whole name; Protego would also take the beginning of it for us.
    """
    text = body.decode("utf-8-sig", "replace").replace("\x00", "").lstrip("\ufffd")  # such as half of UTF-16's mark

    def named(line: re.Match[str]) -> str:
        name = line[2] if line[2].lower() == product.lower() else f"not-{line[2]}"
        return line[1] + name

    return Protego.parse(_AGENT.sub(named, text))
