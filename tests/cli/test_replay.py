"""Archived pages read again show what would change; nothing is published unasked, nor past its suites."""

from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingest.edge.warehouse import query
from tests.command import Ran, ingest
from tests.conftest import FirstPass

pytestmark = pytest.mark.gx

COUNTS = (
    *("articles", "articles_added", "articles_changed", "unread"),
    *("figures_added", "figures_changed", "figures_dropped"),
)


@pytest.fixture
def misread(first_pass: FirstPass, tmp_path: Path) -> Path:
    """A warehouse that an older reader filled: one figure it misread, one it missed, one it made up, one story."""
    warehouse = first_pass.copy_warehouse(tmp_path)
    with duckdb.connect(warehouse / "ingest.duckdb") as connection:
        connection.execute("create temp table chosen as select figure_id from published.figures order by figure_id")
        connection.execute("update published.figures set value = 1 where figure_id = (from chosen limit 1)")
        connection.execute("delete from published.figures where figure_id = (from chosen limit 1 offset 1)")
        connection.execute(
            "insert into published.figures select * replace ('made-up' as figure_id) from published.figures"
            " where figure_id = (from chosen limit 1 offset 2)"
        )
        connection.execute(
            "update published.articles set content_hash = 'old', body = 'Old.' where title like 'Bridg%'"
        )
    return warehouse


def replay(first_pass: FirstPass, warehouse: Path, *options: str) -> Ran:
    return ingest("replay", *options, "--sources", first_pass.sources, "--warehouse", warehouse, cwd=warehouse)


def counts(ran: Ran) -> tuple[int, ...]:
    return tuple(sum(one[name] for one in ran.told["sources"]) for name in COUNTS)


def state(warehouse: Path, sql: str) -> list[tuple[Any, ...]]:
    return sorted(query(warehouse / "ingest.duckdb", sql)[1], key=repr)


READINGS = ("from published.figures", "from published.articles", "from published.article_versions")


def test_pages_read_again_by_the_same_readers_say_the_same(first_pass: FirstPass, tmp_path: Path) -> None:
    warehouse = first_pass.copy_warehouse(tmp_path)
    ran = replay(first_pass, warehouse, "--source", "la-brujula", "--json")

    assert (ran.code, counts(ran)) == (0, (12, 0, 0, 0, 0, 0, 0))


def test_what_would_change_is_shown_and_not_published(first_pass: FirstPass, misread: Path) -> None:
    before = [state(misread, sql) for sql in READINGS]
    listed = [f"--source={key}" for key in ("el-correo-del-sur", "harbor-ledger", "la-brujula", "meridian-post")]
    ran = replay(first_pass, misread, *listed, "--json")
    said = replay(first_pass, misread, *listed)

    articles, added, changed, unread, *figures = counts(ran)
    assert (added, changed, unread, ran.told["published"]) == (0, 1, 0, [])
    assert articles == 50
    assert figures == [2, 1, 1]  # the one it missed, and the one that is in quarantine
    assert "nothing was published; --publish does it" in said.out
    assert [state(misread, sql) for sql in READINGS] == before
    assert state(misread, "from ops.batches where state = 'proposed'") == []


def test_what_passes_is_published_as_a_reading_and_not_as_a_correction(first_pass: FirstPass, misread: Path) -> None:
    listed = [f"--source={key}" for key in ("el-correo-del-sur", "harbor-ledger", "la-brujula", "meridian-post")]
    ran = replay(first_pass, misread, *listed, "--publish", "--json")

    assert (ran.code, len(ran.told["published"])) == (0, 4)
    assert [state(misread, sql) for sql in READINGS] == [state(first_pass.warehouse, sql) for sql in READINGS]
    assert state(misread, "from published.figure_changes") == []
    assert query(misread / "news.duckdb", "from figures where figure_id = 'made-up'")[1] == []


def test_what_its_suites_stop_is_not_published(first_pass: FirstPass, tmp_path: Path) -> None:
    warehouse = first_pass.copy_warehouse(tmp_path)
    ran = replay(first_pass, warehouse, "--source", "impossible-times", "--publish", "--json")

    assert (ran.code, ran.told["published"]) == (4, [])
    assert [one["stopped_by"] for one in ran.told["sources"]] == ["figures.impossible_share"]
    assert state(warehouse, "from published.articles where source_id = 'impossible-times'") == []


def test_pages_of_later_days_alone_are_read_again(first_pass: FirstPass, tmp_path: Path) -> None:
    warehouse = first_pass.copy_warehouse(tmp_path)

    assert replay(first_pass, warehouse, "--since", "2999-01-01", "--json").told == {"sources": [], "published": []}
