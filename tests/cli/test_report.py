"""`ingest report` writes one page with what a run left behind, and says so."""

import re
from pathlib import Path

import duckdb
import pytest

from tests.command import ingest
from tests.conftest import FirstPass

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def written(first_pass: FirstPass, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A report on a warehouse of one run: where it was written, and its text."""
    copied = first_pass.copy_warehouse(tmp_path_factory.mktemp("reported"))
    ran = ingest("report", "--json", "--warehouse", copied, cwd=copied)
    assert (ran.code, ran.err) == (0, "")
    assert {key: ran.told[key] for key in ("file", "alerts", "sources", "figures")} == {
        "file": str(copied / "report.html"), "alerts": 1, "sources": 5, "figures": 625,
    }  # fmt: skip
    return copied / "report.html", (copied / "report.html").read_text(encoding="utf-8")


def test_every_entry_that_came_in_is_accounted_for(written: tuple[Path, str]) -> None:
    _, page = written

    assert "Of 62 entries that came in, 50 published, 8 rejected, 2 unchanged, 2 failed." in page


def test_what_is_broken_is_told_first(written: tuple[Path, str]) -> None:
    _, page = written

    assert "impossible-times: batch rejected by 5 rules" in page
    assert page.index("impossible-times: batch rejected by") < page.index("What came in, and where it ended")


def test_each_link_to_a_page_about_checks_leads_to_one(written: tuple[Path, str]) -> None:
    path, page = written
    links = re.findall(r'href="(checks/[^"]+)"', page)

    assert len(links) == 6
    assert [link for link in links if not (path.parent / link).is_file()] == []


def test_links_to_pages_about_checks_hold_from_another_folder(first_pass: FirstPass, tmp_path: Path) -> None:
    copied = first_pass.copy_warehouse(tmp_path)
    path = tmp_path / "public" / "news.html"
    ran = ingest("report", path, "--warehouse", copied, cwd=tmp_path)
    links = re.findall(r'href="([^"]*checks/[^"]+)"', path.read_text(encoding="utf-8"))

    assert (ran.code, ran.out) == (0, f"{path}: open alerts 1, days 7, figures 625\n")
    assert len(links) == 6
    assert all((path.parent / link).is_file() for link in links)


def test_fewer_figures_are_listed_where_fewer_are_wanted_and_the_page_says_so(
    first_pass: FirstPass, tmp_path: Path
) -> None:
    arguments = ("--figures", 10, "--warehouse", first_pass.warehouse)
    ran = ingest("report", tmp_path / "report.html", *arguments, "--json", cwd=tmp_path)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")

    assert ran.told["figures"] == 10
    assert "10 of 625 figures, from the articles that came last" in page
    assert page.count("<mark>") == 10


def test_while_a_run_writes_the_last_release_is_told_of(first_pass: FirstPass, tmp_path: Path) -> None:
    copied = first_pass.copy_warehouse(tmp_path)
    with duckdb.connect(str(copied / "published.duckdb")):
        ran = ingest("report", "--warehouse", copied, cwd=tmp_path)

    assert (ran.code, ran.err) == (0, "")
    assert "news.duckdb. Times are UTC" in (copied / "report.html").read_text(encoding="utf-8")


def test_a_warehouse_in_which_nothing_happened_makes_a_calm_page(first_pass: FirstPass, tmp_path: Path) -> None:
    copied = first_pass.copy_warehouse(tmp_path)
    (copied / "published.duckdb").unlink()
    with duckdb.connect(str(copied / "news.duckdb")) as news:
        tables = news.execute("select schema_name || '.' || table_name from duckdb_tables() order by table_oid desc")
        for (table,) in tables.fetchall():
            news.execute(f"delete from {table}")
    ran = ingest("report", "--warehouse", copied, cwd=tmp_path)
    page = (copied / "report.html").read_text(encoding="utf-8")

    assert (ran.code, ran.err) == (0, "")
    assert "Nothing is broken that we know of." in page
    assert "No pass has been taken yet." in page


def test_a_source_whose_last_visit_failed_is_first_and_lags_are_drawn(first_pass: FirstPass, tmp_path: Path) -> None:
    copied = first_pass.copy_warehouse(tmp_path)
    with duckdb.connect(str(copied / "published.duckdb")) as own:
        own.execute("update ops.polls set lag_seconds = 9000 where source_id = 'meridian-post'")
        own.execute("update ops.polls set outcome = 'failed', reason = 'timeout' where source_id = 'la-brujula'")
    ran = ingest("report", "--warehouse", copied, cwd=tmp_path)
    page = (copied / "report.html").read_text(encoding="utf-8")
    sources = re.findall(r'scope="row" data-label="Source"><bdi>([^<]+)</bdi>', page)

    assert (ran.code, ran.err) == (0, "")
    assert sources == ["la-brujula", "meridian-post", "el-correo-del-sur", "harbor-ledger", "impossible-times"]
    assert "failed: timeout" in page
    assert re.search(r'aria-label="Lag by day, at most 2 h on \d+ \w+"', page)


def test_a_page_that_cannot_be_written_is_told(first_pass: FirstPass, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    ran = ingest("report", tmp_path / "file" / "r.html", "--warehouse", first_pass.warehouse, cwd=tmp_path)

    assert (ran.code, ran.out) == (2, "")
    assert ran.complaint.endswith("r.html cannot be written: File exists")
