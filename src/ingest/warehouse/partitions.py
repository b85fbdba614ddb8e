"""The files that an export makes: one for the rows of a table that were published on one day."""

from dataclasses import dataclass
from datetime import date

UNDATED = "day=__HIVE_DEFAULT_PARTITION__"  # what Hive, Spark, Arrow and DuckDB read as null
WHOLE = "."  # in the folder of its table


@dataclass(frozen=True, slots=True, kw_only=True)
class Partition:
    """The rows of a table that were published on one day, on none that is known, or all where none have a day."""

    day: date | None
    is_whole: bool = False  # the table has no days
    rows: int
    fingerprint: str  # changes with any value in them

    @property
    def name(self) -> str:
        """Return the folder of its file."""
        if self.is_whole:
            return WHOLE
        return f"day={self.day.isoformat()}" if self.day else UNDATED


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A file that an export wrote."""

    rows: int
    bytes: int
    sha256: str
    fingerprint: str
