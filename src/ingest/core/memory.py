"""What becomes of memory that was freed: it serves again whatever thread wants it, and goes back to the machine."""

import contextlib
import ctypes

_M_ARENA_MAX, _M_MMAP_THRESHOLD = -8, -3  # malloc.h of glibc
ARENAS = 2
LARGE_BYTES = 131_072  # glibc's own, which it raises up to 32 MB as it goes along unless it is set


def share_one_heap() -> None:
    """Have threads share glibc's arenas, and keep what is large out of them; elsewhere nothing happens.

    By default each thread gets an arena of its own, eight for each core, and what one has freed is of no use to the
    others: twenty feeds read side by side left 200 MB lying about. A large block among small ones keeps its place when
    it is freed; apart from them it goes back to the machine at once. mallopt(3) has the particulars.
    """
    with contextlib.suppress(AttributeError, OSError, TypeError):  # another library than glibc, or none to be asked
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, ARENAS)
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, LARGE_BYTES)


def release_free_memory() -> None:
    """Hand what lies free in glibc's arenas back to the machine (malloc_trim(3)); elsewhere nothing happens."""
    with contextlib.suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)
