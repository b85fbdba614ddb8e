"""What is offered for the suites can be read by the validator, and says how often it would have spoken up."""

from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from ingest.quality.learned_bounds import FigureRange, learn_bound, propose_suite
from ingest.quality.proposals import propose_bounds
from ingest.quality.suites import read_suite
from ingest.warehouse.warehouse import look
from tests.command import ingest
from tests.conftest import FirstPass

pytestmark = pytest.mark.integration

ROOT = Path(__file__).parents[2]
SUITE = (ROOT / "expectations" / "figures.json").read_text(encoding="utf-8")


def test_bounds_are_offered_as_a_change_to_the_suite(first_pass: FirstPass, tmp_path: Path) -> None:
    ran = ingest("suites", "propose", "--at-least", 20, "--warehouse", first_pass.warehouse, cwd=tmp_path)

    assert (ran.code, ran.err) == (0, "")
    assert "learned_percent_percent" in ran.out
    assert "+++ b/expectations/figures.json" in ran.out.splitlines()


def test_too_little_to_learn_from_is_told(first_pass: FirstPass, tmp_path: Path) -> None:
    ran = ingest("suites", "propose", "--at-least", 100_000, "--warehouse", first_pass.warehouse, cwd=tmp_path)

    assert (ran.code, ran.out) == (
        0,
        "no kind and unit has 100,000 published figures to learn from; --at-least takes fewer\n",
    )


def test_a_back_test_counts_what_lies_beyond(tmp_path: Path) -> None:
    news = tmp_path / "news.duckdb"
    with duckdb.connect(news) as connection:
        connection.execute(
            "create table figures as select 'percent' as kind, 'percent' as unit, number::decimal(38, 6) as value,"
            " null::decimal(38, 6) as value_high, number || '%' as text, 'article-' || number as article_id"
            " from range(1, 3000) as numbers(number) union all"
            " select 'percent', 'percent', 43000, null, '43,000%', 'article-x'"
        )
        connection.execute(
            "create table articles as select distinct article_id, timestamptz '2026-11-20' as first_seen_at"
            " from figures"
        )
    found = propose_bounds(SUITE, read=lambda name, given: look([news], name, given), at_least=1000)

    (bound,) = found.bounds
    assert (bound["least"], bound["most"]) == (0, 30_000)
    assert (bound["figures"], bound["fired"], bound["articles"], bound["farthest"]) == (3000, 1, 1, ["43,000%"])


def test_the_newest_quarter_of_the_days_is_held_out(tmp_path: Path) -> None:
    news = tmp_path / "news.duckdb"
    with duckdb.connect(news) as connection:
        connection.execute(
            "create table figures as select 'percent' as kind, 'percent' as unit,"
            " (if(day = 4, 5000, 10))::decimal(38, 6) as value, null::decimal(38, 6) as value_high,"
            " day || '%' as text, 'article-' || day as article_id"
            " from range(1, 5) as days(day), range(100)"
        )
        connection.execute(
            "create table articles as select 'article-' || day as article_id,"
            " timestamptz '2026-11-20' + to_days(day::integer) as first_seen_at from range(1, 5) as days(day)"
        )
    found = propose_bounds(SUITE, read=lambda name, given: look([news], name, given), at_least=100)

    (bound,) = found.bounds
    assert bound["most"] == 100  # ten times what the first three days brought
    assert (bound["figures"], bound["fired"]) == (300, 0)
    assert (bound["newer_figures"], bound["newer_fired"]) == (100, 100)


def test_what_is_offered_can_be_validated_by(tmp_path: Path) -> None:
    seen = FigureRange(kind="money", unit="USD", figures=900, low=Decimal(1), high=Decimal(5))
    path = tmp_path / "figures.json"
    path.write_text(propose_suite(SUITE, [learn_bound(seen)]), encoding="utf-8")

    assert "learned_money_USD" in [rule.rule for rule in read_suite(path)]
