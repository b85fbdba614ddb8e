"""Days in a row as charts: a column for each, or a line through them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

_WEEK = 7  # days
_LEAST = 0.03  # of the height: what is not none is seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One day of a chart, in a picture that is as many units wide as there are days and one unit high."""

    day: date
    value: int
    x: float
    y: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """One measured day of a line, in the same picture."""

    day: date
    value: int
    x: float
    y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Peak:
    """The day with the highest value."""

    day: date
    value: int


def days_up_to(last: date, *, most: int, begun: date | None) -> list[date]:
    """List the last days, none before the day it all began, so that a young chart is not empty; but a week at least."""
    shown = min(most, max(_WEEK, (last - begun).days + 1)) if begun else min(most, _WEEK)
    return [last - timedelta(days=number) for number in reversed(range(shown))]


def columns(values: Mapping[date, int], days: Sequence[date]) -> list[Column]:
    """Draw a column for each day that has something, against the highest of them."""
    highest = max((values.get(day, 0) for day in days), default=0)
    drawn = []
    for place, day in enumerate(days):
        value = values.get(day, 0)
        if value > 0:
            height = round(max(_LEAST, value / highest), 4)
            drawn.append(Column(day=day, value=value, x=place + 0.1, y=round(1 - height, 4), height=height))
    return drawn


def dots(values: Mapping[date, int], days: Sequence[date]) -> list[Dot]:
    """Place each measured day between nothing and the highest of them."""
    highest = max(values.values(), default=0) or 1
    return [
        Dot(day=day, value=values[day], x=place + 0.5, y=round(1 - max(0, values[day]) / highest, 4))
        for place, day in enumerate(days)
        if day in values
    ]


def line(placed: Sequence[Dot]) -> str:
    """Write the line through some dots as the points of an SVG polyline."""
    return " ".join(f"{dot.x:g},{dot.y:g}" for dot in placed)


def peak(values: Mapping[date, int]) -> Peak | None:
    """Return the day with the highest value, the last one of several."""
    if not values:
        return None
    day = max(values, key=lambda one: (values[one], one))
    return Peak(day=day, value=values[day])
