"""The analysts' file: replaced in one rename, and compared with what was released.

DuckDB opens a file for writing by default. What a writer has not checkpointed is in a write-ahead log beside the file,
`.wal`, which DuckDB replays onto whatever file has that name: docs/decisions/0033.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..core.errors import WarehouseBusy, WarehouseUnusable
from ..core.file_modes import RELEASED
from ..core.files import file_digest, sync_file, sync_folder
from .duckdb_errors import write_ahead_log
from .warehouse import Row, opened


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """What is known of a released file: what the file system says of it, its SHA-256, and the id inside it."""

    file_mark: str | None  # None until it is noted; the digest decides then
    file_digest: str
    release_id: str


def difference(path: Path, known: Fingerprint) -> str | None:
    """Return how a file differs from the one that was released; None where it is that one, or a copy of it."""
    if write_ahead_log(path).exists():
        return "it was opened for writing, and a write-ahead log is beside it"
    if file_mark(path) != known.file_mark and file_digest(path) != known.file_digest:
        return "its content has changed"
    try:
        found = _release_in(path)
    except WarehouseBusy:
        return None  # opened for writing, and nothing written yet
    return None if found == known.release_id else f"it is release {found}"


def release_in_place(last: Sequence[Row], path: Path) -> Row | None:
    """Return the release whose file is to be in place, of the rows of last_releases.sql; None where there is none.

    The newest may have been recorded by a run that died before it put its file there, or before it noted that.
    """
    for row in last:
        is_noted = row["file_mark"] is not None
        if is_noted or (path.exists() and file_digest(path) == row["file_digest"]):
            return row
    return None


def put_in_place(partial: Path, target: Path) -> None:
    """Rename the finished file over the last one; connections to that one go on reading it.

    A foreign write-ahead log is deleted before the rename, so that it is never replayed onto the new file, and after
    it, for what was written in between.
    """
    sync_file(partial)
    partial.chmod(RELEASED)
    write_ahead_log(target).unlink(missing_ok=True)
    partial.replace(target)
    write_ahead_log(target).unlink(missing_ok=True)
    sync_folder(target.parent)


def clear_partial_files(target: Path) -> None:
    """Remove what a killed process left half built."""
    for leftover in target.parent.glob(f"{target.name}.partial*"):
        leftover.unlink()


def file_mark(path: Path) -> str:
    """Return device, inode, size and times of a file, of which one changes with whatever is done to it."""
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
