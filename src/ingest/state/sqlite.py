"""The state database on SQLite: one file in write-ahead-log mode, on a disk of this machine."""

import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from ..core.errors import IngestError, WarehouseBusy, WarehouseDamaged, WarehouseUnusable, disk_full

STATE_FILE = "state.db"
LEAST_VERSION = (3, 39, 0)  # the first that has `is distinct from`
APPLICATION_ID = 0x6E657773  # "news" in ASCII, in the header of the file (sqlite.org/fileformat2.html, 1.3.18)
OURS = frozenset({"migrations", "known_feeds", "warehouse_id"})  # of the tables of the first version
BUSY_SECONDS = 60.0  # for which another process may hold the file
# File systems of other machines: SQLite's locks and shared memory do not work there (sqlite.org/useovernet.html).
NETWORK_FILE_SYSTEMS = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ceph", "lustre", "gpfs", "glusterfs", "fuse.glusterfs"}
    | {"fuse.sshfs", "fuse.s3fs", "fuse.gcsfuse", "fuse.rclone"}
)


class SqliteEngine:
    """A connection to a file, used by one thread at a time. What was not begun lazily is on disk once committed."""

    def __init__(self, path: Path, *, is_read_only: bool = False, busy_seconds: float = BUSY_SECONDS) -> None:
        """Open the file, or make it; WarehouseUnusable names what is wrong with it, or with its place."""
        self.name = str(path)
        self.is_read_only = is_read_only
        self.path: Path | None = path
        refuse_old(sqlite3.sqlite_version_info)
        refuse_network(path, _mounts())
        with self.translated():
            self._connection = sqlite3.connect(
                f"{path.absolute().as_uri()}?{_read_only(path) if is_read_only else 'mode=rwc'}",
                uri=True, timeout=busy_seconds, isolation_level=None, check_same_thread=False,
            )  # fmt: skip
            try:
                known = self._refuse_foreign()
                if not is_read_only:
                    self._connection.execute("pragma auto_vacuum = incremental")  # counts before the first table alone
                    self._connection.execute("pragma journal_mode = wal")
                    if known != APPLICATION_ID:
                        self._connection.execute(f"pragma application_id = {APPLICATION_ID}")
            except BaseException:
                self._connection.close()
                raise

    def _refuse_foreign(self) -> int:
        """Return the application id of the file; WarehouseUnusable where it is another program's.

        Files of the first version have none.
        """
        [(known,)] = self._connection.execute("pragma application_id").fetchall()
        tables = {name for (name,) in self._connection.execute("select name from sqlite_master where type = 'table'")}
        if known != APPLICATION_ID and (known or (tables and not tables >= OURS)):
            message = f"{self.name} is another program's SQLite file: set INGEST_STATE to one that is the state's alone"
            raise WarehouseUnusable(message, about=self.name)
        return int(known)

    def execute(self, sql: str, parameters: Mapping[str, object]) -> tuple[Sequence[str], Sequence[Sequence[Any]]]:
        """Run a statement; return the names of its columns, and its rows."""
        cursor = self._connection.execute(sql, parameters)
        return [column[0] for column in cursor.description or ()], cursor.fetchall()

    def execute_many(self, sql: str, rows: Sequence[Mapping[str, object]]) -> None:
        """Run a statement for each of some rows."""
        self._connection.executemany(sql, rows)

    def written_for(self, sql: str) -> str:
        """Return the statement: the SQL of the state is SQLite's, but for locks of rows: here one locks all of them."""
        return sql.replace("for update skip locked", "")

    def translated(self) -> AbstractContextManager[None]:
        """Translate what SQLite raises about the file into our errors."""
        return translated(self.name)

    def begin(self) -> None:
        """Begin a transaction that is to write; no other process can until it ends."""
        self._connection.execute("pragma synchronous = full")  # each commit is flushed (sqlite.org/pragma.html)
        self._connection.execute("begin immediate")

    def begin_lazily(self) -> None:
        """Begin one whose commit is flushed with the next, or with a checkpoint."""
        self._connection.execute("pragma synchronous = normal")
        self._connection.execute("begin immediate")

    def lock(self, name: str) -> None:
        """Do nothing: no other process writes in the meantime at all."""

    def begin_migration(self) -> None:
        """Begin a transaction that is to migrate."""
        self.begin()

    def has_tables(self) -> bool:
        """Return whether a migration ever ran on the file."""
        return bool(self._connection.execute("select 1 from sqlite_master where name = 'migrations'").fetchall())

    def commit(self) -> None:
        """Commit it."""
        self._connection.execute("commit")

    def roll_back(self) -> None:
        """Undo it; some errors have done so already."""
        with suppress(sqlite3.Error):
            self._connection.execute("rollback")

    def shrink(self) -> None:
        """Return free pages to the disk."""
        self._connection.executescript("pragma incremental_vacuum")  # `execute` would step once, which is one page

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


@contextmanager
def translated(path: str) -> Iterator[None]:
    """Translate what SQLite raises about a file into our errors; what can only be a bug of ours passes."""
    try:
        yield
    except sqlite3.Error as error:
        if (ours := _error_of(error, path)) is None:
            raise
        raise ours from error


def copy_file(source: Path, target: Path) -> None:
    """Copy a state's file as it is at one moment, while others write it (sqlite.org/backup.html)."""
    uri = f"{source.absolute().as_uri()}?{_read_only(source)}"
    with (
        translated(str(source)),
        closing(sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS)) as original,
        closing(sqlite3.connect(target)) as copy,
    ):
        original.backup(copy)


def refuse_old(version: tuple[int, ...]) -> None:
    """Raise WarehouseUnusable where Python's SQLite is older than our SQL."""
    if version < LEAST_VERSION:
        found, least = (".".join(map(str, one)) for one in (version, LEAST_VERSION))
        message = f"this Python has SQLite {found}, and the state database takes {least}: use a newer Python"
        raise WarehouseUnusable(message, about="sqlite")


def refuse_network(path: Path, mounts: Mapping[Path, str]) -> None:
    """Raise WarehouseUnusable where a file is to lie on another machine's disk; `mounts` has types by mount point."""
    folder = path.absolute()
    while folder not in mounts and folder != folder.parent:
        folder = folder.parent
    if (kind := mounts.get(folder)) in NETWORK_FILE_SYSTEMS:
        message = f"{path} is on a network file system ({kind}), where SQLite's locks do not hold"
        message = f"{message}: set INGEST_STATE to a file on a local disk, or to a PostgreSQL"
        raise WarehouseUnusable(message, about=str(path))


def _read_only(path: Path) -> str:
    """Return how a file is opened to read: where its folder can't be written, SQLite can make no memory for locks.

    A file that was closed takes none, as nobody writes there (sqlite.org/wal.html, 5).
    """
    is_closed = not path.with_name(f"{path.name}-wal").exists()
    return "mode=ro&immutable=1" if is_closed and not os.access(path.parent, os.W_OK) else "mode=ro"


def _mounts() -> dict[Path, str]:
    """Return the type of file system by mount point; nothing on a system without /proc/self/mounts."""
    try:
        lines = Path("/proc/self/mounts").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return {}
    return {Path(fields[1].replace("\\040", " ")): fields[2] for fields in map(str.split, lines) if len(fields) > 2}


def _error_of(error: sqlite3.Error, path: str) -> IngestError | None:
    code = getattr(error, "sqlite_errorname", "")
    about = path
    if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return WarehouseBusy(f"{path} is being written by another process; wait until it has finished", about=about)
    if code.startswith(("SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_SHMSIZE")):  # the latter two at a quota
        return disk_full(path, str(error))
    if code.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return WarehouseDamaged(f"{path} is damaged: {error}", about=about)
    if code.startswith(("SQLITE_IOERR", "SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_PERM", "SQLITE_AUTH")):
        message = f"{path} can't be used: {error}; its folder has to be there, on a sound disk, and ours to write"
        return WarehouseUnusable(message, about=about)
    return None
