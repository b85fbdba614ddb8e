"""What hosts ask of robots (RFC 9309): read once a day, obeyed for pages."""

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from protego import Protego

from ..core.errors import RobotsRefused, RobotsUnknown, Unreachable
from .limits import WebLimits

# Gets an address, following redirects: its status, and its body if that is one of success. Raises RobotsUnknown for an
# answer that is neither rules nor a refusal, Unreachable for a host that is not there, and lets through what else is
# wrong with the host itself.
Ask = Callable[[str], tuple[int, bytes]]

_AGENT = re.compile(r"\s*user[- ]?agent\b\s*:?([^#]*)", re.IGNORECASE)
_RULE = re.compile(r"\s*(?:d[ias]+l+[ao]w|allow|crawl[- ]delay)\b", re.IGNORECASE)  # or as Protego knows it misspelt
_TOKEN = re.compile(r"[\w.-]*")


@dataclass(frozen=True, slots=True)
class _Rules:
    """A host's robots.txt as it stands, or the failure to get it."""

    rules: Protego | None  # None: everything is allowed
    failure: RobotsUnknown | Unreachable | None
    stale_at: float  # monotonic


class RobotsBook:
    """The robots.txt of each origin we visit, remembered for a day. Safe to use from several threads."""

    def __init__(self, *, product: str, limits: WebLimits, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._product = product
        self._limits = limits
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._known: dict[str, _Rules] = {}
        self._locks: dict[str, threading.Lock] = {}

    def check(self, origin: str, url: str, *, ask: Ask) -> float:
        """Return the crawl delay of an origin; raises RobotsRefused where it disallows the address.

        A robots.txt that is missing or refused to us (4xx) allows everything; one that fails (5xx) forbids everything
        until it can be had, which is RobotsUnknown; that a host is not there is remembered for as long.
        """
        rules = self._rules(origin, ask)
        if rules.failure is not None:
            raise _again(rules.failure, f"{origin}/robots.txt can't be had: {rules.failure}", about=url)
        if rules.rules is None:
            return 0.0
        if not rules.rules.can_fetch(url, self._product):
            raise RobotsRefused(f"{origin}/robots.txt asks {self._product} not to visit {url}", about=url)
        delay = rules.rules.crawl_delay(self._product)
        return min(max(delay or 0.0, 0.0), self._limits.crawl_delay_seconds)

    def _rules(self, origin: str, ask: Ask) -> _Rules:
        with self._lock:
            lock = self._locks.setdefault(origin, threading.Lock())
        with lock:
            known = self._known.get(origin)
            if known is None or known.stale_at <= self._monotonic():
                known = self._known[origin] = self._read(origin, ask)
            return known

    def _read(self, origin: str, ask: Ask) -> _Rules:
        now = self._monotonic()
        fresh, soon = now + self._limits.robots_fresh_seconds, now + self._limits.robots_unknown_seconds
        try:
            status, body = ask(f"{origin}/robots.txt")
        except (RobotsUnknown, Unreachable) as error:
            return _Rules(None, _again(error, str(error), about=origin), soon)
        if status >= 400:
            return _Rules(None, None, fresh)
        return _Rules(_parsed(body, self._product), None, fresh)


def _again(failure: RobotsUnknown | Unreachable, message: str, *, about: str) -> RobotsUnknown | Unreachable:
    """Make a failure anew, with where it happened and what was heard there."""
    made = type(failure)(message, about=about, retry_at=failure.retry_at)
    made.hop, made.captures = failure.hop, failure.captures
    return made


def _parsed(body: bytes, product: str) -> Protego:
    """Read as RFC 9309, 2.2, says: UTF-8, what can't be read left out, and other records as if they were not there.

    A group is ours when its name is our whole name; Protego would also take the beginning of it for us. All others are
    of one name: Protego would copy each rule for each robot, and a few thousand of both fill any memory.
    """
    text = body.decode("utf-8-sig", "replace").replace("\x00", "").lstrip("\ufeff\ufffd")  # or half of UTF-16's mark

    def plain(line: str) -> str:
        agent = _AGENT.match(line)
        if agent is None:
            return line if _RULE.match(line) else ""
        name, token = agent[1].split()[:1], _TOKEN.match(agent[1].strip())
        is_ours = token is not None and token[0].lower() == product.lower()  # a version, or a comment, is no part of it
        return f"User-agent: {'*' if name == ['*'] else product if is_ours else f'not-{product}'}"

    return Protego.parse("\n".join(map(plain, text.splitlines())))
