"""What is kept only for a time goes: history, and files of the archive that nobody needs. Articles never do."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from .decide.keeping import PARSED_KEPT, history_begins, is_pruning_due, removable
from .retention import ArchiveFile, Keep, Removal

log = logging.getLogger("ingest")

ARCHIVE = "archive files"


class HistoryStore(Protocol):
    """What is kept between steps, as far as it is kept for a time."""

    def last_pruning(self) -> datetime | None:
        """Say when history was last pruned."""
        ...

    def old_history(self, before: datetime) -> list[Removal]:
        """Count by table what of history is older than a moment, and leans on nothing."""
        ...

    def forget_history(self, before: datetime, now: datetime) -> list[Removal]:
        """Let go of what is older than a moment; say what that was."""
        ...

    def old_parsed(self, published_before: datetime) -> list[Removal]:
        """Count the parsed articles of batches that were published before a moment."""
        ...

    def delete_parsed(self, published_before: datetime) -> list[Removal]:
        """Delete the parsed articles of batches that were published before a moment; return how many."""
        ...

    def archive_needs(self) -> Mapping[str, tuple[datetime, bool]]:
        """Say of each file of the archive when its last capture came in, and whether one may be read again."""
        ...

    def forget_captures(self, warc_files: Sequence[str], now: datetime) -> None:
        """Mark the captures of files that are about to be removed."""
        ...


class ArchiveFolder(Protocol):
    """The files of the archive."""

    def closed(self) -> Sequence[ArchiveFile]:
        """Give the files that nobody writes any more."""
        ...

    def remove(self, names: Sequence[str]) -> None:
        """Remove files."""
        ...


def prune_daily(*, store: HistoryStore, archive: ArchiveFolder, keep: Keep, now: datetime) -> list[Removal]:
    """Prune with the first run of a day; say what went, nothing where that was done."""
    return prune(store=store, archive=archive, keep=keep, now=now) if is_pruning_due(store.last_pruning(), now) else []


def prune(*, store: HistoryStore, archive: ArchiveFolder, keep: Keep, now: datetime) -> list[Removal]:
    """Let go of all whose time is over, and say what that was.

    Captures are marked before their file goes: whoever is killed between leaves a file that the next one removes.
    """
    files = _too_old(store=store, archive=archive, keep=keep, now=now)
    if files:
        names = [one.name for one in files]
        store.forget_captures(names, now)
        archive.remove(names)
    begins = history_begins(keep, now)
    parsed = store.delete_parsed(now - PARSED_KEPT)
    removed = [*_as_removals(files), *parsed, *(store.forget_history(begins, now) if begins else [])]
    for one in removed:
        log.info("pruned what=%s number=%d bytes=%d", one.what.replace(" ", "_"), one.number, one.bytes)
    return removed


def would_prune(*, store: HistoryStore, archive: ArchiveFolder, keep: Keep, now: datetime) -> list[Removal]:
    """Say what `prune` would let go of, and change nothing."""
    files = _too_old(store=store, archive=archive, keep=keep, now=now)
    begins = history_begins(keep, now)
    parsed = store.old_parsed(now - PARSED_KEPT)
    return [*_as_removals(files), *parsed, *(store.old_history(begins) if begins else [])]


def _too_old(*, store: HistoryStore, archive: ArchiveFolder, keep: Keep, now: datetime) -> list[ArchiveFile]:
    needs = store.archive_needs()
    files = []
    for one in archive.closed():
        last_at, is_needed = needs.get(one.name, (one.last_at, False))
        files.append(replace(one, last_at=last_at, is_needed=is_needed))
    return removable(files, keep, now)


def _as_removals(files: Sequence[ArchiveFile]) -> list[Removal]:
    if not files:
        return []
    return [Removal(what=ARCHIVE, number=len(files), bytes=sum(one.bytes for one in files))]
