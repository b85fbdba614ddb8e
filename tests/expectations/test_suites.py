import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingest.edge.gx_suites import read_suites

ROOT = Path(__file__).parents[2]
SUITES = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in (ROOT / "expectations").glob("*.json")}
EXPECTATIONS = [
    pytest.param(suite, expectation, id=f"{suite}.{expectation['meta']['rule']}")
    for suite, content in SUITES.items()
    for expectation in content["expectations"]
]
RANGES = ["percent_bounds", "money_not_negative", "money_size", "count_bounds", "age_bounds"]


def rule_of(suite: str, rule: str) -> dict[str, Any]:
    return next(each for each in SUITES[suite]["expectations"] if each["meta"]["rule"] == rule)


def test_every_staged_table_has_a_suite(warehouse: duckdb.DuckDBPyConnection) -> None:
    found = warehouse.execute("select table_name from information_schema.tables where table_schema = 'staging'")
    tables = {name for (name,) in found.fetchall()}

    assert set(SUITES) == tables


@pytest.mark.parametrize(("suite", "expectation"), EXPECTATIONS)
def test_an_expectation_says_how_bad_it_is_and_why_a_reader_would_care(suite: str, expectation: dict[str, Any]) -> None:
    assert expectation["severity"] in {"critical", "warning", "info"}
    assert expectation["meta"]["rule"].isidentifier()
    assert expectation["meta"]["note"].endswith(".")


@pytest.mark.parametrize(("suite", "expectation"), EXPECTATIONS)
def test_rows_are_refused_by_the_very_words_they_are_looked_for(suite: str, expectation: dict[str, Any]) -> None:
    query = expectation["kwargs"].get("unexpected_rows_query")
    query = query and query.partition(" order by ")[0]  # the worst first
    failing_rows = expectation["meta"].get("failing_rows")

    assert None in (query, failing_rows) or query.endswith(
        f" from (select * from {{batch}}) as staged where {failing_rows}"
    )


@pytest.mark.parametrize("suite", SUITES)
def test_a_suite_begins_with_the_shape_of_its_table(suite: str) -> None:
    rules = [each["meta"]["rule"] for each in SUITES[suite]["expectations"]]

    assert rules[:4] == ["columns", "types", "values_present", "staged_once"]


@pytest.mark.parametrize("rule", RANGES)
def test_the_share_of_impossible_figures_counts_what_the_ranges_refuse(rule: str) -> None:
    share = rule_of("figures", "impossible_share")["kwargs"]["unexpected_rows_query"]

    assert f"({rule_of('figures', rule)['meta']['failing_rows']})" in share


def test_the_share_of_impossible_dates_counts_what_the_range_refuses() -> None:
    share = rule_of("articles", "dates_share")["kwargs"]["unexpected_rows_query"]

    assert rule_of("articles", "published_at_plausible")["meta"]["failing_rows"] in share


def test_every_rule_can_be_asked_about_many_batches_at_once() -> None:
    rules = [rule for found in read_suites(ROOT / "expectations").values() for rule in found]

    assert [rule.rule for rule in rules if not rule.tells_batches_apart] == []
    assert [rule.rule for rule in rules if not (rule.is_about_shape or rule.refused_query)] == []


def test_what_is_asked_about_a_whole_batch_is_shown_not_to_be_diluted_by_its_neighbours() -> None:
    rules = [rule for found in read_suites(ROOT / "expectations").values() for rule in found]
    whole = {f"{rule.suite}.{rule.rule}" for rule in rules if not (rule.failing_rows or rule.is_about_shape)}
    shown = (ROOT / "tests" / "edge" / "test_quality_together.py").read_text(encoding="utf-8")

    assert whole == {name for name in whole if f'"{name} ' in shown}
