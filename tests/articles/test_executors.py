"""An executor of others parses as this machine does: in order, and a page that kills its process is lost alone."""

import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack, closing
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import pytest

from ingest.articles.dask_executor import DaskExecutor
from ingest.articles.executors import ExecutorParser, HasWorkers, open_executor, parse_on_worker
from ingest.articles.process_pool import BATCH_PAGES, ProcessParser
from ingest.core import errors
from ingest.core.errors import ClusterAway, Misconfigured
from ingest.core.parse_times import Timed
from tests.articles.test_process_pool import BREAKING, DEADLY, POISON, WHO, parse, told
from tests.dask_cluster import dask_cluster, dask_scheduler
from tests.fakes import closed_port

pytestmark = pytest.mark.integration


def thread_pool() -> Executor:
    return ThreadPoolExecutor(2)


def process_pool() -> Executor:
    return ProcessPoolExecutor(2, mp_context=get_context("spawn"))


def connect_dask(address: str) -> tuple[Executor, HasWorkers]:
    executor = DaskExecutor(address, connect_seconds=60)
    return executor, executor.has_workers


Parser = ExecutorParser[str, str]
MODULE_AND_FUNCTION = ["thread_pool", "process_pool"]


def open_parser(named: str, *, look_seconds: float = 60) -> Parser:
    here = ProcessParser(parse, processes=2)
    connect: Callable[[str], tuple[Executor, HasWorkers]] = connect_dask if "://" in named else open_executor
    return ExecutorParser(here, named, connect=connect, look_seconds=look_seconds)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with dask_cluster(tmp_path_factory.mktemp("dask"), workers=2) as address:
        yield address


@pytest.fixture(params=["cluster", *MODULE_AND_FUNCTION])
def parser(request: pytest.FixtureRequest) -> Iterator[Parser]:
    named = request.getfixturevalue("cluster") if request.param == "cluster" else f"{__name__}:{request.param}"
    with closing(open_parser(named)) as opened:
        yield opened


def test_pages_are_parsed_in_the_order_given(parser: Parser) -> None:
    pages = [f"page {number}" for number in range(5 * BATCH_PAGES + 3)]

    assert parser.parse_all(pages) == [page.upper() for page in pages]


def test_a_deadly_page_is_told_and_the_others_are_parsed(parser: Parser) -> None:
    pages = ["first", DEADLY, "second", BREAKING, "last"]

    assert told(parser.parse_all(pages)) == ["FIRST", "reader_died", "SECOND", "reader_broke", "LAST"]


@pytest.mark.parametrize("parser", ["cluster", "process_pool"], indirect=True)
def test_what_a_worker_died_of_is_parsed_here(parser: Parser, caplog: pytest.LogCaptureFixture) -> None:
    pages = ["first", f"{POISON} for all but {os.getpid()}", *(f"page {number}" for number in range(BATCH_PAGES))]

    assert parser.parse_all(pages) == [page.upper() for page in pages]
    assert "failed, its pages are parsed here" in caplog.text
    assert parser.parse_all(["the next"]) == ["THE NEXT"]


def test_a_worker_has_one_process_for_all_its_batches(cluster: str) -> None:
    here = ProcessParser(Timed(parse), processes=1)
    with closing(ExecutorParser(here, cluster, connect=connect_dask)) as parser:
        parsed = parser.parse_all([WHO] * (6 * BATCH_PAGES))

    assert 1 <= len({one[0] for one in parsed if isinstance(one, tuple)}) <= 2


def test_a_cluster_that_is_not_there_is_named_and_left_alone_for_a_while() -> None:
    connect = partial(DaskExecutor, connect_seconds=0.1)
    with closed_port() as port:
        address = f"tcp://127.0.0.1:{port}"
        parser = ExecutorParser(
            ProcessParser(parse, processes=1), address, connect=lambda named: (connect(named), lambda: True)
        )
        with pytest.raises(ClusterAway, match=rf"{address} \(INGEST_EXECUTOR\) can't be had") as first:
            parser.parse_all(["page"])

        with pytest.raises(ClusterAway) as second:
            parser.parse_all(["page"])

    assert first.value is second.value


def test_a_cluster_without_workers_is_not_waited_for(tmp_path: Path) -> None:
    with dask_scheduler(tmp_path) as address, pytest.raises(ClusterAway, match="has no workers"):
        open_parser(address, look_seconds=0.1).parse_all(["page"])


def test_a_cluster_that_goes_away_while_it_parses_is_named(tmp_path: Path) -> None:
    with ExitStack() as scheduler:
        parser = open_parser(scheduler.enter_context(dask_scheduler(tmp_path)))

        def pages() -> Iterator[str]:
            yield from (f"page {number}" for number in range(BATCH_PAGES + 1))
            scheduler.close()

        with pytest.raises(ClusterAway, match=r"INGEST_EXECUTOR\) was lost"):
            parser.parse_all(pages())


def test_a_worker_with_another_version_of_ours_parses_nothing() -> None:
    with pytest.raises(Misconfigured, match="install the same everywhere"):
        parse_on_worker("0.0.7", parse, ["page"])


@pytest.mark.parametrize(
    ("named", "said"), [("no.such:thing", "can't be imported"), ("os:getpid", "is to return"), ("os:nothing", "import")]
)
def test_what_is_no_executor_is_refused_by_name(named: str, said: str) -> None:
    with pytest.raises(Misconfigured, match=said):
        open_executor(named)


def test_what_is_to_be_installed_is_named() -> None:
    code = (
        "import sys; sys.modules['distributed'] = None; from ingest.articles.executors import open_executor; "
        "open_executor('dask://127.0.0.1:8786')"
    )
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
