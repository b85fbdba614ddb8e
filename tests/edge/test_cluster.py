"""A cluster reads as this machine does: in order, and a page that kills its reader, or the worker, ends alone."""

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path

import pytest

from ingest import errors
from ingest.edge.cluster import BYTES_AT_ONCE, PAGES_AT_ONCE, ClusterReaders, batches
from ingest.edge.cluster_desk import read_there
from ingest.edge.dask_cluster import DaskCluster
from ingest.edge.stopwatch import Timed
from ingest.errors import ClusterAway, Misconfigured
from tests.dask_cluster import dask_cluster, dask_scheduler
from tests.edge.test_readers import BREAKING, DEADLY, is_big, told
from tests.edge.test_readers import read as read_page

pytestmark = pytest.mark.integration

POISON = "poison"


def read(page: str) -> str:
    """Read a page; or take the worker down, whose child we are."""
    if page == POISON:
        os.kill(os.getppid(), signal.SIGKILL)
    return read_page(page)


def process_id(_: str) -> int:
    return os.getpid()


def readers_of(address: str, *, connect_seconds: float = 60, look_seconds: float = 60) -> ClusterReaders[str, str]:
    connect = partial(DaskCluster, address, connect_seconds=connect_seconds, look_seconds=look_seconds)
    return ClusterReaders(read, connect=connect, size=len, is_big=is_big)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with dask_cluster(tmp_path_factory.mktemp("dask"), workers=2) as address:
        yield address


@pytest.fixture
def readers(cluster: str) -> Iterator[ClusterReaders[str, str]]:
    opened = readers_of(cluster)
    yield opened
    opened.close()


def test_pages_are_read_in_the_order_given(readers: ClusterReaders[str, str]) -> None:
    pages = [f"page {number}" for number in range(5 * PAGES_AT_ONCE + 3)]

    assert readers.read_all(pages) == [page.upper() for page in pages]


def test_a_worker_has_one_process_for_all_its_batches(cluster: str) -> None:
    connect = partial(DaskCluster, cluster, connect_seconds=60, look_seconds=60)
    with closing(ClusterReaders(Timed(process_id), connect=connect, size=len, is_big=is_big)) as readers:
        read_all = readers.read_all([f"page {number}" for number in range(6 * PAGES_AT_ONCE)])

    assert 1 <= len({one[0] for one in read_all if isinstance(one, tuple)}) <= 2


def test_a_deadly_page_is_told_and_the_others_are_read(readers: ClusterReaders[str, str]) -> None:
    pages = ["first", DEADLY, "second", BREAKING, "last"]

    assert told(readers.read_all(pages)) == ["FIRST", "reader_died", "SECOND", "reader_broke", "LAST"]


def test_a_page_that_takes_its_worker_down_is_told_alone(readers: ClusterReaders[str, str]) -> None:
    pages = ["first", "second", POISON, "third", *(f"page {number}" for number in range(PAGES_AT_ONCE))]

    read_all = told(readers.read_all(pages))

    assert read_all == ["reader_died" if page == POISON else page.upper() for page in pages]


def test_pages_go_out_few_at_a_time() -> None:
    large = "x" * (BYTES_AT_ONCE - 1)

    many = list(batches("abc" * PAGES_AT_ONCE, len))
    heavy = list(batches(["a", large, "b", "c", large], len))

    assert [len(batch) for batch in many] == [PAGES_AT_ONCE] * 3
    assert heavy == [["a", large], ["b", "c"], [large]]


def test_a_cluster_that_is_not_there_is_named_and_left_alone_for_a_while(closed_port: int) -> None:
    address = f"tcp://127.0.0.1:{closed_port}"
    readers = readers_of(address, connect_seconds=0.1)
    with pytest.raises(ClusterAway, match=rf"{address} \(INGEST_READING_CLUSTER\) can't be had") as first:
        readers.read_all(["page"])

    with pytest.raises(ClusterAway) as second:
        readers.read_all(["page"])

    assert first.value is second.value


def test_a_cluster_without_workers_is_not_waited_for(tmp_path: Path) -> None:
    with dask_scheduler(tmp_path) as address:
        readers = readers_of(address, look_seconds=0.1)

        with pytest.raises(ClusterAway, match="has no workers"):
            readers.read_all(["page"])


def test_a_cluster_that_goes_away_while_it_reads_is_named(tmp_path: Path) -> None:
    with ExitStack() as scheduler:
        readers = readers_of(scheduler.enter_context(dask_scheduler(tmp_path)))

        def pages() -> Iterator[str]:
            yield from (f"page {number}" for number in range(PAGES_AT_ONCE + 1))
            scheduler.close()

        with pytest.raises(ClusterAway, match=r"INGEST_READING_CLUSTER\) was lost"):
            readers.read_all(pages())


def test_a_worker_with_another_version_of_ours_reads_nothing() -> None:
    with pytest.raises(Misconfigured, match="install the same everywhere"):
        read_there("0.0.7", read, is_big, ["page"])


def test_what_is_to_be_installed_is_named() -> None:
    code = "import sys; sys.modules['distributed'] = None; import ingest.edge.dask_cluster"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)

    assert "Misconfigured: " in done.stderr
    assert "pip install 'news-ingest[dask]'" in done.stderr


def test_an_error_crosses_to_another_process_whole() -> None:
    error = errors.Throttled("the server asked us to wait", about="page")
    error.hop = "https://gazette.example/"

    crossed = pickle.loads(pickle.dumps(error))

    assert (type(crossed), str(crossed), crossed.about, crossed.hop) == (
        errors.Throttled, str(error), "page", "https://gazette.example/",
    )  # fmt: skip
