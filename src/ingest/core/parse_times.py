"""How long pages take to be read, wherever they are, counted in classes as Prometheus wants them."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

PARSE_TIME_BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)  # seconds

Given = TypeVar("Given")
Read = TypeVar("Read")


@dataclass(frozen=True, slots=True, kw_only=True)
class ParseTime:
    """Pages that took within so many seconds, and more than the next smaller bound; None for no bound."""

    within_seconds: float | None
    pages: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Timed(Generic[Given, Read]):
    """Reads a page and says how many seconds that took; crosses to another process as what it wraps does.

    Its near-duplicates are equal, as those of a function are: a cluster's worker has one process for all that are.
    """

    read: Callable[[Given], Read]

    def __call__(self, given: Given) -> tuple[Read, float]:
        """Read it."""
        began = time.perf_counter()
        read = self.read(given)
        return read, time.perf_counter() - began


class Stopwatch:
    """Times noted since they were last taken. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._noted: dict[float | None, tuple[int, float]] = {}
        self.pages = 0  # noted so far, taken or not

    def note(self, seconds: float) -> None:
        """Count one page."""
        bound = next((bound for bound in PARSE_TIME_BOUNDS if seconds <= bound), None)
        with self._lock:
            pages, sum_seconds = self._noted.get(bound, (0, 0.0))
            self._noted[bound] = (pages + 1, sum_seconds + seconds)
            self.pages += 1

    def take(self) -> list[ParseTime]:
        """Return what was noted, and begin anew."""
        with self._lock:
            noted, self._noted = self._noted, {}
        return [ParseTime(within_seconds=bound, pages=one[0], seconds=one[1]) for bound, one in noted.items()]
