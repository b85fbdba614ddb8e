"""Where entries leave the way, and how that is drawn."""

from itertools import pairwise

import pytest

from ingest.core.model import Outcome
from ingest.report.entry_flow import OTHERS, End, by_outcome, draw, ends_of, gathered, last_station


def an_end(station: str, outcome: Outcome | None, reason: str, entries: int) -> End:
    return End(station=station, outcome=outcome, reason=reason, entries=entries)


WAY = [
    an_end("staged", "published", "new_article", 50),
    an_end("staged", "rejected", "figures.impossible_share", 8),
    an_end("fetched", "unchanged", "same_article", 2),
    an_end("found", "unchanged", "known", 900_000),
    an_end("found", "failed", "robots", 1),
]


@pytest.mark.parametrize(
    ("outcome", "reason", "station"),
    [
        ("published", "new_article", "staged"),
        ("quarantined", "figures.percent_bounds", "staged"),
        ("unchanged", "same_content", "fetched"),
        ("unchanged", "known", "found"),
        ("failed", "consent", "fetched"),
        ("failed", "reader_died", "fetched"),
        ("failed", "timeout", "found"),
        (None, None, "found"),
    ],
)
def test_an_entry_leaves_from_the_last_station_it_came_to(
    outcome: Outcome | None, reason: str | None, station: str
) -> None:
    assert last_station(outcome, reason) == station


def test_those_that_came_furthest_are_first() -> None:
    rows = [{"outcome": end.outcome, "reason": end.reason, "entries": end.entries} for end in reversed(WAY)]

    assert ends_of(rows) == WAY


def test_many_reasons_become_others_and_none_is_lost() -> None:
    many = [an_end("found", "failed", f"reason {number}", number + 1) for number in range(30)]

    kept = gathered(many, most=5)

    assert [(end.reason, end.entries) for end in kept] == [
        ("reason 29", 30), ("reason 28", 29), ("reason 27", 28), ("reason 26", 27), ("reason 25", 26), (OTHERS, 325),
    ]  # fmt: skip


def test_reasons_of_one_outcome_and_station_are_one() -> None:
    two = [an_end("found", "failed", "robots", 1), an_end("found", "failed", "timeout", 2)]

    assert by_outcome([*WAY[:1], *two]) == [
        an_end("staged", "published", "", 50),
        an_end("found", "failed", "", 3),
    ]


def test_each_station_is_as_high_as_all_that_passes_it() -> None:
    drawing = draw(WAY, width=900, height=240, room=300, line=20)

    found, fetched, staged = drawing.stations

    assert [found.entries, fetched.entries, staged.entries] == [900_061, 60, 58]
    assert found.height > fetched.height > staged.height > 0
    assert sum(end.height for end in drawing.ends) == pytest.approx(found.height, abs=0.5)


def test_words_beside_the_ends_have_room_and_the_smallest_is_seen() -> None:
    drawing = draw(WAY, width=900, height=240, room=300, line=20)

    middles = [end.middle for end in drawing.ends]

    assert all(below - above >= 20 for above, below in pairwise(middles))
    assert min(end.height for end in drawing.ends) == 1.5
    assert max(end.y + end.height for end in drawing.ends) < drawing.height
    assert max(end.x + end.width for end in drawing.ends) <= 900 - 300


def test_nothing_is_drawn_of_nothing() -> None:
    assert draw([], width=900, height=240, room=300, line=20).bands == ()
