"""Every command of the README runs and says what the README says it does."""

from pathlib import Path

import pytest

from ingest.warehouse.warehouse import query
from tests.docs.console import ROOT, Reader, Shown, missing_lines

pytestmark = pytest.mark.integration


def articles(warehouse: Path) -> set[tuple[str, str]]:
    """Return which newsrooms' articles an analyst finds in a warehouse, with their addresses."""
    asked = "select s.name, a.url from articles as a join sources as s using (source_id)"
    return {(str(name), str(url)) for name, url in query(warehouse / "news.duckdb", asked)[1]}


def test_a_newcomer_can_type_what_the_readme_shows(reader: Reader) -> None:
    shown = articles(reader.folder / "warehouse" / "demo")
    wrong = reader.wrong_lines(ROOT / "README.md")

    assert wrong == []
    assert {source for source, _ in articles(reader.folder / "warehouse")} == {"Meridian Post", "La Brújula"}
    assert articles(reader.folder / "warehouse" / "demo") == shown
    assert shown & articles(reader.folder / "warehouse") == set()


@pytest.mark.parametrize("line", ["wget https://example.org", "prefect profile ls", "ingest nonsense", "make nonsense"])
def test_a_command_that_cannot_be_run_is_not_passed_over(tmp_path: Path, line: str) -> None:
    with pytest.raises(AssertionError):
        Reader(folder=tmp_path).type(Shown(line=line))


def test_an_output_that_did_not_come_is_noticed() -> None:
    output = ("7 entries came in: … rejected (…)", "at 2026-11-24 00:19 …", "schema 1: nothing to do", "nothing else")
    written = "7 entries  came in: 5 failed, 2 rejected (why)\nat 2026-12-01 07:30 by us\nschema 15: nothing to do\n"

    assert missing_lines(Shown(line="ingest run", output=output), written) == [*output[2:]]
