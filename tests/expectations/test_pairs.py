"""For every expectation: what breaks it in a good batch, and the nearest thing that does not."""

import json
from dataclasses import dataclass

import duckdb
import pytest

from ingest.core.model import ValidationResult
from tests.expectations.conftest import FIGURES_BEFORE, STAGED_SUITES, Validator
from tests.expectations.conftest import change as run

pytestmark = pytest.mark.integration


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Changes to a good batch: one that the rule must notice, and its neighbour that the rule must let pass."""

    bad: str
    good: str = ""  # empty: the good batch as it is
    unexpected: int = 1
    undo: str = ""  # for changes to the table itself


def change(table: str, values: str, rows: str = "") -> str:
    """Change one row of a batch, or those named."""
    one = f"rowid = (select min(rowid) from staging.{table} where batch_id = $batch)"
    return f"update staging.{table} set {values} where batch_id = $batch and {rows or one}"


def repeat(table: str) -> str:
    return f"insert into staging.{table} from staging.{table} where batch_id = $batch order by rowid limit 1"


def elsewhere(table: str) -> str:
    """Move one row to an article that the batch does not hold."""
    return change(table, "article_id = 'nowhere'")


def kind(name: str, value: str, unit: str = "unit", more: str = "") -> str:
    return change("figures", f"kind = '{name}', value = {value}, unit = {unit}{more}")


def first_figures(count: int, values: str) -> str:
    ids = f"select figure_id from staging.figures where batch_id = $batch order by figure_id limit {count}"
    return change("figures", values, f"figure_id in ({ids})")


def first_articles(count: int, values: str) -> str:
    ids = f"select article_id from staging.articles where batch_id = $batch order by article_id limit {count}"
    return change("articles", values, f"article_id in ({ids})")


def fridays(articles: int) -> str:
    """Publish a history of the source: so many articles on each of the four Fridays before the batch."""
    return (
        "insert into ops.batches (batch_id, run_id, source_id, staged_at, articles, figures, state) "
        f"select 'friday-' || week, 'history', 'gazette', timestamptz '2026-11-20 12:00:00+00' - to_days(7 * week), "
        f"{articles}, 0, 'published' from range(1, 5) as weeks(week)"
    )


def thursdays(articles: int) -> str:
    """Return the source a history: ten articles on each of four Thursdays, and so many on the one before the batch."""
    return (
        "insert into ops.batches (batch_id, run_id, source_id, staged_at, articles, figures, state) "
        "select 'thursday-' || week, 'history', 'gazette', timestamptz '2026-11-19 12:00:00+00' - to_days(7 * week), "
        f"if(week = 0, {articles}, 10), 0, 'published' from range(5) as weeks(week)"
    )


def history(figures: int) -> str:
    """Publish a history of the source: so many amounts of 30 dollars, all of which an earlier article quotes."""
    before = FIGURES_BEFORE.format(value=30, kind="money", unit="USD", figures=figures)
    return f"{before}; "


def shape_pairs(table: str) -> dict[tuple[str, str], Pair]:
    return {
        (table, "columns"): Pair(
            bad=f"alter table staging.{table} add column surprise integer",
            undo=f"alter table staging.{table} drop column surprise",
        ),
        (table, "types"): Pair(
            bad=f"alter table staging.{table} alter column row_key set data type integer using 0",
            undo=f"alter table staging.{table} alter column row_key set data type varchar",
        ),
    }


PAIRS: dict[tuple[str, str], Pair] = {
    **shape_pairs("articles"),
    ("articles", "values_present"): Pair(
        bad=change("articles", "source_id = null"), good=change("articles", "summary = null")
    ),
    ("articles", "staged_once"): Pair(bad=repeat("articles"), unexpected=2),
    ("articles", "title_length"): Pair(
        bad=change("articles", "title = repeat('a', 401)"), good=change("articles", "title = repeat('ñ', 400)")
    ),
    ("articles", "body_present"): Pair(bad=change("articles", "body = ' '"), good=change("articles", "body = 'Rain.'")),
    ("articles", "body_not_short"): Pair(
        bad=change("articles", "word_count = 19"), good=change("articles", "word_count = 20")
    ),
    ("articles", "published_at_plausible"): Pair(
        bad=change("articles", "published_at = timestamptz '2026-11-22 10:00:01+00'"),
        good=change("articles", "published_at = timestamptz '2026-11-22 10:00:00+00'"),
    ),
    ("articles", "modified_at_plausible"): Pair(
        bad=change("articles", "modified_at = timestamptz '1989-12-31 23:59:59+00', published_at = null"),
        good=change("articles", "modified_at = timestamptz '2026-11-22 10:00:00+00'"),
    ),
    ("articles", "published_at_known"): Pair(bad=change("articles", "published_at = null")),
    ("articles", "language_known"): Pair(
        bad=change("articles", "language = null"), good=change("articles", "language = 'ht'")
    ),
    ("articles", "address_on_the_web"): Pair(
        bad=change("articles", "canonical_url = 'ftp://gazette.example/1'"),
        good=change("articles", "canonical_url = 'http://gazette.example/1'"),
    ),
    ("articles", "body_not_a_wall"): Pair(
        bad=change("articles", "word_count = 40, body = 'We use cookies to improve your visit. Accept all cookies.'"),
        good=change("articles", "word_count = 400, body = 'We use cookies, the bakers said, to win hearts.'"),
    ),
    ("articles", "modified_after_published"): Pair(
        bad=change("articles", "modified_at = published_at - interval 1 second"),
        good=change("articles", "modified_at = published_at"),
    ),
    ("articles", "dates_share"): Pair(
        bad=first_articles(6, "published_at = timestamptz '1970-01-01 00:00:00+00'"),
        good=first_articles(5, "published_at = timestamptz '1970-01-01 00:00:00+00'"),
        unexpected=6,
    ),
    ("articles", "volume_of_its_weekday"): Pair(bad=fridays(1), good=fridays(2)),
    ("articles", "volume_of_the_day_before"): Pair(bad=thursdays(1), good=thursdays(2)),
    ("articles", "freshness_share"): Pair(
        bad=first_articles(6, "published_at = fetched_at - interval 721 hour"),
        good=first_articles(6, "published_at = fetched_at - interval 720 hour"),
        unexpected=6,
    ),
    **shape_pairs("article_urls"),
    ("article_urls", "values_present"): Pair(bad=change("article_urls", "kind = null")),
    ("article_urls", "staged_once"): Pair(
        bad=repeat("article_urls"),
        good=repeat("article_urls") + "; " + change("article_urls", "kind = 'amp'"),
        unexpected=2,
    ),
    ("article_urls", "article_known"): Pair(
        bad=elsewhere("article_urls"), good=change("article_urls", "article_id = 'published-before'")
    ),
    ("article_urls", "address_on_the_web"): Pair(bad=change("article_urls", "url = '/1'")),
    **shape_pairs("article_sources"),
    ("article_sources", "values_present"): Pair(
        bad=change("article_sources", "found_at = null"), good=change("article_sources", "guid = null")
    ),
    ("article_sources", "staged_once"): Pair(
        bad=repeat("article_sources"),
        good=repeat("article_sources") + "; " + change("article_sources", "source_id = 'herald'"),
        unexpected=2,
    ),
    ("article_sources", "article_known"): Pair(
        bad=elsewhere("article_sources"), good=change("article_sources", "article_id = 'published-before'")
    ),
    ("article_sources", "found_before_last_listed"): Pair(
        bad=change("article_sources", "last_listed_at = found_at - interval 1 second"),
        good=change("article_sources", "last_listed_at = found_at"),
    ),
    **shape_pairs("authors"),
    ("authors", "values_present"): Pair(bad=change("authors", "name = null")),
    ("authors", "staged_once"): Pair(bad=repeat("authors"), unexpected=2),
    ("authors", "name_plausible"): Pair(
        bad=change("authors", "name = 'news@gazette.example'"), good=change("authors", "name = 'Ñ'")
    ),
    **shape_pairs("article_authors"),
    ("article_authors", "values_present"): Pair(bad=change("article_authors", "author_id = null")),
    ("article_authors", "staged_once"): Pair(bad=repeat("article_authors"), unexpected=2),
    ("article_authors", "article_staged"): Pair(bad=elsewhere("article_authors")),
    ("article_authors", "author_staged"): Pair(
        bad=change("authors", "name = '2026'"), good=change("authors", "name = 'Ana 2026'"), unexpected=10
    ),
    ("article_authors", "position_counts_from_one"): Pair(bad=change("article_authors", "position = 0")),
    **shape_pairs("paragraphs"),
    ("paragraphs", "values_present"): Pair(
        bad=change("paragraphs", "text = null"), good=change("paragraphs", "heading = null")
    ),
    ("paragraphs", "staged_once"): Pair(bad=repeat("paragraphs"), unexpected=2),
    ("paragraphs", "article_staged"): Pair(bad=elsewhere("paragraphs")),
    ("paragraphs", "position_counts_from_one"): Pair(bad=change("paragraphs", "position = 0")),
    ("paragraphs", "kind_known"): Pair(
        bad=change("paragraphs", "kind = 'aside'"), good=change("paragraphs", "kind = 'caption'")
    ),
    ("paragraphs", "text_present"): Pair(
        bad=change("paragraphs", "text = E'\\n\\t '"), good=change("paragraphs", "text = '—'")
    ),
    ("paragraphs", "text_not_endless"): Pair(
        bad=change("paragraphs", "text = repeat('a', 10001)"), good=change("paragraphs", "text = repeat('a', 10000)")
    ),
    **shape_pairs("figures"),
    ("figures", "values_present"): Pair(
        bad=change("figures", "value = null"), good=change("figures", "subject = null")
    ),
    ("figures", "staged_once"): Pair(bad=repeat("figures"), unexpected=2),
    ("figures", "article_staged"): Pair(bad=elsewhere("figures")),
    ("figures", "paragraph_staged"): Pair(
        bad=change("figures", "paragraph = 3"), good=change("figures", "paragraph = 3 - paragraph")
    ),
    ("figures", "kind_known"): Pair(bad=change("figures", "kind = 'date'"), good=change("figures", "kind = 'ratio'")),
    ("figures", "qualifier_known"): Pair(
        bad=change("figures", "qualifier = 'maybe'"), good=change("figures", "qualifier = 'at_most'")
    ),
    ("figures", "span_ordered"): Pair(
        bad=change("figures", "span_end = span_start"), good=change("figures", "span_end = span_start + 1")
    ),
    ("figures", "high_not_below_low"): Pair(
        bad=change("figures", "value_high = value - 0.000001"), good=change("figures", "value_high = value")
    ),
    ("figures", "money_unit_is_a_currency"): Pair(
        bad=kind("money", "30", "'dollar'"), good=kind("money", "30", "'MXN'")
    ),
    ("figures", "percent_bounds"): Pair(
        bad=kind("percent", "-1000.000001", "'percent'"), good=kind("percent", "-1000", "'percent'")
    ),
    ("figures", "money_not_negative"): Pair(bad=kind("money", "-0.01", "'USD'"), good=kind("money", "0", "'USD'")),
    ("figures", "money_size"): Pair(
        bad=kind("money", "500000000000000", "'USD'"), good=kind("money", "500000000000000", "'COP'")
    ),
    ("figures", "count_bounds"): Pair(
        bad=kind("count", "10000000001", "'person'"), good=kind("count", "10000000001", "'cell'")
    ),
    ("figures", "count_whole"): Pair(bad=kind("count", "2.5", "'migrante'"), good=kind("count", "2.5", "'star'")),
    ("figures", "age_bounds"): Pair(
        bad=kind("age", "430", "'year'", ", text = '430-year-old', subject = 'man'"),
        good=kind("age", "2000", "'year'", ", text = '2,000-year-old', subject = 'temple'"),
    ),
    ("figures", "duration_bounds"): Pair(
        bad=kind("duration", "3", "'century'", ", value_high = 200000001"),
        good=kind("duration", "13800000000", "'year'"),
    ),
    ("figures", "measurement_bounds"): Pair(
        bad=kind("measurement", "-273.16", "'degree_celsius'"), good=kind("measurement", "-273.15", "'degree_celsius'")
    ),
    ("figures", "measurement_not_negative"): Pair(
        bad=kind("measurement", "-4", "'kilometre'"), good=kind("measurement", "-4", "'point'")
    ),
    ("figures", "size_in_history"): Pair(
        bad=history(100) + kind("money", "30001", "'USD'"),
        good=history(99) + kind("money", "30001", "'USD'"),
    ),
    ("figures", "ratio_bounds"): Pair(bad=kind("ratio", "1000.01", "null"), good=kind("ratio", "1000.01", "'times'")),
    ("figures", "text_at_its_span"): Pair(
        bad=change("figures", "span_start = span_start - 1, span_end = span_end - 1"),
        good=change("figures", "span_start = span_start - 1, text = ' ' || text"),
    ),
    ("figures", "sentence_holds_text"): Pair(bad=change("figures", "sentence = 'Fares rose, the ministry said.'")),
    ("figures", "attribution_in_sentence"): Pair(
        bad=change("figures", "attributed_to = 'The Herald'"),
        good=change("figures", "attributed_to = 'The Herald', flags = ['attribution_carried']"),
    ),
    ("figures", "reader_had_no_doubt"): Pair(
        bad=change("figures", "flags = ['currency_assumed', 'improbable_percent']"),
        good=change("figures", "flags = ['attribution_carried', 'currency_assumed', 'separator_assumed']"),
    ),
    ("figures", "impossible_share"): Pair(
        bad=first_figures(13, "kind = 'percent', unit = 'percent', value = 43000"),
        good=first_figures(12, "kind = 'percent', unit = 'percent', value = 43000"),
        unexpected=13,
    ),
    **shape_pairs("links"),
    ("links", "values_present"): Pair(
        bad=change("links", "url = null"), good=change("links", "url = null, kind = 'source', text = 'Harbour Wire'")
    ),
    ("links", "staged_once"): Pair(bad=repeat("links"), unexpected=2),
    ("links", "article_staged"): Pair(bad=elsewhere("links")),
    ("links", "position_counts_from_one"): Pair(bad=change("links", "position = 0")),
    ("links", "kind_known"): Pair(bad=change("links", "kind = 'advert'"), good=change("links", "kind = 'source'")),
    ("links", "address_on_the_web"): Pair(
        bad=change("links", "url = 'javascript:void(0)'"), good=change("links", "url = 'http://gazette.example'")
    ),
    **shape_pairs("media"),
    ("media", "values_present"): Pair(bad=change("media", "kind = null"), good=change("media", "caption = null")),
    ("media", "staged_once"): Pair(bad=repeat("media"), unexpected=2),
    ("media", "article_staged"): Pair(bad=elsewhere("media")),
    ("media", "position_counts_from_one"): Pair(bad=change("media", "position = 0")),
    ("media", "kind_known"): Pair(bad=change("media", "kind = 'sound'"), good=change("media", "kind = 'video'")),
    ("media", "address_on_the_web"): Pair(bad=change("media", "url = 'data:image/gif;base64,R0lGOD'")),
    **shape_pairs("tags"),
    ("tags", "values_present"): Pair(bad=change("tags", "tag = null")),
    ("tags", "staged_once"): Pair(bad=repeat("tags"), unexpected=2),
    ("tags", "article_staged"): Pair(bad=elsewhere("tags")),
    ("tags", "tag_length"): Pair(
        bad=change("tags", "tag = repeat('a', 201)"), good=change("tags", "tag = repeat('a', 200)")
    ),
}
NAMED = [pytest.param(*place, pair, id=".".join(place)) for place, pair in PAIRS.items()]


def test_every_expectation_has_its_pair() -> None:
    expected = {
        (path.stem, expectation["meta"]["rule"])
        for path in STAGED_SUITES
        for expectation in json.loads(path.read_text(encoding="utf-8"))["expectations"]
    }

    assert set(PAIRS) == expected


@pytest.mark.parametrize(("suite", "rule", "pair"), NAMED)
def test_an_expectation_fails_on_what_was_made_for_it_and_refuses_as_many_rows_as_it_found(
    suite: str, rule: str, pair: Pair, *, warehouse: duckdb.DuckDBPyConnection, validator: Validator, batch_id: str
) -> None:
    run(warehouse, pair.bad, batch_id)
    try:
        validation = validator(suite, rule, batch_id)
        refused = _count_refused(warehouse, validation)
    finally:
        run(warehouse, pair.undo, batch_id)

    assert not validation.passed
    assert validation.unexpected == pair.unexpected
    assert validation.observed
    assert refused in (None, validation.unexpected)


@pytest.mark.parametrize(("suite", "rule", "pair"), NAMED)
def test_an_expectation_passes_on_its_neighbour(
    suite: str, rule: str, pair: Pair, *, warehouse: duckdb.DuckDBPyConnection, validator: Validator, batch_id: str
) -> None:
    run(warehouse, pair.good, batch_id)

    validation = validator(suite, rule, batch_id)

    assert validation.passed
    assert validation.unexpected == 0


def _count_refused(warehouse: duckdb.DuckDBPyConnection, validation: ValidationResult) -> int | None:
    if validation.failing_rows is None:
        return None
    staged = f"staging.{validation.suite} as staged"
    query = f"select count(*) from {staged} where batch_id = ? and ({validation.failing_rows})"
    return int(warehouse.execute(query, [validation.batch_id]).fetchall()[0][0])
