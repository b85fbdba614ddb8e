"""What is kept of history for a time alone, and of captures for as long as their file."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from ...retention import Removal
from ..warehouse import statement
from .rows import Rows

# By tables of `ops`, each with a statement that names its old rows; those that others are judged by come last.
OLD = (
    *("deliveries", "messages", "host_visits", "polls", "fetches", "entry_outcomes", "validations", "events"),
    *("releases", "runs", "captures"),
)
TIMELESS = {"captures"}  # goes by its file, not by a moment
ROWS_AT_ONCE = 20_000  # a transaction holds what it removes


class HistoryRows(Rows):
    """What is kept of history."""

    def last_pruning(self) -> datetime | None:
        """Say when history was last pruned."""
        found: datetime | None = self._warehouse.read("last_pruning")[0]["pruned_at"]
        return found

    def old_history(self, before: datetime) -> list[Removal]:
        """Count by table what of history is older than a moment, and leans on nothing."""
        with self._warehouse.alone() as connection:
            found = []
            for table in OLD:
                sql = _chosen("count_rows", table)
                [(number, size)] = connection.execute(sql, _bounds(table, before)).fetchall()
                found.append(Removal(what=table.replace("_", " "), number=number, bytes=size))
        return [one for one in found if one.number]

    def forget_history(self, before: datetime, now: datetime) -> list[Removal]:
        """Let go of what is older than a moment, some rows at a time; say what that was."""
        counted = self.old_history(before)
        for table in OLD:
            while self._forget_some(table, before) == ROWS_AT_ONCE:
                pass
        with self._warehouse.write() as transaction:
            transaction.run("forget_prunings")
            transaction.insert("ops.prunings", [{"pruned_at": now}])
        return counted

    def free_share(self) -> float:
        """Say which share of the pipeline's file nothing is in."""
        found = self._warehouse.read("free_bytes")[0]
        return float(found["free"] / found["total"]) if found["total"] else 0.0

    def archive_needs(self) -> Mapping[str, tuple[datetime, bool]]:
        """Say of each file of the archive when its last capture came in, and whether one may be read again."""
        rows = self._warehouse.read("archive_files")
        return {row["warc_file"]: (row["last_at"], row["is_needed"]) for row in rows}

    def forget_captures(self, warc_files: Sequence[str], now: datetime) -> None:
        """Mark the captures of files that are about to be removed."""
        with self._warehouse.write() as transaction:
            transaction.run("remove_captures", warc_files=list(warc_files), now=now)

    def _forget_some(self, table: str, before: datetime) -> int:
        bounds = {**_bounds(table, before), "most": ROWS_AT_ONCE}
        with self._warehouse.write() as transaction:
            [(number,)] = transaction.connection.execute(_chosen("forget_rows", table), bounds).fetchall()
            return int(number)


def _chosen(name: str, table: str) -> str:
    """Give a statement about the rows of a table that another one names."""
    return statement(name).format(table=table, chosen=statement(f"old_{table}"))


def _bounds(table: str, before: datetime) -> dict[str, object]:
    return {} if table in TIMELESS else {"before": before}
