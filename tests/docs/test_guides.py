"""What the guides show runs: commands as shown, queries on the demonstration's warehouse, examples as files."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from ingest.core.settings import Settings
from ingest.feeds.source_formats import read_sources
from ingest.quality.suites import read_suite
from ingest.warehouse.rates import read_rates
from tests.docs.analyst import PAGE, open_news, questions, rewritten, without_moments
from tests.docs.conftest import Demonstrated
from tests.docs.console import ROOT, Block, Reader, blocks, documents

pytestmark = pytest.mark.integration

GUIDES = [path for path in documents() if path.name != "README.md" or path.parent.name == "docs"]
BLOCKS = [block for path in documents() for block in blocks(path)]


def blocks_of(language: str) -> list[Block]:
    return [block for block in BLOCKS if block.language == language]


@pytest.mark.parametrize("path", GUIDES, ids=lambda path: path.stem)
def test_what_a_guide_shows_can_be_typed(operator: Reader, path: Path) -> None:
    assert operator.wrong_lines(path) == []


def test_every_query_has_an_answer(demonstrated: Demonstrated) -> None:
    with open_news(demonstrated.folder / "warehouse" / "demo" / "news.duckdb") as news:
        silent = [block.text for block in blocks_of("sql") if not news.execute(block.text).fetchall()]

    assert len(questions(PAGE.read_text(encoding="utf-8"))) >= 30
    assert silent == []


def test_what_the_analysts_page_shows_is_what_the_file_says(demonstrated: Demonstrated) -> None:
    page = PAGE.read_text(encoding="utf-8")
    with open_news(demonstrated.folder / "warehouse" / "demo" / "news.duckdb") as news:
        made = rewritten(page, news)

    assert without_moments(page) == without_moments(made), "run `make guide`, and read what it has changed"


def test_exchange_rates_as_shown_can_be_read(tmp_path: Path) -> None:
    (shown,) = blocks_of("csv")
    path = tmp_path / "rates.csv"
    path.write_text(shown.text, encoding="utf-8")

    assert len(read_rates(path)) == 2


def test_the_python_shown_runs(operator: Reader) -> None:
    for block in blocks_of("python"):
        (operator.folder / "shown.py").write_text(block.text, encoding="utf-8")
        operator.run("python shown.py")

    assert blocks_of("python") != []


def test_a_source_as_shown_can_be_listed() -> None:
    shown = next(block.text for block in blocks_of("toml") if block.document == "add-a-source.md")

    (source,) = read_sources(shown, file_name="sources.toml")

    assert source.country == "MX"


def test_every_field_of_a_source_is_explained() -> None:
    page = (ROOT / "docs" / "add-a-source.md").read_text(encoding="utf-8")
    ours = (ROOT / "src" / "ingest" / "feeds" / "source_formats.py").read_text(encoding="utf-8")
    known = set(re.findall(r'"(\w+)"', ours.partition("_KNOWN = {")[2].partition("}")[0]))

    assert set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)) == known


def test_settings_as_shown_can_be_loaded() -> None:
    shown = next(block.text for block in blocks_of("toml") if block.document == "configuration.md")

    assert Settings(**tomllib.loads(shown)).log_level == "info"


def test_a_check_as_shown_can_be_read(tmp_path: Path) -> None:
    (shown,) = blocks_of("json")
    suite = {"name": "articles", "expectations": [json.loads(shown.text)]}
    path = tmp_path / "articles.json"
    path.write_text(json.dumps(suite), encoding="utf-8")

    (rule,) = read_suite(path)

    assert rule.rule == "authors_not_a_crowd"
