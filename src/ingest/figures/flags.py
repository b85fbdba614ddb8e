"""Owns what is improbable in a figure or had to be assumed: flagged for validation, never hidden."""

from collections.abc import Callable, Sequence
from decimal import Decimal

from ..core.model import FigureKind
from . import currencies, separators

Check = Callable[[FigureKind, str | None, Decimal], bool]
MOST_PERCENT = 1000
MOST_BASIS_POINTS = 10_000
PERSONS = frozenset({"person", "persona", "people", "inhabitant", "habitante", "resident"})
COLDEST = {"degree_celsius": Decimal("-273.15"), "degree_fahrenheit": Decimal("-459.67"), "kelvin": Decimal(0)}
CHECKS: tuple[tuple[str, Check], ...] = (
    (
        "improbable_percent",
        lambda kind, unit, value: (
            kind == "percent" and abs(value) > (MOST_BASIS_POINTS if unit == "basis_point" else MOST_PERCENT)
        ),
    ),
    ("negative_money", lambda kind, _unit, value: kind == "money" and value < 0),
    ("improbable_count", lambda kind, unit, value: kind == "count" and unit in PERSONS and value > Decimal(10) ** 10),
    ("negative_count", lambda kind, _unit, value: kind == "count" and value < 0),
    (
        "improbable_magnitude",
        lambda _kind, unit, value: unit == "magnitude" and value > 10,
    ),  # none above 9.5 was measured
    ("improbable_temperature", lambda _kind, unit, value: value < COLDEST.get(unit or "", value)),
    ("improbable_age", lambda kind, unit, value: kind == "age" and unit == "year" and value > 130),
)
ASSUMPTIONS = ((currencies.ASSUMED, "currency_assumed"), (separators.ASSUMED, "separator_assumed"))


def find_flags(kind: FigureKind, unit: str | None, value: Decimal, rules: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the names of the checks a figure fails, and of what had to be assumed to read it."""
    assumed = tuple(flag for rule, flag in ASSUMPTIONS if rule in rules)
    return (*(name for name, fails in CHECKS if fails(kind, unit, value)), *assumed)
