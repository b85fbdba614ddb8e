"""Backups: what is published, the state and the archive as one set, made while a run goes on.

The analysts' file, which is the pipeline's as it was released, is copied first, then the state, then the archive. So
the state knows all that is public, and the archive has all that the state knows. What the state calls public and the
file does not have yet, the first run over a restored set publishes again (decision 0048).
"""

import json
import os
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

from ..archive.warc_files import is_growing
from ..core.errors import Misconfigured, WarehouseDamaged, WarehouseUnusable
from ..core.file_modes import UMASK, keep_from_others
from ..core.files import (
    copy_open_file,
    file_digest,
    make_warehouse_folder,
    refuse_small_disk,
    sync_file,
    sync_folder,
    writing,
)
from ..state import State
from ..state.sqlite import STATE_FILE, SqliteEngine, copy_file
from ..warehouse.publication import copy_all_again
from ..warehouse.read_only import not_there, opened, rows
from ..warehouse.verification import archive_ends
from ..warehouse.warehouse import NEWS_FILE, PIPELINE_FILE

MANIFEST = "backup.json"  # written last: a folder without one is no whole backup
VERSION = 1  # of the manifest
ARCHIVE = "archive"
RESTORING = ".restoring"  # ends the names of files until all of them are there
PATIENCE_SECONDS = 60.0  # for which a release may be under way


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupFile:
    """A file of a backup, by its path in the folder, with the length and the SHA-256 of its content."""

    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """What a backup holds; `lost` names archive files that the state knows and the disk has not."""

    made_at: datetime
    files: tuple[BackupFile, ...]
    lost: tuple[str, ...]

    @property
    def bytes(self) -> int:
        """How long all of its files are."""
        return sum(one.bytes for one in self.files)


def back_up(warehouse: Path, state: State, folder: Path, *, state_path: Path, now: datetime) -> Backup:
    """Fill an empty folder with a backup of a warehouse; one that does not come to its end leaves the folder empty.

    `state` is the file at `state_path`, opened to read. Raises Misconfigured where the folder is not empty,
    WarehouseUnusable where news.duckdb is not the file that was released.
    """
    os.umask(UMASK)
    with writing(folder), _filling(folder):
        published = _copy_released(warehouse / NEWS_FILE, folder / PIPELINE_FILE, state)
        archive, lost = _copy_state_and_archive(warehouse / ARCHIVE, folder, state, state_path)
        _complete_state(folder)
        copied = folder / STATE_FILE
        state_file = BackupFile(path=STATE_FILE, bytes=copied.stat().st_size, sha256=file_digest(copied))
        backup = Backup(made_at=now, files=(published, state_file, *archive), lost=lost)
        _write_manifest(folder, backup)
    return backup


def restore(folder: Path, warehouse: Path, state_path: Path) -> Backup:
    """Make a warehouse of a backup, in a folder that is empty or not there; interrupted, it can be done again.

    Each file is compared with its SHA-256 as it is copied, and all get their names once all are there, the state last.
    Raises Misconfigured where there is something already, WarehouseDamaged where the backup is not what was written.
    """
    backup = _read_manifest(folder)
    targets = _targets(backup, warehouse, state_path)
    make_warehouse_folder(warehouse)
    _refuse_filled(warehouse, targets)
    _refuse_full(warehouse, targets)
    with writing(warehouse):
        for target, one in targets.items():
            target.parent.mkdir(parents=True, exist_ok=True)
            if not _is_there(target, one):
                _copy_whole(folder / one.path, _partial(target), one)
        for target in targets:
            if _partial(target).exists():
                _partial(target).replace(target)
            sync_folder(target.parent)
    keep_from_others(warehouse)
    return backup


@contextmanager
def _filling(folder: Path) -> Iterator[None]:
    """Fill an empty folder, or empty it again."""
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise Misconfigured(f"{folder} is not empty: name a new folder, or an empty one", about=str(folder))
    try:
        yield
    except BaseException:
        for left in folder.iterdir():
            shutil.rmtree(left) if left.is_dir() else left.unlink()
        raise


def _copy_released(news: Path, target: Path, state: State) -> BackupFile:
    """Copy the analysts' file: never changed in place, it is replaced as a whole while a run goes on."""
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        if not news.exists():
            raise not_there(news)
        known = [row["file_digest"] for row in state.read("last_release")]
        found = _copy(news, target)
        if found.sha256 in (*known, *(row["file_digest"] for row in state.read("last_release"))):
            return replace(found, path=target.name)
        if time.monotonic() > until:
            message = f"{news} is not the file that was released; `ingest verify` makes it anew"
            raise WarehouseUnusable(message, about=str(news))
        time.sleep(0.5)  # a release is recorded before its file is put in place


def _copy_state_and_archive(
    archive: Path, folder: Path, state: State, state_path: Path
) -> tuple[tuple[BackupFile, ...], tuple[str, ...]]:
    """Copy the state, and each file of the archive that it names; return these, and the names of those that are lost.

    Where files were pruned meanwhile, both are copied once more.
    """
    (folder / ARCHIVE).mkdir()
    copied: dict[str, BackupFile] = {}
    while True:
        copy_file(state_path, folder / STATE_FILE)
        with closing(State(SqliteEngine(folder / STATE_FILE))) as copy:
            ends = archive_ends(copy)
        lost = []
        for name, end_byte in ends.items():
            path = archive / Path(name).name
            most = end_byte if is_growing(path) else None  # beyond it, such a file may end amid a record
            if name not in copied or copied[name].bytes < end_byte:
                try:
                    found = _copy(path, folder / ARCHIVE / path.name, most=most)
                    copied[name] = replace(found, path=f"{ARCHIVE}/{path.name}")
                except FileNotFoundError:
                    lost.append(name)
        if set(lost) <= archive_ends(state).keys():
            for name in copied.keys() - ends.keys():
                (folder / copied.pop(name).path).unlink()
            return tuple(copied[name] for name in sorted(copied)), tuple(sorted(lost))


def _complete_state(folder: Path) -> None:
    """Mark in the copied state what the copied warehouse may not have had yet when it was released."""
    with opened(folder / PIPELINE_FILE) as connection:
        absent = rows(connection, "absent_articles")
    with closing(State(SqliteEngine(folder / STATE_FILE))) as state, state.write() as transaction:
        copy_all_again(transaction, absent)
        transaction.run("erase_again")
        transaction.run("delete_releases")


def _write_manifest(folder: Path, backup: Backup) -> None:
    content = {"version": VERSION, **asdict(backup), "made_at": backup.made_at.isoformat()}
    (folder / MANIFEST).write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    sync_file(folder / MANIFEST)
    sync_folder(folder)


def _read_manifest(folder: Path) -> Backup:
    path = folder / MANIFEST
    if not path.exists():
        raise Misconfigured(f"{folder} is no backup that came to its end: it has no {MANIFEST}", about=str(folder))
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["version"] != VERSION:
            message = f"{path} was written by a newer version of ingest; restore it with that one"
            raise Misconfigured(message, about=str(path))
        files = tuple(BackupFile(**one) for one in content["files"])
        return Backup(made_at=datetime.fromisoformat(content["made_at"]), files=files, lost=tuple(content["lost"]))
    except (ValueError, KeyError, TypeError) as error:
        raise WarehouseDamaged(f"{path} can't be read: {error}", about=str(path)) from error


def _targets(backup: Backup, warehouse: Path, state_path: Path) -> Mapping[Path, BackupFile]:
    """Return what is to lie where: the analysts' file is the pipeline's. The state is last: it makes a warehouse."""
    files = {one.path: one for one in backup.files}
    published, state = files.pop(PIPELINE_FILE), files.pop(STATE_FILE)
    archive = {warehouse / path: one for path, one in files.items()}
    return {warehouse / PIPELINE_FILE: published, warehouse / NEWS_FILE: published, **archive, state_path: state}


def _refuse_filled(warehouse: Path, targets: Mapping[Path, BackupFile]) -> None:
    """Raise Misconfigured where there is anything but what a restoration of this backup has left."""
    *_, state_path = targets
    if state_path.exists():
        raise Misconfigured(f"{state_path} is there already: restore into a new folder", about=str(state_path))
    ours = {_partial(target) for target in targets}
    for path in sorted(warehouse.rglob("*")):
        if not path.is_dir() and path not in ours and not (path in targets and _is_there(path, targets[path])):
            message = f"{warehouse} is not empty: it has {path.relative_to(warehouse)}"
            raise Misconfigured(f"{message}; restore into a new folder", about=str(warehouse))


def _refuse_full(warehouse: Path, targets: Mapping[Path, BackupFile]) -> None:
    there = [path for target in targets for path in (target, _partial(target)) if path.exists()]
    needed = sum(one.bytes for one in targets.values()) - sum(path.stat().st_size for path in there)
    free = shutil.disk_usage(warehouse).free
    refuse_small_disk(warehouse, needed_bytes=needed, free_bytes=free, what="the restoration")


def _is_there(target: Path, one: BackupFile) -> bool:
    return target.exists() and target.stat().st_size == one.bytes and file_digest(target) == one.sha256


def _partial(target: Path) -> Path:
    return target.with_name(target.name + RESTORING)


def _copy_whole(source: Path, target: Path, one: BackupFile) -> None:
    """Copy a file of a backup; WarehouseDamaged where it is not what was backed up."""
    if not source.exists():
        raise WarehouseDamaged(f"{source} is missing: the backup is not whole", about=str(source))
    if replace(_copy(source, target), path=one.path) != one:
        raise WarehouseDamaged(f"{source} is not what was backed up: its SHA-256 differs", about=str(source))


def _copy(source: Path, target: Path, *, most: int | None = None) -> BackupFile:
    """Copy a file, or its first bytes, onto the disk; return what was copied, under the source's name."""
    with source.open("rb") as original:
        digest = copy_open_file(original.fileno(), target, most=most)
    sync_file(target)
    return BackupFile(path=source.name, bytes=target.stat().st_size, sha256=digest)
