"""The analysts' file in its place: put there in one rename, known again, and told from what anybody else made of it.

Whoever opens it for writing, which is DuckDB's default, changes what all others read; what they have written and not
put in its place lies in a log beside it, `.wal`, which DuckDB replays onto whatever file has that name.
"""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import WarehouseBusy, WarehouseUnusable
from .files import sync_folder
from .warehouse import opened

MODE = 0o440  # DuckDB opens a file for writing where it may, unless asked not to


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """What was written down of a file when it was put in its place."""

    file_mark: str
    file_digest: str
    release_id: str

    @classmethod
    def of(cls, release: Mapping[str, Any]) -> "Fingerprint":
        """Read a row of `ops.releases`."""
        return cls(**{name: release[name] for name in cls.__slots__})


def difference(path: Path, known: Fingerprint) -> str | None:
    """Say how a file differs from the one that was put there; None where it is that one, or a copy of it."""
    if log_of(path).exists():
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
    log_of(target).unlink(missing_ok=True)
    partial.replace(target)
    log_of(target).unlink(missing_ok=True)
    sync_folder(target.parent)


def clear_partial_files(target: Path) -> None:
    """Remove what a killed process left half built."""
    for leftover in target.parent.glob(f"{target.name}.partial*"):
        leftover.unlink()


def log_of(path: Path) -> Path:
    """Return the name of the file that DuckDB keeps beside a database which is being written."""
    return path.with_name(f"{path.name}.wal")


def file_mark(path: Path) -> str:
    """Return what the file system says of a file; it changes with whatever is done to it."""
    found = path.stat()
    return f"{found.st_dev}/{found.st_ino}/{found.st_size}/{found.st_mtime_ns}/{found.st_ctime_ns}"


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


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
