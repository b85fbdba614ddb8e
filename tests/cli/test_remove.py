"""An article that is removed is nowhere any more, does not come back, and all else is where it was."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingest.core.decompression import decompress
from ingest.core.errors import IngestError
from ingest.demo import Newsroom
from ingest.warehouse.warehouse import query
from tests.command import Ran, ingest, list_sources
from tests.killing import Moment, kill, run
from tests.warc import Record, conformance_flaws, read_archive

pytestmark = pytest.mark.integration

WHY = "A court ordered it."
NAME = "Zebulon"  # stands in the article that is removed, and nowhere else


class Printed:
    """A newsroom with two articles, one of which names Zebulon, and the warehouse of a run over it."""

    def __init__(self, folder: Path, newsroom: Newsroom) -> None:
        self.folder = folder
        self.newsroom = newsroom
        self.warehouse = folder / "warehouse"
        self.sources = list_sources(folder / "sources.json", newsroom.source)
        newsroom.publishes("flood", title=f"{NAME} and the flood", text=f"The flood took 1,200 roofs of {NAME}'s.")
        newsroom.publishes("storm", text="The storm took 300 roofs, said Yolanda.")
        self.run()

    @property
    def url(self) -> str:
        return f"{self.newsroom.url}/story/flood"

    def run(self) -> None:
        command = ("run", "--direct", "--force", "--sources", self.sources, "--warehouse", self.warehouse)
        ran = ingest(*command, cwd=self.folder)
        assert ran.code == 0, ran.err

    def remove(self, *arguments: object, why: str = WHY) -> Ran:
        return ingest("remove", *arguments, "--why", why, "--warehouse", self.warehouse, cwd=self.folder)

    def news(self, sql: str) -> list[tuple[Any, ...]]:
        return query(self.warehouse / "news.duckdb", sql)[1]

    def verified(self) -> bool:
        return ingest("verify", "--warehouse", self.warehouse, cwd=self.folder).code == 0


@pytest.fixture
def printed(tmp_path: Path) -> Iterator[Printed]:
    with Newsroom() as newsroom:
        yield Printed(tmp_path, newsroom)


def places_of(warehouse: Path, word: str) -> set[str]:
    """Return the tables of all databases of a warehouse, and the kinds of records and pages, in which a word stands."""
    found = set()
    for name in ("published.duckdb", "news.duckdb"):
        with duckdb.connect(str(warehouse / name), read_only=True) as connection:
            tables = "select schema_name || '.' || table_name from duckdb_tables() where not internal"
            for (table,) in connection.execute(tables).fetchall():
                if word in str(connection.execute(f"from {table}").fetchall()):
                    found.add(f"{name} {table}")
    with closing(sqlite3.connect(warehouse / "state.db")) as state:
        for (table,) in state.execute("select name from sqlite_master where type = 'table'").fetchall():
            if word in str(state.execute(f"select * from {table}").fetchall()):
                found.add(f"state.db {table}")
    found |= {one.kind for one in read_archive(warehouse / "archive").values() if word.encode() in text_of(one)}
    return found | {path.name for path in warehouse.glob("checks/*/*.html") if word in path.read_text("utf-8")}


def text_of(record: Record) -> bytes:
    head, _, body = record.block.partition(b"\r\n\r\n")
    coding = "gzip" if b"content-encoding: gzip" in head.lower() else ""
    try:
        return head + decompress(body, coding, limit=2**20, url="the record")
    except IngestError:
        return record.block


def lengths(warehouse: Path) -> list[tuple[object, int]]:
    return [(place, one.length) for place, one in read_archive(warehouse / "archive").items()]


def test_a_removed_article_is_nowhere_and_all_else_is_where_it_was(printed: Printed) -> None:
    warehouse = printed.warehouse
    assert {"response", "state.db entries", "news.duckdb main.articles"} <= places_of(warehouse, NAME)
    before = lengths(warehouse)
    ran = printed.remove(printed.url, "--json")

    assert (ran.code, ran.err) == (0, "")
    assert (ran.told["pages"], ran.told["listings"], ran.told["kept"]) == (1, 1, 0)
    assert places_of(warehouse, NAME) == set()
    assert printed.news("select body like '%Yolanda%' from articles") == [(True,)]
    assert printed.news(
        f"select article_id, url, why from ops.removed_articles where article_id = '{ran.told['article_id']}'"
    )
    assert printed.news("select count(*) from ops.events where name = 'article.removed'") == [(1,)]
    left = "select count(*) from search.postings where document not in (select document from search.documents)"
    assert printed.news(left) == [(0,)]
    records = read_archive(warehouse / "archive")
    assert lengths(warehouse) == before
    assert conformance_flaws(warehouse / "archive", records) == []
    assert printed.verified()


def test_a_removed_article_does_not_come_back_though_its_feed_lists_it_otherwise(printed: Printed) -> None:
    printed.remove(printed.url)
    printed.newsroom.publishes("flood", title=f"{NAME} and the great flood", text=f"It was {NAME}, on 12 roofs.")
    printed.run()

    assert printed.news("select title from articles") == [("Storm",)]
    assert places_of(printed.warehouse, NAME) == {"response"}  # the feed, as it is sent until it lists it no more
    assert printed.remove(printed.url).code == 0
    assert places_of(printed.warehouse, NAME) == set()
    assert printed.verified()


def test_a_dry_run_says_what_would_go_and_removes_nothing(printed: Printed) -> None:
    before = places_of(printed.warehouse, NAME)
    would = printed.remove(printed.url, "--dry-run", "--json").told

    assert places_of(printed.warehouse, NAME) == before
    done = printed.remove(would["article_id"], "--json").told
    counted = ("article_id", "url", "why", "pages", "listings", "kept")
    assert [would[name] for name in counted] == [done[name] for name in counted]


def test_what_names_no_article_or_no_reason_is_told(printed: Printed) -> None:
    unknown = printed.remove("https://gazette.example/nowhere")
    unsaid = printed.remove(printed.url, why=" ")

    assert (unknown.code, unsaid.code) == (2, 2)
    assert "no article has the id or address https://gazette.example/nowhere" in unknown.complaint
    assert "--why is empty" in unsaid.complaint
    assert "state.db entries" in places_of(printed.warehouse, NAME)


@pytest.mark.slow
def test_killed_anywhere_and_run_again_it_ends_the_same(printed: Printed, tmp_path: Path) -> None:
    before = printed.warehouse.rename(tmp_path / "before")
    command = ["remove", printed.url, f"--why={WHY}"]
    whole = tmp_path / "whole"
    kill(command, before, whole, Moment(wait_ms=1))
    took_ms = run(command, whole, ends={0}).took_ms

    for number in range(1, 7):
        killed = tmp_path / f"killed-{number}"
        kill(command, before, killed, Moment(wait_ms=took_ms * number // 7))
        run(command, killed, ends={0})

        assert places_of(killed, NAME) == set(), number
        assert lengths(killed) == lengths(whole), number
        assert counts(killed) == counts(whole), number
        assert ingest("verify", "--warehouse", killed, cwd=tmp_path).code == 0, number


def counts(warehouse: Path) -> dict[str, int]:
    """Return how many rows each table of the analysts' file has."""
    tables = query(warehouse / "news.duckdb", "select schema_name || '.' || table_name from duckdb_tables()")[1]
    return {name: query(warehouse / "news.duckdb", f"select count(*) from {name}")[1][0][0] for (name,) in tables}
