"""The files of an export, one per table and day of publication: which are written anew, and which are removed."""

from collections.abc import Iterable, Iterator, Mapping
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


def changed(wanted: Iterable[Partition], kept: Mapping[str, Kept]) -> list[Partition]:
    """Return those of which there is no file, or one with something else in it."""
    return [one for one in wanted if one.name not in kept or kept[one.name].fingerprint != one.fingerprint]


def left_over(wanted: Iterable[Partition], names: Iterable[str], *, first: date | None, last: date | None) -> list[str]:
    """Return the folders of days within the range that have no rows any more."""
    filled = {one.name for one in wanted}
    return sorted(name for name in names if name not in filled and _is_within(name, first, last))


def in_parts(partitions: Iterable[Partition], rows_at_once: int) -> Iterator[list[Partition]]:
    """Part days in their order so that few rows are brought at once, and a busy day, or none at all, alone."""
    part: list[Partition] = []
    for one in partitions:
        if part and (one.day is None or sum(other.rows for other in part) + one.rows > rows_at_once):
            yield part
            part = []
        part.append(one)
    if part:
        yield part


def _is_within(name: str, first: date | None, last: date | None) -> bool:
    if (first is None and last is None) or name == WHOLE:
        return True
    day = name.removeprefix("day=")
    return name != UNDATED and (first is None or day >= first.isoformat()) and (last is None or day <= last.isoformat())
