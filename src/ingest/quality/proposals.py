"""What the published figures suggest for the suites: bounds, and how often each would have spoken up so far."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from .learned_bounds import FigureRange, difference, learn_bound, propose_suite

FIGURES_SUITE = "expectations/figures.json"

# Runs a statement of that name with its parameters.
Read = Callable[[str, Mapping[str, object]], list[dict[str, Any]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Bounds that are offered, each with how often it would have fired, and the change to the suite."""

    bounds: Sequence[Mapping[str, Any]]
    difference: str


def propose_bounds(suite: str, *, read: Read, at_least: int) -> Proposal:
    """Learn a bound for every kind and unit with enough published figures, and try it on those and on newer ones.

    The newest quarter of the days is held out: what a bound finds there, it could not have learned.
    """
    last_day = read("last_day_learned", {})[0]["day"]
    ranges = [FigureRange(**row) for row in read("figure_ranges", {"at_least": at_least, "last_day": last_day})]
    bounds = [learn_bound(seen) for seen in ranges]
    tried = [{name: str(value) for name, value in asdict(bound).items()} for bound in bounds]
    fired = {
        (row["kind"], row["unit"]): row for row in read("backtest_bounds", {"bounds": tried, "last_day": last_day})
    }
    told = [asdict(bound) | fired[bound.kind, bound.unit] for bound in bounds]
    return Proposal(bounds=told, difference=difference(suite, propose_suite(suite, bounds), FIGURES_SUITE))
