"""What may go: by its age, and by whether anybody needs it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from .retention import ArchiveFile, Keep

PARSED_KEPT = timedelta(days=7)  # parsed articles, after their batch was published, should the warehouse lose it


def is_pruning_due(pruned_at: datetime | None, now: datetime) -> bool:
    """Return whether history is to be looked through: with the first run of a day (UTC)."""
    return pruned_at is None or pruned_at.date() != now.date()


def history_begins(keep: Keep, now: datetime) -> datetime | None:
    """Return the moment before which history goes; what is asked again goes by its visits, which must be there."""
    if keep.history is None:
        return None
    return now - max(keep.history, keep.asked_again + timedelta(days=1))


def removable(files: Sequence[ArchiveFile], keep: Keep, now: datetime) -> list[ArchiveFile]:
    """Return the files of the archive that are too old, but for those with a page that may be read again."""
    if keep.archive is None:
        return []
    return [one for one in files if one.last_at < now - keep.archive and not (keep.needed and one.is_needed)]
