"""Brings what is published out of the warehouse: a file per table and day, of which only what changed is written."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

from .export_plan import Kept, Partition, changed, in_parts, left_over

ROWS_AT_ONCE = 1_000_000  # sorted on disk; each part of a table is one look at all of it
TEXTS_AT_ONCE = 200_000  # rows that hold a whole text


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What became of the files of one table."""

    table: str
    rows: int
    files: int
    written: int
    unchanged: int
    removed: int


class Rows(Protocol):
    """The tables that analysts see, all of one moment."""

    def is_parted(self, table: str) -> bool:
        """Return whether its rows belong to articles, which have a day of publication."""
        ...

    def has_texts(self, table: str) -> bool:
        """Return whether its rows hold whole texts."""
        ...

    def partitions(self, table: str, *, first: date | None, last: date | None) -> list[Partition]:
        """Return the days of a range that have rows, in their order; without a range also what has no day."""
        ...

    def bring(self, table: str, part: list[Partition]) -> None:
        """Get the rows of some days ready to be written."""
        ...

    def write(self, table: str, partition: Partition, path: Path) -> None:
        """Write the rows of one of those days to a file."""
        ...


class Shelf(Protocol):
    """The folder that an export fills."""

    def kept(self, table: str) -> Mapping[str, Kept]:
        """Return the whole files of a table that are there, by the names of their days."""
        ...

    def names(self, table: str) -> list[str]:
        """Return all days of a table that have a file, whole or not."""
        ...

    def scratch(self, table: str) -> Path:
        """Return a file to write to, beside those that others read."""
        ...

    def put(self, table: str, partition: Partition) -> None:
        """Put what was written in its place, at once."""
        ...

    def remove(self, table: str, name: str) -> None:
        """Remove the file of a day."""
        ...

    def remember(self, table: str) -> None:
        """Write down what is there, so that another export need not write it again."""
        ...


def export_table(
    table: str, *, rows: Rows, shelf: Shelf, first: date | None = None, last: date | None = None
) -> Exported:
    """Make the files of a table hold what the table does; stopped half way and done again, it ends the same."""
    if not rows.is_parted(table):
        first = last = None
    wanted = rows.partitions(table, first=first, last=last)
    stale = changed(wanted, shelf.kept(table))
    for part in in_parts(stale, TEXTS_AT_ONCE if rows.has_texts(table) else ROWS_AT_ONCE):
        rows.bring(table, part)
        for partition in part:
            rows.write(table, partition, shelf.scratch(table))
            shelf.put(table, partition)
        shelf.remember(table)
    gone = left_over(wanted, shelf.names(table), first=first, last=last)
    for name in gone:
        shelf.remove(table, name)
    shelf.remember(table)
    return Exported(
        table=table, rows=sum(one.rows for one in wanted), files=len(wanted), written=len(stale),
        unchanged=len(wanted) - len(stale), removed=len(gone),
    )  # fmt: skip
