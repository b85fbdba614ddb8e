"""Waiting for what tells of itself in no other way than that it is so."""

import time
from collections.abc import Callable

# For what takes a moment: beside three suites and four busy processes a server took more than a minute to start.
LONGEST_SECONDS = 300.0


def wait_until(
    holds: Callable[[], object],
    *,
    pause_seconds: float = 0.01,
    told: Callable[[], object] | None = None,
    not_yet: tuple[type[Exception], ...] = (),
) -> None:
    """Look again and again whether something holds; TimeoutError when it does not come to that, with what `told` says.

    What raises one of `not_yet` does not hold yet. A server that is asked pays for each look: a longer pause leaves it
    the time for its work.
    """
    until = time.monotonic() + LONGEST_SECONDS
    while True:
        last = None
        try:
            if holds():
                return
        except not_yet as error:
            last = error
        if time.monotonic() > until:
            raise TimeoutError(f"it did not come to that; there is {told() if told else last}") from last
        time.sleep(pause_seconds)
