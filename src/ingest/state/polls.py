"""Polls of feeds, what they taught of each feed, and what was pushed in their place."""

from collections.abc import Sequence
from datetime import datetime

from ..core.fetch_state import KnownFeed, PollHistory
from ..core.model import Poll
from . import State
from .rows import noun


def last_polls(state: State, source_ids: Sequence[str] | None = None) -> dict[str, Poll]:
    """Return the last poll of each source that was ever polled; of some, or all. What was pushed is no poll."""
    rows = state.read("last_polls", {"source_ids": source_ids})
    return {row["source_id"]: noun(Poll, row) for row in rows}


def known_feeds(state: State, source_ids: Sequence[str] | None = None) -> dict[str, KnownFeed]:
    """Return what is known of the feed of each source beside its entries; of some, or all."""
    rows = state.read("known_feeds", {"source_ids": source_ids})
    return {row["source_id"]: noun(KnownFeed, row) for row in rows}


def poll_history(state: State, source_id: str) -> PollHistory:
    """Return how often a source's feed was visited, and when it had something new."""
    wanted = {"source_id": source_id}
    arrivals = tuple(row["polled_at"] for row in state.read("source_arrivals", wanted))
    return PollHistory(visits=state.read("count_polls", wanted)[0]["polls"], arrivals=arrivals)


def has_taken_push(state: State, source_id: str, body_hash: str, received_at: datetime) -> bool:
    """Return whether what was pushed of a source was taken in since it came."""
    told = {"source_id": source_id, "body_hash": body_hash, "received_at": received_at}
    return bool(state.read("has_taken", told))


def entries_first_found(state: State, source_id: str, found_at: datetime) -> list[str]:
    """Return the entries that a poll was the first to find."""
    rows = state.read("first_found", {"source_id": source_id, "found_at": found_at})
    return [row["entry_id"] for row in rows]
