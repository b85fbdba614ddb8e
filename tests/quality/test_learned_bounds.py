"""Learned bounds lie well beyond what was seen, and come as a change to a suite that a person can read."""

import json
from decimal import Decimal

import pytest

from ingest.quality.learned_bounds import FigureRange, difference, learn_bound, propose_suite

SUITE = json.dumps(
    {
        "name": "figures",
        "expectations": [
            {"type": "x", "meta": {"rule": "columns"}},
            {"type": "x", "meta": {"rule": "percent_bounds", "failing_rows": "kind = 'percent' and value > 1"}},
            {"type": "x", "meta": {"rule": "sentence_holds_text", "failing_rows": "not contains(sentence, text)"}},
        ],
    },
    indent=2,
)


def seen(low: str, high: str, unit: str = "percent") -> FigureRange:
    return FigureRange(kind="percent", unit=unit, figures=1200, low=Decimal(low), high=Decimal(high))


@pytest.mark.parametrize(
    ("low", "high", "least", "most"),
    [
        ("0.1", "87", "0", "900"),
        ("0", "100", "0", "1000"),
        ("-12", "45.5", "-200", "500"),
        ("-300", "-2", "-3000", "0"),
        ("1", "3600000000", "0", "40000000000"),
        ("0.001", "0.05", "0", "0.5"),
    ],
)
def test_a_bound_lies_ten_times_beyond_what_was_seen(low: str, high: str, least: str, most: str) -> None:
    bound = learn_bound(seen(low, high))

    assert (bound.least, bound.most) == (Decimal(least), Decimal(most))


def rules(suite: str) -> list[str]:
    return [each["meta"]["rule"] for each in json.loads(suite)["expectations"]]


def test_a_new_bound_follows_the_other_rules_on_values() -> None:
    suite = propose_suite(SUITE, [learn_bound(seen("0", "87"))])

    assert rules(suite) == ["columns", "percent_bounds", "learned_percent_percent", "sentence_holds_text"]


def test_a_bound_learned_anew_takes_the_place_of_the_old_one() -> None:
    once = propose_suite(SUITE, [learn_bound(seen("0", "87"))])
    again = propose_suite(once, [learn_bound(seen("0", "120"))])
    changed = [line for line in difference(once, again, "expectations/figures.json").splitlines() if line[0] in "+-"]

    assert rules(again) == rules(once)
    assert changed[:2] == ["--- a/expectations/figures.json", "+++ b/expectations/figures.json"]
    assert {line[0] for line in changed} == {"+", "-"}
    assert any("> 2000" in line for line in changed if line[0] == "+")


def test_a_unit_is_quoted_and_its_rule_has_a_plain_name() -> None:
    suite = json.loads(propose_suite(SUITE, [learn_bound(seen("0", "1", unit="driver's mile"))]))
    (learned,) = [each for each in suite["expectations"] if each["meta"]["rule"].startswith("learned")]

    assert learned["meta"]["rule"] == "learned_percent_driver_s_mile"
    assert "unit = 'driver''s mile'" in learned["meta"]["failing_rows"]
