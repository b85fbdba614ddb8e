"""Memory for large responses: a few are held at once, whoever sends them, so that memory has a bound."""

import threading
import time
from collections.abc import Callable
from types import TracebackType


class MemoryBudget:
    """Places for responses that outgrow the small ones. Small ones need none, and never wait."""

    def __init__(self, *, places: int, small_bytes: int, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.small_bytes = small_bytes
        self.places = threading.BoundedSemaphore(places)
        self.monotonic = monotonic


class Slot:
    """The place of one response until it is on record: one at most, so that nobody can wait in a circle."""

    def __init__(self, budget: MemoryBudget) -> None:
        self._room = budget
        self._has_place = False

    def grow(self, size_bytes: int) -> float:
        """Wait for a place if a response of this size needs one; give the seconds waited."""
        if self._has_place or size_bytes <= self._room.small_bytes:
            return 0.0
        started = self._room.monotonic()
        self._room.places.acquire()
        self._has_place = True
        return self._room.monotonic() - started

    def __enter__(self) -> "Slot":
        """Begin small."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Make room for the next."""
        if self._has_place:
            self._room.places.release()
            self._has_place = False
