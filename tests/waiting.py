"""Waiting for what tells of itself in no other way than that it is so."""

import time
from collections.abc import Callable

LONGEST_SECONDS = 60.0  # for what takes a moment, unless the machine is very busy


def wait_until(holds: Callable[[], object]) -> None:
    """Look every few milliseconds whether something holds; TimeoutError when it does not come to that."""
    until = time.monotonic() + LONGEST_SECONDS
    while not holds():
        if time.monotonic() > until:
            raise TimeoutError("it did not come to that")
        time.sleep(0.01)
