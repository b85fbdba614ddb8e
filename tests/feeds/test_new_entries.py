"""What a feed lists is news once, and again when it is listed differently."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from ingest.core.fetch_state import Listed
from ingest.core.ports import EntryOutcome
from ingest.feeds.new_entries import sort_entries
from tests.makers import NOON, an_entry

FLOOD = an_entry("flood")


def listed(
    *, as_hash: str = FLOOD.listing_hash, under_way: bool = False, minutes: int | None = None
) -> dict[str, Listed]:
    retry_at = None if minutes is None else NOON + timedelta(minutes=minutes)
    return {FLOOD.entry_id: Listed(listing_hash=as_hash, is_under_way=under_way, retry_at=retry_at)}


def test_an_entry_never_listed_is_news() -> None:
    assert sort_entries([FLOOD], {}, NOON) == ([FLOOD], [])


def test_an_entry_listed_differently_is_news_again() -> None:
    assert sort_entries([FLOOD], listed(as_hash="as listed before"), NOON) == ([FLOOD], [])


def test_an_entry_that_has_ended_is_unchanged() -> None:
    outcome = EntryOutcome(entry_id=FLOOD.entry_id, outcome="unchanged", reason="known")

    assert sort_entries([FLOOD], listed(), NOON) == ([], [outcome])


def test_an_entry_under_way_goes_on_by_itself() -> None:
    assert sort_entries([FLOOD], listed(under_way=True), NOON) == ([], [])


def test_an_entry_whose_retry_is_due_goes_on_by_itself() -> None:
    assert sort_entries([FLOOD], listed(under_way=True, minutes=0), NOON) == ([], [])


def test_an_entry_that_waits_has_failed_for_this_time() -> None:
    outcome = EntryOutcome(entry_id=FLOOD.entry_id, outcome="failed", reason="waits_for_retry")

    assert sort_entries([FLOOD], listed(under_way=True, minutes=1), NOON) == ([], [outcome])


@given(
    st.lists(
        st.tuples(st.integers(0, 20), st.sampled_from(["new", "changed", "ended", "under way", "waits"])),
        unique_by=lambda one: one[0],
    )
)
def test_no_entry_is_both_news_and_at_its_end(mixture: list[tuple[int, str]]) -> None:
    entries = [an_entry(str(number)) for number, _ in mixture]
    known = {
        entry.entry_id: Listed(
            listing_hash="other" if state == "changed" else entry.listing_hash,
            is_under_way=state in ("under way", "waits"),
            retry_at=NOON + timedelta(hours=1) if state == "waits" else None,
        )
        for entry, (_, state) in zip(entries, mixture, strict=True)
        if state != "new"
    }

    found, outcomes = sort_entries(entries, known, NOON)
    ended = [outcome.entry_id for outcome in outcomes]
    going_on = [entry.entry_id for entry, (_, state) in zip(entries, mixture, strict=True) if state == "under way"]

    assert sorted([*(entry.entry_id for entry in found), *ended, *going_on]) == sorted(
        entry.entry_id for entry in entries
    )
