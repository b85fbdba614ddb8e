"""When garbage is looked for: not while a page's tree is built and read, for all of it is in use until the end."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collected_afterwards() -> Iterator[None]:
    """Put off the garbage collector's search for circles; it goes on at the end, if it was at work before."""
    was_at_work = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_at_work:
            gc.enable()
