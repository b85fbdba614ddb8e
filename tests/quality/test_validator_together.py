"""Batches that are judged together get the verdicts that each would have got alone."""

import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingest.core.errors import JudgeFailed
from ingest.core.model import Batch
from ingest.quality.suites import Rule, read_suites
from ingest.quality.validator import SuiteJudge
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
    return {name: [replace(verdict, observed=None) for verdict in verdicts] for name, verdicts in found.items()}


@dataclass
class Bench:
    """A judge, a warehouse to stage batches in, and what is judged of them."""

    warehouse: duckdb.DuckDBPyConnection
    judge: SuiteJudge

    def stage(self, name: str, *changes: str) -> Batch:
        self.warehouse.execute("set variable batch = ?", [name])
        self.warehouse.execute(GOOD_BATCH)
        for change in changes:
            self.warehouse.execute(change.replace("$batch", f"'{name}'"))
        return batch(name)

    def alone(self, *batches: Batch) -> dict[str, Any]:
        return {one.batch_id: self.judge.judge(one) for one in batches}

    def broken(self, *batches: Batch) -> dict[str, list[str]]:
        return {name: failed(verdicts) for name, verdicts in self.judge.judge_all(batches).items()}


@pytest.fixture(scope="module")
def suites(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("suites")
    for name in JUDGED:
        shutil.copy(ROOT / "expectations" / f"{name}.json", folder)
    return folder


@pytest.fixture
def bench(suites: Path) -> Iterator[Bench]:
    with duckdb.connect(config={"threads": 1}) as warehouse:  # as the warehouse has it
        lay_pattern(warehouse)
        judge = SuiteJudge(suites, warehouse.cursor)
        yield Bench(warehouse, judge)
        judge.close()


def batch(name: str) -> Batch:
    staged_at = datetime(2026, 11, 20, tzinfo=UTC)
    return Batch(batch_id=name, run_id="run", source_id="gazette", staged_at=staged_at, articles=10, figures=60)


def failed(verdicts: Any) -> list[str]:
    return [f"{one.suite}.{one.rule} {one.severity} {one.unexpected}" for one in verdicts if not one.passed]


def first(table: str, count: int, values: str, key: str = "article_id") -> str:
    ids = f"select {key} from staging.{table} where batch_id = $batch order by {key} limit {count}"
    return f"update staging.{table} set {values} where batch_id = $batch and {key} in ({ids})"


def suites_with(folder: Path, kwargs: dict[str, Any], kind: str = "unexpected_rows_expectation", **meta: str) -> Path:
    expectation = {"type": kind, "kwargs": kwargs, "severity": "info", "meta": {"rule": "one", "note": "Why.", **meta}}
    content = {"name": "tags", "expectations": [expectation]}
    (folder / "tags.json").write_text(json.dumps(content), encoding="utf-8")
    return folder


def test_batches_judged_together_get_the_very_verdicts_that_each_gets_alone(bench: Bench) -> None:
    batches = [
        bench.stage("good"),
        bench.stage("one-refused", first("figures", 1, IMPOSSIBLE, "figure_id")),
        bench.stage("stopped", first("figures", 13, IMPOSSIBLE, "figure_id")),
        bench.stage("also-good"),
        bench.stage("twice", "insert into staging.figures from staging.figures where batch_id = $batch limit 1"),
        bench.stage("small", "delete from staging.tags where batch_id = $batch and article_id <> 'article-1'"),
        bench.stage("doubtful", first("articles", 6, "language = null"), first("paragraphs", 1, "kind = 'aside'")),
        batch("empty"),
    ]
    together = bench.judge.judge_all(batches)

    assert together == bench.alone(*batches)
    assert {name: failed(verdicts) for name, verdicts in together.items()} == {
        "good": [],
        "one-refused": ["figures.percent_bounds warning 1"],
        "stopped": ["figures.percent_bounds warning 13", "figures.impossible_share critical 13"],
        "also-good": [],
        "twice": ["figures.staged_once warning 2"],
        "small": [],
        "doubtful": ["articles.language_known info 6", "paragraphs.kind_known warning 2"],
        "empty": [],
    }


def test_a_good_batch_beside_others_is_judged_no_second_time(bench: Bench, suites: Path) -> None:
    batches = [bench.stage(f"good-{number}") for number in range(3)]  # of the very same articles
    bad = bench.stage("bad", first("tags", 1, "tag = ''"))
    ran: list[int] = []
    report_on = bench.judge._bench.report_on

    def count(suite: str, rules: Sequence[Rule]) -> Any:
        ran.append(len(rules))
        return report_on(suite, rules)

    bench.judge._bench.report_on = count  # type: ignore[method-assign]
    bench.judge.judge_all([*batches, bad])
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
def test_a_share_is_not_diluted_by_good_neighbours(change: str, found: str, bench: Bench) -> None:
    bad = bench.stage("bad", change)
    neighbours = [bench.stage(f"good-{number}") for number in range(4)]
    broken = bench.broken(neighbours[0], bad, *neighbours[1:])

    assert found in broken.pop("bad")
    assert broken == {one.batch_id: [] for one in neighbours}


def test_a_flood_is_told_of_its_own_batch_and_source(bench: Bench) -> None:
    bench.warehouse.execute(HISTORY)
    flood = bench.stage("flood")
    others = [
        bench.stage(name, f"update staging.articles set source_id = '{name}' where batch_id = $batch")
        for name in ("herald", "courier")
    ]
    trickle = bench.stage(
        "trickle", "delete from staging.articles where batch_id = $batch and article_id > 'article-1'"
    )
    found = {name: [one for one in failed if "volume" in one] for name, failed in bench.broken(
        others[0], flood, others[1], trickle
    ).items()}  # fmt: skip

    assert found == {
        "herald": [], "flood": ["articles.volume_of_its_weekday info 1"], "courier": [], "trickle": [],
    }  # fmt: skip


def test_a_lean_day_is_told_of_its_own_source(bench: Bench) -> None:
    bench.warehouse.execute(
        "insert into ops.batches (batch_id, run_id, source_id, staged_at, articles, figures, state) "
        "select 'thursday-' || week, 'history', 'gazette', timestamptz '2026-11-19 12:00:00+00' - to_days(7 * week), "
        "if(week = 0, 1, 40), 0, 'published' from range(5) as weeks(week)"
    )
    lean = bench.stage("lean")
    other = bench.stage("herald", "update staging.articles set source_id = 'herald' where batch_id = $batch")
    found = bench.broken(lean, other)

    assert "articles.volume_of_the_day_before info 1" in found["lean"]
    assert not [one for one in found["herald"] if "volume" in one]


def test_what_is_read_again_is_no_flood(bench: Bench) -> None:
    bench.warehouse.execute(HISTORY)
    again = bench.stage("again")
    bench.warehouse.execute(
        "insert into ops.batches (batch_id, run_id, source_id, staged_at, articles, figures, state, is_reread)"
        " values ('again', 'replay', 'gazette', timestamptz '2026-11-20 12:00:00+00', 10, 0, 'proposed', true)"
    )

    assert bench.broken(again) == {"again": []}


def test_batches_that_are_too_few_together_are_not_added_up(bench: Bench) -> None:
    late = first("articles", 4, "published_at = timestamptz '1970-01-01 00:00:00+00'")
    few = "delete from staging.articles where batch_id = $batch and article_id not in ('article-1', 'article-10', 'article-2', 'article-3')"  # noqa: E501
    batches = [bench.stage(name, late, few) for name in ("first", "second")]
    found = {name: [one for one in broken if "share" in one] for name, broken in bench.broken(*batches).items()}

    assert found == {"first": [], "second": []}


@pytest.mark.parametrize("way", ["alone", "together"])
def test_an_expectation_that_breaks_on_one_batch_leaves_the_others_their_verdicts(
    way: str, *, bench: Bench, tmp_path: Path
) -> None:
    query = "select tag from (select * from {batch}) as staged where cast(tag as integer) > 5"
    broken = "update staging.tags set tag = 'transport' where batch_id = $batch"
    number = "update staging.tags set tag = '7' where batch_id = $batch"
    batches = [bench.stage("first", number), bench.stage("breaks", broken), bench.stage("second", number)]
    judge = SuiteJudge(suites_with(tmp_path, {"unexpected_rows_query": query}), bench.warehouse.cursor)
    found = judge.judge_all(batches if way == "together" else batches[1:2])
    judge.close()
    error = found.pop("breaks")

    assert isinstance(error, JudgeFailed)
    assert error.about == "tags/one"
    expected = {"first": ["tags.one info 10"], "second": ["tags.one info 10"]} if way == "together" else {}
    assert {name: failed(verdicts) for name, verdicts in found.items()} == expected


def test_a_misshapen_table_is_told_to_every_batch(bench: Bench) -> None:
    batches = [bench.stage("first"), bench.stage("second")]
    bench.warehouse.execute("alter table staging.tags drop column tag")
    found = {name: failed(verdicts) for name, verdicts in bench.judge.judge_all(batches).items()}

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
    kind: str, kwargs: dict[str, Any], meta: dict[str, str], *, bench: Bench, tmp_path: Path
) -> None:
    more = "insert into staging.tags select 'more-' || article_id, * exclude (article_id) from staging.tags where batch_id = $batch limit 5"  # noqa: E501
    odd = "update staging.tags set tag = 'odd' where batch_id = $batch and article_id < 'article-5'"
    batches = [
        bench.stage("good"),
        bench.stage("odd", odd),
        bench.stage("more", more),
        bench.stage("twice", "insert into staging.tags from staging.tags where batch_id = $batch limit 1"),
        bench.stage("also-good"),
        batch("empty"),
    ]
    bench.judge.close()
    bench.judge = SuiteJudge(suites_with(tmp_path, kwargs, kind, **meta), bench.warehouse.cursor)

    assert without_examples(bench.judge.judge_all(batches)) == without_examples(bench.alone(*batches))


def test_pages_are_written_for_what_failed_in_its_own_batch(bench: Bench, suites: Path, tmp_path: Path) -> None:
    bench.judge.close()
    bench.judge = SuiteJudge(suites, bench.warehouse.cursor, pages_folder=tmp_path)
    batches = [bench.stage("first"), bench.stage("second"), bench.stage("third", first("tags", 1, "tag = ''"))]
    bench.judge.judge_all(batches)

    pages = {path.name: sorted(page.stem for page in path.iterdir()) for path in tmp_path.iterdir()}
    assert pages == {
        "20261120-gazette-first": [*JUDGED],
        "20261120-gazette-third": ["tags"],
    }
