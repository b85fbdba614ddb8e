"""How often whoever calls `ingest listen` may do so: buckets of requests that fill up again, and not too many."""

import time
from collections import OrderedDict
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """So many requests at once, and so many a second after that."""

    burst: float
    per_second: float


class Buckets:
    """One bucket for each key. Those that were not used for longest are forgotten."""

    def __init__(self, rate: Rate, *, most: int = 10_000) -> None:
        self._rate = rate
        self._most = most
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()  # what is left, and when that was

    def take(self, key: str, cost: float = 1.0) -> bool:
        """Take so much from a bucket; False, and nothing taken, where it does not hold as much."""
        now = time.monotonic()
        left, at = self._buckets.pop(key, (self._rate.burst, now))
        left = min(self._rate.burst, left + (now - at) * self._rate.per_second)
        is_enough = left >= cost
        self._buckets[key] = (left - cost if is_enough else left, now)
        if len(self._buckets) > self._most:
            self._buckets.popitem(last=False)
        return is_enough
