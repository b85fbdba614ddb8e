"""The rows that an alert shows are those that break a rule most, and otherwise always the same ones."""

import json
import re
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.expectations.conftest import Validator, change
from tests.expectations.test_pairs import kind

pytestmark = pytest.mark.integration

ROOT = Path(__file__).parents[2]
QUERIES = [
    pytest.param(each["kwargs"], id=f"{path.stem}.{each['meta']['rule']}")
    for path in sorted((ROOT / "expectations").glob("*.json"))
    for each in json.loads(path.read_text(encoding="utf-8"))["expectations"]
    if each["meta"]["rule"] != "columns"
]
KEYS = "row_key|column_name|article_id|figure_id|batch_id"


def row(place: str, table: str, values: str) -> str:
    """Change the first or the last row of a batch."""
    found = {"first": "min", "last": "max"}[place]
    chosen = f"select {found}(row_key) from staging.{table} where batch_id = $batch"
    return f"update staging.{table} set {values} where batch_id = $batch and row_key = ({chosen})"


def values(sql: str) -> str:
    return sql.partition(" set ")[2].partition(" where ")[0]


WORST = [  # what breaks a rule a little, and a lot
    ("articles", "title_length", "title = repeat('a', 401)", "title = repeat('b', 900)"),
    ("articles", "body_not_short", "word_count = 19", "word_count = 3"),
    (
        "articles",
        "published_at_plausible",
        "published_at = fetched_at + interval 3 day",
        "published_at = fetched_at + interval 300 day",
    ),
    (
        "articles",
        "modified_after_published",
        "modified_at = published_at - interval 1 hour",
        "modified_at = published_at - interval 9 day",
    ),
    (
        "article_sources",
        "found_before_last_listed",
        "last_listed_at = found_at - interval 1 hour",
        "last_listed_at = found_at - interval 9 day",
    ),
    ("authors", "name_plausible", "name = 'a@b.example'", "name = repeat('b', 900)"),
    ("article_authors", "position_counts_from_one", "position = 0", "position = -7"),
    ("paragraphs", "text_not_endless", "text = repeat('a', 10001)", "text = repeat('b', 20000)"),
    ("tags", "tag_length", "tag = repeat('a', 201)", "tag = repeat('b', 300)"),
    ("figures", "span_ordered", "span_end = span_start", "span_end = span_start - 9"),
    ("figures", "high_not_below_low", "value_high = value - 1", "value_high = value - 900"),
    (
        "figures",
        "percent_bounds",
        values(kind("percent", "20000", "'basis_point'")),
        values(kind("percent", "30", "'percent'", ", value_high = 9000")),
    ),
    ("figures", "money_not_negative", values(kind("money", "-1", "'USD'")), values(kind("money", "-9", "'USD'"))),
    (
        "figures",
        "money_size",
        values(kind("money", "2000000000000000", "'USD'")),
        values(kind("money", "1", "'USD'", ", value_high = 9000000000000000")),
    ),
    (
        "figures",
        "count_bounds",
        values(kind("count", "20000000000", "'person'")),
        values(kind("count", "90000000000", "'person'")),
    ),
    (
        "figures",
        "age_bounds",
        values(kind("age", "131", "'year'", ", text = '131'")),
        values(kind("age", "9000", "'month'", ", text = '9000'")),
    ),
    (
        "figures",
        "duration_bounds",
        values(kind("duration", "-40", "'day'")),
        values(kind("duration", "-2", "'century'")),
    ),
    (
        "figures",
        "measurement_bounds",
        values(kind("measurement", "-274", "'degree_celsius'")),
        values(kind("measurement", "-900", "'degree_fahrenheit'")),
    ),
    (
        "figures",
        "ratio_bounds",
        values(kind("ratio", "2000", "null")),
        values(kind("ratio", "3000", "null")),
    ),
    (
        "articles",
        "modified_at_plausible",
        "modified_at = fetched_at + interval 3 day",
        "modified_at = fetched_at + interval 300 day",
    ),
    ("figures", "reader_had_no_doubt", "flags = ['one']", "flags = ['one', 'two']"),
]


@pytest.mark.parametrize("kwargs", QUERIES)
def test_every_rule_puts_its_rows_in_an_order_of_its_own(kwargs: dict[str, Any]) -> None:
    _, _, order = kwargs["unexpected_rows_query"].rpartition(" order by ")

    assert re.search(rf"\b({KEYS})\b", order)


@pytest.mark.parametrize(("suite", "rule", "mild", "bad"), [pytest.param(*one, id=".".join(one[:2])) for one in WORST])
def test_the_worst_row_is_shown_first_wherever_it_lies(
    suite: str,
    rule: str,
    mild: str,
    bad: str,
    *,
    warehouse: duckdb.DuckDBPyConnection,
    validator: Validator,
    batch_id: str,
) -> None:
    shown = []
    for first, last in ((mild, bad), (bad, mild)):
        change(warehouse, row("first", suite, first), batch_id)
        change(warehouse, row("last", suite, last), batch_id)
        worst = warehouse.execute(
            f"from staging.{suite} where batch_id = $batch order by row_key {'desc' if last == bad else ''} limit 1",
            {"batch": batch_id},
        ).fetchall()[0]
        observed = validator(suite, rule, batch_id).observed or ""
        shown.append((observed.partition("; ")[0].split(", ")[0].split(" ", 1)[1], worst))

    assert [key in row for key, row in shown] == [True, True]
    assert shown[0][0] != shown[1][0]


def test_rows_that_can_not_be_told_apart_by_how_bad_they_are_come_in_the_order_of_their_keys(
    warehouse: duckdb.DuckDBPyConnection, validator: Validator, batch_id: str
) -> None:
    warehouse.execute("update staging.articles set language = null where batch_id = ?", [batch_id])
    warehouse.execute(
        "create or replace table staging.articles as from staging.articles order by hash(article_id)"  # as found
    )

    observed = validator("articles", "language_known", batch_id).observed

    assert observed is not None
    assert [each.split(",")[0] for each in observed.split("; ")] == [
        f"article_id article-{number}" for number in (1, 10, 2)
    ]
