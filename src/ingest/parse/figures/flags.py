"""Owns what is improbable in a figure: flagged for validation, never hidden."""

from collections.abc import Callable
from decimal import Decimal

from ingest.model import FigureKind

Check = Callable[[FigureKind, str | None, Decimal], bool]
MOST_PERCENT = 1000
PERSONS = frozenset({"person", "persona", "people", "inhabitant", "habitante", "resident"})
COLDEST = {"degree_celsius": Decimal("-273.15"), "degree_fahrenheit": Decimal("-459.67"), "kelvin": Decimal(0)}
CHECKS: tuple[tuple[str, Check], ...] = (
    ("improbable_percent", lambda kind, _unit, value: kind == "percent" and abs(value) > MOST_PERCENT),
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


def find_flags(kind: FigureKind, unit: str | None, value: Decimal) -> tuple[str, ...]:
    """Give the names of the checks a figure fails."""
    return tuple(name for name, fails in CHECKS if fails(kind, unit, value))
