"""Archived pages read again are shown, and published when they pass and somebody wants it."""

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingest.warehouse.warehouse import query
from tests.command import Ran, ingest
from tests.conftest import FirstPass

pytestmark = pytest.mark.integration


@pytest.fixture
def misread(first_pass: FirstPass, tmp_path: Path) -> Path:
    """A warehouse that an older reader filled: one figure it misread, one it missed, one it made up, one article."""
    warehouse = first_pass.copy_warehouse(tmp_path)
    # Each of another article: a missing and a made-up figure of the same thing in one article would be one change.
    first_of_each = (
        "from published.figures join published.articles using (article_id) where source_id = 'harbor-ledger'"
        " qualify row_number() over (partition by article_id order by paragraph, span_start) = 1"
    )
    with duckdb.connect(warehouse / "published.duckdb") as connection:
        connection.execute(f"create temp table old as select figure_id {first_of_each} order by title")
        connection.execute("update published.figures set value = 1 where figure_id = (from old limit 1)")
        connection.execute("delete from published.figures where figure_id = (from old limit 1 offset 1)")
        connection.execute(
            "insert into published.figures select * replace ('made-up' as figure_id) from published.figures"
            " where figure_id = (from old limit 1 offset 2)"
        )
        connection.execute("update published.articles set content_hash = 'old' where title like 'Bridg%'")
        connection.execute("update published.articles set parser_version = 'old' where source_id = 'harbor-ledger'")
    return warehouse


def replay(first_pass: FirstPass, warehouse: Path, *options: str) -> Ran:
    return ingest("replay", *options, "--sources", first_pass.sources, "--warehouse", warehouse, cwd=warehouse)


def state(warehouse: Path, sql: str) -> list[tuple[Any, ...]]:
    return sorted(query(warehouse / "published.duckdb", sql)[1], key=repr)


READINGS = ("from published.figures", "from published.articles", "from published.article_versions")


def test_what_passes_is_published_as_our_reading_and_not_as_a_correction(first_pass: FirstPass, misread: Path) -> None:
    ran = replay(first_pass, misread, "--source", "harbor-ledger", "--publish", "--json")

    (told,) = ran.told["sources"]
    assert (ran.code, ran.told["published"]) == (0, ["harbor-ledger"])
    assert (told["articles"], told["articles_added"], told["articles_changed"], told["unread"]) == (12, 0, 1, 0)
    assert (told["figures_added"], told["figures_changed"], told["figures_dropped"]) == (1, 1, 1)
    assert told["rows_held"] == 1  # the one that is in quarantine, and would be again
    assert "4,300%" not in [one["text"] for one in told["examples"]]
    assert [state(misread, sql) for sql in READINGS] == [state(first_pass.warehouse, sql) for sql in READINGS]
    changes = "select change, cause, to_version - from_version from published.figure_changes"
    before = state(first_pass.warehouse, changes)
    ours = [("added", "reader", 0), ("changed", "reader", 0), ("dropped", "reader", 0)]
    assert state(misread, changes) == sorted(before + ours, key=repr)
    assert query(misread / "news.duckdb", "from figures where figure_id = 'made-up'")[1] == []


def test_pages_of_later_days_alone_are_read_again(first_pass: FirstPass, tmp_path: Path) -> None:
    warehouse = first_pass.copy_warehouse(tmp_path)
    ran = replay(first_pass, warehouse, "--since", "2999-01-01")

    assert (ran.code, ran.out) == (0, "no pages in the archive of sources that are listed\n")


def test_a_source_that_is_not_listed_any_more_is_left_out_aloud(first_pass: FirstPass, misread: Path) -> None:
    listed = [one for one in json.loads(first_pass.sources.read_text()) if one["key"] != "harbor-ledger"]
    sources = misread / "fewer.json"
    sources.write_text(json.dumps(listed))
    arguments = ("--sources", sources, "--warehouse", misread)
    none = ("--since", "2999-01-01")  # nothing is to be read
    replayed = ingest("replay", "--json", *none, *arguments, cwd=misread)
    told = ingest("replay", *none, *arguments, cwd=misread)
    retried = ingest("quarantine", "retry", "--source", "harbor-ledger", *arguments, cwd=misread)
    (row,) = ingest("quarantine", "ls", "--source", "harbor-ledger", "--json", "--warehouse", misread, cwd=misread).told
    accepted = ingest("quarantine", "accept", row["refused_id"], "--why", "Right.", *arguments, cwd=misread)

    assert replayed.told["unlisted"] == [{"source_id": "harbor-ledger", "stories": 12}]
    assert told.out.startswith("left out    harbor-ledger: 12 stories: it is not in the sources file any more")
    assert "left out harbor-ledger: 1 rows: it is not in the sources file any more" in retried.out
    assert (accepted.code, "harbor-ledger: it is not in the sources file any more" in accepted.err) == (2, True)
