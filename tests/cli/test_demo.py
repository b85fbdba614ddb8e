"""`ingest demo` keeps its articles and those of real newsrooms apart."""

from pathlib import Path

import pytest

from ingest.demo import Newsroom
from ingest.warehouse.warehouse import PIPELINE_FILE
from tests.command import ingest, list_sources
from tests.conftest import FirstPass

pytestmark = pytest.mark.integration


def test_a_warehouse_of_other_newsrooms_is_refused(tmp_path: Path) -> None:
    with Newsroom() as newsroom:
        newsroom.publishes("flood")
        sources = list_sources(tmp_path / "sources.json", newsroom.source)
        ingest("run", "--direct", "--sources", sources, cwd=tmp_path)
    ran = ingest("demo", "--direct", "--warehouse", "warehouse", cwd=tmp_path)

    assert (ran.code, ran.out) == (2, "")
    assert ran.complaint.startswith(f"ingest: warehouse/{PIPELINE_FILE} holds other newsrooms (gazette, …); choose ")


def test_a_lake_is_refused(tmp_path: Path) -> None:
    lake = "host=lake.invalid dbname=lake"
    ran = ingest("demo", "--direct", cwd=tmp_path, INGEST_LAKE=lake, INGEST_LAKE_DATA=str(tmp_path))

    assert (ran.code, ran.out) == (2, "")
    assert ran.complaint.startswith("ingest: the demo fills no lake; ")


def test_whoever_asks_the_empty_warehouse_is_told_where_the_demonstration_lies(
    first_pass: FirstPass, tmp_path: Path
) -> None:
    first_pass.copy_warehouse(tmp_path).rename(tmp_path / "demo")
    ran = ingest("sql", "from articles", "--warehouse", tmp_path, cwd=tmp_path)

    assert (ran.code, ran.complaint.partition("; ")[2]) == (
        1,
        f"`ingest run` makes it; the demonstration's is there with --warehouse {tmp_path / 'demo'}",
    )
