"""Reads the few files a person gives us, writes those a person asks for, and makes the folder they name."""

import errno
import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .errors import DiskFull, Misconfigured, WarehouseBusy, WarehouseUnusable, disk_full
from .file_modes import UMASK, keep_from_others

COPIED_AT_ONCE = 1 << 20  # bytes of a file


def read_text(path: Path) -> str:
    """Read a UTF-8 text file; Misconfigured names it and says what is wrong."""
    try:
        return read_bytes(path).decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise Misconfigured(f"{path} cannot be read: not UTF-8 text ({error.reason})", about=str(path)) from error


def read_bytes(path: Path) -> bytes:
    """Read a file; Misconfigured names it and says what is wrong."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise Misconfigured(f"{path} cannot be read: {error.strerror}", about=str(path)) from error


def write_text(path: Path, text: str) -> None:
    """Write a UTF-8 text file; Misconfigured names it and says what is wrong."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Misconfigured(f"{path} cannot be written: {error.strerror}", about=str(path)) from error


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Translate what the system says where a file can't be written: DiskFull, or WarehouseUnusable."""
    try:
        yield
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise disk_full(path, str(error.strerror)) from error
        raise WarehouseUnusable(f"{path} can't be written: {error}", about=str(path)) from error


_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def disk_shortage(folder: Path, *, least_mb: int) -> DiskFull | None:
    """Return the error of a disk that has less free for a folder than is to stay free; None where there is more."""
    free_mb = shutil.disk_usage(folder).free // 1_000_000
    found = f"{free_mb:,} MB are free, and INGEST_FREE_DISK_MB is {least_mb:,}"
    return disk_full(folder, found) if free_mb < least_mb else None


def refuse_small_disk(path: Path, *, needed_bytes: float, free_bytes: int, what: str) -> None:
    """Raise DiskFull where a file or folder is to grow by more than is free; `what` takes that much."""
    if needed_bytes > free_bytes:
        raise disk_full(path, f"{what} takes {needed_bytes:,.0f} bytes there, and {free_bytes:,} are free")


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file's content, in hexadecimal digits."""
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def copy_open_file(descriptor: int, path: Path, *, most: int | None = None) -> str:
    """Copy all of an open file, or its first bytes up to `most`; return the SHA-256 of the copy."""
    digest, place = hashlib.sha256(), 0
    with path.open("wb") as copy:
        while piece := os.pread(
            descriptor, COPIED_AT_ONCE if most is None else min(COPIED_AT_ONCE, most - place), place
        ):
            digest.update(piece)
            copy.write(piece)
            place += len(piece)
    return digest.hexdigest()


def sync_file(path: Path) -> None:
    """Have what was written to a file survive a power cut."""
    with path.open("rb") as finished:
        os.fsync(finished.fileno())


def sync_folder(folder: Path) -> None:
    """Have what was renamed in a folder survive a power cut."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


@contextmanager
def held_alone(folder: Path, refusal: str) -> Iterator[None]:
    """Hold a folder; WarehouseBusy, in these words, where another process does. Whoever dies lets go."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise WarehouseBusy(refusal, about=str(folder)) from error
        yield
    finally:
        os.close(opened)


def make_warehouse_folder(folder: Path) -> None:
    """Make a folder that can be written, if it is not there yet, and keep what is in it from others.

    Raises WarehouseUnusable, which says why it can't be. The umask is this process's own from then on: whoever started
    it can neither widen nor break what it leaves.
    """
    try:
        if not (above := folder.absolute().parent).exists():
            above.mkdir(parents=True, exist_ok=True)
        os.umask(UMASK)
        folder.mkdir(exist_ok=True)
    except OSError as error:
        message = f"cannot make the warehouse folder {folder}: {error.strerror}; choose another with --warehouse"
        raise WarehouseUnusable(message, about=str(folder)) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        message = f"the warehouse folder {folder} is not writable; allow it, or choose another with --warehouse"
        raise WarehouseUnusable(message, about=str(folder))
    keep_from_others(folder)
