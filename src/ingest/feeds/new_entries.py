"""Which of the entries a feed lists are news to us."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from ..core.fetch_state import Listed
from ..core.model import Entry
from ..core.ports import EntryOutcome


def sort_entries(
    entries: Iterable[Entry], known: Mapping[str, Listed], now: datetime
) -> tuple[list[Entry], list[EntryOutcome]]:
    """Part what a feed lists into entries to go after and outcomes for those that need nothing more.

    An entry is news when it was never listed, or is listed differently now. One that is under way is neither,
    unless it waits for a later visit: then it has failed for this time. One listed twice counts once, as first listed.
    """
    found, outcomes = [], []
    once: dict[str, Entry] = {}
    for entry in entries:
        once.setdefault(entry.entry_id, entry)
    for entry in once.values():
        before = known.get(entry.entry_id)
        if before is None or before.listing_hash != entry.listing_hash:
            found.append(entry)
        elif not before.is_under_way:
            outcomes.append(EntryOutcome(entry_id=entry.entry_id, outcome="unchanged", reason="known"))
        elif before.retry_at is not None and before.retry_at > now:
            outcomes.append(EntryOutcome(entry_id=entry.entry_id, outcome="failed", reason="waits_for_retry"))
    return found, outcomes
