"""The tables of `published.duckdb`, and of the analysts' file where a lake has the rows: made, and filled in bulk."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from ..core.assets import asset
from ..core.errors import WarehouseUnusable
from ..core.files import refuse_small_disk
from .duckdb_errors import DuckDBPyConnection, attach, open_database, roll_back, write_ahead_log
from .migrations import lay_pattern, migrations
from .statements import statement

# What belongs to an article.
ARTICLE_TABLES = (
    "articles",
    "article_versions",
    "article_urls",
    "article_sources",
    "article_authors",
    "paragraphs",
    "figures",
    "figure_changes",
    "links",
    "media",
    "tags",
)
NEWS_TABLES = ("sources", "authors", *ARTICLE_TABLES)
HISTORY_TABLES = (
    "migrations",
    "release",
    "runs",
    "entry_outcomes",
    "polls",
    "fetches",
    "captures",
    "known_feeds",
    "host_visits",
    "backfills",
    "batches",
    "validations",
    "alerts",
    "events",
    "quarantine",
    "removed_articles",
)
OWN_TABLES = (
    "copies",
    "published_batches",
    "settlements",
    "unreleased",
    "rough_rates",
    "warehouse_id",
)  # of the pipeline, in `ops` as well
OPS_TABLES = (*HISTORY_TABLES, *OWN_TABLES)
ROWS_UNDER_WAY = 50_000  # that a transaction holds, and the tables after which there are more
SPACE_NEEDED = 1.2  # times what is in use has to be free on the disk


def view(name: str) -> str:
    """Read a file of `warehouse/views/`."""
    return (asset("warehouse/views") / f"{name}.sql").read_text(encoding="utf-8")


def tables_mark() -> str:
    """Return a hash of the SQL that makes the tables."""
    return sha256((view("news") + view("ops") + migrations()[-1][1]).encode()).hexdigest()[:16]


def make_first_file(path: Path) -> None:
    """Make the file of a new warehouse, as if it had been through all migrations."""
    with open_database(":memory:") as connection:
        connection.execute("attach ':memory:' as pattern")
        connection.execute("use pattern")
        lay_pattern(connection)
        copy_file(connection, path, schema="published")


def copy_file(connection: DuckDBPyConnection, path: Path, *, schema: str) -> None:
    """Write a file with our tables, and all rows that the database in use has of them; it has no views yet.

    `schema` is where that database keeps what is published. Until all is written, no file has this name.
    """
    home = _current_database(connection)
    with new_file(connection, path.with_name(f"{path.name}.partial"), shapes=_ops_shapes(connection)) as partial:
        copy_rows(connection, home=home, schema=schema)
    partial.replace(path)


@contextmanager
def new_file(connection: DuckDBPyConnection, path: Path, *, shapes: list[str]) -> Iterator[Path]:
    """Make a file with our tables, without rows, and use it as `made`; after that it is on disk, and no log beside it.

    `shapes` are the statements that make those of schema `ops`.
    """
    home = _current_database(connection)
    for leftover in (path, write_ahead_log(path)):  # of a process that was killed
        leftover.unlink(missing_ok=True)
    attach(connection, path, "made")
    connection.execute("use made")
    try:
        connection.execute(view("news"))
        connection.execute("create schema ops")
        for sql in shapes:
            connection.execute(sql)
        connection.execute(view("ops"))
        connection.execute("insert into ops.shape values (?, null)", [tables_mark()])
        yield path
        connection.execute("checkpoint made")
    finally:
        with connection.cursor() as other:  # a connection whose own database failed a checkpoint can run nothing more
            other.execute("detach made")
        connection.execute(f"use {home}")


def copy_rows(connection: DuckDBPyConnection, *, home: str, schema: str) -> None:
    """Copy the rows of all tables from another database into the file in use; raise where a table did not get all."""
    sources = {table: f"{home}.{schema}.{table}" for table in NEWS_TABLES}
    sources |= {f"ops.{table}": f"{home}.ops.{table}" for table in OPS_TABLES}
    under_way = 0
    connection.begin()
    try:
        for target, source in sources.items():
            under_way += _copy_table(connection, target, source)
            if under_way >= ROWS_UNDER_WAY:  # these, and what was touched of their indexes, leave the memory
                connection.commit()
                connection.execute("checkpoint")
                connection.begin()
                under_way = 0
    except BaseException:
        roll_back(connection)
        raise
    connection.commit()


def _copy_table(connection: DuckDBPyConnection, target: str, source: str) -> int:
    """Copy the rows of a table; return how many."""
    connection.execute(f"insert into {target} by name from {source}")
    counts = f"select (select count(*) from {target}), (select count(*) from {source})"
    [(copied, found)] = connection.execute(counts).fetchall()
    if copied != found:
        raise WarehouseUnusable(f"the copy of {source} has {copied} of {found} rows", about=source)
    return int(copied)


def refuse_full_disk(connection: DuckDBPyConnection, path: Path) -> None:
    """Raise DiskFull where the database in use would not fit beside itself."""
    [(free, total)] = connection.execute(statement("free_bytes")).fetchall()
    needed, there = SPACE_NEEDED * (total - free), shutil.disk_usage(path.parent).free
    refuse_small_disk(path, needed_bytes=needed, free_bytes=there, what="to write it anew")


def pattern_shapes() -> list[str]:
    """Return the statements that make the tables of `ops`, with the keys that a lake's own do not have."""
    with open_database(":memory:") as pattern:
        lay_pattern(pattern)
        return _ops_shapes(pattern)


def _ops_shapes(connection: DuckDBPyConnection) -> list[str]:
    """Return the statements that make the tables and indexes of `ops` in the database in use."""
    found = connection.execute(statement("ops_shapes")).fetchall()
    return [sql for table, sql in found if table in OPS_TABLES]


def _current_database(connection: DuckDBPyConnection) -> str:
    return str(connection.execute("select current_database()").fetchall()[0][0])
