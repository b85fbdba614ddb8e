"""Bounds for figures, learned from those that are published: wide enough that what lies beyond is worth a look."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from difflib import unified_diff
from typing import Any

WIDENED = 10  # times beyond all but one in a thousand of what was published
_RANGE = "kind = "  # how the words of a rule about values begin


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureRange:
    """Where the published figures of one kind and unit lie: all but the lowest and highest thousandth."""

    kind: str
    unit: str
    figures: int
    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """A rule that is offered: its name, what it lets pass, and why."""

    rule: str
    kind: str
    unit: str
    least: Decimal
    most: Decimal
    note: str


def learn_bound(seen: FigureRange) -> Bound:
    """Widen what was seen tenfold and round it up; what was never negative stays so."""
    least, most = -_round_up(-seen.low * WIDENED), _round_up(seen.high * WIDENED)
    return Bound(
        rule="learned_" + re.sub(r"\W+", "_", f"{seen.kind}_{seen.unit}"),
        kind=seen.kind,
        unit=seen.unit,
        least=least,
        most=most,
        note=f"Of {seen.figures:,} published figures in {seen.unit}, all but one in a thousand at either end lie "
        f"between {seen.low.normalize():,f} and {seen.high.normalize():,f}; this is ten times beyond.",
    )


def propose_suite(text: str, bounds: Sequence[Bound]) -> str:
    """Return a suite with the bounds in it: those of the same name replaced, new ones after the last rule on values."""
    suite = json.loads(text)
    listed: list[dict[str, Any]] = suite["expectations"]
    places = {each["meta"]["rule"]: place for place, each in enumerate(listed)}
    ranges = [place for place, each in enumerate(listed) if each["meta"].get("failing_rows", "").startswith(_RANGE)]
    news = []
    for bound in bounds:
        if bound.rule in places:
            listed[places[bound.rule]] = _expectation(bound)
        else:
            news.append(_expectation(bound))
    end = ranges[-1] + 1 if ranges else len(listed)
    listed[end:end] = news
    return json.dumps(suite, indent=2, ensure_ascii=False) + "\n"


def difference(before: str, after: str, name: str) -> str:
    """Return what `patch -p1` takes."""
    lines = unified_diff(before.splitlines(), after.splitlines(), f"a/{name}", f"b/{name}", lineterm="")
    return "\n".join(lines)


def _expectation(bound: Bound) -> dict[str, Any]:
    kind, unit = (value.replace("'", "''") for value in (bound.kind, bound.unit))
    beyond = f"value < {bound.least:f} or greatest(value, value_high) > {bound.most:f}"
    failing_rows = f"kind = '{kind}' and unit = '{unit}' and ({beyond})"
    query = f"select figure_id, text, value from (select * from {{batch}}) as staged where {failing_rows}"
    return {
        "type": "unexpected_rows_expectation",
        "kwargs": {"unexpected_rows_query": f"{query} order by greatest(abs(value), abs(value_high)) desc, row_key"},
        "severity": "info",
        "meta": {"rule": bound.rule, "note": bound.note, "failing_rows": failing_rows},
    }


def _round_up(value: Decimal) -> Decimal:
    """Round to one digit, away from what was seen; what is not above zero is zero."""
    if value <= 0:
        return Decimal(0)
    return value.quantize(Decimal(1).scaleb(value.adjusted()), rounding=ROUND_CEILING)
