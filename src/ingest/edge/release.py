"""Builds the file that analysts open, and puts it in place of the last one in a single rename."""

import os
from pathlib import Path

from ..assets import asset
from .warehouse import DuckDBPyConnection, statement

ROWS_AT_ONCE = 20_000

# Parents before children, as the foreign keys of warehouse/views/news.sql want it.
NEWS_TABLES = (
    "sources",
    "articles",
    "article_versions",
    "article_urls",
    "article_sources",
    "authors",
    "article_authors",
    "paragraphs",
    "figures",
    "figure_changes",
    "links",
    "media",
    "tags",
)
OPS_TABLES = (
    "migrations",
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
)


def build_news(connection: DuckDBPyConnection, partial: Path) -> None:
    """Fill a new file with all that is published and how it came to be; `partial` must not exist.

    A transaction holds in memory what it writes, so there are many small ones; nobody opens the file before its end.
    Beside it, a file that is removed in the end has one table at a time in the order of its key.
    """
    home = connection.execute("select current_database()").fetchall()[0][0]
    sorting = partial.with_name(f"{partial.name}.sorting")
    connection.execute(f"attach '{_quoted(partial)}' as news")
    connection.execute(f"attach '{_quoted(sorting)}' as sorting")
    try:
        shapes = connection.execute(statement("ops_shapes"), {"home": home}).fetchall()
        connection.execute("use news")
        connection.execute(_view("news"))
        connection.execute("create schema ops")
        for table, sql in shapes:
            if table in OPS_TABLES:
                connection.execute(sql)
        connection.execute(_view("ops"))
        for table in NEWS_TABLES:
            _copy(connection, f"{home}.published.{table}", "main", table)
        for table in OPS_TABLES:
            _copy(connection, f"{home}.ops.{table}", "ops", table)
        _copy(connection, f"{home}.quarantine.refused_rows", "ops", "quarantine")
        connection.execute("checkpoint news")
    finally:
        connection.execute(f"use {home}")
        connection.execute("detach news")
        connection.execute("detach sorting")
        sorting.unlink()


def _copy(connection: DuckDBPyConnection, source: str, schema: str, table: str) -> None:
    """Copy a table in the order of its key, some rows at a time.

    Every row goes into the table's indexes. In the order of their keys, those are grown at one edge, and the rest of
    them need not be in memory.
    """
    key = connection.execute(statement("primary_key"), {"schema": schema, "table": table}).fetchall()
    order = ", ".join(column for (column,) in key) or "rowid"
    connection.execute(f"create or replace table sorting.rows as from {source} order by {order}")
    rows = connection.execute("select count(*) from sorting.rows").fetchall()[0][0]
    for first in range(0, rows, ROWS_AT_ONCE):
        connection.execute(
            f"insert into {schema}.{table} by name from sorting.rows where rowid between $first and $last",
            {"first": first, "last": first + ROWS_AT_ONCE - 1},
        )


def put_in_place(partial: Path, target: Path) -> None:
    """Rename the finished file over the last one; whoever has that open keeps reading it undisturbed."""
    with partial.open("rb") as written:
        os.fsync(written.fileno())
    partial.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def clear_partial_files(target: Path) -> None:
    """Remove what a killed process left half built."""
    for leftover in target.parent.glob(f"{target.name}.partial*"):
        leftover.unlink()


def _view(name: str) -> str:
    return (asset("warehouse/views") / f"{name}.sql").read_text(encoding="utf-8")


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
