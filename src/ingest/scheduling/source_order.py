"""The order of sources where not all can be polled or fetched at once, and how long a run and its rounds take."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from ..core.fetch_state import Budget, Turn
from ..core.model import Source

FIRST_ROUND = timedelta(seconds=20)  # in which a fast source has served all its pages
LONGEST_ROUND = timedelta(seconds=60)  # a page that was fetched waits no longer to be read and published
ROUND_GROWTH = 3  # to validate and publish costs seconds: a run that takes longer does it less often
PAGES_PER_SECOND = 10  # of a run that one source may take; at the usual pause a host gives one


def take_turns(
    sources: Iterable[Source], *, failing: Collection[str] = (), fetched: Mapping[str, int] | None = None
) -> list[Source]:
    """Alternate hosts, for a host is asked one thing at a time; those that failed last time come last.

    Else the sources of one host that hangs would take every place there is, and all others wait for them. `fetched`
    holds the number of the last run that fetched pages of a source: the longer ago, the sooner, or where no run has the
    time for all, some would wait for ever.
    """
    seen: Counter[str] = Counter()
    places = []
    last = fetched or {}
    for source in sorted(sources, key=lambda source: last.get(source.source_id, 0)):
        host = urlsplit(source.feed_url).netloc.lower()
        places.append((source.source_id in failing, seen[host], source))
        seen[host] += 1
    return [source for _, _, source in sorted(places, key=lambda place: place[:2])]


def budget_of(run_seconds: int) -> Budget:
    """Return what a run of so many seconds may fetch; a source gets ten pages a second at most."""
    return Budget(length=timedelta(seconds=run_seconds), pages_per_source=run_seconds * PAGES_PER_SECOND)


def first_turn(due_at: datetime, budget: Budget, now: datetime) -> Turn:
    """Return the turn that each source has in the first round of a run."""
    return Turn(due_at=due_at, length=FIRST_ROUND, until=now + budget.length, most=budget.pages_per_source)


def next_turn(turn: Turn) -> Turn:
    """Return the turn that each source has in the round after."""
    return replace(turn, length=min(turn.length * ROUND_GROWTH, LONGEST_ROUND))


def left_of(turn: Turn, fetches: int) -> Turn:
    """Return the turn of a source of which its run has fetched some pages already."""
    return replace(turn, most=max(turn.most - fetches, 0))


def has_time(turn: Turn, now: datetime) -> bool:
    """Return whether the run may fetch more pages. A clock set back before its beginning ends it as one ahead does."""
    return turn.due_at <= now < turn.until


def is_over(turn: Turn, begun_at: datetime, now: datetime) -> bool:
    """Return whether a turn that began at a time is over; a clock set back does not prolong it."""
    return not begun_at <= now < begun_at + turn.length or not has_time(turn, now)
