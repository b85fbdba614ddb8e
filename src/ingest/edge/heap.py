"""What becomes of memory that was freed: it serves again whatever thread wants it, and goes back to the machine."""

import contextlib
import ctypes

_M_ARENA_MAX = -8  # malloc.h of glibc
ARENAS = 2


def keep_heap_together() -> None:
    """Let threads share glibc's arenas; elsewhere nothing happens.

    By default each thread gets an arena of its own, eight for each core, and what one has freed is of no use to the
    others: twenty feeds read side by side left 200 MB lying about. mallopt(3) has the particulars.
    """
    with contextlib.suppress(AttributeError, OSError, TypeError):  # another library than glibc, or none to be asked
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, ARENAS)


def give_heap_back() -> None:
    """Hand what lies free in glibc's arenas back to the machine (malloc_trim(3)); elsewhere nothing happens."""
    with contextlib.suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)
