"""How far backfills have come: which addresses they know of, and which they have read."""

from collections.abc import Iterable
from datetime import datetime

from ..core.fetch_state import Backfill
from ..core.model import Entry
from . import State, StateTransaction, row_of
from .entries import keep_found


def list_backfill(state: State, backfill: Backfill, addresses: Iterable[str], now: datetime) -> None:
    """Add addresses for a backfill to go through; those it knows already stay as they are."""
    with state.write() as transaction:
        _list(transaction, backfill, addresses, now)


def waiting_backfill(state: State, backfill: Backfill) -> list[str]:
    """Return the addresses a backfill has yet to fetch, first listed first."""
    return [row["address"] for row in state.read("waiting_backfills", row_of(backfill))]


def keep_backfill(
    state: State,
    backfill: Backfill,
    address: str,
    run_id: str,
    *,
    found: Iterable[Entry],
    addresses: Iterable[tuple[str, str]],
    further: Iterable[str],
    reason: str | None,
    now: datetime,
) -> int:
    """Keep what one address brought: entries, further addresses, or why it brought nothing. Count what is new."""
    with state.write() as transaction:
        new = keep_found(transaction, found, run_id, now, addresses=addresses)
        _list(transaction, backfill, further, now)
        told = {"address": address, "reason": reason, "entries_found": new, "now": now}
        transaction.run("visited_backfill", **row_of(backfill), **told)
    return new


def postpone_backfill(state: State, backfill: Backfill, address: str, reason: str) -> None:
    """Keep why an address of a backfill could not be read this time; it goes on waiting."""
    with state.write() as transaction:
        transaction.run("postpone_backfill", **row_of(backfill), address=address, reason=reason)


def _list(transaction: StateTransaction, backfill: Backfill, addresses: Iterable[str], now: datetime) -> None:
    rows = [row_of(backfill) | {"address": address, "listed_at": now, "entries_found": 0} for address in addresses]
    transaction.merge("backfills", rows, key=["source_id", "first_day", "last_day", "address"])
