"""One measured thing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """What was measured, what came out, and how."""

    name: str
    value: float
    unit: str
    how: str

    @property
    def shown(self) -> str:
        """The value as a person writes it."""
        return f"{self.value:,.0f}" if self.value >= 100 else f"{self.value:.3g}"


def shown_as_taken(measures: Iterable[Measure]) -> Iterator[Measure]:
    """Print each measure as soon as it was taken."""
    for measure in measures:
        print(f"{measure.name:40} {measure.shown:>10} {measure.unit}\n    {measure.how}", flush=True)
        yield measure


def medians_of(turns: int) -> str:
    """Write of how many runs in turns a figure is the median."""
    return f"medians of {turns} in turns"
