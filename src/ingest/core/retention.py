"""Retention: what is kept for how long, and what expires, by its age and by whether anybody needs it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

PARSED_KEPT = timedelta(days=7)  # parsed articles, after their batch was published, should the warehouse lose it


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """How long what is kept for a time is kept; None: for ever."""

    rejected: timedelta  # staged rows of rejected batches
    history: timedelta | None
    archive: timedelta | None
    needed: bool = True  # files of the archive with a page that may be read again are kept, however old
    asked_again: timedelta = timedelta(0)  # how long after its first fetch a page may be asked for again


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveFile:
    """A file of the archive that no process writes any more."""

    name: str
    bytes: int
    last_at: datetime  # when the last of its captures came in
    is_needed: bool  # one of its captures may be read again


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """What goes, or would, of one kind of thing."""

    what: str
    number: int
    bytes: int  # on disk where these are files; of rows, as written out


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
