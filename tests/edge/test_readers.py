"""A page that kills or holds its reader ends alone: the others are read, and so is all that comes after."""

import multiprocessing
import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ingest.edge.readers import MOST_BYTES, PLACES, Readers
from ingest.errors import ReaderDied

DEADLY, ENDLESS, HUGE, GREEDY, BREAKING = "deadly", "endless", "huge", "greedy", "breaking"


def read(page: str) -> str:
    """Read a page; or die as a fault in a library would have us die: at once, without a word; or go on for ever."""
    if page.startswith(DEADLY):
        os._exit(11)
    while page.startswith(ENDLESS):
        time.sleep(60)
    if page.startswith(BREAKING):
        raise AttributeError(page)
    if page.startswith(f"{HUGE}:"):
        return alone_or_not(Path(page.partition(":")[2]))
    if page.startswith(GREEDY):
        return str(len(b"x" * MOST_BYTES))
    if page.startswith("/"):
        Path(page).touch()
    return str(os.getpid()) if page == "who" else page.upper()


def alone_or_not(mark: Path) -> str:
    """Say whether any other page of the folder is being read, for as long as another process would take to begin."""
    mark.touch()
    for _ in range(20):
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


def open_readers(*, processes: int, longest_seconds: float = 30) -> Readers[str, str]:
    return Readers(
        read, processes=processes, is_big=lambda page: page.startswith(HUGE), longest_seconds=longest_seconds
    )


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


def test_several_deadly_pages_are_told_each(readers: Readers[str, str]) -> None:
    pages = ["first", f"{DEADLY} 1", "second", f"{DEADLY} 2"]

    assert told(readers.read_all(pages)) == ["FIRST", "reader_died", "SECOND", "reader_died"]


def test_a_deadly_page_harms_no_other_thread(readers: Readers[str, str]) -> None:
    pages = [["one", DEADLY], ["two", "three"], [DEADLY, "four"]]
    with ThreadPoolExecutor(3) as threads:
        read_all = [told(read) for read in threads.map(readers.read_all, pages)]

    assert read_all == [["ONE", "reader_died"], ["TWO", "THREE"], ["reader_died", "FOUR"]]


def test_a_page_that_holds_its_reader_is_given_up_and_the_others_are_read() -> None:
    readers = open_readers(processes=1, longest_seconds=6)
    read_all = readers.read_all(["first", ENDLESS, "last"])
    readers.close()

    assert told(read_all) == ["FIRST", "reader_hung", "LAST"]


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS holds no process to a bound of memory")
def test_a_page_that_wants_all_memory_is_given_up_and_the_others_are_read(readers: Readers[str, str]) -> None:
    assert told(readers.read_all(["first", GREEDY, "last"])) == ["FIRST", "reader_died", "LAST"]


def test_big_pages_wait_for_each_other(readers: Readers[str, str], tmp_path: Path) -> None:
    pages = [f"{HUGE}:{tmp_path}/{number}" for number in range(4)]

    assert readers.read_all(pages) == ["alone"] * 4


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
        slow = other.submit(readers.read_all, [f"{HUGE}:{tmp_path}/slow", "quay"])
        while not any(tmp_path.iterdir()):
            time.sleep(0.01)
        readers.rest()
    readers.close()

    assert slow.result() == ["alone", "QUAY"]


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
