"""A page that kills or holds its reader ends alone: the others are read, and so is all that comes after."""

import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from ingest.edge.readers import LONGEST_SECONDS, MOST_BYTES, PLACES, Readers
from ingest.errors import ReaderDied
from tests.waiting import wait_until

pytestmark = pytest.mark.integration

DEADLY, ENDLESS, HUGE, GREEDY, BREAKING = "deadly", "endless", "huge", "greedy", "breaking"
SLOW, TOGETHER, UNLUCKY = "slow", "together", "unlucky"


def read(page: str) -> str:
    """Read a page; or die as a fault in a library would have us die: at once, without a word; or go on for ever."""
    kind, _, path = page.partition(":")
    if kind.startswith(DEADLY) or (kind == UNLUCKY and is_first_try(Path(path))):
        os._exit(11)
    if kind == ENDLESS:
        Path(path).touch()
        while True:
            time.sleep(60)
    if kind == BREAKING:
        raise AttributeError(page)
    if kind == HUGE and path:
        return alone_or_not(Path(path))
    if kind == SLOW:
        Path(path, "begun").touch()
        wait_until(Path(path, "may end").exists)
    if kind == TOGETHER:
        Path(path).touch()
        wait_until(lambda: len(list(Path(path).parent.iterdir())) == 2)
    if kind == GREEDY:
        return str(len(b"x" * MOST_BYTES))
    if page.startswith("/"):
        Path(page).touch()
    return str(os.getpid()) if page == "who" else page.upper()


def is_first_try(mark: Path) -> bool:
    is_first = not mark.exists()
    mark.touch()
    return is_first


def alone_or_not(mark: Path) -> str:
    """Return whether another page of the folder is read meanwhile, as one given at once would be."""
    mark.touch()
    for _ in range(10):
        time.sleep(0.01)
        if len(list(mark.parent.iterdir())) > 1:
            return "not alone"
    mark.unlink()
    return "alone"


def told(read_all: list[str | ReaderDied]) -> list[str]:
    """Give what was read, or the reason why it was not."""
    return [one.reason if isinstance(one, ReaderDied) else one for one in read_all]


def is_big(page: str) -> bool:
    return page.startswith(HUGE)


def open_readers(*, processes: int) -> Readers[str, str]:
    return Readers(read, processes=processes, is_big=is_big)


@pytest.fixture
def readers() -> Iterator[Readers[str, str]]:
    opened = open_readers(processes=2)
    yield opened
    opened.close()


def test_a_page_that_breaks_its_reader_in_a_way_nobody_foresaw_ends_alone(
    readers: Readers[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    read_all = readers.read_all(["quay", BREAKING, "mill"])

    assert told(read_all) == ["QUAY", "reader_broke", "MILL"]
    assert "AttributeError: breaking" in caplog.text


def test_pages_are_read_in_the_order_given(readers: Readers[str, str]) -> None:
    pages = [f"page {number}" for number in range(20)]

    assert readers.read_all(pages) == [page.upper() for page in pages]


def test_a_deadly_page_is_told_and_the_others_are_read(readers: Readers[str, str]) -> None:
    pages = [*(f"page {number}" for number in range(9)), DEADLY, "the last"]

    assert told(readers.read_all(pages)) == [*(page.upper() for page in pages[:9]), "reader_died", "THE LAST"]
    assert readers.read_all(["the next"]) == ["THE NEXT"]


def test_a_page_whose_reader_was_killed_is_tried_once_more(readers: Readers[str, str], tmp_path: Path) -> None:
    page = f"{UNLUCKY}:{tmp_path}/killed"

    assert told(readers.read_all(["first", page, "last"])) == ["FIRST", page.upper(), "LAST"]


def test_several_deadly_pages_are_told_each(readers: Readers[str, str]) -> None:
    pages = ["first", f"{DEADLY} 1", "second", f"{DEADLY} 2"]

    assert told(readers.read_all(pages)) == ["FIRST", "reader_died", "SECOND", "reader_died"]


def test_a_deadly_page_harms_no_other_thread(readers: Readers[str, str]) -> None:
    pages = [["one", DEADLY], ["two", "three"], [DEADLY, "four"]]
    with ThreadPoolExecutor(3) as threads:
        read_all = [told(read) for read in threads.map(readers.read_all, pages)]

    assert read_all == [["ONE", "reader_died"], ["TWO", "THREE"], ["reader_died", "FOUR"]]


def test_a_page_that_holds_its_reader_is_given_up(tmp_path: Path) -> None:
    readers = Readers(read, processes=1, is_big=is_big, longest_seconds=0.1)
    [read_one] = readers.read_all([f"{ENDLESS}:{tmp_path}/begun"])
    readers.close()

    assert isinstance(read_one, ReaderDied)
    assert (read_one.reason, str(read_one)) == ("reader_hung", "reading the page took more than 0.1 s")


def test_of_pages_of_which_one_holds_its_reader_the_others_are_read(tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    limits: list[float] = []

    def wait(future: Future[str], seconds: float) -> str:
        """Wait for a page, and for the endless one until it was begun."""
        limits.append(seconds)
        wait_until(lambda: future.done() or begun.exists())
        if begun.exists():
            begun.unlink()
            raise TimeoutError
        return future.result()

    readers = Readers(read, processes=1, is_big=is_big, wait=wait)
    read_all = readers.read_all(["first", f"{ENDLESS}:{begun}", "last"])
    readers.close()

    assert told(read_all) == ["FIRST", "reader_hung", "LAST"]
    assert limits == [LONGEST_SECONDS] * 3


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS holds no process to a bound of memory")
def test_a_page_that_wants_all_memory_is_given_up_and_the_others_are_read(readers: Readers[str, str]) -> None:
    assert told(readers.read_all(["first", GREEDY, "last"])) == ["FIRST", "reader_died", "LAST"]


def test_big_pages_wait_for_each_other(readers: Readers[str, str], tmp_path: Path) -> None:
    for name in ("warm", "big"):
        (tmp_path / name).mkdir()
    readers.read_all([f"{TOGETHER}:{tmp_path}/warm/{number}" for number in range(2)])  # both processes have begun

    assert readers.read_all([f"{HUGE}:{tmp_path}/big/{number}" for number in range(3)]) == ["alone"] * 3


def test_a_process_that_has_read_a_big_page_is_replaced() -> None:
    readers = open_readers(processes=1)
    first, again, _, other = readers.read_all(["who", "who", HUGE, "who"])
    readers.close()

    assert first == again != other


def test_readers_at_rest_are_no_processes_and_read_on(readers: Readers[str, str]) -> None:
    begun = {int(told) for told in readers.read_all(["who"] * 4) if isinstance(told, str)}
    readers.rest()

    assert begun
    assert begun.isdisjoint(child.pid for child in multiprocessing.active_children())
    assert readers.read_all(["quay", "mill", "dock"]) == ["QUAY", "MILL", "DOCK"]


def test_a_reader_at_work_does_not_rest(tmp_path: Path) -> None:
    readers = open_readers(processes=1)
    with ThreadPoolExecutor(1) as other:
        slow = other.submit(readers.read_all, [f"{SLOW}:{tmp_path}", "quay"])
        wait_until((tmp_path / "begun").exists)
        readers.rest()
        (tmp_path / "may end").touch()
    readers.close()

    assert slow.result() == [f"{SLOW}:{tmp_path}".upper(), "QUAY"]


def test_pages_are_taken_only_when_there_is_a_place_for_them(tmp_path: Path) -> None:
    readers = open_readers(processes=1)
    read_before: list[int] = []

    def pages() -> Iterator[str]:
        for number in range(6):
            read_before.append(len(list(tmp_path.iterdir())))
            yield f"{tmp_path}/{number}"

    readers.read_all(pages())
    readers.close()

    assert [number - already for number, already in enumerate(read_before) if number - already >= PLACES] == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_to_all_processes_of_a_run_costs_no_page(number: signal.Signals) -> None:
    with closing(open_readers(processes=1)) as readers:
        before = readers.read_all(["who"])
        os.kill(int(told(before)[0]), number)

        assert readers.read_all(["who"]) == before
