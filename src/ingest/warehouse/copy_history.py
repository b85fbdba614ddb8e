"""History for analysts: rows of the state that have changed, copied to the warehouse."""

from collections.abc import Sequence

from ..state import State
from ..state.database import COPIED_TABLES
from .transaction import Transaction
from .warehouse import Lock, Warehouse

CHOSEN = {"batches": "batches_to_copy", "entry_outcomes": "entry_outcomes_to_copy"}  # the rest: rows_to_copy
ROWS_AT_ONCE = 10_000  # of each table: a transaction of the warehouse holds them in memory


def has_history(state: State) -> bool:
    """Return whether anything but the mere passing of runs has not been copied yet."""
    return _changed_tables(state) not in ([], ["runs"])


def copy_history(state: State, warehouse: Warehouse) -> bool:
    """Copy what has changed since it was copied last; return whether there was anything.

    Rows are marked, merged and unmarked in three transactions: cut off in between, they are merged once more.
    """
    tables = _changed_tables(state)
    if not tables:
        return False
    # What is written meanwhile is for the next time: else this would not end before all others do.
    while _copy_some(state, warehouse, tables) >= ROWS_AT_ONCE:
        tables = _changed_tables(state)
    return True


def _changed_tables(state: State) -> list[str]:
    return [row["name"] for row in state.read("tables_to_copy")]


def _copy_some(state: State, warehouse: Warehouse, tables: Sequence[str]) -> int:
    """Copy some rows of each table; return how many there were of the one with most."""
    with warehouse.alone(Lock.COPYING):  # another worker would unmark rows that this one has yet to merge
        with state.write() as transaction:
            for table in tables:
                parts = {"table": table, "key": ", ".join(COPIED_TABLES[table])}
                transaction.run_with("begin_copy", parts, most=ROWS_AT_ONCE)
        with warehouse.write() as in_warehouse:
            numbers = [_copy_table(state, in_warehouse, table) for table in tables]
        with state.write() as transaction:
            for table in tables:
                transaction.run_with("end_copy", {"table": table})
    return max(numbers, default=0)


def _copy_table(state: State, in_warehouse: Transaction, table: str) -> int:
    columns, key = in_warehouse.columns(f"ops.{table}"), COPIED_TABLES[table]
    parts = {"table": table, "columns": ", ".join(columns)}
    rows = state.read(CHOSEN.get(table, "rows_to_copy"), parts=parts)
    if table == "entry_outcomes":
        in_warehouse.run("delete_under_way", entry_ids=[row["entry_id"] for row in rows])
    changes = [column for column in columns if column not in key]
    in_warehouse.merge(f"ops.{table}", rows, key=key, update=changes)
    return len(rows)
