"""Manners towards hosts: one request at a time, and a pause before the next."""

import ipaddress
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import urlsplit

from ..core.errors import Throttled

WORLD_GAP_SECONDS = 1.0

_TWIN = re.compile(r"^(?:(?:www\d?|m|mobile|amp)\.)+(?=[^.:]+\.[a-z])", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class HostCounts:
    """What we asked of a host, and how it answered, since this process began."""

    host: str
    requests: int = 0
    not_modified: int = 0  # 304
    throttled: int = 0  # 429, or a refusal that names a time to come back
    failed: int = 0  # no response, or no whole one
    received_bytes: int = 0


@dataclass(slots=True)
class Turn:
    """Whose turn it is at one host."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    ended_at: float | None = None  # monotonic; when the last response had ended
    crawl_delays: dict[str, float] = field(default_factory=dict)  # by host, as each robots.txt asks
    alone_until: datetime | None = None  # as the host itself has asked
    is_used: bool = True  # False: the host was never reached, and needs no pause

    def give_back(self) -> None:
        """Leave no pause after this turn."""
        self.is_used = False


class Pacer:
    """Gives each host its turn: requests to one host queue up, different hosts don't wait for each other."""

    def __init__(
        self,
        *,
        gap_seconds: float | None,
        host_delays: Mapping[str, float],
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._gap_seconds = gap_seconds
        self._host_gaps = host_delays
        self._monotonic = monotonic
        self._sleep = sleep
        self._lock = threading.Lock()
        self._turns: dict[str, Turn] = {}
        self._counts: dict[str, HostCounts] = {}

    @contextmanager
    def turn(self, host: str) -> Iterator[Turn]:
        """Hold the host for one request, once its pause is over; the next pause begins when the response has ended.

        Its mobile and `www` twins are the same server, as a rule, and the same turn.
        """
        turn = self._turn(host)
        with turn.lock:
            if turn.ended_at is not None:
                pause_seconds = max(self._gap(host), *turn.crawl_delays.values(), 0.0)
                wait_seconds = turn.ended_at + pause_seconds - self._monotonic()
                if wait_seconds > 0:
                    self._sleep(wait_seconds)
            turn.is_used = True
            try:
                yield turn
            finally:
                if turn.is_used:
                    turn.ended_at = self._monotonic()

    def pause_since(self, host: str, seconds_ago: float) -> None:
        """Begin the pause at a host so long ago, unless a request here ended later."""
        turn = self._turn(host)
        ended_at = self._monotonic() - max(seconds_ago, 0.0)
        turn.ended_at = ended_at if turn.ended_at is None else max(turn.ended_at, ended_at)

    def obey_crawl_delay(self, host: str, seconds: float) -> None:
        """Leave at least this pause at the host from now on, since the last response as well."""
        turn = self._turn(host)
        turn.crawl_delays = turn.crawl_delays | {host: seconds}  # replaced, as others may be reading it

    def leave_alone(self, host: str, until: datetime) -> None:
        """Ask nothing more of a host before a time that it named."""
        self._turn(host).alone_until = until

    def refuse_early(self, host: str, now: datetime, *, url: str) -> None:
        """Raise Throttled while a host is to be left alone, whatever it was that it named the time for."""
        until = self._turn(host).alone_until
        if until is not None and now < until:
            raise Throttled(
                f"{host} asked to be left alone until {until:%Y-%m-%d %H:%M:%S} UTC", about=url, retry_at=until
            )

    def count(self, host: str, *, status: int | None, received_bytes: int, throttled: bool) -> None:
        """Count one request; `status` is None when no whole response came."""
        with self._lock:
            count = self._counts.get(host) or HostCounts(host=host)
            self._counts[host] = replace(
                count,
                requests=count.requests + 1,
                not_modified=count.not_modified + (status == 304),
                throttled=count.throttled + throttled,
                failed=count.failed + (status is None),
                received_bytes=count.received_bytes + received_bytes,
            )

    def host_counts(self) -> tuple[HostCounts, ...]:
        """Return each host's count, by name."""
        with self._lock:
            return tuple(self._counts[host] for host in sorted(self._counts))

    def _turn(self, host: str) -> Turn:
        with self._lock:
            return self._turns.setdefault(_TWIN.sub("", host), Turn())

    def _gap(self, host: str) -> float:
        if host in self._host_gaps:
            return self._host_gaps[host]
        if self._gap_seconds is not None:
            return self._gap_seconds
        return 0.0 if is_loopback(host) else WORLD_GAP_SECONDS


def is_loopback(host: str) -> bool:
    """Return whether a host, with or without a port, is this machine under a name that can't be another's."""
    name = urlsplit(f"//{host}").hostname or ""
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
