"""What is made once for all workers of one run of the suite, and only looked at or copied from then on."""

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

import pytest


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Return a folder of this name that `make` has filled, in this worker or in another; the others wait meanwhile.

    `make` is given an empty folder, which gets its place and name once it is whole.
    """
    own = factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    made, begun = shared / name, factory.mktemp(f"{name}-begun")
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            make(begun)
            begun.rename(made)
    return made
