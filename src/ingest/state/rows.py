"""How nouns become rows of the state and rows become nouns again."""

from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime
from typing import Any, TypeVar

from ..core.model import Entry, Event
from .database import StateTransaction
from .values import Row, row_of

Noun = TypeVar("Noun")

RELEASED_AT_ONCE = (
    "batch.published",
    "batch.rejected",
    "article.removed",
    "alert.",
)  # how the names of such events begin


def noun(kind: type[Noun], row: Row) -> Noun:
    """Make a noun of the columns that it has fields for."""
    names = {field.name for field in fields(kind)}  # type: ignore[arg-type]
    return kind(**{name: _tupled(value) for name, value in row.items() if name in names})


def entry_of(row: Row) -> Entry:
    """Make an entry of a row of `entries`."""
    return noun(Entry, row)


def keep_events(transaction: StateTransaction, events: Iterable[Event]) -> None:
    """Write events down beside the rows that prove them; they are sent later, and some of them released before."""
    events = list(events)
    transaction.merge("events", [row_of(event) for event in events], key=["event_id"])
    for event in events:
        if event.name.startswith(RELEASED_AT_ONCE):
            keep_changes(transaction, [event.event_id], event.occurred_at)


def keep_changes(transaction: StateTransaction, change_ids: Iterable[str], now: datetime) -> None:
    """Record that analysts are to see something that the file they have does not show."""
    rows = [{"change_id": change_id, "changed_at": now} for change_id in change_ids]
    transaction.merge("unreleased_changes", rows, key=["change_id"])


def _tupled(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
