"""Batches that are validated together get the results that each would have got alone."""

import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingest.core.errors import ValidatorFailed
from ingest.core.model import Batch
from ingest.quality.suites import Rule, read_suites
from ingest.quality.validator import SuiteValidator
from ingest.warehouse.migrations import lay_pattern

pytestmark = pytest.mark.integration

ROOT = Path(__file__).parents[2]
JUDGED = ("articles", "figures", "paragraphs", "tags")  # by these few: all suites take three times as long
GOOD_BATCH = (ROOT / "tests" / "expectations" / "good_batch.sql").read_text(encoding="utf-8")
IMPOSSIBLE = "kind = 'percent', unit = 'percent', value = 43000"
HISTORY = """
insert into ops.batches (batch_id, run_id, source_id, staged_at, articles, figures, state)
select 'friday-' || week, 'history', 'gazette', timestamptz '2026-11-20 12:00:00+00' - to_days(7 * week), 1, 0, 'published'
from range(1, 5) as weeks(week)
"""  # noqa: E501


def without_examples(found: dict[str, Any]) -> dict[str, Any]:
    """Which of many duplicates are shown is for the library to say, and it says otherwise each time."""
    return {
        name: [replace(validation, observed=None) for validation in validations] for name, validations in found.items()
    }


@dataclass
class GXContext:
    """A validate, a warehouse to stage batches in, and what is validated of them."""

    warehouse: duckdb.DuckDBPyConnection
    validator: SuiteValidator

    def stage(self, name: str, *changes: str) -> Batch:
        self.warehouse.execute("set variable batch = ?", [name])
        self.warehouse.execute(GOOD_BATCH)
        for change in changes:
            self.warehouse.execute(change.replace("$batch", f"'{name}'"))
        return batch(name)

    def alone(self, *batches: Batch) -> dict[str, Any]:
        return {one.batch_id: self.validator.validate(one) for one in batches}

    def broken(self, *batches: Batch) -> dict[str, list[str]]:
        return {name: failed(validations) for name, validations in self.validator.validate_all(batches).items()}


@pytest.fixture(scope="module")
def suites(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("suites")
    for name in JUDGED:
        shutil.copy(ROOT / "expectations" / f"{name}.json", folder)
    return folder


@pytest.fixture
def gx(suites: Path) -> Iterator[GXContext]:
    with duckdb.connect(config={"threads": 1}) as warehouse:  # as the warehouse has it
        lay_pattern(warehouse)
        validator = SuiteValidator(suites, warehouse.cursor)
        yield GXContext(warehouse, validator)
        validator.close()


def batch(name: str) -> Batch:
    staged_at = datetime(2026, 11, 20, tzinfo=UTC)
    return Batch(batch_id=name, run_id="run", source_id="gazette", staged_at=staged_at, articles=10, figures=60)


def failed(validations: Any) -> list[str]:
    return [f"{one.suite}.{one.rule} {one.severity} {one.unexpected}" for one in validations if not one.passed]


def first(table: str, count: int, values: str, key: str = "article_id") -> str:
    ids = f"select {key} from staging.{table} where batch_id = $batch order by {key} limit {count}"
    return f"update staging.{table} set {values} where batch_id = $batch and {key} in ({ids})"


def suites_with(folder: Path, kwargs: dict[str, Any], kind: str = "unexpected_rows_expectation", **meta: str) -> Path:
    expectation = {"type": kind, "kwargs": kwargs, "severity": "info", "meta": {"rule": "one", "note": "Why.", **meta}}
    content = {"name": "tags", "expectations": [expectation]}
    (folder / "tags.json").write_text(json.dumps(content), encoding="utf-8")
    return folder


def test_batches_validated_together_get_the_very_results_that_each_gets_alone(gx: GXContext) -> None:
    batches = [
        gx.stage("good"),
        gx.stage("one-refused", first("figures", 1, IMPOSSIBLE, "figure_id")),
        gx.stage("stopped", first("figures", 13, IMPOSSIBLE, "figure_id")),
        gx.stage("also-good"),
        gx.stage("twice", "insert into staging.figures from staging.figures where batch_id = $batch limit 1"),
        gx.stage("small", "delete from staging.tags where batch_id = $batch and article_id <> 'article-1'"),
        gx.stage("doubtful", first("articles", 6, "language = null"), first("paragraphs", 1, "kind = 'aside'")),
        batch("empty"),
    ]
    together = gx.validator.validate_all(batches)

    assert together == gx.alone(*batches)
    assert {name: failed(validations) for name, validations in together.items()} == {
        "good": [],
        "one-refused": ["figures.percent_bounds warning 1"],
        "stopped": ["figures.percent_bounds warning 13", "figures.impossible_share critical 13"],
        "also-good": [],
        "twice": ["figures.staged_once warning 2"],
        "small": [],
        "doubtful": ["articles.language_known info 6", "paragraphs.kind_known warning 2"],
        "empty": [],
    }


def test_a_good_batch_beside_others_is_validated_no_second_time(gx: GXContext, suites: Path) -> None:
    batches = [gx.stage(f"good-{number}") for number in range(3)]  # of the very same articles
    bad = gx.stage("bad", first("tags", 1, "tag = ''"))
    ran: list[int] = []
    report_on = gx.validator._gx.report_on

    def count(suite: str, rules: Sequence[Rule]) -> Any:
        ran.append(len(rules))
        return report_on(suite, rules)

    gx.validator._gx.report_on = count  # type: ignore[method-assign]
    gx.validator.validate_all([*batches, bad])
    rules = [len(rules) for rules in read_suites(suites).values()]

    assert ran == [*rules, 1, 1]  # all, then the others without the bad one, then the bad one


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (
            first("articles", 6, "published_at = timestamptz '1970-01-01 00:00:00+00'"),
            "articles.dates_share critical 6",
        ),
        (first("articles", 6, "published_at = fetched_at - interval 721 hour"), "articles.freshness_share info 6"),
        (first("figures", 13, IMPOSSIBLE, "figure_id"), "figures.impossible_share critical 13"),
    ],
    ids=["dates", "freshness", "figures"],
)
def test_a_share_is_not_diluted_by_good_neighbours(change: str, found: str, gx: GXContext) -> None:
    bad = gx.stage("bad", change)
    neighbours = [gx.stage(f"good-{number}") for number in range(4)]
    broken = gx.broken(neighbours[0], bad, *neighbours[1:])

    assert found in broken.pop("bad")
    assert broken == {one.batch_id: [] for one in neighbours}


def test_a_flood_is_told_of_its_own_batch_and_source(gx: GXContext) -> None:
    gx.warehouse.execute(HISTORY)
    flood = gx.stage("flood")
    others = [
        gx.stage(name, f"update staging.articles set source_id = '{name}' where batch_id = $batch")
        for name in ("herald", "courier")
    ]
    trickle = gx.stage("trickle", "delete from staging.articles where batch_id = $batch and article_id > 'article-1'")
    found = {name: [one for one in failed if "volume" in one] for name, failed in gx.broken(
        others[0], flood, others[1], trickle
    ).items()}  # fmt: skip

    assert found == {
        "herald": [], "flood": ["articles.volume_of_its_weekday info 1"], "courier": [], "trickle": [],
    }  # fmt: skip


def test_a_lean_day_is_told_of_its_own_source(gx: GXContext) -> None:
    gx.warehouse.execute(
        "insert into ops.batches (batch_id, run_id, source_id, staged_at, articles, figures, state) "
        "select 'thursday-' || week, 'history', 'gazette', timestamptz '2026-11-19 12:00:00+00' - to_days(7 * week), "
        "if(week = 0, 1, 40), 0, 'published' from range(5) as weeks(week)"
    )
    lean = gx.stage("lean")
    other = gx.stage("herald", "update staging.articles set source_id = 'herald' where batch_id = $batch")
    found = gx.broken(lean, other)

    assert "articles.volume_of_the_day_before info 1" in found["lean"]
    assert not [one for one in found["herald"] if "volume" in one]


def test_what_is_read_again_is_no_flood(gx: GXContext) -> None:
    gx.warehouse.execute(HISTORY)
    again = gx.stage("again")
    gx.warehouse.execute(
        "insert into ops.batches (batch_id, run_id, source_id, staged_at, articles, figures, state, is_reread)"
        " values ('again', 'replay', 'gazette', timestamptz '2026-11-20 12:00:00+00', 10, 0, 'proposed', true)"
    )

    assert gx.broken(again) == {"again": []}


def test_batches_that_are_too_few_together_are_not_added_up(gx: GXContext) -> None:
    late = first("articles", 4, "published_at = timestamptz '1970-01-01 00:00:00+00'")
    few = "delete from staging.articles where batch_id = $batch and article_id not in ('article-1', 'article-10', 'article-2', 'article-3')"  # noqa: E501
    batches = [gx.stage(name, late, few) for name in ("first", "second")]
    found = {name: [one for one in broken if "share" in one] for name, broken in gx.broken(*batches).items()}

    assert found == {"first": [], "second": []}


@pytest.mark.parametrize("way", ["alone", "together"])
def test_an_expectation_that_breaks_on_one_batch_leaves_the_others_their_results(
    way: str, *, gx: GXContext, tmp_path: Path
) -> None:
    query = "select tag from (select * from {batch}) as staged where cast(tag as integer) > 5"
    broken = "update staging.tags set tag = 'transport' where batch_id = $batch"
    number = "update staging.tags set tag = '7' where batch_id = $batch"
    batches = [gx.stage("first", number), gx.stage("breaks", broken), gx.stage("second", number)]
    validator = SuiteValidator(suites_with(tmp_path, {"unexpected_rows_query": query}), gx.warehouse.cursor)
    found = validator.validate_all(batches if way == "together" else batches[1:2])
    validator.close()
    error = found.pop("breaks")

    assert isinstance(error, ValidatorFailed)
    assert error.about == "tags/one"
    expected = {"first": ["tags.one info 10"], "second": ["tags.one info 10"]} if way == "together" else {}
    assert {name: failed(validations) for name, validations in found.items()} == expected


def test_a_misshapen_table_is_told_to_every_batch(gx: GXContext) -> None:
    batches = [gx.stage("first"), gx.stage("second")]
    gx.warehouse.execute("alter table staging.tags drop column tag")
    found = {name: failed(validations) for name, validations in gx.validator.validate_all(batches).items()}

    assert found == {"first": ["tags.columns critical 1"], "second": ["tags.columns critical 1"]}


@pytest.mark.parametrize(
    ("kind", "kwargs", "meta"),
    [
        ("expect_column_distinct_values_to_be_in_set", {"column": "tag", "value_set": ["transport"]}, {}),
        ("expect_table_row_count_to_be_between", {"max_value": 12}, {}),
        ("expect_table_row_count_to_be_between", {"min_value": 12}, {}),
        ("unexpected_rows_expectation", {"unexpected_rows_query": "select tag from {batch} where batch_id = 'odd' and tag = 'odd'"}, {}),  # noqa: E501
        ("expect_column_unique_value_count_to_be_between", {"column": "tag", "max_value": 1}, {}),
        ("expect_column_values_to_be_in_set", {"column": "tag", "value_set": ["transport"], "mostly": 0.6}, {}),
        ("expect_column_values_to_be_unique", {"column": "article_id"}, {}),
        ("expect_column_values_to_be_in_set", {"column": "tag", "value_set": ["transport"]}, {}),
        ("expect_column_values_to_be_in_set", {"column": "tag", "value_set": ["transport"]}, {"failing_rows": "false"}),
        ("unexpected_rows_expectation", {"unexpected_rows_query": "select count(*) as tags from {batch} having count(*) < 12"}, {}),  # noqa: E501
        ("unexpected_rows_expectation", {"unexpected_rows_query": "select tag from {batch} where tag <> 'transport'"}, {}),  # noqa: E501
    ],
)  # fmt: skip
def test_whatever_a_suite_asks_is_answered_for_each_batch(
    kind: str, kwargs: dict[str, Any], meta: dict[str, str], *, gx: GXContext, tmp_path: Path
) -> None:
    more = "insert into staging.tags select 'more-' || article_id, * exclude (article_id) from staging.tags where batch_id = $batch limit 5"  # noqa: E501
    odd = "update staging.tags set tag = 'odd' where batch_id = $batch and article_id < 'article-5'"
    batches = [
        gx.stage("good"),
        gx.stage("odd", odd),
        gx.stage("more", more),
        gx.stage("twice", "insert into staging.tags from staging.tags where batch_id = $batch limit 1"),
        gx.stage("also-good"),
        batch("empty"),
    ]
    gx.validator.close()
    gx.validator = SuiteValidator(suites_with(tmp_path, kwargs, kind, **meta), gx.warehouse.cursor)

    assert without_examples(gx.validator.validate_all(batches)) == without_examples(gx.alone(*batches))


def test_pages_are_written_for_what_failed_in_its_own_batch(gx: GXContext, suites: Path, tmp_path: Path) -> None:
    gx.validator.close()
    gx.validator = SuiteValidator(suites, gx.warehouse.cursor, pages_folder=tmp_path)
    batches = [gx.stage("first"), gx.stage("second"), gx.stage("third", first("tags", 1, "tag = ''"))]
    gx.validator.validate_all(batches)

    pages = {path.name: sorted(page.stem for page in path.iterdir()) for path in tmp_path.iterdir()}
    assert pages == {
        "20261120-gazette-first": [*JUDGED],
        "20261120-gazette-third": ["tags"],
    }
