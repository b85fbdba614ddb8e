"""Waiting for what tells of itself in no other way than that it is so."""

import time
from collections.abc import Callable

# For what takes a moment: beside three suites and four busy processes a server took more than a minute to start.
LONGEST_SECONDS = 300.0


def wait_until(holds: Callable[[], object], *, pause_seconds: float = 0.01) -> None:
    """Look again and again whether something holds; TimeoutError when it does not come to that.

    A server that is asked pays for each look: a longer pause leaves it the time for its work.
    """
    until = time.monotonic() + LONGEST_SECONDS
    while not holds():
        if time.monotonic() > until:
            raise TimeoutError("it did not come to that")
        time.sleep(pause_seconds)
