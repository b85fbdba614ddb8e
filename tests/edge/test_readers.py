"""A page that kills its reader ends alone: the others are read, and so is all that comes after."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from ingest.edge.readers import Readers

DEADLY = "deadly"


def read(page: str) -> str:
    """Read a page, or die as a fault in a library would have us die: at once, without a word."""
    if page.startswith(DEADLY):
        os._exit(11)
    return page.upper()


@pytest.fixture
def readers() -> Iterator[Readers[str, str]]:
    opened = Readers(read, processes=2)
    yield opened
    opened.close()


def test_pages_are_read_in_the_order_given(readers: Readers[str, str]) -> None:
    pages = [f"page {number}" for number in range(20)]

    assert readers.read_all(pages) == [page.upper() for page in pages]


def test_a_deadly_page_is_told_and_the_others_are_read(readers: Readers[str, str]) -> None:
    pages = [*(f"page {number}" for number in range(9)), DEADLY, "the last"]

    assert readers.read_all(pages) == [*(page.upper() for page in pages[:9]), None, "THE LAST"]
    assert readers.read_all(["the next"]) == ["THE NEXT"]


def test_several_deadly_pages_are_told_each(readers: Readers[str, str]) -> None:
    assert readers.read_all(["first", f"{DEADLY} 1", "second", f"{DEADLY} 2"]) == ["FIRST", None, "SECOND", None]


def test_a_deadly_page_harms_no_other_thread(readers: Readers[str, str]) -> None:
    pages = [["one", DEADLY], ["two", "three"], [DEADLY, "four"]]
    with ThreadPoolExecutor(3) as threads:
        read_all = list(threads.map(readers.read_all, pages))

    assert read_all == [["ONE", None], ["TWO", "THREE"], [None, "FOUR"]]
