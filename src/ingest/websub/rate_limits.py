"""How often whoever calls `ingest listen` may do so, and how much of what they send is held at a time."""

import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from ..core.errors import Misconfigured, Throttled


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """So many requests at once, and so many a second after that."""

    burst: float
    per_second: float


class Buckets:
    """One bucket for each key. Those that were not used for longest are forgotten."""

    def __init__(self, rate: Rate, *, most: int = 10_000, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._most = most
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()  # what is left, and when that was

    def take(self, key: str, cost: float = 1.0) -> bool:
        """Take so much from a bucket; False, and nothing taken, where it does not hold as much."""
        now = self._clock()
        left, at = self._buckets.pop(key, (self._rate.burst, now))
        left = min(self._rate.burst, left + (now - at) * self._rate.per_second)
        is_enough = left >= cost
        self._buckets[key] = (left - cost if is_enough else left, now)
        if len(self._buckets) > self._most:
            self._buckets.popitem(last=False)
        return is_enough


class Load:
    """What is held of bodies that are under way, in all and of each caller."""

    def __init__(self, most_bytes: int, *, of_one: int, bodies_of_one: int) -> None:
        self._most_bytes = most_bytes
        self._most_of_one = of_one
        self._most_bodies_of_one = bodies_of_one
        self._bytes: Counter[str] = Counter()
        self._bodies: Counter[str] = Counter()

    @contextmanager
    def of(self, key: str) -> "Iterator[Share]":
        """Count a body while it is under way; Throttled where a caller has too many of them."""
        if self._bodies[key] >= self._most_bodies_of_one:
            raise Throttled("too many bodies under way", about="callback")
        self._bodies[key] += 1
        share = Share(self, key)
        try:
            yield share
        finally:
            self._bytes[key] -= share.held
            self._bodies[key] -= 1
            if not self._bodies[key]:
                del self._bytes[key], self._bodies[key]

    def hold(self, key: str, size: int) -> None:
        """Hold so much more; Throttled where a caller's part of it is used up, Misconfigured where all is."""
        if self._bytes[key] + size > self._most_of_one:
            raise Throttled("too much under way", about="callback")
        if self._bytes.total() + size > self._most_bytes:
            raise Misconfigured("too much under way", about="callback")
        self._bytes[key] += size


class Share:
    """What is held of one body."""

    def __init__(self, load: Load, key: str) -> None:
        self.held = 0
        self._load = load
        self._key = key

    def add(self, size: int) -> None:
        """Hold so much more."""
        self._load.hold(self._key, size)
        self.held += size
