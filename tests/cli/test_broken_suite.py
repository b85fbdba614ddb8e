"""A suite that is broken stops publishing, loudly; once it is mended, what waited is published and that is told."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ingest.demo import Newsroom
from ingest.warehouse.warehouse import query
from tests.command import Ran, ingest_of, list_sources

pytestmark = pytest.mark.integration

ROOT = Path(__file__).parents[2]


@dataclass
class Copy:
    """A copy of the project, whose suites a test may break, and a folder for what its runs leave."""

    project: Path
    folder: Path

    def run(self, newsroom: Newsroom, *arguments: str, **settings: str) -> Ran:
        listed = list_sources(self.folder / "sources.json", newsroom.source)
        places = ("--sources", listed) if arguments[0] in ("run", "doctor") else ()
        at = ("--warehouse", self.folder)
        return ingest_of(self.project, *arguments, *places, *at, cwd=self.folder, settings=settings)

    def suite(self, change: Callable[[dict[str, Any]], None]) -> None:
        path = self.project / "expectations" / "articles.json"
        suite = json.loads(path.read_text(encoding="utf-8"))
        (rule,) = [one for one in suite["expectations"] if one["meta"]["rule"] == "body_not_a_wall"]
        change(rule)
        path.write_text(json.dumps(suite), encoding="utf-8")

    def repair(self) -> None:
        shutil.copytree(ROOT / "expectations", self.project / "expectations", dirs_exist_ok=True)

    def alerts(self) -> list[tuple[Any, ...]]:
        sql = "select severity, source_id, title, resolved_at is null from ops.alerts"
        return query(self.folder / "published.duckdb", sql)[1]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    for name in ("src", "warehouse", "expectations"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("*.duckdb"))
    return folder


@pytest.fixture
def copy(project: Path, tmp_path: Path) -> Copy:
    copy = Copy(project, tmp_path)
    copy.repair()
    return copy


BROKEN: dict[str, Callable[[dict[str, Any]], None]] = {
    "bad SQL": lambda rule: rule["kwargs"].update(unexpected_rows_query="select nothing from {batch}"),
    "bad SQL of refused rows": lambda rule: rule["meta"].update(failing_rows="nothing"),
    "unknown type": lambda rule: rule.update(type="expect_miracles"),
    "unknown severity": lambda rule: rule.update(severity="fatal"),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_the_doctor_names_the_rule_that_is_broken(copy: Copy, broken: str, prefect_api: dict[str, str]) -> None:
    with Newsroom() as newsroom:
        copy.suite(BROKEN[broken])
        ran = copy.run(newsroom, "doctor", "--json", **prefect_api)
    (suites,) = [one for one in ran.told if one["checked"] == "suites"]

    assert (ran.code, suites["healthy"]) == (1, False)
    assert "body_not_a_wall" in suites["found"]


@pytest.mark.parametrize("broken", ["bad SQL", "unknown severity"])
def test_a_broken_suite_is_an_alert_until_batches_are_validated_again(copy: Copy, broken: str) -> None:
    with Newsroom() as newsroom:
        newsroom.publishes("pier", text="The pier will cost $12 million, the port said on Monday at its meeting.")
        copy.suite(BROKEN[broken])
        stopped = copy.run(newsroom, "run", "--direct")
        opened = copy.alerts()
        status = copy.run(newsroom, "status")
        told = copy.run(newsroom, "status", "--json").told
        copy.repair()
        mended = copy.run(newsroom, "run", "--direct")

    assert stopped.code == 1
    assert "trouble     gazette: " in stopped.out
    assert [one["alert"][:26] for one in told if one["source_id"] is None] == ["batches can't be validated"]
    assert [(severity, source, is_open) for severity, source, _, is_open in opened] == [("critical", None, True)]
    assert opened[0][2].startswith("batches can't be validated: ")
    assert "body_not_a_wall" in status.out
    assert mended.code == 0
    assert [is_open for *_, is_open in copy.alerts()] == [False]
    assert query(copy.folder / "news.duckdb", "select count(*) from articles")[1] == [(1,)]
