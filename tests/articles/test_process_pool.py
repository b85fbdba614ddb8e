"""A page that kills or holds its process ends alone: the others are parsed, and so is all that comes after."""

import os
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from multiprocessing import active_children, parent_process
from pathlib import Path

import pytest

from ingest.articles.process_pool import (
    BATCH_BYTES,
    BATCH_PAGES,
    BATCHES_AT_ONCE,
    MOST_BYTES,
    PAGE_SECONDS,
    ProcessParser,
    batches,
)
from ingest.core.errors import ReaderDied
from tests.waiting import wait_until

pytestmark = pytest.mark.integration

DEADLY, ENDLESS, GREEDY, BREAKING = "deadly", "endless", "greedy", "breaking"
SLOW, TOGETHER, UNLUCKY, ALONE = "slow", "together", "unlucky", "alone"
WHO, LIMIT, POISON = "who", "limit", "poison"
BIG = " " * BATCH_BYTES


def parse(page: str) -> str:
    """Parse a page; or die as a fault in a library would have us die: at once, without a word; or go on for ever."""
    kind, _, path = page.strip().partition(":")
    if kind.startswith(DEADLY) or (kind == UNLUCKY and is_first_try(Path(path))):
        os._exit(11)
    if kind == ENDLESS:
        signal.setitimer(signal.ITIMER_REAL, 0.01)  # its time is nearly up
        while True:
            pass
    if kind == BREAKING:
        raise AttributeError(page)
    if kind == ALONE:
        return alone_or_not(Path(path))
    wait_as_told(kind, path)
    if kind == GREEDY:
        return str(len(b"x" * MOST_BYTES))
    if page.startswith("/"):
        Path(page).touch()
    if kind.startswith(POISON):
        take_worker_down(kind)
    said = {WHO: os.getpid(), LIMIT: signal.getitimer(signal.ITIMER_REAL)[0]}
    return str(said.get(kind, page.upper()))


def wait_as_told(kind: str, path: str) -> None:
    if kind == SLOW:
        Path(path, "begun").touch()
        wait_until(Path(path, "may end").exists)
    if kind == TOGETHER:
        Path(path).touch()
        wait_until(lambda: len(list(Path(path).parent.iterdir())) == 2)


def take_worker_down(page: str) -> None:
    """Kill the process that we parse for, unless the page says that it is to live."""
    worker = parent_process()
    if worker and worker.pid and str(worker.pid) not in page:
        os.kill(worker.pid, signal.SIGKILL)
        signal.pause()


def is_first_try(mark: Path) -> bool:
    is_first = not mark.exists()
    mark.touch()
    return is_first


def alone_or_not(mark: Path) -> str:
    """Return whether another page of the folder is parsed meanwhile, as one given at once would be."""
    mark.touch()
    for _ in range(10):
        signal.sigtimedwait([], 0.01)
        if len(list(mark.parent.iterdir())) > 1:
            return "not alone"
    mark.unlink()
    return "alone"


def told(parsed: list[str | ReaderDied]) -> list[str]:
    """Return what was parsed, or the reason why it was not."""
    return [one.reason if isinstance(one, ReaderDied) else one for one in parsed]


def process_ids(parsed: list[str | ReaderDied]) -> set[int]:
    return {int(one) for one in parsed if isinstance(one, str)}


@pytest.fixture
def parser() -> Iterator[ProcessParser[str, str]]:
    with closing(ProcessParser(parse, processes=2)) as opened:
        yield opened


@pytest.fixture
def single() -> Iterator[ProcessParser[str, str]]:
    with closing(ProcessParser(parse, processes=1)) as opened:
        yield opened


def test_pages_are_parsed_in_the_order_given(parser: ProcessParser[str, str]) -> None:
    pages = [f"page {number}" for number in range(5 * BATCH_PAGES + 1)]

    assert parser.parse_all(pages) == [page.upper() for page in pages]


def test_a_page_that_breaks_what_parses_it_is_told_and_logged(
    parser: ProcessParser[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    assert told(parser.parse_all(["quay", BREAKING, "mill"])) == ["QUAY", "reader_broke", "MILL"]
    assert "AttributeError: breaking" in caplog.text


def test_deadly_pages_are_told_each_and_the_others_are_parsed(parser: ProcessParser[str, str]) -> None:
    pages = [f"{DEADLY} {number}" if number in {3, 4, 9} else f"page {number}" for number in range(4 * BATCH_PAGES)]

    expected = ["reader_died" if page.startswith(DEADLY) else page.upper() for page in pages]
    assert told(parser.parse_all(pages)) == expected
    assert parser.parse_all(["the next"]) == ["THE NEXT"]


def test_a_page_whose_process_was_killed_is_tried_once_more(parser: ProcessParser[str, str], tmp_path: Path) -> None:
    page = f"{UNLUCKY}:{tmp_path}/killed"

    assert parser.parse_all(["first", page, "last"]) == ["FIRST", page.upper(), "LAST"]


def test_a_deadly_page_harms_no_other_thread(parser: ProcessParser[str, str]) -> None:
    pages = [["one", DEADLY], ["two", "three"], [DEADLY, "four"]]
    with ThreadPoolExecutor(3) as threads:
        parsed = [told(one) for one in threads.map(parser.parse_all, pages)]

    assert parsed == [["ONE", "reader_died"], ["TWO", "THREE"], ["reader_died", "FOUR"]]


def test_a_page_that_holds_its_process_is_given_up(parser: ProcessParser[str, str]) -> None:
    parsed = parser.parse_all(["first", ENDLESS, "last"])

    assert told(parsed) == ["FIRST", "reader_hung", "LAST"]
    assert str(parsed[1]) == f"reading the page took more than {PAGE_SECONDS} s"


def test_each_page_has_its_time(parser: ProcessParser[str, str]) -> None:
    among_others, by_itself = (float(one) for one in told(parser.parse_all([LIMIT, LIMIT + BIG])))

    assert 0 < among_others < by_itself <= PAGE_SECONDS


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS holds no process to a bound of memory")
def test_a_page_that_wants_all_memory_is_given_up_and_the_others_are_parsed(parser: ProcessParser[str, str]) -> None:
    assert told(parser.parse_all(["first", GREEDY, "last"])) == ["FIRST", "reader_died", "LAST"]


def test_big_pages_wait_for_each_other(parser: ProcessParser[str, str], tmp_path: Path) -> None:
    pages = [[f"{ALONE}:{tmp_path}/{number}{BIG}"] for number in range(3)]
    with ThreadPoolExecutor(3) as threads:
        assert list(threads.map(parser.parse_all, pages)) == [["alone"]] * 3


def test_a_big_page_has_a_process_of_its_own(single: ProcessParser[str, str]) -> None:
    first, again, big, other = told(single.parse_all([WHO, WHO, WHO + BIG, WHO]))

    assert first == again == other != big


def test_processes_at_rest_end_and_others_parse_on(parser: ProcessParser[str, str]) -> None:
    begun = process_ids(parser.parse_all([WHO] * 4))
    parser.recycle()

    assert begun
    wait_until(lambda: begun.isdisjoint(child.pid for child in active_children()))
    assert parser.parse_all(["quay", "mill", "dock"]) == ["QUAY", "MILL", "DOCK"]


def test_a_process_at_work_does_not_rest(single: ProcessParser[str, str], tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as other:
        slow = other.submit(single.parse_all, [f"{SLOW}:{tmp_path}", "quay"])
        wait_until((tmp_path / "begun").exists)
        single.recycle()
        (tmp_path / "may end").touch()

    assert slow.result() == [f"{SLOW}:{tmp_path}".upper(), "QUAY"]


def test_pages_of_two_batches_are_parsed_at_once(parser: ProcessParser[str, str], tmp_path: Path) -> None:
    first, second = (f"{TOGETHER}:{tmp_path}/{number}" for number in range(2))

    assert told(parser.parse_all([first, *["quay"] * (BATCH_PAGES - 1), second]))[-1] == second.upper()


def test_pages_are_taken_only_when_there_is_a_place_for_them(single: ProcessParser[str, str], tmp_path: Path) -> None:
    held: list[int] = []

    def pages() -> Iterator[str]:
        for number in range(6 * BATCH_PAGES):
            held.append(number - len(list(tmp_path.iterdir())))
            yield f"{tmp_path}/{number}"

    single.parse_all(pages())

    assert max(held) <= (BATCHES_AT_ONCE + 1) * BATCH_PAGES


def test_pages_go_out_few_at_a_time() -> None:
    large = "x" * (BATCH_BYTES - 1)

    assert [len(batch) for batch in batches("abc" * BATCH_PAGES)] == [BATCH_PAGES] * 3
    assert list(batches(["a", large, "b", "c", large])) == [["a", large], ["b", "c"], [large]]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_to_all_processes_of_a_run_costs_no_page(
    single: ProcessParser[str, str], tmp_path: Path, number: signal.Signals
) -> None:
    [process_id] = process_ids(single.parse_all([WHO]))
    with ThreadPoolExecutor(1) as other:
        slow = other.submit(single.parse_all, [f"{SLOW}:{tmp_path}", "quay"])
        wait_until((tmp_path / "begun").exists)
        os.kill(process_id, number)
        (tmp_path / "may end").touch()

    assert slow.result() == [f"{SLOW}:{tmp_path}".upper(), "QUAY"]
