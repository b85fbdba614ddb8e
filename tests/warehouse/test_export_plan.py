"""Which files of an export are written anew, and which days are brought at once."""

from datetime import date, timedelta

from ingest.warehouse.export_plan import UNDATED, WHOLE, Kept, Partition, changed, in_parts, left_over

FIRST = date(2026, 11, 20)


def a_day(number: int | None, *, rows: int = 1, fingerprint: str = "a") -> Partition:
    day = None if number is None else FIRST + timedelta(days=number)
    return Partition(day=day, rows=rows, fingerprint=fingerprint)


def kept(fingerprint: str) -> Kept:
    return Kept(rows=1, bytes=1, sha256="", fingerprint=fingerprint)


def test_what_is_not_there_or_reads_otherwise_is_written() -> None:
    there = {"day=2026-11-20": kept("a"), "day=2026-11-21": kept("old")}

    assert changed([a_day(0), a_day(1), a_day(None)], there) == [a_day(1), a_day(None)]


def test_days_without_rows_are_left_over_within_the_range_alone() -> None:
    names = ["day=2026-11-20", "day=2026-11-21", "day=2026-11-25", UNDATED]

    assert left_over([a_day(0)], names, first=None, last=None) == ["day=2026-11-21", "day=2026-11-25", UNDATED]
    assert left_over([a_day(0)], names, first=FIRST, last=FIRST + timedelta(days=3)) == ["day=2026-11-21"]
    assert left_over([], [WHOLE], first=None, last=None) == [WHOLE]


def test_days_are_brought_together_up_to_a_number_of_rows_and_a_busy_one_alone() -> None:
    days = [a_day(0, rows=4), a_day(1, rows=5), a_day(2, rows=2), a_day(3, rows=40), a_day(4, rows=1), a_day(None)]

    parts = [[one.day and one.day.day for one in part] for part in in_parts(days, 10)]

    assert parts == [[20, 21], [22], [23], [24], [None]]
