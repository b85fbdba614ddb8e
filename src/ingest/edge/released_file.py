"""The analysts' file in its place: put there in one rename, known again, and told from what anybody else made of it.

Whoever opens it for writing, which is DuckDB's default, changes what all others read; what they have written and not
put in its place lies in a log beside it, `.wal`, which DuckDB replays onto whatever file has that name.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from ..errors import WarehouseBusy, WarehouseUnusable
from .faults import write_ahead_log
from .files import file_digest, sync_folder
from .warehouse import opened

MODE = 0o440  # DuckDB opens a file for writing where it may, unless asked not to


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """What was written down of a file when it was put in its place."""

    file_mark: str
    file_digest: str
    release_id: str


def difference(path: Path, known: Fingerprint) -> str | None:
    """Say how a file differs from the one that was put there; None where it is that one, or a copy of it."""
    if write_ahead_log(path).exists():
        return "somebody wrote into it, and left a log beside it"
    if file_mark(path) != known.file_mark and file_digest(path) != known.file_digest:
        return "its content has changed"
    try:
        found = _release_in(path)
    except WarehouseBusy:
        return None  # whoever has it open for writing has written nothing yet
    return None if found == known.release_id else f"it is release {found}"


def put_in_place(partial: Path, target: Path) -> None:
    """Rename the finished file over the last one; whoever has that open keeps reading it undisturbed.

    A log that somebody left beside the last one goes before, so that nobody reads it into the new one, and after, if
    they had written meanwhile.
    """
    with partial.open("rb") as finished:
        os.fsync(finished.fileno())
    partial.chmod(MODE)
    write_ahead_log(target).unlink(missing_ok=True)
    partial.replace(target)
    write_ahead_log(target).unlink(missing_ok=True)
    sync_folder(target.parent)


def clear_partial_files(target: Path) -> None:
    """Remove what a killed process left half built."""
    for leftover in target.parent.glob(f"{target.name}.partial*"):
        leftover.unlink()


def file_mark(path: Path) -> str:
    """Return what the file system says of a file; it changes with whatever is done to it."""
    found = path.stat()
    return f"{found.st_dev}/{found.st_ino}/{found.st_size}/{found.st_mtime_ns}/{found.st_ctime_ns}"


def _release_in(path: Path) -> str | None:
    """Return the id of the release that a file is; None where it can't be read.

    Raise WarehouseBusy where somebody has opened it for writing.
    """
    try:
        with opened(path) as connection:
            found = connection.execute("select release_id from ops.release").fetchall()
    except WarehouseUnusable:
        return None
    return str(found[0][0]) if found else None
