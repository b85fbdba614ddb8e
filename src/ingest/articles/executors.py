"""Parses pages on an executor of others that a setting names: Dask's, or what a function of theirs returns."""

import logging
import multiprocessing
import os
import sys
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from functools import cache, partial
from multiprocessing.util import Finalize
from pkgutil import resolve_name
from typing import Generic

from .. import __version__
from ..core.errors import ClusterAway, IngestError, Misconfigured
from .process_pool import Page, Parsed, ProcessParser, Results, in_order

log = logging.getLogger("ingest")

SETTING = "INGEST_EXECUTOR"
AWAY_SECONDS = 60.0  # in which an executor that could not be had is not tried again
LOOK_SECONDS = 15.0  # after which it is seen to it that there still are workers
IDLE_SECONDS = 60.0  # after which the processes beside a worker end: the worker is not ours

HasWorkers = Callable[[], bool]


def open_executor(named: str) -> tuple[Executor, HasWorkers]:
    """Open what the setting names, and return what looks whether it has workers; OSError where it can't be had."""
    if "://" in named:
        try:
            from .dask_executor import DaskExecutor
        except ImportError as error:
            message = f"{SETTING} names a Dask cluster, but Dask is not installed: `pip install 'news-ingest[dask]'`"
            raise Misconfigured(message, about=SETTING) from error
        try:
            dask = DaskExecutor(named.replace("dask://", "tcp://"))
        except ValueError as error:
            raise Misconfigured(f"{SETTING}: {error}", about=SETTING) from error
        return dask, dask.has_workers
    try:
        executor = resolve_name(named)()
    except (ImportError, AttributeError) as error:
        raise Misconfigured(f"{SETTING} names {named}, which can't be imported: {error}", about=SETTING) from error
    if not isinstance(executor, Executor):
        message = f"{SETTING}: {named} returned {executor!r}; it is to return a concurrent.futures.Executor"
        raise Misconfigured(message, about=SETTING)
    return executor, lambda: True


class ExecutorParser(Generic[Page, Parsed]):
    """Parses on an executor, which is opened with the first pages. Safe to use from several threads."""

    def __init__(
        self,
        here: ProcessParser[Page, Parsed],
        named: str,
        *,
        connect: Callable[[str], tuple[Executor, HasWorkers]] = open_executor,
        look_seconds: float = LOOK_SECONDS,
    ) -> None:
        """`here` parses what the executor fails to."""
        self._here = here
        self._named = named
        self._connect = connect
        self._look_seconds = look_seconds
        self._lock = threading.Lock()
        self._opened: tuple[Executor, HasWorkers] | None = None
        self._away: tuple[ClusterAway, float] | None = None  # and when that was found

    def parse_all(self, pages: Iterable[Page]) -> Results[Parsed]:
        """Parse pages, in the order given; an error stands for one that could not be parsed.

        All that is given to one call is under way at once. Raises ClusterAway, which is no page's fault.
        """
        opened = self._connected()
        try:
            return in_order(pages, partial(self._begin, opened), at_once=sys.maxsize)
        except ClusterAway as error:
            self._leave(opened, error)
            raise

    def recycle(self) -> None:
        """End the processes that parse here; what the executor holds in memory is not held here."""
        self._here.recycle()

    def close(self) -> None:
        """Shut the executor down."""
        self._here.close()
        with self._lock:
            if self._opened:
                self._opened[0].shutdown()
                self._opened = None

    def _begin(self, opened: tuple[Executor, HasWorkers], batch: Sequence[Page]) -> Callable[[], Results[Parsed]]:
        try:
            future = opened[0].submit(parse_on_worker, __version__, self._here.parse, batch)
        except BrokenExecutor as error:
            future = Future()
            future.set_exception(error)
        return lambda: self._received(opened, batch, future)

    def _received(
        self, opened: tuple[Executor, HasWorkers], batch: Sequence[Page], future: Future[Results[Parsed]]
    ) -> Results[Parsed]:
        """Return what was parsed; what the executor fails to parse is parsed here."""
        try:
            return self._result(opened[1], future)
        except IngestError:
            raise
        except CancelledError as error:
            raise self._error_away("was lost while it parsed pages") from error
        except ImportError as error:
            message = f"the workers of {SETTING} lack our code; install news-ingest there, too: {error}"
            raise Misconfigured(message, about=SETTING) from error
        except Exception as error:  # noqa: BLE001 - each kind of executor has its own for a worker that died
            log.warning("the executor %s (%s) failed, its pages are parsed here: %r", self._named, SETTING, error)
            if isinstance(error, BrokenExecutor):
                self._leave(opened)
            return self._here.parse_all(batch)

    def _result(self, has_workers: HasWorkers, future: Future[Results[Parsed]]) -> Results[Parsed]:
        while True:
            try:
                return future.result(timeout=self._look_seconds)
            except TimeoutError:
                if future.done():
                    return future.result()
                if not has_workers():
                    raise self._error_away("has no workers") from None

    def _connected(self) -> tuple[Executor, HasWorkers]:
        with self._lock:
            if self._opened is None:
                if self._away and time.monotonic() - self._away[1] < AWAY_SECONDS:
                    raise self._away[0]
                try:
                    self._opened = self._connect(self._named)
                except OSError as error:
                    away = self._error_away("can't be had")
                    self._away = away, time.monotonic()
                    raise away from error
            return self._opened

    def _leave(self, opened: tuple[Executor, HasWorkers], away: ClusterAway | None = None) -> None:
        with self._lock:
            if self._opened is opened:
                self._away = (away, time.monotonic()) if away else None
                self._opened = None
                opened[0].shutdown(wait=False)

    def _error_away(self, what: str) -> ClusterAway:
        message = f"the executor {self._named} ({SETTING}) {what}; its pages wait for the next run"
        return ClusterAway(message, about=SETTING)


def parse_on_worker(version: str, parse: Callable[[Page], Parsed], batch: Sequence[Page]) -> Results[Parsed]:
    """Parse a batch in processes beside a worker, so that a page harms nobody else there either."""
    if version != __version__:
        message = f"a worker of {SETTING} has news-ingest {__version__}, not {version}; install the same everywhere"
        raise Misconfigured(message, about=SETTING)
    parser: ProcessParser[Page, Parsed] = _parser_here(parse)
    try:
        return parser.parse_all(batch)
    finally:
        _recycle_later(parser)


@cache
def _parser_here(parse: Callable[[Page], Parsed]) -> ProcessParser[Page, Parsed]:
    multiprocessing.current_process().daemon = False  # Dask's workers are, and then may start no process
    parser = ProcessParser(parse, processes=os.cpu_count() or 1)  # starts no more than the worker has threads
    Finalize(None, parser.close, exitpriority=20)  # else a worker that ends waits for its processes
    return parser


_timers: dict[object, threading.Timer] = {}


def _recycle_later(parser: ProcessParser[Page, Parsed]) -> None:
    """End a parser's processes when it has parsed nothing for a while."""
    if timer := _timers.pop(parser, None):
        timer.cancel()
    _timers[parser] = timer = threading.Timer(IDLE_SECONDS, parser.recycle)
    timer.daemon = True
    timer.start()
