"""Parses pages in a process pool of this machine. A page that kills or holds its process is lost alone."""

import gc
import logging
import multiprocessing
import os
import resource
import signal
import sys
import threading
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence, Sized
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Generic, TypeAlias, TypeVar

from ..core.errors import ReaderBroke, ReaderDied, ReaderHung

log = logging.getLogger("ingest")

Page = TypeVar("Page", bound=Sized)  # its length in bytes
Parsed = TypeVar("Parsed")
Results: TypeAlias = list[Parsed | ReaderDied]

BATCH_PAGES = 5  # to send a batch to another machine costs some milliseconds, to parse a page five or more
BATCH_BYTES = 1_000_000  # a page of more is a batch by itself, parsed in a process of its own
BATCHES_AT_ONCE = 2  # of one call, for each process: the one it parses, and the next
PAGE_SECONDS = 120  # many times what the largest page takes on a busy machine
BATCHED_PAGE_SECONDS = 30  # of a page among others; it gets PAGE_SECONDS by itself afterwards
MOST_BYTES = 400_000_000  # of memory: a page that wants more is no article; one of 10 MB of text takes half of it

# Forked from a process that has imported what parses; a spawned one takes .8 s of CPU to import it (decision 0045).
forkserver = multiprocessing.get_context("forkserver")
forkserver.set_forkserver_preload(
    ["__main__", "ingest.articles.parse_task", "ingest.articles.parse", "concurrent.futures.process", __name__]
)


class ProcessParser(Generic[Page, Parsed]):
    """Parses in processes of this machine, each started when it is first needed. Safe to use from several threads."""

    def __init__(self, parse: Callable[[Page], Parsed], *, processes: int) -> None:
        self.parse = parse
        self._processes = processes
        self._lock = threading.Lock()
        self._alone = threading.Lock()
        self._pool: ProcessPoolExecutor | None = None

    def parse_all(self, pages: Iterable[Page]) -> Results[Parsed]:
        """Parse pages, in the order given; an error stands for one that could not be parsed.

        Pages are taken from the iterable as there are processes for them, so that few are held at once.
        """
        return in_order(pages, self._begin, at_once=BATCHES_AT_ONCE * self._processes)

    def recycle(self) -> None:
        """End the processes when what they parse now is done; the next page starts new ones."""
        self._shut_down(wait=False)

    def close(self) -> None:
        """Wait for what is being parsed, and let the processes end."""
        self._shut_down(wait=True)

    def _shut_down(self, *, wait: bool) -> None:
        with self._lock:
            pool, self._pool = self._pool, None
        if pool:
            pool.shutdown(wait=wait)

    def _begin(self, batch: Sequence[Page]) -> Callable[[], Results[Parsed]]:
        if len(batch[0]) > BATCH_BYTES:
            return lambda: [self._parse_alone(batch[0])]
        future = self._submit(batch)
        return lambda: self._received(batch, future)

    def _submit(self, batch: Sequence[Page]) -> Future[Results[Parsed]]:
        with self._lock, suppress(BrokenProcessPool):  # by a page of another batch
            return (self._pool or self._new_pool()).submit(_parse_batch, self.parse, batch)
        with self._lock:
            return self._new_pool().submit(_parse_batch, self.parse, batch)

    def _new_pool(self) -> ProcessPoolExecutor:
        self._pool = ProcessPoolExecutor(self._processes, mp_context=forkserver, initializer=_limit_process)
        return self._pool

    def _received(self, batch: Sequence[Page], future: Future[Results[Parsed]]) -> Results[Parsed]:
        """Return what was parsed; where a process died, of this page or of another, each page is parsed by itself."""
        try:
            return future.result()
        except (BrokenProcessPool, MemoryError):
            return [self._parse_alone(page) for page in batch]

    def _parse_alone(self, page: Page) -> Parsed | ReaderDied:
        """Parse a page in a process of its own, one at a time: its memory is free afterwards, its death its own."""
        receiver, sender = forkserver.Pipe(duplex=False)
        with self._alone, receiver:
            process = forkserver.Process(target=_parse_and_send, args=(sender, self.parse, page), daemon=True)
            process.start()
            sender.close()
            try:
                with suppress(EOFError):
                    return receiver.recv()  # type: ignore[no-any-return]
            finally:
                process.join()
        if process.exitcode == -signal.SIGALRM:
            return ReaderHung(f"reading the page took more than {PAGE_SECONDS} s", about="page")
        why = "reading the page killed the process that read it: out of memory, or a fault in a library"
        return ReaderDied(why, about="page")


def in_order(
    pages: Iterable[Page], begin: Callable[[Sequence[Page]], Callable[[], Results[Parsed]]], *, at_once: int
) -> Results[Parsed]:
    """Have so many batches parsed at once; return what became of all pages, in their order."""
    parsed: Results[Parsed] = []
    begun: deque[Callable[[], Results[Parsed]]] = deque()
    for batch in batches(pages):
        begun.append(begin(batch))
        if len(begun) == at_once:
            parsed += begun.popleft()()
    while begun:
        parsed += begun.popleft()()
    for error in parsed:
        if isinstance(error, ReaderBroke):
            log.error("%s\n%s", error, "\n".join(error.__notes__))
    return parsed


def batches(pages: Iterable[Page]) -> Iterator[Sequence[Page]]:
    """Part pages, in their order, into batches of so many pages or bytes; a page of more is one by itself."""
    batch: list[Page] = []
    held = 0
    for page in pages:
        if batch and (len(batch) >= BATCH_PAGES or held + len(page) > BATCH_BYTES):
            yield batch
            batch, held = [], 0
        batch.append(page)
        held += len(page)
    if batch:
        yield batch


def _parse_batch(parse: Callable[[Page], Parsed], batch: Sequence[Page]) -> Results[Parsed]:
    return [_parse_page(parse, page, BATCHED_PAGE_SECONDS) for page in batch]


def _parse_and_send(sender: Connection, parse: Callable[[Page], Parsed], page: Page) -> None:
    _limit_process()
    with suppress(MemoryError):
        sender.send(_parse_page(parse, page, PAGE_SECONDS))


def _parse_page(parse: Callable[[Page], Parsed], page: Page, seconds: int) -> Parsed | ReaderDied:
    """Parse a page and leave nothing of it behind; SIGALRM ends the process where that takes too long."""
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        return parse(page)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - told as the page's error, with its traceback in the log
        broke = ReaderBroke(f"reading the page broke: {type(error).__name__}: {error}", about="page")
        broke.add_note(traceback.format_exc())
        return broke
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        gc.collect()  # a page's tree is full of circles: a hundred bytes for each of the page
        gc.freeze()  # what is left is here to stay, and need not be looked through again


def _limit_process() -> None:
    """Keep a parsing process from taking all memory or time, and from going on for a run that was killed.

    Ctrl-C signals all processes of a run: when it ends is for the run to decide. SIGTERM does end a process, because
    a broken pool ends its others by it; their pages are then parsed again.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)  # the kernel's, so that no library holds it up
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_BYTES, most))
    sys.unraisablehook = _told_unless_out_of_memory
    gc.freeze()  # what was imported before the fork stays shared

    def watch() -> None:
        if run := multiprocessing.parent_process():
            run.join()
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _told_unless_out_of_memory(what: "sys.UnraisableHookArgs") -> None:
    """Leave what libraries say while memory is short to the error that follows."""
    if what.exc_type is not MemoryError:
        sys.__unraisablehook__(what)
