"""The steps that bring a file to the shape this version knows. Their SQL is in `migrations/`."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from ..core.errors import WarehouseUnusable
from .statements import statement

if TYPE_CHECKING:
    from .duckdb_errors import DuckDBPyConnection
    from .lake import Lake

LAST_WITH_STATE = 23  # the migration after which the state of the pipeline is still in the warehouse; the next drops it
LAST_WITH_KEYS = 24  # the one after which near-duplicates are found there
LAST_WITH_QUARANTINE = 25  # the one after which rows in quarantine still are; the next drops them
LAST_WITH_STAGED = 26  # the one after which what is staged still is; the next drops it
LAST_WITH_OLD_FILE = 27  # the one that a file may have been through which an earlier version wrote as its own


@cache
def migrations() -> tuple[tuple[int, str, str], ...]:
    """Read all migrations: number, name and SQL, in order."""
    paths = sorted(Path(__file__).with_name("migrations").glob("[0-9]*.sql"))
    return tuple((int(path.stem[:4]), path.stem, path.read_text(encoding="utf-8")) for path in paths)


def lay_pattern(connection: "DuckDBPyConnection") -> None:
    """Make our tables, with all their keys, in the empty database that the connection uses, by all migrations."""
    connection.execute(statement("migrations"))
    for number, name, sql in migrations():
        connection.execute(sql)
        connection.execute(statement("record_migration"), {"number": number, "name": name})
    stage_in_memory(connection)


def stage_in_memory(connection: "DuckDBPyConnection") -> None:
    """Make the tables of what waits for publication, beside the database in use, where they are not there yet."""
    if not connection.execute("from duckdb_databases() where database_name = 'staging'").fetchall():
        connection.execute("attach ':memory:' as staging")
        connection.execute(statement("staging_tables"))


def newest_migration(connection: "DuckDBPyConnection") -> int:
    """Return which migration was the last one that a file went through; 0 for none."""
    row = connection.execute("select coalesce(max(number), 0) from ops.migrations").fetchone()
    return int(row[0]) if row else 0


def last_before_import(newest: int) -> int:
    """Return the last migration that a file may go through before its state is imported: the next drops some of it."""
    held = (LAST_WITH_STATE, LAST_WITH_KEYS, LAST_WITH_QUARANTINE, LAST_WITH_STAGED) if newest else ()
    return next((last for last in held if newest <= last), migrations()[-1][0])


def refuse_unknown(newest: int, path: "Path | Lake") -> None:
    """Raise WarehouseUnusable for a file that went through a migration which this version does not know."""
    known = migrations()[-1][0]
    if newest > known:
        message = f"{path} was made by a newer version (schema {newest}, this one knows {known})"
        message = f"{message}: upgrade ingest, or restore the backup of before"
        raise WarehouseUnusable(message, about=str(path))
