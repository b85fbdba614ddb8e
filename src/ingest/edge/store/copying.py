"""History for analysts: rows of the state that have changed, copied to the warehouse."""

from collections.abc import Sequence

from ...state.database import COPIED_TABLES
from ..transaction import Transaction
from .rows import Rows

CHOSEN = {"batches": "batches_to_copy", "entry_outcomes": "entry_outcomes_to_copy"}  # the rest: rows_to_copy
ROWS_AT_ONCE = 10_000  # of each table: a transaction of the warehouse holds them in memory


class CopyRows(Rows):
    """Copies history to the warehouse."""

    def has_history(self) -> bool:
        """Return whether anything but the mere passing of runs has not been copied yet."""
        return self._changed_tables() not in ([], ["runs"])

    def copy_history(self) -> bool:
        """Copy what has changed since it was copied last; return whether there was anything.

        Rows are marked, merged and unmarked in three transactions: cut off in between, they are merged once more.
        """
        tables = self._changed_tables()
        if not tables:
            return False
        # What is written meanwhile is for the next time: else this would not end before all others do.
        while self._copy_some(tables) >= ROWS_AT_ONCE:
            tables = self._changed_tables()
        return True

    def _changed_tables(self) -> list[str]:
        return [row["name"] for row in self._state.read("tables_to_copy")]

    def _copy_some(self, tables: Sequence[str]) -> int:
        """Copy some rows of each table; return how many there were of the one with most."""
        with self._warehouse.alone():  # another worker would unmark rows that this one has yet to merge
            with self._state.write() as transaction:
                for table in tables:
                    parts = {"table": table, "key": ", ".join(COPIED_TABLES[table])}
                    transaction.run_with("begin_copy", parts, most=ROWS_AT_ONCE)
            with self._warehouse.write() as warehouse:
                numbers = [self._copy_table(warehouse, table) for table in tables]
            with self._state.write() as transaction:
                for table in tables:
                    transaction.run_with("end_copy", {"table": table})
        return max(numbers, default=0)

    def _copy_table(self, warehouse: Transaction, table: str) -> int:
        columns, key = warehouse.columns(f"ops.{table}"), COPIED_TABLES[table]
        parts = {"table": table, "columns": ", ".join(columns)}
        rows = self._state.read(CHOSEN.get(table, "rows_to_copy"), parts=parts)
        if table == "entry_outcomes":
            warehouse.run("delete_under_way", entry_ids=[row["entry_id"] for row in rows])
        changes = [column for column in columns if column not in key]
        warehouse.merge(f"ops.{table}", rows, key=key, update=changes)
        return len(rows)
