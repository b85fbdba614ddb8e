import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingest.quality.suites import Rule, read_suites
from ingest.warehouse.tables import NEWS_TABLES
from tests.expectations.conftest import STAGED_SUITES, change
from tests.expectations.test_pairs import PAIRS

ROOT = Path(__file__).parents[2]
SUITES = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in STAGED_SUITES}
EXPECTATIONS = [
    pytest.param(suite, expectation, id=f"{suite}.{expectation['meta']['rule']}")
    for suite, content in SUITES.items()
    for expectation in content["expectations"]
]
RULES = {(rule.suite, rule.rule): rule for found in read_suites(ROOT / "expectations").values() for rule in found}
WARNINGS = [pytest.param(rule, id=f"{rule.suite}.{rule.rule}") for rule in RULES.values() if rule.severity == "warning"]
RANGES = [
    "percent_bounds",
    "money_not_negative",
    "money_size",
    "count_bounds",
    "age_bounds",
    "duration_bounds",
    "measurement_bounds",
]


def rule_of(suite: str, rule: str) -> dict[str, Any]:
    return next(each for each in SUITES[suite]["expectations"] if each["meta"]["rule"] == rule)


def test_every_staged_table_has_a_suite(warehouse: duckdb.DuckDBPyConnection) -> None:
    found = warehouse.execute("select table_name from duckdb_columns() where database_name = 'staging'")
    tables = {name for (name,) in found.fetchall()}

    assert set(SUITES) == tables - {"accepted_rows"}


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


@pytest.mark.parametrize("rule", WARNINGS)
def test_a_rule_is_final_where_the_analysts_file_could_not_be_made_without_it(
    rule: Rule, *, warehouse: duckdb.DuckDBPyConnection, batch_id: str
) -> None:
    change(warehouse, PAIRS[rule.suite, rule.rule].bad, batch_id)

    assert rule.is_final or _fits_the_analysts_file(warehouse, batch_id, overruled=rule)


@pytest.mark.parametrize("suite", SUITES)
def test_nobody_overrules_that_a_row_is_whole_and_there_once(suite: str) -> None:
    whole, once = RULES[suite, "values_present"], RULES[suite, "staged_once"]

    assert whole.is_final
    assert once.is_final or once.severity == "info"


def test_every_rule_can_be_asked_about_many_batches_at_once() -> None:
    rules = [rule for found in read_suites(ROOT / "expectations").values() for rule in found]

    assert [rule.rule for rule in rules if not rule.tells_batches_apart] == []
    assert [rule.rule for rule in rules if not (rule.is_about_shape or rule.refused_query)] == []


def test_what_is_asked_about_a_whole_batch_is_shown_not_to_be_diluted_by_its_neighbours() -> None:
    rules = [rule for found in read_suites(ROOT / "expectations").values() for rule in found]
    whole = {f"{rule.suite}.{rule.rule}" for rule in rules if not (rule.failing_rows or rule.is_about_shape)}
    shown = (ROOT / "tests" / "quality" / "test_validator_together.py").read_text(encoding="utf-8")

    assert whole == {name for name in whole if f'"{name} ' in shown}


def _fits_the_analysts_file(warehouse: duckdb.DuckDBPyConnection, batch_id: str, *, overruled: Rule) -> bool:
    """Return whether an empty analysts' file takes all rows that no rule refuses, and those that one alone does."""
    home = warehouse.execute("select current_database()").fetchall()[0][0]
    warehouse.execute("attach ':memory:' as news")
    warehouse.execute("use news")
    warehouse.execute((ROOT / "warehouse" / "views" / "news.sql").read_text(encoding="utf-8"))
    warehouse.execute(f"use {home}")
    try:
        warehouse.execute("insert into news.sources values ('gazette', '', null, '', null, null, '')")
        warehouse.execute("insert into news.articles by name from published.articles")
        for table in filter(SUITES.__contains__, NEWS_TABLES):
            warehouse.execute(_publishing(table, overruled), {"batch": batch_id})
    except duckdb.ConstraintException:
        return False
    finally:
        warehouse.execute("detach news")
    return True


def _publishing(table: str, overruled: Rule) -> str:
    rules = [rule for rule in RULES.values() if rule.suite == table and rule.severity == "warning"]
    refused = [f"coalesce({rule.failing_rows}, false)" for rule in rules if rule != overruled]
    version = ", 1 as version" if table in ("articles", "figures") else ""
    return (
        f"insert {'or ignore' if table == 'authors' else ''} into news.{table} by name"
        f" select * exclude (batch_id, row_key) {version} from staging.{table} as staged"
        f" where batch_id = $batch and not ({' or '.join(refused)})"
    )
