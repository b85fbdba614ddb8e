"""Processes that read pages. One that dies of a page takes that page with it, and nothing else."""

import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from typing import Generic, TypeVar

Given = TypeVar("Given")
Read = TypeVar("Read")

AT_ONCE = 8  # pages handed to a process together, so that it does not wait for each


class Readers(Generic[Given, Read]):
    """A pool of processes, begun when it is first needed. Safe to use from several threads."""

    def __init__(self, read: Callable[[Given], Read], *, processes: int) -> None:
        self._read = read
        self._processes = processes
        self._lock = threading.Lock()
        self._pool: ProcessPoolExecutor | None = None

    def read_all(self, pages: Sequence[Given]) -> list[Read | None]:
        """Read pages, in the order given; None stands for one that killed the process that read it."""
        portions = [pages[start : start + AT_ONCE] for start in range(0, len(pages), AT_ONCE)]
        pool = self._opened()
        read: list[Read | None] = []
        for portion, future in [(portion, self._begin(pool, portion)) for portion in portions]:
            try:
                read += future.result()
            except BrokenProcessPool:
                self._forget(pool)
                read += self._read_apart(portion)
        return read

    def close(self) -> None:
        """Let the processes end."""
        if self._pool:
            self._pool.shutdown()

    def _begin(self, pool: ProcessPoolExecutor, portion: Sequence[Given]) -> "Future[list[Read]]":
        try:
            return pool.submit(_read_portion, self._read, portion)
        except BrokenProcessPool as error:
            broken: Future[list[Read]] = Future()
            broken.set_exception(error)
            return broken

    def _read_apart(self, portion: Sequence[Given]) -> list[Read | None]:
        """Read pages of which one may be deadly, each alone, in a process that no other page shares."""
        read: list[Read | None] = []
        pool = _new_pool(1)
        for page in portion:
            try:
                read.append(pool.submit(self._read, page).result())
            except BrokenProcessPool:
                read.append(None)
                pool.shutdown()
                pool = _new_pool(1)
        pool.shutdown()
        return read

    def _opened(self) -> ProcessPoolExecutor:
        with self._lock:
            if self._pool is None:
                self._pool = _new_pool(self._processes)
            return self._pool

    def _forget(self, broken: ProcessPoolExecutor) -> None:
        """Have the next pages read by a new pool; another thread may have seen to it already."""
        with self._lock:
            if self._pool is broken:
                self._pool = None
        broken.shutdown()


def _new_pool(processes: int) -> ProcessPoolExecutor:
    # Spawned, because a fork of a process with threads may hang.
    return ProcessPoolExecutor(
        processes, mp_context=get_context("spawn"), initializer=_end_with_the_process_that_began_us
    )


def _read_portion(read: Callable[[Given], Read], portion: Sequence[Given]) -> list[Read]:
    return [read(page) for page in portion]


def _end_with_the_process_that_began_us() -> None:
    """Keep a reading process from waiting for ever for pages of a run that was killed."""

    def watch() -> None:
        if run := parent_process():
            run.join()
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
