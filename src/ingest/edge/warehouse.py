"""The pipeline's own DuckDB file, or the lake in its place: opening, migrating, reading and writing it.

SQL is in `warehouse/`.
"""

import secrets
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any

import duckdb

from ..errors import IngestError, QueryRefused, WarehouseBusy, WarehouseDamaged, WarehouseUnusable
from .extensions import load_what_it_needs
from .faults import AttachedFile, DuckDBPyConnection, open_database, roll_back, translated, translated_of_lake
from .files import make_warehouse_folder
from .heap import give_heap_back
from .lake import TO_TELL, Hold, Lake, keyless, open_to_read
from .migrations import (
    LAST_WITH_STAGED,
    last_before_import,
    migrations,
    newest_migration,
    refuse_unknown,
    stage_in_memory,
)
from .statements import statement
from .transaction import Row, Transaction, Types, rows_of

PIPELINE_FILE = "ingest.duckdb"
NEWS_FILE = "news.duckdb"
DEMO_FOLDER = (
    "demo"  # below the warehouse folder: the demonstration's own, so that its articles and real ones never mix
)
MEMORY_MB = 256  # 128 were too few to make the analysts' file of a million articles; unbound, DuckDB fills the machine
LOG_MB = 4  # of what was written, before DuckDB puts it in its place: until then it holds six times as much in memory
READS_AT_ONCE = 2  # each may need tens of megabytes while it runs, however few rows it gives
GIVE_BACK_SECONDS = 1.0  # between two times that freed memory is given back, which costs some ten milliseconds
REOPEN_SECONDS = 60.0  # for which a person who looks into the file may hold it up
THREADS = 1  # on which DuckDB runs a statement: ours are small and run side by side, and to part one costs more

__all__ = ["DuckDBPyConnection", "Row", "Transaction", "Warehouse", "look", "look_at_lake", "opened", "query"]
__all__ += ["not_there", "refuse_newer", "rows", "statement", "translated"]


class Warehouse:
    """One process's hold on the warehouse folder. A few reads run side by side, writes one after the other.

    With a lake, the pipeline's own tables are there and not in a file, and the writes of all processes take turns.
    """

    def __init__(self, folder: Path, *, memory_mb: int = MEMORY_MB, lake: Lake | None = None) -> None:
        """Open the folder; what DuckDB keeps in memory beyond `memory_mb` it puts on disk."""
        self.folder = folder
        self.lake = lake
        self.path = folder / PIPELINE_FILE
        self.news_path = folder / NEWS_FILE
        self._writing = threading.RLock()
        self._has_turn = False
        self.worker = secrets.randbelow(2**31)  # names this hold among all that there are on the warehouse
        self._reading = threading.BoundedSemaphore(READS_AT_ONCE)
        self._memory_mb = memory_mb
        self._gave_back_at = time.monotonic()
        self._types: Types = {}
        make_warehouse_folder(folder)
        try:
            refuse_newer(self.news_path)
        except WarehouseDamaged:  # the next release makes it anew
            if not (lake or self.path.exists()):
                raise  # nothing was released here, so the file is not ours to replace
        with self.translated():
            self._hold = Hold(lake, folder, self.worker) if lake else None
        self.migrated: list[str] = []
        self._open()
        try:
            self._migrate()
        except IngestError:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the file, everything written."""
        self._database.close()

    def living_workers(self) -> list[int]:
        """Name the holds that have not ended; of a file there is one."""
        return self._hold.living() if self._hold else [self.worker]

    def telling(self) -> AbstractContextManager[None]:
        """Hold off other processes that tell people: nobody is to be told twice."""
        return self._hold.turn(TO_TELL) if self._hold else nullcontext()

    def translated(self) -> AbstractContextManager[None]:
        """Turn what DuckDB raises into our errors."""
        return translated_of_lake(str(self.lake), catalog=self.lake.catalog) if self.lake else translated(self.path)

    def reopen(self) -> None:
        """Close the file and open it again: what DuckDB holds of all that was read and written is given back.

        Whoever looks into the file in between is waited for. Connections that were given to others are to be closed. A
        lake stays as it is: PostgreSQL would take this worker for dead.
        """
        if self._hold:
            return
        until = time.monotonic() + REOPEN_SECONDS
        with ExitStack() as alone:
            alone.enter_context(self._writing)
            for _ in range(READS_AT_ONCE):
                alone.enter_context(self._reading)
            self._database.close()
            give_heap_back()
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
        """Give another connection onto the same open database; it sees what others have committed."""
        connection = self._database.connection.cursor()
        connection.execute("set timezone = 'UTC'")
        connection.execute(f"use {self._database.name}")
        return connection

    def read(self, name: str, parameters: Mapping[str, object] | None = None) -> list[Row]:
        """Run the statement of that name and give its rows, columns by name."""
        with self._reading, self.translated(), self.connect() as connection:
            return rows_of(connection.execute(statement(name), dict(parameters or {})))

    @contextmanager
    def alone(self) -> Iterator[DuckDBPyConnection]:
        """Hold off all other writers, for work that can't be one transaction."""
        with self._writing, self.translated(), self._turn(), self.connect() as connection:
            yield connection
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
    def _turn(self) -> Iterator[None]:
        """Hold off the writers of other processes; a file has none."""
        if self._hold is None or self._has_turn:
            yield
            return
        with self._hold.turn():
            self._has_turn = True
            try:
                yield
            finally:
                self._has_turn = False

    def settle(self, connection: DuckDBPyConnection) -> None:
        """Put what was written of a file in its place, which frees memory, unless others read. A lake needs none of it.

        There, `checkpoint` is another thing, and broke on rows in the catalog: docs/decisions/0024.
        """
        if self._hold is None:
            with suppress(WarehouseBusy), self.translated():
                connection.execute("checkpoint")

    def _give_back(self) -> None:
        """Let memory that was freed go back to the machine, now and then.

        DuckDB's workers would see to it, but on one thread it has none; to set its bound again is the statement that
        does.
        """
        if time.monotonic() - self._gave_back_at >= GIVE_BACK_SECONDS:
            self._gave_back_at = time.monotonic()
            with suppress(duckdb.OutOfMemoryException):  # all of it is in use
                self._bound_memory()
            give_heap_back()

    def _open(self) -> None:
        with self.translated():
            self._database = self._hold or AttachedFile(self.path)
            self._bound_memory()
            self._database.connection.execute(f"set wal_autocheckpoint = '{LOG_MB}MB'")
            self._database.connection.execute(f"set threads = {THREADS}")

    def _bound_memory(self) -> None:
        self._database.connection.execute(f"set memory_limit = '{self._memory_mb}MB'")

    def migrate(self, last: int) -> None:
        """Run the migrations up to number `last` that were not run yet, one transaction each; `migrated` names them."""
        in_shape = keyless if self.lake else str
        with self.alone() as connection:
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
        with self.alone() as connection:
            connection.execute(in_shape(statement("migrations")))
            newest = newest_migration(connection)
            refuse_unknown(newest, self.lake or self.path)
            self.migrate(last_before_import(newest))


def refuse_newer(path: Path) -> None:
    """Raise WarehouseUnusable when the analysts' file was made by a newer version, or is none of ours."""
    if not path.exists():
        return
    try:
        with translated(path), open_database(path, read_only=True) as connection:
            newest = newest_migration(connection)
    except WarehouseBusy:
        return  # an analyst opened it for writing; the rename leaves that copy to them
    except duckdb.CatalogException as error:
        message = f"{path} is not a warehouse of ours; move it away and run again"
        raise WarehouseUnusable(message, about=str(path)) from error
    refuse_unknown(newest, path)


def look(paths: Sequence[Path], name: str, parameters: Mapping[str, object] | None = None) -> list[Row]:
    """Run a statement on the first of some files that no other process is writing; all hold the tables it needs."""
    existing = [path for path in paths if path.exists()]
    if not existing:
        raise not_there(paths[0])
    for path in existing:
        try:
            with opened(path) as connection:
                return rows(connection, name, parameters)
        except WarehouseBusy:
            if path == existing[-1]:
                raise
    return []


def look_at_lake(lake: Lake, name: str, parameters: Mapping[str, object] | None = None) -> list[Row]:
    """Run a statement on a lake, beside whoever writes."""
    with translated_of_lake(str(lake), catalog=lake.catalog), open_to_read(lake) as connection:
        connection.execute("set timezone = 'UTC'")
        return rows(connection, name, parameters)


def query(path: Path, sql: str, *, may_reach_out: bool = False) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Run a person's SQL on a file opened for reading: column names and rows, or QueryRefused.

    Unless it `may_reach_out`, it reads and writes no other file, asks nothing of the network and installs nothing.
    """
    with opened(path) as connection:
        load_what_it_needs(connection, sql)
        if not may_reach_out:
            connection.execute("set enable_external_access = false")
            connection.execute("set lock_configuration = true")
        try:
            result = connection.execute(sql)
            return [column[0] for column in result.description or []], result.fetchall()
        except duckdb.Error as error:
            raise QueryRefused(str(error), about=sql) from error


@contextmanager
def opened(path: Path) -> Iterator[DuckDBPyConnection]:
    """Open a file for reading; all that is asked of the connection is of one moment, whatever is released meanwhile."""
    if not path.exists():
        raise not_there(path)
    with translated(path), open_database(path, read_only=True) as connection:
        connection.execute("set timezone = 'UTC'")
        try:
            yield connection
        except (duckdb.CatalogException, duckdb.BinderException) as error:
            message = f"{path} was made by an older version; `ingest migrate`, then the next run, bring it up to date"
            raise WarehouseUnusable(message, about=str(path)) from error


def not_there(path: Path) -> WarehouseUnusable:
    """Return the error of a file that no run has made yet; the message names the demonstration's, if that is there."""
    demo = path.parent / DEMO_FOLDER
    hint = f"; the demonstration's is there with --warehouse {demo}" if (demo / path.name).exists() else ""
    return WarehouseUnusable(f"{path} does not exist yet; `ingest run` makes it{hint}", about=str(path))


def rows(connection: DuckDBPyConnection, name: str, parameters: Mapping[str, object] | None = None) -> list[Row]:
    """Run the statement of that name on a file that was opened, and give its rows."""
    return rows_of(connection.execute(statement(name), dict(parameters or {})))
