"""Reading files and lakes, beside whoever writes them."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from ..core.errors import QueryRefused, WarehouseBusy, WarehouseUnusable
from .duckdb_errors import DuckDBPyConnection, open_database, translated, translated_of_lake
from .extensions import load_what_it_needs
from .lake import Lake, open_to_read
from .migrations import newest_migration, refuse_unknown
from .statements import statement
from .transaction import Row, rows_of

DEMO_FOLDER = (
    "demo"  # below the warehouse folder: the demonstration's own, so that its articles and real ones never mix
)


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
