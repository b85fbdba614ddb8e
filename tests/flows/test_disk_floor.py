"""Where the disk has less free than is to stay free, a run fetches nothing and says so, until there is more."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.warehouse.warehouse import PIPELINE_FILE, query
from tests.command import Ran, ingest, list_sources
from tests.flows.held import Held

pytestmark = pytest.mark.integration

MORE_THAN_ANY_DISK_MB = "1000000000"
TITLE = "the warehouse's disk is nearly full: nothing is polled or fetched"


@pytest.fixture
def gazette(tmp_path: Path) -> Iterator[Held]:
    with Held() as newsroom:
        newsroom.publishes("boats")
        list_sources(tmp_path / "sources.json", newsroom.source)
        yield newsroom


def run(folder: Path, *, free_disk_mb: str = "0") -> Ran:
    settings = ("--direct", "--json", "--sources=sources.json")
    return ingest("run", *settings, cwd=folder, INGEST_FREE_DISK_MB=free_disk_mb)


def alerts(folder: Path) -> list[tuple[str, bool]]:
    sql = "select title, resolved_at is null from ops.alerts"
    return [(str(title), bool(is_open)) for title, is_open in query(folder / "warehouse" / PIPELINE_FILE, sql)[1]]


def test_a_run_on_a_disk_that_is_short_fetches_nothing_and_the_next_one_goes_on(gazette: Held, tmp_path: Path) -> None:
    short = run(tmp_path, free_disk_mb=MORE_THAN_ANY_DISK_MB)

    assert (short.code, gazette.requests) == (1, [])
    [trouble] = short.told["troubles"]
    assert (trouble["key"], trouble["reason"]) == ("disk", "disk_full")
    assert "MB are free, and INGEST_FREE_DISK_MB is 1,000,000,000" in trouble["detail"]
    assert alerts(tmp_path) == [(TITLE, True)]

    enough = run(tmp_path)

    assert (enough.code, len(query(tmp_path / "warehouse" / "news.duckdb", "from articles")[1])) == (0, 1)
    assert alerts(tmp_path) == [(TITLE, False)]
