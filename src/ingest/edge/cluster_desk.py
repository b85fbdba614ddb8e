"""What a cluster's worker does with a batch of pages: a process beside it reads them."""

import multiprocessing
import threading
from collections.abc import Callable, Sequence
from multiprocessing.util import Finalize
from typing import Any, Generic, TypeVar

from .. import __version__
from ..errors import Misconfigured, ReaderDied
from .readers import Readers

Given = TypeVar("Given")
Read = TypeVar("Read")

SETTING = "INGEST_READING_CLUSTER"
IDLE_SECONDS = 60.0  # after which the process ends: the worker is not ours


def read_there(
    version: str, read: Callable[[Given], Read], is_big: Callable[[Given], bool], batch: Sequence[Given]
) -> list[Read | ReaderDied]:
    """Read a batch on a worker, so that a page that kills its reader, or holds it, harms nobody else there either."""
    if version != __version__:
        message = f"a worker of {SETTING} has news-ingest {__version__}, not {version}; install the same everywhere"
        raise Misconfigured(message, about=SETTING)
    desks: dict[object, _Desk[Given, Read]] = _here.__dict__
    if read not in desks:
        desks[read] = _Desk(read, is_big)
    return desks[read].read_all(batch)


_here: Any = threading.local()  # a worker may read on several threads, each at a desk of its own


class _Desk(Generic[Given, Read]):
    """One thread's reading process. It ends when nothing was read for a while, and begins anew with the next page."""

    def __init__(self, read: Callable[[Given], Read], is_big: Callable[[Given], bool]) -> None:
        self._read = read
        self._is_big = is_big
        self._lock = threading.Lock()
        self._readers: Readers[Given, Read] | None = None
        self._closing: threading.Timer | None = None
        Finalize(
            None, self._close, exitpriority=20
        )  # else a worker that ends waits for the process; before its queues go

    def read_all(self, batch: Sequence[Given]) -> list[Read | ReaderDied]:
        """Read a batch, in its order."""
        with self._lock:
            if self._closing:
                self._closing.cancel()
            try:
                return self._opened().read_all(batch)
            finally:
                self._closing = threading.Timer(IDLE_SECONDS, self._close)
                self._closing.daemon = True
                self._closing.start()

    def _opened(self) -> Readers[Given, Read]:
        if self._readers is None:
            multiprocessing.current_process().daemon = False  # Dask's workers are, and then may begin no process
            self._readers = Readers(self._read, processes=1, is_big=self._is_big)
        return self._readers

    def _close(self) -> None:
        with self._lock:
            if self._readers:
                self._readers.close()
                self._readers = None
