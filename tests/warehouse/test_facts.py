"""The views and macros of the analysts' file say what their comments say, in any DuckDB."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingest.warehouse import releases
from ingest.warehouse.warehouse import Warehouse
from tests.makers import NOON
from tests.state import state_of

DAY = timedelta(days=1)
MONDAY = NOON - timedelta(days=NOON.weekday())


class News:
    """An analysts' file into which a test writes articles and figures."""

    def __init__(self, path: Path) -> None:
        self.connection = duckdb.connect(str(path), config={"autoinstall_known_extensions": "false"})
        self.connection.execute("set timezone = 'UTC'")
        for source in ("gazette", "herald", "courier"):
            self.insert("sources", source_id=source, name=source.title(), feed_url="/", timezone="UTC", country="PA")

    def tells(
        self, value: str, qualifier: str = "exact", *, source: str = "gazette", at: Any = MONDAY, **more: Any
    ) -> str:
        """Let a newsroom quote one figure in an article of its own; give the article's key."""
        number = len(self.rows("from articles"))
        key = f"article-{number}"
        copied = more.pop("copy_of", None)
        self.insert(
            "articles", article_id=key, source_id=source, url="/", canonical_url="/", title=f"Told {number}",
            authors=[], body="", first_seen_at=at, fetched_at=at, word_count=1, version=1, content_hash="",
            flags=more.pop("flags", []), parser_version="1", published_at=more.pop("published_at", at),
            duplicate_of=copied,
        )  # fmt: skip
        self.insert("paragraphs", article_id=key, position=1, kind="paragraph", text="They told it.")
        figure = {"kind": "count", "unit": "visitor", "subject": "visitors", "value_high": None} | more
        self.insert(
            "figures", figure_id=f"figure-{number}", article_id=key, version=1, paragraph=1, span_start=0, span_end=4,
            text=value, value=value, qualifier=qualifier, sentence="They told it.", flags=[], rules=[], **figure,
        )  # fmt: skip
        return key

    def insert(self, table: str, **row: Any) -> None:
        names = ", ".join(row)
        values = ", ".join(f"${name}" for name in row)
        self.connection.execute(f"insert into {table} ({names}) values ({values})", row)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(sql).fetchall()


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Release a file of nothing, once for all."""
    warehouse = Warehouse(tmp_path_factory.mktemp("empty"))
    releases.release_file(state_of(warehouse), warehouse, NOON)
    warehouse.close()
    return warehouse.news_path


@pytest.fixture
def news(empty: Path, tmp_path: Path) -> Iterator[News]:
    opened = News(Path(shutil.copy(empty, tmp_path / "news.duckdb")))
    yield opened
    opened.connection.close()


@pytest.mark.parametrize(
    ("one", "other", "do_they_contradict"),
    [
        (("700", "exact"), ("640", "exact"), True),
        (("700", "exact"), ("700", "exact"), False),
        (("700", "approximate"), ("640", "exact"), False),  # a tenth less than 700 is 630
        (("700", "approximate"), ("620", "exact"), True),
        (("600", "more_than"), ("640", "exact"), False),
        (("640", "more_than"), ("640", "exact"), True),
        (("640", "at_least"), ("640", "exact"), False),
        (("650", "at_least"), ("640", "exact"), True),
        (("600", "at_most"), ("640", "exact"), True),
        (("640", "at_most"), ("640", "exact"), False),
        (("640", "less_than"), ("640", "exact"), True),
        (("640", "less_than"), ("640", "at_least"), True),
        (("600", "less_than"), ("700", "at_most"), False),
        (("-700", "approximate"), ("-640", "exact"), False),
    ],
)
def test_newsrooms_contradict_each_other_where_no_number_satisfies_both(
    news: News, one: tuple[str, str], other: tuple[str, str], do_they_contradict: bool
) -> None:
    news.tells(*one, source="gazette")
    news.tells(*other, source="herald", at=MONDAY + DAY)

    found = news.rows("select source, contradicted_by from figure_series('Visitors', 'visitor')")

    expected = (
        [("Gazette", ["Herald"]), ("Herald", ["Gazette"])] if do_they_contradict else [("Gazette", []), ("Herald", [])]
    )
    assert found == expected


def test_a_range_is_satisfied_by_what_lies_in_it(news: News) -> None:
    news.tells("600", value_high="700")
    news.tells("650", source="herald")
    news.tells("701", source="courier")

    found = news.rows("select source, contradicted_by from figure_series('visitors', 'visitor') order by source")

    assert found == [("Courier", ["Gazette", "Herald"]), ("Gazette", ["Courier"]), ("Herald", ["Courier"])]


def test_nobody_contradicts_themselves_a_copy_or_another_week(news: News) -> None:
    original = news.tells("700")
    news.tells("640")
    news.tells("640", source="herald", copy_of=original)
    news.tells("640", source="courier", at=MONDAY + 7 * DAY)
    news.tells("12", source="courier", unit="person")

    weekly = news.rows("select source, window_from, contradicted_by from figure_series('visitors', 'visitor')")
    monthly = news.rows("select max(newsrooms) from figure_series('visitors', 'visitor', days := 3650)")

    week, next_week = MONDAY.date(), (MONDAY + 7 * DAY).date()
    assert weekly == [("Gazette", week, []), ("Gazette", week, []), ("Courier", next_week, [])]
    assert monthly == [(2,)]


def test_a_series_of_plain_fractions_has_no_unit(news: News) -> None:
    news.tells("0.5", kind="ratio", unit=None, subject="homes")

    assert news.rows("select value from figure_series('homes', null)") == [(Decimal("0.5"),)]


def test_money_is_converted_by_the_rate_of_its_day(news: News) -> None:
    money = {"kind": "money", "subject": "pier"}
    news.tells("270", unit="XCD", value_high="540", **money)
    news.tells("192.052", unit="MXN", at=MONDAY.replace(year=2025), **money)
    news.tells("192.052", unit="MXN", **money)
    news.tells("5", unit="ARS", **money)
    news.tells("5", unit="XCG", at=MONDAY.replace(year=2024), **money)
    news.tells("7", unit="USD", published_at=None, **money)

    found = news.rows(
        "select unit, amount_usd, amount_high_usd, rate_basis, rate_source, why_null from money_usd order by figure_id"
    )

    day = MONDAY.date()
    assert found == [
        ("XCD", 100, 200, "fixed", "official parity: Eastern Caribbean Central Bank", None),
        ("MXN", 10, None, "yearly_average", "Federal Reserve G.5A (FRED AEXMXUS)", None),
        ("MXN", None, None, None, None, "rates of MXN are known until 2025-12-31 only"),
        ("ARS", None, None, None, None, f"no rate of ARS is known for {day}"),
        ("XCG", None, None, None, None, f"no rate of XCG is known for {day.replace(year=2024)}"),
        ("USD", 7, None, "fixed", "the dollar itself", None),
    ]


def test_copies_and_lost_pages_are_marked_not_left_out(news: News) -> None:
    first = news.tells("1", flags=["gone"])
    news.tells("1", source="herald", copy_of=first, published_at=None)

    marks = [("Gazette", False, True, MONDAY), ("Herald", True, False, MONDAY)]
    assert news.rows("select source, is_duplicate, is_gone, effective_at from latest_articles order by source") == marks
    assert news.rows("select source, is_duplicate, is_gone, effective_at from figure_facts order by source") == marks


@pytest.mark.parametrize(
    ("view", "names"),
    [
        ("latest_articles", "is_copy is not distinct from is_duplicate and said_at is not distinct from effective_at"),
        ("figure_facts", "is_copy is not distinct from is_duplicate and said_at is not distinct from effective_at"),
        ("money_usd", "said_at is not distinct from effective_at"),
        ("figure_series('visitors', 'USD')", "said_at is not distinct from effective_at"),
    ],
)
def test_columns_have_their_former_names_for_a_release(news: News, view: str, names: str) -> None:
    first = news.tells("12", kind="money", unit="USD")
    news.tells("12", source="herald", copy_of=first, kind="money", unit="USD")

    assert news.rows(f"select count(*) > 0, bool_and({names}) from {view}") == [(True, True)]


def test_a_correction_says_by_how_much(news: News) -> None:
    key = news.tells("12")
    change = {"article_id": key, "from_version": 1, "to_version": 2, "kind": "money", "unit": "USD", "seen_at": NOON}
    news.insert(
        "figure_changes", position=1, change="changed", before="$12", before_value="12", after="$21", after_value="21",
        **change,
    )  # fmt: skip
    news.insert("figure_changes", position=2, change="added", after="$3", after_value="3", cause="reader", **change)

    sql = "select source, before, after, difference, difference_percent, cause from corrections order by after"

    assert news.rows(sql) == [("Gazette", "$12", "$21", 9, 75.0, None), ("Gazette", None, "$3", None, None, "reader")]


def test_a_source_is_as_well_as_its_last_visit_and_batch(news: News) -> None:
    poll = {"feed_url": "/", "entries_listed": 0, "entries_found": 0, "received_bytes": 0, "elapsed_ms": 0}
    news.insert(
        "ops.polls",
        source_id="gazette",
        polled_at=NOON,
        outcome="failed",
        reason="timeout",
        failures_in_a_row=2,
        **poll,
    )
    news.insert("ops.polls", source_id="gazette", polled_at=NOON - DAY, outcome="served", failures_in_a_row=0, **poll)
    news.insert("ops.polls", source_id="herald", polled_at=NOON, outcome="served", failures_in_a_row=0, **poll)
    news.insert(
        "ops.batches", batch_id="b", run_id="r", source_id="herald", staged_at=NOON, articles=1, figures=1,
        state="rejected", is_reread=False,
    )  # fmt: skip

    found = news.rows("select source, health, served_percent, batches_stopped from source_health order by source")

    assert found == [
        ("Courier", "never_asked", None, 0),
        ("Gazette", "failing", 50.0, 0),
        ("Herald", "stopped", 100.0, 1),
    ]


def test_every_view_macro_and_column_is_explained(news: News) -> None:
    unexplained = news.rows(
        """
        select view_name from duckdb_views() where not internal and comment is null
        union all
        select columns.table_name || '.' || column_name from duckdb_columns() as columns
        where not internal and comment is null
        union all
        select function_name from duckdb_functions()
        where function_type like '%macro' and not internal and comment is null
        """
    )

    assert unexplained == []


def test_views_are_found_under_any_name_of_the_file(news: News, tmp_path: Path) -> None:
    news.tells("700", kind="money", unit="USD")
    news.connection.close()
    with duckdb.connect(config={"autoinstall_known_extensions": "false"}) as elsewhere:
        elsewhere.execute(f"attach '{tmp_path}/news.duckdb' as other (read_only)")
        assert len(elsewhere.execute("from other.money_usd").fetchall()) == 1
        elsewhere.execute("use other")
        assert len(elsewhere.execute("from figure_series('visitors', 'USD')").fetchall()) == 1
