"""Pages read on a cluster that others run: batches go out, stories come back in order. decisions/0025 says why so."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Generic, Protocol, TypeVar

from .. import __version__
from ..errors import ClusterAway, ReaderDied
from .cluster_desk import read_there

Given = TypeVar("Given")
Read = TypeVar("Read")

PAGES_AT_ONCE = 10  # to send a batch costs some milliseconds, to read a page ten or more
BYTES_AT_ONCE = 2_000_000
AWAY_SECONDS = 60.0  # in which a cluster that could not be had is not asked again


class Cluster(Protocol):
    """Processes of others, that have our code."""

    def submit(self, task: Callable[..., Read], *given: object) -> Callable[[], Read]:
        """Have a task done there; what is given back waits for its result.

        Waiting raises ReaderDied where the task's workers died of it, ClusterAway where the cluster is lost.
        """
        ...

    def close(self) -> None:
        """Let go of the cluster, which goes on."""
        ...


class ClusterReaders(Generic[Given, Read]):
    """Reads pages on a cluster, with which it is connected when the first are read. Safe to use from several threads.

    All that is given to one call is under way at once, so whoever calls bounds it.
    """

    def __init__(
        self,
        read: Callable[[Given], Read],
        *,
        connect: Callable[[], Cluster],
        size: Callable[[Given], int],
        is_big: Callable[[Given], bool],
    ) -> None:
        """Take what reads a page, what connects, what says how many bytes a page has, and what says which are big."""
        self._read = read
        self._connect = connect
        self._size = size
        self._is_big = is_big
        self._lock = threading.Lock()
        self._cluster: Cluster | None = None
        self._away: tuple[ClusterAway, float] | None = None  # and when that was found

    def read_all(self, pages: Iterable[Given]) -> list[Read | ReaderDied]:
        """Read pages, in the order given; an error stands for one that could not be read.

        Raises ClusterAway, which is no page's fault.
        """
        cluster = self._connected()
        try:
            under_way = [(batch, self._send(cluster, batch)) for batch in batches(pages, self._size)]
            return [one for batch, result in under_way for one in self._received(cluster, batch, result)]
        except ClusterAway as error:
            self._leave(cluster, error)
            raise

    def rest(self) -> None:
        """Do nothing: what the cluster holds in memory is not held here."""

    def close(self) -> None:
        """Let go of the cluster."""
        with self._lock:
            if self._cluster:
                self._cluster.close()
                self._cluster = None

    def _send(self, cluster: Cluster, batch: list[Given]) -> Callable[[], list[Read | ReaderDied]]:
        return cluster.submit(read_there, __version__, self._read, self._is_big, batch)

    def _received(
        self, cluster: Cluster, batch: list[Given], result: Callable[[], list[Read | ReaderDied]]
    ) -> list[Read | ReaderDied]:
        """Give what was read; of a batch whose workers died, each page is tried alone."""
        try:
            return result()
        except ReaderDied as error:
            if len(batch) == 1:
                return [error]
        return [one for page in batch for one in self._received(cluster, [page], self._send(cluster, [page]))]

    def _connected(self) -> Cluster:
        with self._lock:
            if self._cluster is None:
                if self._away and time.monotonic() - self._away[1] < AWAY_SECONDS:
                    raise self._away[0]
                try:
                    self._cluster = self._connect()
                except ClusterAway as error:
                    self._away = error, time.monotonic()
                    raise
            return self._cluster

    def _leave(self, cluster: Cluster, error: ClusterAway) -> None:
        with self._lock:
            if self._cluster is cluster:
                self._away = error, time.monotonic()
                self._cluster = None
                cluster.close()


def batches(pages: Iterable[Given], size: Callable[[Given], int]) -> Iterator[list[Given]]:
    """Part pages, in their order, into batches of so many pages or bytes; a page of more is one by itself."""
    batch: list[Given] = []
    held = 0
    for page in pages:
        if batch and (len(batch) >= PAGES_AT_ONCE or held + size(page) > BYTES_AT_ONCE):
            yield batch
            batch, held = [], 0
        batch.append(page)
        held += size(page)
    if batch:
        yield batch
