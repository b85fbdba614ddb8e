"""Processes that read pages. A page that kills its reader, or holds it for ever, is lost alone."""

import gc
import logging
import os
import resource
import signal
import sys
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from multiprocessing import get_context, parent_process
from queue import Empty, LifoQueue
from typing import Generic, TypeVar

from ..errors import ReaderBroke, ReaderDied, ReaderHung

log = logging.getLogger("ingest")

Given = TypeVar("Given")
Read = TypeVar("Read")

LONGEST_SECONDS = 120.0  # many times what the largest page takes on a busy machine
MOST_BYTES = 400_000_000  # of memory: a page that wants more is no story's; one of 10 MB of text takes half of it
PLACES = 2  # pages held for each process: the one it reads, and the next


class Readers(Generic[Given, Read]):
    """Some processes, each begun when it is first needed. Safe to use from several threads."""

    def __init__(
        self,
        read: Callable[[Given], Read],
        *,
        processes: int,
        is_big: Callable[[Given], bool],
        longest_seconds: float = LONGEST_SECONDS,
        wait: Callable[[Future[Read], float], Read] = Future.result,
    ) -> None:
        """Take what reads a page, and what says which are big: one at a time, its process then replaced.

        `wait` waits so many seconds for a page that is being read, and raises TimeoutError.
        """
        self._is_big = is_big
        self._big_one = threading.Lock()
        self._readers = [_Reader(read, longest_seconds, wait) for _ in range(processes)]
        self._idle: LifoQueue[_Reader[Given, Read]] = LifoQueue()  # the last one used first: few pages, few processes
        for reader in self._readers:
            self._idle.put(reader)
        self._threads = ThreadPoolExecutor(processes, thread_name_prefix="reader")
        self._places = threading.Semaphore(PLACES * processes)

    def read_all(self, pages: Iterable[Given]) -> list[Read | ReaderDied]:
        """Read pages, in the order given; an error stands for one that could not be read.

        A page is taken from the iterable when there is a place for it, so that few are held at once.
        """
        waiting = iter(pages)
        reading: list[Future[Read | ReaderDied]] = []
        while (begun := self._begin_next(waiting)) is not None:
            reading.append(begun)
        return [future.result() for future in reading]

    def rest(self) -> None:
        """Let the processes end that read nothing now, with what they hold; they begin anew with the next page."""
        idle = []
        with suppress(Empty):
            while True:
                idle.append(self._idle.get_nowait())
        for reader in reversed(idle):
            reader.close()
            self._idle.put(reader)

    def close(self) -> None:
        """Let the processes end."""
        self._threads.shutdown()
        for reader in self._readers:
            reader.close()

    def _begin_next(self, waiting: Iterable[Given]) -> "Future[Read | ReaderDied] | None":
        self._places.acquire()
        begun: Future[Read | ReaderDied] | None = None
        try:
            for page in waiting:
                begun = self._threads.submit(self._read_in_turn, page)
                begun.add_done_callback(lambda _: self._places.release())
                break
        finally:
            if begun is None:
                self._places.release()
        return begun

    def _read_in_turn(self, page: Given) -> Read | ReaderDied:
        read = self._read_by_itself(page) if self._is_big(page) else self._read_next(page)
        # The memory may have gone to other pages: one process that was killed does not prove that this page did it.
        return self._read_by_itself(page) if type(read) is ReaderDied else read

    def _read_by_itself(self, page: Given) -> Read | ReaderDied:
        """Read a page while no other big page is read; its process is replaced afterwards."""
        with self._big_one:
            return self._read_next(page, is_last=True)

    def _read_next(self, page: Given, *, is_last: bool = False) -> Read | ReaderDied:
        reader = self._idle.get()
        try:
            return reader.read(page)
        finally:
            if is_last:  # what a big page took is given back for sure
                reader.close()
            self._idle.put(reader)


class _Reader(Generic[Given, Read]):
    """One process and its successors; one thread uses it at a time."""

    def __init__(
        self,
        read: Callable[[Given], Read],
        longest_seconds: float,
        wait: Callable[[Future[Read], float], Read],
    ) -> None:
        self._read = read
        self._longest_seconds = longest_seconds
        self._wait = wait
        self._process: tuple[ProcessPoolExecutor, int] | None = None  # with its id

    def read(self, page: Given) -> Read | ReaderDied:
        """Read a page; the process that could not is replaced."""
        try:
            pool, process_id = self._begun()
            future = pool.submit(_read_and_tidy, self._read, page)
            try:
                return self._wait(future, self._longest_seconds)
            except TimeoutError:
                os.kill(process_id, signal.SIGKILL)
                self.close()
                return ReaderHung(f"reading the page took more than {self._longest_seconds:g} s", about="page")
        except (BrokenProcessPool, MemoryError):
            self.close()
            why = "reading the page killed the process that read it: out of memory, or a fault in a library"
            return ReaderDied(why, about="page")
        except Exception as error:
            log.exception("reading a page broke")
            return ReaderBroke(f"reading the page broke: {type(error).__name__}: {error}", about="page")

    def close(self) -> None:
        """Let the process end, if there is one."""
        if self._process:
            self._process[0].shutdown()
            self._process = None

    def _begun(self) -> tuple[ProcessPoolExecutor, int]:
        if self._process is None:
            # Spawned, because a fork of a process with threads may hang.
            pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_keep_within_bounds)
            self._process = pool, pool.submit(os.getpid).result()
        return self._process


def _read_and_tidy(read: Callable[[Given], Read], page: Given) -> Read:
    """Read a page and leave nothing of it behind."""
    story = read(page)
    gc.collect()  # a page's tree is full of circles: a hundred bytes for each of the page
    gc.freeze()  # what is left is here to stay, and need not be looked through again
    return story


def _keep_within_bounds() -> None:
    """Keep a reading process from taking all memory, and from going on for a run that was killed.

    Ctrl-C and systemd signal all processes of a run: when it ends is for the run to decide.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_BYTES, most))
    sys.unraisablehook = _told_unless_out_of_memory

    def watch() -> None:
        if run := parent_process():
            run.join()
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _told_unless_out_of_memory(what: "sys.UnraisableHookArgs") -> None:
    """Leave what libraries say while memory is short to the error that follows."""
    if what.exc_type is not MemoryError:
        sys.__unraisablehook__(what)
