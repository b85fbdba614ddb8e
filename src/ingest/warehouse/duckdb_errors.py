"""Opens databases, and turns what DuckDB raises about one into our errors."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from weakref import WeakValueDictionary

import duckdb
from duckdb import DuckDBPyConnection as DuckDBPyConnection

from ..core.errors import (
    IngestError,
    MemoryShort,
    Misconfigured,
    WarehouseAway,
    WarehouseBusy,
    WarehouseDamaged,
    WarehouseUnusable,
    disk_full,
)
from ..core.files import copy_open_file
from .duckdb_values import written

ROWS_IN_GROUP = 16_384  # 122,880 by default; of a group to which rows were added, each checkpoint writes all anew
_attached: "WeakValueDictionary[str, AttachedFile]" = WeakValueDictionary()


def open_database(path: Path | str, *, read_only: bool = False, **settings: int) -> DuckDBPyConnection:
    """Open a database file, or `:memory:`, with settings of DuckDB's."""
    _refuse_attached(path)
    # Else a table that is missing would be looked for among this module's variables.
    connection = duckdb.connect(
        str(path), read_only=read_only, config={"python_enable_replacements": False, **settings}
    )
    # DuckDB takes `python -c` for a person at a terminal, and shows there how far a statement of two seconds is.
    connection.execute("set enable_progress_bar = false")
    return connection


def attach(connection: DuckDBPyConnection, path: Path, name: str) -> None:
    """Attach a file that rows are added to bit by bit: in small groups, which only an attached one can have."""
    connection.execute(f"attach {written(str(path))} as {name} (row_group_size {ROWS_IN_GROUP})")


def write_ahead_log(path: Path) -> Path:
    """Return the path of the log that DuckDB keeps beside a database file, and replays onto whatever has its name."""
    return path.with_name(f"{path.name}.wal")


class AttachedFile:
    """A database file to write to. What a checkpoint takes does not grow with its tables, in memory or time."""

    def __init__(self, path: Path, *, name: str = "warehouse") -> None:
        """Open the file, or make it, under a name in SQL; cursors of the connection have to `use` that."""
        _refuse_attached(path)
        self.name = name
        self.connection = open_database(":memory:")
        self._path = os.path.realpath(path)
        self._to_copy: int | None = None
        try:
            attach(self.connection, path, self.name)
        except duckdb.Error:
            self.connection.close()
            raise
        _attached[self._path] = self
        self.connection.execute(f"use {self.name}")
        # Written out: with the first parameter that it is given, DuckDB imports pandas, which takes half a second.
        self.connection.execute(f"set temp_directory = {written(f'{path}.tmp')}")

    def close(self) -> None:
        """Close the file; its cursors are of no more use."""
        with suppress(duckdb.Error):  # a database that broke can't be let go of but with its connection
            self.connection.execute("use memory")
            self.connection.execute(f"detach {self.name}")
        self.connection.close()
        _attached.pop(self._path, None)
        if self._to_copy is not None:
            os.close(self._to_copy)
            self._to_copy = None

    def copy_to(self, path: Path) -> str:
        """Copy the file, which must have no write-ahead log, as it is now; return the SHA-256 of its content.

        Closing a file ends every lock that its process has on it, DuckDB's own too (fcntl(2)), so this one stays open.
        """
        if self._to_copy is None:
            self._to_copy = os.open(self._path, os.O_RDONLY)
        return copy_open_file(self._to_copy, path)


def _refuse_attached(path: Path | str) -> None:
    """Raise WarehouseBusy when this process has the file attached: DuckDB would do so, and lose our lock by it."""
    if os.path.realpath(path) in _attached:
        raise WarehouseBusy(f"{path} is open in this process already", about=str(path))


def roll_back(connection: DuckDBPyConnection) -> None:
    """End a transaction, though its database be gone: DuckDB ends the process where it finds that out at the close."""
    with suppress(duckdb.Error):
        connection.rollback()


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn what DuckDB raises about a file into our errors; what can only be a bug of ours passes."""
    try:
        yield
    except duckdb.Error as error:
        if (ours := _error_of(error, path)) is None:
            raise
        raise ours from error


def _error_of(error: duckdb.Error, path: Path) -> IngestError | None:
    if any(sign in str(error) for sign in _DISK_FULL):
        return disk_full(path, _first_line(error))
    match error:
        case duckdb.IOException():
            return _file_error(str(error), path)
        case duckdb.OutOfMemoryException():
            return _memory_error(error, path)
        case duckdb.SerializationException() | duckdb.FatalException() | duckdb.InternalException():
            return WarehouseDamaged(f"{path} is damaged: {_first_line(error)}", about=str(path))
        case duckdb.TransactionException():
            if "block of size" in str(error):  # could not be had, so what was written could not be put in its place
                return _memory_error(error, path)
            return WarehouseBusy(f"{path}: {_first_line(error)}", about=str(path))
    return None


@contextmanager
def translated_of_lake(name: str, *, catalog: str) -> Iterator[None]:
    """Do so for a lake; what we were told of PostgreSQL, a password perhaps, stays out of all that is raised."""
    try:
        yield
    except duckdb.OutOfMemoryException as error:
        raise _memory_error(error, name) from error
    except duckdb.TransactionException as error:
        raise WarehouseBusy(f"{name}: {_hidden(error, catalog)}", about=name) from None
    except duckdb.Error as error:
        is_foreign = isinstance(error, duckdb.IOException) or type(error) is duckdb.Error or _NO_LAKE in str(error)
        if not is_foreign:
            raise  # a bug of ours
        raise _lake_error(_hidden(error, catalog), name) from None


def _hidden(error: Exception, catalog: str) -> str:
    return " ".join(str(error).replace(catalog, "INGEST_LAKE").split())


def _lake_error(message: str, name: str) -> IngestError:
    """Tell what the owner has to fix from what passes, by PostgreSQL's own words."""
    if "does not match existing data path" in message:
        told = f"{name}: its catalog says that its files are elsewhere; set INGEST_LAKE_DATA to that ({message})"
        return Misconfigured(told, about=name)
    if _NO_LAKE in message:
        return WarehouseUnusable(f"{name} does not exist yet; `ingest run` makes it", about=name)
    if "Unable to connect" in message and not any(passing in message for passing in _PASSING):
        return Misconfigured(f"{name}: INGEST_LAKE leads to no database of ours: {message}", about=name)
    return WarehouseAway(f"{name} can't be reached: {message}", about=name)


_NO_LAKE = "creating a new DuckLake is explicitly disabled"
# Why PostgreSQL can't be reached just now.
_PASSING = (
    *("Connection refused", "timeout expired", "No such file", "could not translate host name"),
    *("the database system is", "too many", "closed the connection", "Connection timed out", "No route to host"),
)


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
    if any(sign in message for sign in _DAMAGE):
        return WarehouseDamaged(f"{path} is damaged: {first}", about=str(path))
    return WarehouseUnusable(f"{path} cannot be used: {first}", about=str(path))


# Parts of the messages of DuckDB and the system where no more can be written; the last of what memory can't hold.
_DISK_FULL = ("No space left on device", "Disk quota exceeded", "File too large", "max_temp_directory_size")
# Parts of DuckDB's messages about a file that is no database, truncated or corrupt.
_DAMAGE = ("not a valid DuckDB database", "Could not read enough bytes", "Corrupt database file")


def _memory_error(error: Exception, path: Path | str) -> MemoryShort:
    message = f"{path} needs more memory: raise INGEST_DATABASE_MEMORY_MB ({_first_line(error)})"
    return MemoryShort(message, about=str(path))


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]
