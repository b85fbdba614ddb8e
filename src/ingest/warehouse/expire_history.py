"""What is kept of history for a time alone, and of captures for as long as their file."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from ..core.retention import Removal
from ..state import State, statement
from ..state.database import COPIED_TABLES
from ..state.rows import keep_changes
from .warehouse import Lock, Warehouse

# Tables of which old rows are deleted, in this order: those that others depend on come last.
OLD = (
    *("deliveries", "messages", "host_visits", "polls", "fetches", "entry_outcomes", "validations", "events"),
    *("runs", "captures"),
)
STATE_KEYS = {**COPIED_TABLES, "deliveries": ("message_id", "receiver"), "messages": ("message_id",)}
ROWS_AT_ONCE = 10_000  # a transaction holds what it deletes


def last_pruning(state: State) -> datetime | None:
    """Return when history was last pruned."""
    found: datetime | None = state.read("last_pruning")[0]["pruned_at"]
    return found


def old_history(state: State, warehouse: Warehouse, before: datetime) -> list[Removal]:
    """Count by table what of history is older than a moment, and leans on nothing."""
    found = [_count_old(state, warehouse, table, before) for table in OLD]
    return [one for one in found if one.number]


def delete_history(state: State, warehouse: Warehouse, before: datetime, now: datetime) -> list[Removal]:
    """Delete what is older than a moment, some rows at a time; return what that was."""
    counted = old_history(state, warehouse, before)
    for table in OLD:
        _delete_old(state, warehouse, table, before)
    with state.write() as transaction:
        transaction.run("delete_prunings")
        transaction.insert("prunings", [{"pruned_at": now}])
    state.shrink()
    return counted


def old_parsed(state: State, published_before: datetime) -> list[Removal]:
    """Count the parsed articles of batches that were published before a moment, by how often some were staged."""
    [found] = state.read("old_staged_parts", {"before": published_before})
    return [Removal(what="parsed articles", **found)] if found["number"] else []


def delete_parsed(state: State, published_before: datetime) -> list[Removal]:
    """Delete the parsed articles of batches that were published before a moment; return how many."""
    found = old_parsed(state, published_before)
    if found:
        with state.write() as transaction:
            transaction.run("delete_old_staged_parts", before=published_before)
    return found


def archive_needs(state: State) -> Mapping[str, tuple[datetime, bool]]:
    """Return, by file of the archive, when its last capture came in, and whether one may be parsed again."""
    rows = state.read("archive_files")
    return {row["warc_file"]: (row["last_at"], row["is_needed"]) for row in rows}


def delete_captures(state: State, warc_files: Sequence[str], now: datetime) -> None:
    """Mark the captures of files that are about to be removed; no record will refer to their payloads."""
    with state.write() as transaction:
        transaction.run("remove_captures", warc_files=list(warc_files), now=now)
        transaction.run("delete_payloads", warc_files=list(warc_files))
        keep_changes(transaction, [f"captures of {warc_file}" for warc_file in warc_files], now)


def _count_old(state: State, warehouse: Warehouse, table: str, before: datetime) -> Removal:
    what = table.replace("_", " ")
    sample = state.read("one_row", parts={"table": table})
    if not sample:
        return Removal(what=what, number=0, bytes=0)
    length = " + ".join(f"coalesce(length(cast({column} as text)), 0)" for column in sample[0])
    parts = _parts(table) | {"table": table, "length": length}
    [found] = state.read("count_chosen", _bounds(state, warehouse, table, before), parts=parts)
    return Removal(what=what, number=found["number"], bytes=found["characters"])


def _delete_old(state: State, warehouse: Warehouse, table: str, before: datetime) -> None:
    bounds = {**_bounds(state, warehouse, table, before), "most": ROWS_AT_ONCE}
    while True:
        with warehouse.alone(Lock.COPYING):  # else a row could be copied between the two transactions
            keys = state.read("some_chosen", bounds, parts=_parts(table))
            if not keys:
                return
            if table in COPIED_TABLES:
                with warehouse.write() as in_warehouse:
                    in_warehouse.delete(f"ops.{table}", keys)
            with state.write() as transaction:
                transaction.delete(table, keys)
        if len(keys) < ROWS_AT_ONCE:
            return


def _bounds(state: State, warehouse: Warehouse, table: str, before: datetime) -> dict[str, object]:
    if table != "captures":
        return {"before": before}
    unnamed = [row["capture_id"] for row in state.read("unnamed_captures")]
    named = warehouse.read("named_captures", {"capture_ids": unnamed}) if unnamed else []
    return {"capture_ids": sorted(set(unnamed) - {row["capture_id"] for row in named})}


def _parts(table: str) -> dict[str, str]:
    """Return what a statement leaves open about the rows of a table that are old."""
    return {"key": ", ".join(STATE_KEYS[table]), "chosen": statement(f"old_{table}")}
