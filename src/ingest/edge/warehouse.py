"""The pipeline's own DuckDB file: opening, migrating, reading and writing it. SQL is in `warehouse/`.

This module alone imports DuckDB, and turns its errors into ours.
"""

import re
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb
from duckdb import DuckDBPyConnection

from ..assets import asset
from ..errors import IngestError, QueryRefused, WarehouseBusy, WarehouseUnusable
from .extensions import load_what_it_needs
from .files import make_warehouse_folder
from .heap import give_heap_back
from .migrations import migrations, newest_migration, refuse_unknown
from .values import plain, written

PIPELINE_FILE = "ingest.duckdb"
NEWS_FILE = "news.duckdb"
ROWS_AT_ONCE = 250  # a statement holds its rows many times over: twenty thousand took 250 MB
VALUES_AT_ONCE = 200
MEMORY_MB = 256  # 128 were too few to make the analysts' file of a million articles; unbound, DuckDB fills the machine
LOG_MB = 4  # of what was written, before DuckDB puts it in its place: until then it holds six times as much in memory
READS_AT_ONCE = 2  # each may need tens of megabytes while it runs, however few rows it gives
GIVE_BACK_SECONDS = 1.0  # between two times that freed memory is given back, which costs some ten milliseconds
THREADS = 1  # on which DuckDB runs a statement: ours are small and run side by side, and to part one costs more

Row = dict[str, Any]

__all__ = ["DuckDBPyConnection", "Row", "Transaction", "Warehouse", "look", "opened", "query", "refuse_newer", "rows"]
__all__ += ["statement"]


class Warehouse:
    """One process's hold on the warehouse folder. A few reads run side by side, writes one after the other."""

    def __init__(self, folder: Path, *, memory_mb: int = MEMORY_MB) -> None:
        """Open the folder; what DuckDB keeps in memory beyond `memory_mb` it puts on disk."""
        self.folder = folder
        self.path = folder / PIPELINE_FILE
        self.news_path = folder / NEWS_FILE
        self._writing = threading.RLock()
        self._reading = threading.BoundedSemaphore(READS_AT_ONCE)
        self._memory_mb = memory_mb
        self._gave_back_at = time.monotonic()
        self._shapes: dict[str, str] = {}
        make_warehouse_folder(folder)
        refuse_newer(self.news_path)
        with translated(self.path):
            self._connection = _open(self.path)
            self._bound_memory()
            self._connection.execute(f"set wal_autocheckpoint = '{LOG_MB}MB'; set threads = {THREADS}")
        try:
            self.migrated = self._migrate()
        except IngestError:
            self._connection.close()
            raise

    def close(self) -> None:
        """Let go of the file, everything written."""
        self._connection.close()

    def connect(self) -> DuckDBPyConnection:
        """Give another connection onto the same open database; it sees what others have committed."""
        connection = self._connection.cursor()
        connection.execute("set timezone = 'UTC'")
        return connection

    def read(self, name: str, parameters: Mapping[str, object] | None = None) -> list[Row]:
        """Run the statement of that name and give its rows, columns by name."""
        with self._reading, translated(self.path), self.connect() as connection:
            return _rows(connection.execute(statement(name), dict(parameters or {})))

    @contextmanager
    def alone(self) -> Iterator[DuckDBPyConnection]:
        """Hold off all other writers of this process, for work that can't be one transaction."""
        with self._writing, translated(self.path), self.connect() as connection:
            yield connection
            self._give_back()

    @contextmanager
    def write(self) -> Iterator["Transaction"]:
        """Run statements that are committed together, or not at all."""
        with self.alone() as connection:
            connection.begin()
            try:
                yield Transaction(connection, self._shapes)
            except BaseException:
                connection.rollback()
                raise
            connection.commit()

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

    def _bound_memory(self) -> None:
        self._connection.execute("set memory_limit = $limit", {"limit": f"{self._memory_mb}MB"})

    def _migrate(self) -> list[str]:
        """Bring the file to the shape this version knows, one transaction a migration; say which were run."""
        done = []
        with self._writing, translated(self.path):
            with self.connect() as connection:
                connection.execute(statement("migrations"))
                newest = newest_migration(connection)
            refuse_unknown(newest, self.path)
            for number, name, sql in migrations():
                if number <= newest:
                    continue
                with self.write() as transaction:
                    transaction.connection.execute(sql)
                    transaction.run("record_migration", number=number, name=name)
                done.append(name)
        return done


class Transaction:
    """Statements under way together; nobody else sees them until the last one has run."""

    def __init__(self, connection: DuckDBPyConnection, shapes: dict[str, str]) -> None:
        self.connection = connection
        self._shapes = shapes

    def run(self, name: str, /, **parameters: object) -> list[Row]:
        """Run the statement of that name and give its rows, if it has any."""
        return _rows(self.connection.execute(statement(name), parameters))

    def run_for(self, name: str, values: Sequence[str], /, **parameters: object) -> list[Row]:
        """Run a statement for many values, which stand in it as `{values}`, and give its rows.

        They are written out, and few at a time, because that is how DuckDB looks them up by index.
        """
        rows = []
        for start in range(0, len(values), VALUES_AT_ONCE):
            listed = ", ".join(map(written, values[start : start + VALUES_AT_ONCE]))
            rows += _rows(self.connection.execute(statement(name).format(values=listed), parameters))
        return rows

    def script(self, name: str) -> None:
        """Run a file of several statements, which take no parameters."""
        self.connection.execute(statement(name))

    def insert(self, table: str, rows: Iterable[Row]) -> None:
        """Insert rows, columns by name, all of the same; a missing column is null or its default."""
        for listed in _some_at_a_time(rows):
            columns = ", ".join(listed[0])
            shape = self._shape(table, [*listed[0]])
            self.connection.execute(f"insert into {table} ({columns}) select {_unnested(shape)}", [listed])

    def merge(self, table: str, rows: Iterable[Row], *, key: Sequence[str], update: Sequence[str] = ()) -> None:
        """Insert rows that are not there yet, told apart by `key`; of one that is, these columns change, or none."""
        for listed in _some_at_a_time(rows):
            columns = [*listed[0]]
            sql = statement("merge_rows").format(
                table=table,
                rows=_unnested(self._shape(table, columns)),
                key=", ".join(key),
                changes="update set " + ", ".join(f"{one} = fresh.{one}" for one in update) if update else "do nothing",
                columns=", ".join(columns),
                values=", ".join(f"fresh.{one}" for one in columns),
            )
            self.connection.execute(sql, [listed])

    def _shape(self, table: str, columns: Sequence[str]) -> str:
        """Spell the DuckDB type of a list of such rows, so that nothing is guessed from the values."""
        key = f"{table} {' '.join(columns)}"
        if key not in self._shapes:
            types = {
                row["column_name"]: row["column_type"] for row in _rows(self.connection.execute(f"describe {table}"))
            }
            self._shapes[key] = "struct(" + ", ".join(f'"{column}" {types[column]}' for column in columns) + ")[]"
        return self._shapes[key]


@cache
def statement(name: str) -> str:
    """Read a statement of `warehouse/statements/`, once."""
    return (asset("warehouse/statements") / f"{name}.sql").read_text(encoding="utf-8")


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn what DuckDB raises about a file into our errors; what can only be a bug of ours passes."""
    try:
        yield
    except duckdb.IOException as error:
        raise _file_error(str(error), path) from error
    except duckdb.OutOfMemoryException as error:
        raise _memory_error(error, path) from error
    except (duckdb.SerializationException, duckdb.FatalException, duckdb.InternalException) as error:
        raise WarehouseUnusable(f"{path} is damaged: {_first_line(error)}", about=str(path)) from error
    except duckdb.TransactionException as error:
        if "block of size" in str(error):  # could not be had, so what was written could not be put in its place
            raise _memory_error(error, path) from error
        raise WarehouseBusy(f"{path}: {_first_line(error)}", about=str(path)) from error


def refuse_newer(path: Path) -> None:
    """Raise WarehouseUnusable when the analysts' file was made by a newer version than this one."""
    if not path.exists():
        return
    try:
        with translated(path), _open(path, read_only=True) as connection:
            newest = newest_migration(connection)
    except WarehouseBusy:
        return  # an analyst opened it for writing; the rename leaves that copy to them
    except duckdb.CatalogException as error:
        message = f"{path} is not a warehouse of ours; move it away and run again"
        raise WarehouseUnusable(message, about=str(path)) from error
    refuse_unknown(newest, path)


def look(paths: Sequence[Path], name: str, parameters: Mapping[str, object] | None = None) -> list[Row]:
    """Run a statement on the first of some files that no other process is writing; all hold the tables it needs."""
    if not (existing := [path for path in paths if path.exists()]):
        raise WarehouseUnusable(f"{paths[0]} does not exist yet; `ingest run` makes it", about=str(paths[0]))
    for path in existing:
        try:
            with opened(path) as connection:
                return _rows(connection.execute(statement(name), dict(parameters or {})))
        except WarehouseBusy:
            if path == existing[-1]:
                raise
    return []


def query(path: Path, sql: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Run a person's SQL on a file opened for reading: column names and rows, or QueryRefused."""
    with opened(path) as connection:
        load_what_it_needs(connection, sql)
        try:
            result = connection.execute(sql)
            return [column[0] for column in result.description or []], result.fetchall()
        except duckdb.Error as error:
            raise QueryRefused(str(error), about=sql) from error


@contextmanager
def opened(path: Path) -> Iterator[DuckDBPyConnection]:
    """Open a file for reading; all that is asked of the connection is of one moment, whatever is released meanwhile."""
    if not path.exists():
        raise WarehouseUnusable(f"{path} does not exist yet; `ingest run` makes it", about=str(path))
    with translated(path), _open(path, read_only=True) as connection:
        connection.execute("set timezone = 'UTC'")
        try:
            yield connection
        except (duckdb.CatalogException, duckdb.BinderException) as error:
            message = f"{path} was made by an older version; `ingest migrate`, then the next run, bring it up to date"
            raise WarehouseUnusable(message, about=str(path)) from error


def rows(connection: DuckDBPyConnection, name: str, parameters: Mapping[str, object] | None = None) -> list[Row]:
    """Run the statement of that name on a file that was opened, and give its rows."""
    return _rows(connection.execute(statement(name), dict(parameters or {})))


def _open(path: Path, *, read_only: bool = False) -> DuckDBPyConnection:
    # Else a table that is missing would be looked for among this module's variables.
    return duckdb.connect(str(path), read_only=read_only, config={"python_enable_replacements": False})


def _file_error(message: str, path: Path) -> IngestError:
    first = message.splitlines()[0]
    if "Could not set lock" in message or "Conflicting lock" in message:
        holder = re.search(r"PID (\d+)", message)
        who = f"process {holder[1]}" if holder else "another process"
        return WarehouseBusy(f"{path} is being written by {who}; wait until it has finished", about=str(path))
    if "version number" in message:
        return WarehouseUnusable(f"{path} was made by a newer DuckDB; upgrade ingest ({first})", about=str(path))
    if "ermission denied" in message:
        return WarehouseUnusable(f"{path} may not be opened: permission denied", about=str(path))
    return WarehouseUnusable(f"{path} cannot be used: {first}", about=str(path))


def _memory_error(error: Exception, path: Path) -> WarehouseUnusable:
    message = f"{path} needs more memory: raise INGEST_DATABASE_MEMORY_MB ({_first_line(error)})"
    return WarehouseUnusable(message, about=str(path))


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]


def _some_at_a_time(rows: Iterable[Row]) -> Iterator[list[Row]]:
    waiting = iter(rows)
    while some := [{key: plain(value) for key, value in row.items()} for row in islice(waiting, ROWS_AT_ONCE)]:
        yield some


def _unnested(shape: str) -> str:
    return f"unnest(?::{shape}, max_depth := 2)"


def _rows(result: DuckDBPyConnection) -> list[Row]:
    if result.description is None:
        return []
    names = [column[0] for column in result.description]
    return [dict(zip(names, values, strict=True)) for values in result.fetchall()]
