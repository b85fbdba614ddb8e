"""What is kept only for a time goes: history, and files of the archive that nobody needs. Articles never do."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from ..core.retention import PARSED_KEPT, ArchiveFile, Keep, Removal, history_begins, is_pruning_due, removable
from ..state import State
from ..warehouse import expire_history
from ..warehouse.warehouse import Warehouse

log = logging.getLogger("ingest")

ARCHIVE = "archive files"


class ArchiveFolder(Protocol):
    """The files of the archive."""

    def closed(self) -> Sequence[ArchiveFile]:
        """Return the files that nobody writes any more."""
        ...

    def remove(self, names: Sequence[str]) -> None:
        """Remove files."""
        ...


def prune_daily(
    *, state: State, warehouse: Warehouse, archive: ArchiveFolder, keep: Keep, now: datetime
) -> list[Removal]:
    """Prune with the first run of a day; say what went, nothing where that was done."""
    if not is_pruning_due(expire_history.last_pruning(state), now):
        return []
    return prune(state=state, warehouse=warehouse, archive=archive, keep=keep, now=now)


def prune(*, state: State, warehouse: Warehouse, archive: ArchiveFolder, keep: Keep, now: datetime) -> list[Removal]:
    """Delete all whose retention is over, and return what that was.

    Captures are marked before their file goes: whoever is killed between leaves a file that the next one removes.
    """
    files = _too_old(state=state, archive=archive, keep=keep, now=now)
    if files:
        names = [one.name for one in files]
        expire_history.delete_captures(state, names, now)
        archive.remove(names)
    begins = history_begins(keep, now)
    parsed = expire_history.delete_parsed(state, now - PARSED_KEPT)
    forgotten = expire_history.delete_history(state, warehouse, begins, now) if begins else []
    removed = [*_as_removals(files), *parsed, *forgotten]
    for one in removed:
        log.info("pruned what=%s number=%d bytes=%d", one.what.replace(" ", "_"), one.number, one.bytes)
    return removed


def would_prune(
    *, state: State, warehouse: Warehouse, archive: ArchiveFolder, keep: Keep, now: datetime
) -> list[Removal]:
    """Return what `prune` would let go of, and change nothing."""
    files = _too_old(state=state, archive=archive, keep=keep, now=now)
    begins = history_begins(keep, now)
    parsed = expire_history.old_parsed(state, now - PARSED_KEPT)
    old = expire_history.old_history(state, warehouse, begins) if begins else []
    return [*_as_removals(files), *parsed, *old]


def _too_old(*, state: State, archive: ArchiveFolder, keep: Keep, now: datetime) -> list[ArchiveFile]:
    needs = expire_history.archive_needs(state)
    files = []
    for one in archive.closed():
        last_at, is_needed = needs.get(one.name, (one.last_at, False))
        files.append(replace(one, last_at=last_at, is_needed=is_needed))
    return removable(files, keep, now)


def _as_removals(files: Sequence[ArchiveFile]) -> list[Removal]:
    if not files:
        return []
    return [Removal(what=ARCHIVE, number=len(files), bytes=sum(one.bytes for one in files))]
