"""The pipeline's own DuckDB file, or the lake in its place: opening, migrating, reading and writing it.

SQL is in `warehouse/`.
"""

import secrets
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from pathlib import Path
from typing import cast

import duckdb

from ..core.errors import IngestError, WarehouseBusy, WarehouseDamaged, WarehouseUnusable
from ..core.files import make_warehouse_folder
from ..core.memory import release_free_memory
from .duckdb_errors import (
    AttachedFile,
    DuckDBPyConnection,
    open_database,
    roll_back,
    translated,
    translated_of_lake,
    write_ahead_log,
)
from .extras import Extras, shipped_extras
from .lake import Hold, Lake, Lock, keyless
from .migrations import (
    LAST_WITH_OLD_FILE,
    LAST_WITH_STAGED,
    last_before_import,
    migrations,
    newest_migration,
    refuse_unknown,
    stage_in_memory,
)
from .read_only import DEMO_FOLDER, look, look_at_lake, not_there, opened, query, refuse_newer, rows
from .statements import statement
from .tables import copy_file, make_first_file, refuse_full_disk, tables_mark
from .transaction import Row, Transaction, Types, rows_of

PIPELINE_FILE = "published.duckdb"
OLD_FILE = "ingest.duckdb"  # of earlier versions, which is imported
NEWS_FILE = "news.duckdb"
MEMORY_MB = 256  # 128 were too few to make the analysts' file of a million articles; unbound, DuckDB fills the machine
LOG_MB = 4  # of what was written, before DuckDB puts it in its place: until then it holds six times as much in memory
READS_AT_ONCE = 2  # each may need tens of megabytes while it runs, however few rows it gives
GIVE_BACK_SECONDS = 1.0  # between two times that freed memory is given back, which costs some ten milliseconds
PATIENCE_SECONDS = 60.0  # for which a person who looks into the file may hold it up
THREADS = 1  # on which DuckDB runs a statement: ours are small and run side by side, and to part one costs more

__all__ = ["DuckDBPyConnection", "Lock", "Row", "Transaction", "Warehouse", "look", "look_at_lake", "opened", "query"]
__all__ += ["DEMO_FOLDER", "not_there", "refuse_newer", "rows", "statement", "translated"]


class Warehouse:
    """One process's hold on the warehouse folder. A few reads run side by side, writes one after the other.

    With a lake, the pipeline's own tables are there and not in a file, and several processes write.
    """

    def __init__(
        self, folder: Path, *, memory_mb: int = MEMORY_MB, lake: Lake | None = None, extras: Extras | None = None
    ) -> None:
        """Open the folder; what DuckDB keeps in memory beyond `memory_mb` it puts on disk.

        `extras` is what the analysts' file has beside what is published; None brings what comes with the package.
        """
        self.folder = folder
        self.lake = lake
        self.extras = extras or shipped_extras()
        is_old = (folder / OLD_FILE).exists() and not (folder / PIPELINE_FILE).exists()
        self.path = folder / (OLD_FILE if is_old else PIPELINE_FILE)
        self.news_path = folder / NEWS_FILE
        self._writing = threading.RLock()
        self._locks: set[tuple[Lock, int]] = set()  # that are held, with the thread that has each
        self.worker = secrets.randbelow(2**31)  # names this hold among all that there are on the warehouse
        self._reading = threading.BoundedSemaphore(READS_AT_ONCE)
        self._memory_mb = memory_mb
        self._gave_back_at = time.monotonic()
        self._types: Types = {}
        make_warehouse_folder(folder)
        self._refuse_foreign_news()
        with self.translated():
            if not (lake or self.path.exists()):
                make_first_file(self.path)
            self._hold = Hold(lake, folder, self.worker) if lake else None
        self.migrated: list[str] = []
        self._open()
        try:
            self._migrate()
        except IngestError:
            self.close()
            raise

    @property
    def is_old(self) -> bool:
        """Whether it is still the file of an earlier version, whose state has to be imported."""
        return self.lake is None and self.path.name == OLD_FILE

    @property
    def home(self) -> str:
        """The name of its database in SQL."""
        return self._database.name

    def _refuse_foreign_news(self) -> None:
        """Raise WarehouseUnusable where the analysts' file is a newer version's, or none of ours."""
        try:
            refuse_newer(self.news_path)
        except WarehouseDamaged:  # the next release makes it anew
            if not (self.lake or self.path.exists()):
                raise  # nothing was released here, so the file is not ours to replace

    def close(self) -> None:
        """Close the file, everything written."""
        self._database.close()

    def living_workers(self) -> list[int]:
        """Return the holds that have not ended; of a file there is one."""
        return self._hold.living() if self._hold else [self.worker]

    def telling(self) -> AbstractContextManager[object]:
        """Hold off other processes that tell people: nobody is to be told twice."""
        return self.locked(Lock.TELLING)

    def publishing(self) -> AbstractContextManager[bool]:
        """Be the one process that publishes for all runs; where another is, return False on entry."""
        return self.locked(Lock.PUBLISHER, waits=False)

    def translated(self) -> AbstractContextManager[None]:
        """Turn what DuckDB raises into our errors."""
        return translated_of_lake(str(self.lake), catalog=self.lake.catalog) if self.lake else translated(self.path)

    def reopen(self) -> None:
        """Close the file and open it again: what DuckDB holds of all that was read and written is given back.

        Connections that were given to others are to be closed. A lake stays as it is: PostgreSQL would take this worker
        for dead.
        """
        if self._hold is None:
            with self._at_rest():
                self._database.close()
                release_free_memory()
                self._open_again()

    def write_anew(self) -> None:
        """Write the file anew, as this version makes its tables, and open it in place of the one that was open."""
        path = self.folder / PIPELINE_FILE
        with self._at_rest():
            with self.translated(), self.connect() as connection:
                refuse_full_disk(connection, path)
                copy_file(connection, path, schema="published" if self.is_old else "main")
            self._database.close()
            self.path = path
            self._open_again()
        self._drop_old()

    def copy_file(self, to: Path) -> str:
        """Copy the file with all that was committed; return the SHA-256 of its content."""
        until = time.monotonic() + PATIENCE_SECONDS
        with self._at_rest():
            while True:
                with suppress(WarehouseBusy), self.translated():
                    self._database.connection.execute(f"checkpoint {self.home}")
                if not write_ahead_log(self.path).exists():
                    return cast("AttachedFile", self._database).copy_to(to)
                if time.monotonic() > until:  # a statement that is under way reads what is to be put in its place
                    raise WarehouseBusy(f"{self.path} is being read; run again", about=str(self.path))
                time.sleep(0.05)

    @contextmanager
    def _at_rest(self) -> Iterator[None]:
        """Wait until nobody in this process reads or writes, and let nobody begin."""
        with ExitStack() as alone:
            alone.enter_context(self._writing)
            for _ in range(READS_AT_ONCE):
                alone.enter_context(self._reading)
            yield

    def _open_again(self) -> None:
        """Open the file once whoever looks into it has closed it."""
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                self._open()
                stage_in_memory(self._database.connection)
            except WarehouseBusy:
                if time.monotonic() > until:
                    raise
                time.sleep(0.05)
            else:
                return

    def connect(self) -> DuckDBPyConnection:
        """Return another connection onto the same open database; it sees what others have committed."""
        connection = self._database.connection.cursor()
        connection.execute("set timezone = 'UTC'")
        connection.execute(f"use {self._database.name}")
        return connection

    def read(
        self, name: str, parameters: Mapping[str, object] | None = None, *, parts: Mapping[str, str] | None = None
    ) -> list[Row]:
        """Run the statement of that name; return its rows, columns by name. `parts` is SQL for what stands in braces.

        For the first parameter of a process DuckDB imports pandas, which takes half a second: what runs read that find
        nothing to do has parts alone.
        """
        sql = statement(name).format(**parts) if parts else statement(name)
        with self._reading, self.translated(), self.connect() as connection:
            return rows_of(connection.execute(sql, dict(parameters or {})))

    @contextmanager
    def alone(self, *locks: Lock) -> Iterator[DuckDBPyConnection]:
        """Keep out the other writers of this process, and other processes that take one of these locks.

        It is for work that can't be one transaction, or that another process must not do at the same time.
        """
        with ExitStack() as held:
            for lock in locks:
                held.enter_context(self.locked(lock))
            held.enter_context(self._writing)
            held.enter_context(self.translated())
            yield held.enter_context(self.connect())
            self._give_back()

    @contextmanager
    def write(self) -> Iterator["Transaction"]:
        """Run statements that are committed together, or not at all."""
        with self.alone() as connection:
            connection.begin()
            try:
                yield Transaction(connection, self._types)
            except BaseException:
                roll_back(connection)
                raise
            connection.commit()

    @contextmanager
    def locked(self, lock: Lock, *, waits: bool = True) -> Iterator[bool]:
        """Take a lock, or go on with the one that this thread has; a file has one process."""
        key = (lock, threading.get_ident())
        if self._hold is None or key in self._locks:
            yield True
            return
        with self.translated(), self._hold.locked(lock, waits=waits) as is_held:
            if is_held:
                self._locks.add(key)
            try:
                yield is_held
            finally:
                self._locks.discard(key)

    def _give_back(self) -> None:
        """Return freed memory to the machine, now and then.

        DuckDB's workers would see to it, but on one thread it has none; to set its bound again is the statement that
        does.
        """
        if time.monotonic() - self._gave_back_at >= GIVE_BACK_SECONDS:
            self._gave_back_at = time.monotonic()
            with suppress(duckdb.OutOfMemoryException):  # all of it is in use
                self._bound_memory()
            release_free_memory()

    def _open(self) -> None:
        with self.translated():
            name = "warehouse" if self.is_old else "published"
            self._database: Hold | AttachedFile = self._hold or AttachedFile(self.path, name=name)
            self._bound_memory()
            self._database.connection.execute(f"set wal_autocheckpoint = '{LOG_MB}MB'")
            self._database.connection.execute(f"set threads = {THREADS}")

    def _bound_memory(self) -> None:
        self._database.connection.execute(f"set memory_limit = '{self._memory_mb}MB'")

    def migrate(self, last: int) -> None:
        """Run the migrations up to number `last` that were not run yet, one transaction each; `migrated` names them."""
        in_shape = keyless if self.lake else str
        with self.alone(Lock.MIGRATION) as connection:
            newest = newest_migration(connection)
            for number, name, sql in migrations():
                if newest < number <= last:
                    with self.write() as transaction:
                        transaction.connection.execute(in_shape(sql))
                        transaction.run("record_migration", number=number, name=name)
                    self.migrated.append(name)
            if newest_migration(connection) > LAST_WITH_STAGED:
                stage_in_memory(self._database.connection)

    def _migrate(self) -> None:
        """Bring it to the shape that this version knows; state that an earlier one kept here stays until imported."""
        in_shape = keyless if self.lake else str
        with self.alone(Lock.MIGRATION) as connection:
            connection.execute(in_shape(statement("migrations")))
            newest = newest_migration(connection)
            refuse_unknown(newest, self.lake or self.path)
            self.migrate(last_before_import(newest))
        if not (self.lake or self.is_old):
            if self.read("shape")[0]["tables"] != tables_mark():
                self.write_anew()
            self._drop_old()

    def _drop_old(self) -> None:
        """Delete the file of an earlier version that was imported; WarehouseUnusable where one has written it since."""
        old = self.folder / OLD_FILE
        if not old.exists():
            return
        with translated(old), open_database(old, read_only=True) as connection:
            [(is_filled,)] = connection.execute("select exists (from published.articles)").fetchall()
            is_newer = is_filled and newest_migration(connection) <= LAST_WITH_OLD_FILE
        if is_newer:
            message = f"{old} was written by an older version while {self.path} was there; move one of the two away"
            raise WarehouseUnusable(f"{message}, with the state that belongs to it", about=str(old))
        for file in (old, write_ahead_log(old)):
            file.unlink(missing_ok=True)
