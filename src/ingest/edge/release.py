"""Builds the file that analysts open, and puts it in place of the last one in a single rename."""

import os
from itertools import pairwise
from pathlib import Path
from typing import Any

from ..assets import asset
from .warehouse import DuckDBPyConnection, statement

ROWS_AT_ONCE = 20_000
ROWS_IN_A_PART = 100_000  # of which an index takes some eight megabytes
SAMPLED = 10_000

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
    A file beside it, which is removed in the end, holds the rows that are under way.
    """
    home = connection.execute("select current_database()").fetchall()[0][0]
    parting = partial.with_name(f"{partial.name}.parting")
    connection.execute(f"attach '{_quoted(partial)}' as news")
    connection.execute(f"attach '{_quoted(parting)}' as parting")
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
        connection.execute("detach parting")
        parting.unlink()


def _copy(connection: DuckDBPyConnection, source: str, schema: str, table: str) -> None:
    """Copy a table in parts of its key, some rows at a time.

    Every row goes into the table's indexes, and what a transaction has touched of these it holds in memory. Rows of one
    part lie near each other there: of large indexes, few megabytes are touched at once.
    """
    key = connection.execute(statement("primary_key"), {"schema": schema, "table": table}).fetchall()
    column = key[0][0] if key else "rowid"
    for first, end in _ranges(connection, source, column):
        connection.execute(
            f"create or replace table parting.part as from {source} "
            f"where ($first is null or {column} >= $first) and ($end is null or {column} < $end)",
            {"first": first, "end": end},
        )
        for row in range(0, _count(connection, "parting.part"), ROWS_AT_ONCE):
            connection.execute(
                f"insert into {schema}.{table} by name from parting.part where rowid between $first and $last",
                {"first": row, "last": row + ROWS_AT_ONCE - 1},
            )


def _ranges(connection: DuckDBPyConnection, source: str, column: str) -> list[tuple[Any, Any]]:
    """Part a table into ranges of a column with about as many rows each; None is one end of the first and the last."""
    parts = 1 + _count(connection, source) // ROWS_IN_A_PART
    if parts == 1:
        return [(None, None)]
    sample = f"select {column} from {source} using sample {SAMPLED} rows (reservoir, 1) order by all"
    values = [value for (value,) in connection.execute(sample).fetchall()]
    cuts = dict.fromkeys(values[len(values) * part // parts] for part in range(1, parts))
    return list(pairwise([None, *cuts, None]))


def _count(connection: DuckDBPyConnection, table: str) -> int:
    return int(connection.execute(f"select count(*) from {table}").fetchall()[0][0])


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
