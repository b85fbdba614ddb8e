"""Builds the file that analysts open, and puts it in place of the last one in a single rename."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any

from .extras import Extras, fill_extras, make_extras, renew_extras, view
from .faults import open_database
from .migrations import lay_pattern, migrations
from .values import written
from .warehouse import DuckDBPyConnection, statement

ROWS_AT_ONCE = 5_000
FEW_ROWS = 25  # of a release in which little has changed; each may touch its table's indexes somewhere else
ARTICLES_AT_ONCE = 20
INDEX_MEMORY_BYTES = 32_000_000
ROWS_IN_A_PART = 100_000  # of which an index takes some eight megabytes
SAMPLED = 10_000

CHANGED = "article_id in (from parting.changed)"
# What belongs to an article, parents before children, as the foreign keys of warehouse/views/news.sql want it.
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
    "quarantine",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """What identifies a release, inside its file and in `ops.releases`."""

    release_id: str
    released_at: datetime


def build_news(connection: DuckDBPyConnection, partial: Path, extras: Extras, release: Release) -> None:
    """Fill a new file with all that is published and how it came to be; `partial` must not exist.

    Rows come in parts of their key, of which those of one part lie near each other in every index.
    """
    with _opened(connection, partial) as home:
        connection.execute(view("news"))
        connection.execute("create schema ops")
        for sql in _ops_shapes():
            connection.execute(sql)
        connection.execute(view("ops"))
        make_extras(connection, extras)
        sources = {table: f"{home}.published.{table}" for table in NEWS_TABLES} | _ops_sources(home)
        for target, source in sources.items():
            for part in _parts(connection, target=target, source=source):
                _bring(connection, part, "part_of_table", rows_at_once=ROWS_AT_ONCE)
        fill_extras(connection, extras)
        _sign(connection, release)


@cache
def _ops_shapes() -> list[str]:
    """Return the statements that make the tables of `ops`, with the keys that a lake's own do not have."""
    with open_database(":memory:") as pattern:
        lay_pattern(pattern)
        shapes = pattern.execute(statement("ops_shapes")).fetchall()
    return [sql for table, sql in shapes if table in OPS_TABLES]


def renew_news(connection: DuckDBPyConnection, last: Path, partial: Path, extras: Extras, release: Release) -> None:
    """Copy the file of the last release to `partial`, and replace in it what has changed since.

    What that costs goes by what has changed, but for the copy itself and a look at every row's article or, in `ops`,
    at every row.
    """
    shutil.copyfile(last, partial)
    with _opened(connection, partial) as home:
        changed = [
            _Part(target=table, source=f"{home}.published.{table}", columns=_columns(connection, table), where=CHANGED)
            for table in ARTICLE_TABLES
        ]
        connection.execute(statement("name_changed_articles").format(home=home, columns=changed[0].listed))
        _remove_replaced(connection)
        for part in reversed(changed):
            connection.execute(part.sql("remove_stale_rows"))
        connection.execute(statement("renew_sources").format(home=home))
        for part in changed:
            _bring(connection, part, "fresh_part_of_table", rows_at_once=FEW_ROWS)
        connection.execute(statement("renew_listings").format(home=home))
        for target, source in _ops_sources(home).items():
            for part in _parts(connection, target=target, source=source):
                connection.execute(part.sql("remove_stale_rows"), part.bounds)
                _bring(connection, part, "fresh_part_of_table", rows_at_once=FEW_ROWS)
        renew_extras(connection, extras)
        _sign(connection, release)


def _sign(connection: DuckDBPyConnection, release: Release) -> None:
    """Write into the file which release it is."""
    connection.execute("delete from ops.release")
    connection.execute("insert into ops.release values (?, ?)", [release.release_id, release.released_at])


def _remove_replaced(connection: DuckDBPyConnection) -> None:
    """Remove some articles at a time, in a transaction for each table: only the next has keys that one gives up."""
    replaced = connection.execute("from parting.replaced order by article_id").fetchall()
    for start in range(0, len(replaced), ARTICLES_AT_ONCE):
        some = [article_id for (article_id,) in replaced[start : start + ARTICLES_AT_ONCE]]
        for table in reversed(ARTICLE_TABLES):
            connection.execute(f"delete from {table} where article_id in (select unnest($some))", {"some": some})
            _let_go_of_indexes(connection)


@contextmanager
def _opened(connection: DuckDBPyConnection, partial: Path) -> Iterator[str]:
    """Use the file, by the name `news`; give the name of the pipeline's own.

    A file beside it, `parting`, which is removed in the end, holds the rows that are under way.
    """
    home = str(connection.execute("select current_database()").fetchall()[0][0])
    parting = partial.with_name(f"{partial.name}.parting")
    connection.execute(f"attach {written(str(partial))} as news")
    connection.execute(f"attach {written(str(parting))} as parting")
    connection.execute("use news")
    try:
        yield home
        connection.execute("checkpoint news")
    finally:
        with connection.cursor() as other:  # a connection whose own database failed a checkpoint can run nothing more
            other.execute("detach news")
            other.execute("detach parting")
        connection.execute(f"use {home}")
        parting.unlink()


def _ops_sources(home: str) -> dict[str, str]:
    """Return for each released table of `ops` the table of the pipeline's own that it shows."""
    return {f"ops.{table}": f"{home}.ops.{table}" for table in OPS_TABLES}


def _bring(connection: DuckDBPyConnection, part: "_Part", chosen_by: str, *, rows_at_once: int) -> None:
    """Bring the rows of a part that a statement chooses, some at a time: a transaction holds what it writes."""
    connection.execute(part.sql(chosen_by), part.bounds)
    for row in range(0, _count(connection, "parting.part"), rows_at_once):
        connection.execute(
            f"insert into {part.target} by name from parting.part where rowid between $first and $last",
            {"first": row, "last": row + rows_at_once - 1},
        )
        _let_go_of_indexes(connection)


def _let_go_of_indexes(connection: DuckDBPyConnection) -> None:
    """Put what was touched of indexes on disk once it is much; until a checkpoint DuckDB holds it in memory.

    A row goes into each index of its table somewhere, and a quarter of a megabyte is held for every place.
    """
    found = connection.execute(statement("index_memory")).fetchall()
    if found and found[0][0] > INDEX_MEMORY_BYTES:
        connection.execute("checkpoint news")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """Some of the rows of a table, there and here, and the statements for them."""

    target: str
    source: str
    columns: tuple[str, ...]
    where: str = "true"
    bounds: Mapping[str, object] = field(default_factory=dict)  # parameters of `where`

    @property
    def listed(self) -> str:
        return ", ".join(self.columns)

    def sql(self, name: str) -> str:
        return statement(name).format(
            target=self.target, source=self.source, columns=self.listed, key=self.columns[0], part=self.where
        )


def _parts(connection: DuckDBPyConnection, *, target: str, source: str) -> list[_Part]:
    """Part a table, by its first column, into ranges with about as many rows each."""
    columns = _columns(connection, target)
    key = columns[0]
    where = f"($first is null or {key} >= $first) and ($end is null or {key} < $end)"
    return [
        _Part(target=target, source=source, columns=columns, where=where, bounds={"first": first, "end": end})
        for first, end in pairwise([None, *_cuts(connection, source, key), None])
    ]


def _columns(connection: DuckDBPyConnection, table: str) -> tuple[str, ...]:
    return tuple(f'"{column[0]}"' for column in connection.execute(f"describe {table}").fetchall())


def _cuts(connection: DuckDBPyConnection, source: str, column: str) -> list[Any]:
    parts = 1 + _count(connection, source) // ROWS_IN_A_PART
    if parts == 1:
        return []
    sample = f"select {column} from {source} using sample {SAMPLED} rows (reservoir, 1) order by all"
    values = [value for (value,) in connection.execute(sample).fetchall()]
    return list(dict.fromkeys(values[len(values) * part // parts] for part in range(1, parts)))


def _count(connection: DuckDBPyConnection, table: str) -> int:
    return int(connection.execute(f"select count(*) from {table}").fetchall()[0][0])


def file_shape(extras: Extras) -> str:
    """Return a hash of all tables and views; where it has changed, the file has to be written anew."""
    shape = view("news") + view("ops") + extras.shape + migrations()[-1][1]
    return sha256(shape.encode()).hexdigest()[:16]
