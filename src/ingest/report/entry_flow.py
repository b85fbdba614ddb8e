"""Where entries left the way to the warehouse, and the drawing of it: bars at each station, bands between them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from ..core.errors import IngestError, NotAnArticle, ReaderDied
from ..core.model import Outcome

STATIONS = ("found", "fetched", "staged")
MOST_ENDS = 14  # drawn; the rest of a kind go as one
OTHERS = "others"
_AT_ONCE = {"known", "known_address", "page_gone"}  # unchanged, without a page to show for it
_ORDER: tuple[Outcome | None, ...] = ("published", "quarantined", "rejected", "unchanged", "failed", None)

_BAR = 10.0  # wide
_GAP = 6.0  # between two ends
_THIN = 1.5  # what is drawn of the smallest share
_TOP = 44.0  # for the words above the bars


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """How many entries ended one way, and the last station that they came to."""

    station: str
    outcome: Outcome | None  # None: under way
    reason: str
    entries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A station or an end of the way, with the middle of its height for the words beside it."""

    x: float
    y: float
    width: float
    height: float
    entries: int
    station: str
    outcome: str
    reason: str = ""

    @property
    def middle(self) -> float:
        """Where words beside it belong."""
        return round(self.y + self.height / 2, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Entries on their way from one bar to another, as the outline of an SVG path."""

    outline: str
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A way as an SVG picture of this size shows it."""

    width: float
    height: float
    stations: Sequence[Bar]
    ends: Sequence[Bar]
    bands: Sequence[Band]


def ends_of(rows: Iterable[Mapping[str, Any]]) -> list[End]:
    """Return for each outcome and reason which station it leaves the way from; those that came furthest are first."""
    ends = [
        End(
            station=last_station(outcome, reason),
            outcome=outcome,
            reason=reason or "",
            entries=entries,
        )
        for outcome, reason, entries in ((row["outcome"], row["reason"], row["entries"]) for row in rows)
    ]  # fmt: skip
    return sorted(ends, key=_place)


def last_station(outcome: Outcome | None, reason: str | None) -> str:
    """Return the last station of an entry that ended this way."""
    if outcome in {"published", "quarantined", "rejected"}:
        return "staged"
    if outcome == "unchanged":
        return "found" if reason in _AT_ONCE else "fetched"
    return "fetched" if outcome == "failed" and reason in _UNREAD else "found"


def gathered(ends: Sequence[End], most: int = MOST_ENDS) -> list[End]:
    """Put the smallest ends of each station and outcome together, so that not many more than `most` are left."""
    kept = {id(end) for end in sorted(ends, key=lambda end: -end.entries)[:most]}
    return _merged(ends, lambda end: end.reason if id(end) in kept else OTHERS)


def by_outcome(ends: Sequence[End]) -> list[End]:
    """Put all reasons of a station and outcome together."""
    return _merged(ends, lambda _: "")


def draw(ends: Sequence[End], *, width: float, height: float, room: float, line: float) -> Drawing:
    """Lay out a way: `room` is kept for words right of its ends, of which each has a `line` at least.

    Ends stand in the order of their stations, the furthest on top, so that no band crosses another.
    """
    total = sum(end.entries for end in ends)
    if not total:
        return Drawing(width=width, height=_TOP, stations=(), ends=(), bands=())
    thick = [max(_THIN, height * end.entries / total) for end in ends]
    columns = [round(place * (width - room - _BAR) / len(STATIONS), 1) for place in range(len(STATIONS) + 1)]
    tops = _tops(thick, line)
    drawn = [
        Bar(
            x=columns[-1], y=round(top, 1), width=_BAR, height=round(one, 1), entries=end.entries,
            station=end.station, outcome=end.outcome or "under_way", reason=end.reason,
        )
        for end, one, top in zip(ends, thick, tops, strict=True)
    ]  # fmt: skip
    stations = [_station(place, ends, thick, columns) for place in range(len(STATIONS))]
    bands = [*_onward(stations, columns), *_leaving(ends, thick, drawn, columns)]
    lowest = max(bar.y + max(bar.height, line) for bar in drawn)
    return Drawing(
        width=width,
        height=round(lowest + _GAP, 1),
        stations=[bar for bar in stations if bar.entries],
        ends=drawn,
        bands=bands,
    )


def _merged(ends: Iterable[End], name: Callable[[End], str]) -> list[End]:
    sums: dict[tuple[str, Outcome | None, str], int] = {}
    for end in ends:
        key = (end.station, end.outcome, name(end))
        sums[key] = sums.get(key, 0) + end.entries
    merged = [
        End(station=station, outcome=outcome, reason=reason, entries=entries)
        for (station, outcome, reason), entries in sums.items()
    ]
    return sorted(merged, key=_place)


def _place(end: End) -> tuple[int, int, bool, int, str]:
    return (
        -STATIONS.index(end.station), _ORDER.index(end.outcome), end.reason == OTHERS, -end.entries, end.reason,
    )  # fmt: skip


def _reasons(*roots: type[IngestError]) -> set[str]:
    """Return the reasons of some errors and of all that are of their kind."""
    families = list(roots)
    for family in families:
        families.extend(family.__subclasses__())
    return {family.reason for family in families}


_UNREAD = _reasons(NotAnArticle, ReaderDied)  # why a page that came could not be read


def _tops(thick: Sequence[float], line: float) -> list[float]:
    """Place ends below each other; a thin one is pushed half a line down, so that its words have room."""
    tops, y = [], _TOP
    for one in thick:
        space = max(one, line)
        tops.append(y + (space - one) / 2)
        y += space + _GAP
    return tops


def _station(place: int, ends: Sequence[End], thick: Sequence[float], columns: Sequence[float]) -> Bar:
    through = [(end, one) for end, one in zip(ends, thick, strict=True) if STATIONS.index(end.station) >= place]
    return Bar(
        x=columns[place], y=_TOP, width=_BAR, height=round(sum(one for _, one in through), 1),
        entries=sum(end.entries for end, _ in through), station=STATIONS[place], outcome="station",
    )  # fmt: skip


def _onward(stations: Sequence[Bar], columns: Sequence[float]) -> list[Band]:
    return [
        Band(outline=_outline(columns[place] + _BAR, _TOP, columns[place + 1], _TOP, bar.height), outcome="onward")
        for place, bar in enumerate(stations[1:])
        if bar.entries
    ]


def _leaving(ends: Sequence[End], thick: Sequence[float], drawn: Sequence[Bar], columns: Sequence[float]) -> list[Band]:
    """Lead each end from the place on its station's bar at which those that went on leave off."""
    starts = [_TOP + above for above in accumulate([0.0, *thick])]
    return [
        Band(
            outline=_outline(columns[STATIONS.index(end.station)] + _BAR, start, bar.x, bar.y, one),
            outcome=bar.outcome,
        )
        for end, one, bar, start in zip(ends, thick, drawn, starts, strict=False)
    ]


def _outline(x: float, y: float, to_x: float, to_y: float, thick: float) -> str:
    """Write a band that leaves and comes in level."""
    half = (x + to_x) / 2
    points = (
        f"M{x:.1f} {y:.1f}C{half:.1f} {y:.1f} {half:.1f} {to_y:.1f} {to_x:.1f} {to_y:.1f}",
        f"V{to_y + thick:.1f}",
        f"C{half:.1f} {to_y + thick:.1f} {half:.1f} {y + thick:.1f} {x:.1f} {y + thick:.1f}Z",
    )
    return "".join(points)
