"""What is old goes, unless somebody needs it or nobody set a time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from ingest.core.retention import ArchiveFile, Keep, history_begins, is_pruning_due, removable

NOW = datetime(2026, 11, 16, 12, tzinfo=UTC)
DAY = timedelta(days=1)
KEEP = Keep(rejected=30 * DAY, history=90 * DAY, archive=365 * DAY, asked_again=7 * DAY)


def a_file(*, age_days: int, is_needed: bool = False) -> ArchiveFile:
    return ArchiveFile(name="a.warc.gz", bytes=1, last_at=NOW - age_days * DAY, is_needed=is_needed)


def test_history_is_looked_through_once_a_day() -> None:
    assert is_pruning_due(None, NOW)
    assert is_pruning_due(NOW - 13 * timedelta(hours=1), NOW)
    assert not is_pruning_due(NOW - timedelta(hours=11), NOW)
    assert is_pruning_due(NOW + 365 * DAY, NOW)  # a clock was wrong once


def test_history_reaches_back_as_far_as_pages_are_asked_again() -> None:
    assert history_begins(KEEP, NOW) == NOW - 90 * DAY
    assert history_begins(replace(KEEP, history=3 * DAY), NOW) == NOW - 8 * DAY
    assert history_begins(replace(KEEP, history=None), NOW) is None


def test_only_old_files_that_nobody_needs_are_removed() -> None:
    old, needed, young = a_file(age_days=366), a_file(age_days=366, is_needed=True), a_file(age_days=364)

    assert removable([old, needed, young], KEEP, NOW) == [old]
    assert removable([old, needed, young], replace(KEEP, needed=False), NOW) == [old, needed]
    assert removable([old, needed, young], replace(KEEP, archive=None), NOW) == []
