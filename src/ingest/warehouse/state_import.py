"""Pairs a warehouse with its state, to which it imports what warehouses of earlier versions held of that themselves."""

import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ..core.errors import WarehouseDamaged, WarehouseUnusable
from ..core.files import refuse_small_disk
from ..state import State, StateTransaction
from ..state.database import COPIED_TABLES
from ..state.rows import noun
from .article_rows import KEY_COLUMNS
from .migrations import (
    LAST_WITH_KEYS,
    LAST_WITH_QUARANTINE,
    LAST_WITH_STAGED,
    LAST_WITH_STATE,
    migrations,
    newest_migration,
)
from .near_duplicate_model import ArticleText, DuplicateRule
from .near_duplicates import sketch_published
from .refused_rows import excerpt
from .staged import staged_part
from .transaction import rows_of
from .warehouse import DuckDBPyConnection, Lock, Row, Warehouse

ROWS_AT_ONCE = 1_000
COPIED = 2  # of `copied`: the warehouse has the row, which came from there
ROOM = 2  # times the size of all rows: SQLite writes them to its log first, and from there to the file

# The rows of each table of the state, as the warehouse has them once the migrations up to LAST_WITH_STATE ran.
_ROWS = {
    "runs": "from ops.runs order by number",
    "leases": "select * rename (claimed_at as leased_at) from ops.claims",
    "polls": "from ops.polls order by rowid",
    "known_feeds": "from ops.known_feeds",
    "host_visits": "from ops.host_visits",
    "backfills": "from ops.backfills",
    "entries": "from raw.entries order by entry_id",
    "entry_outcomes": "from ops.entry_outcomes order by run_id, entry_id",
    "fetches": "select *, regexp_extract(lower(url), '^https?://([^/?#]+)', 1) as host from ops.fetches order by rowid",
    "captures": "from ops.captures order by capture_id",
    "batches": "from ops.batches",
    "validations": "from ops.validations",
    "articles": """
        select
          article_id, source_id, content_hash, capture_id, fetched_at, first_seen_at,
          list_contains(flags, 'body_from_feed') as is_from_feed,
          list_contains(flags, 'gone') as is_gone,
          list_contains(flags, 'shortened') as is_shortened
        from published.articles
        order by article_id
    """,
    "article_urls": "select distinct url, article_id, kind from published.article_urls order by url",
    "article_sources": "select distinct article_id, source_id from published.article_sources order by article_id",
    "alerts": "from ops.alerts",
    "messages": "from ops.messages",
    "deliveries": "from ops.deliveries",
    "events": "from ops.events order by occurred_at, event_id",
    "prunings": "from ops.prunings",
    "reading_times": "from ops.reading_times",
    "counted": "from ops.counted",
    "counted_until": "select counted_until as counted_until_at from ops.counted_until",
}
# The same up to LAST_WITH_QUARANTINE, whether or not the rest was imported before.
_QUARANTINE = {
    "quarantine": "from quarantine.refused_rows order by rowid",
    "accepted_rows": "from quarantine.accepted_rows",
}
_QUARANTINE_KEYS = {"quarantine": COPIED_TABLES["quarantine"], "accepted_rows": ("table_name", "row_key")}
_IS_FILLED = "select exists (from ops.runs) or exists (from published.articles)"
_TEXTS = "select article_id, title, body, content_hash, first_seen_at from published.articles"
_WAITING = """
    select batch_id
    from ops.batches
    where state <> 'published'
      and batch_id in (select batch_id from staging.article_sources)
    order by rowid
"""


def import_state(warehouse: Warehouse, state: State, duplicate_rule: DuplicateRule) -> bool:
    """Import what a warehouse of an earlier version held of the state; return whether there was any.

    Then what is published, and its history, becomes `published.duckdb`, if it is in another file.
    """
    is_imported = _import_and_migrate(warehouse, state, duplicate_rule)
    if warehouse.is_old:
        warehouse.write_anew()
    return is_imported


def _import_and_migrate(warehouse: Warehouse, state: State, duplicate_rule: DuplicateRule) -> bool:
    """Import it, all or nothing.

    Only then the migrations run that delete it there. In place of the keys by which near-duplicates were found, the
    state gets sketches made of the texts; cut off there, all of them are made again. Raises WarehouseUnusable where the
    two do not belong together, and DiskFull before anything is written where the state would not fit.
    """
    with warehouse.alone(Lock.MIGRATION) as connection:
        ours = str(_value(connection, "select warehouse_id from ops.warehouse_id"))
        known = [row["warehouse_id"] for row in state.read("warehouse_id")]
        newest = newest_migration(connection)
        if known not in ([], [ours]):
            raise _strangers(warehouse, state.name, "each was made with another")
        places: dict[str, str] = {}
        if not known and newest <= LAST_WITH_STATE:
            places |= _ROWS
        elif not known and _value(connection, _IS_FILLED):
            raise _strangers(warehouse, state.name, "the second is empty")
        if newest <= LAST_WITH_QUARANTINE:
            places |= _QUARANTINE
        if places or not known:
            with state.write() as transaction:
                if not known:
                    transaction.insert("warehouse_id", [{"warehouse_id": ours}])
                _import(connection, transaction, places, warehouse=warehouse, state=state)
        if newest <= LAST_WITH_STAGED:
            _import_rejected(connection, state)
        if newest <= LAST_WITH_KEYS:
            warehouse.migrate(LAST_WITH_KEYS)
            for rows in _read(connection, _TEXTS):
                sketch_published([noun(ArticleText, row) for row in rows], state, duplicate_rule)
        warehouse.migrate(migrations()[-1][0])
    return bool(places)


def refuse_lost_state(warehouse: Warehouse, path: Path) -> None:
    """Raise WarehouseUnusable where the warehouse has had its state in a file, and this file is not there.

    To be called before the state is opened, which makes the file.
    """
    with warehouse.alone() as connection:
        if newest_migration(connection) > LAST_WITH_STATE and _value(connection, _IS_FILLED):
            raise _strangers(warehouse, str(path), "the second is missing")


def _import(
    connection: DuckDBPyConnection,
    transaction: StateTransaction,
    places: Mapping[str, str],
    *,
    warehouse: Warehouse,
    state: State,
) -> None:
    """Import the rows of some tables; parsed articles that wait come with those of `batches`."""
    there = {table: _size(connection, sql) for table, sql in places.items()}
    waiting = _waiting(connection) if "batches" in places else []
    staged = [_size(connection, f"from staging.{table}") for table in KEY_COLUMNS if waiting]
    if state.path:
        bytes_ = sum(size for _, size in (*there.values(), *staged))
        free = shutil.disk_usage(state.path.parent).free
        refuse_small_disk(state.path, needed_bytes=ROOM * bytes_, free_bytes=free, what="the state")
    before = {row["name"]: row["found"] for row in transaction.run("count_rows")}
    for table, sql in places.items():
        for rows in _read(connection, sql):
            copied = {"copied": COPIED} if table in COPIED_TABLES else {}
            _keep(transaction, table, [row | copied for row in rows])
    transaction.insert("staged_parts", _staged_parts(connection, waiting))
    expected = {table: rows for table, (rows, _) in there.items()}
    if "batches" in places:
        expected["staged_parts"] = len(waiting)
    for row in transaction.run("count_rows"):
        # Rows in quarantine may have been imported before; of the rest, `sources add` may have kept some.
        found = row["found"] - (0 if row["name"] in _QUARANTINE_KEYS else before[row["name"]])
        if found != expected.get(row["name"], found):
            told = f"of {expected[row['name']]:,} rows of {row['name']} it got {found:,}"
            message = (
                f"{state.name} did not get all state of {warehouse.lake or warehouse.path}: {told}; both are as before"
            )
            raise WarehouseDamaged(message, about=state.name)


def _import_rejected(connection: DuckDBPyConnection, state: State) -> None:
    """Keep in the state what is staged of rejected batches, which an earlier version kept in the warehouse alone."""
    with state.write() as transaction:
        rejected = [row["batch_id"] for row in transaction.run("batches", state="rejected")]
        kept = {row["batch_id"] for row in transaction.run("staged_article_ids", batch_ids=rejected)}
        lacking = [batch_id for batch_id in rejected if batch_id not in kept]
        transaction.insert("staged_parts", _staged_parts(connection, lacking))


def _keep(transaction: StateTransaction, table: str, rows: list[Row]) -> None:
    """Insert rows; those in quarantine may be there, from an import whose process ended before the warehouse knew."""
    if table == "quarantine":
        rows = [row | {"excerpt": excerpt(row)} for row in rows]
    if key := _QUARANTINE_KEYS.get(table):
        transaction.merge(table, rows, key=key)
    else:
        transaction.insert(table, rows)


def _waiting(connection: DuckDBPyConnection) -> list[str]:
    """Return the batches that wait for publication, or were rejected."""
    return [batch_id for (batch_id,) in connection.execute(_WAITING).fetchall()]


def _staged_parts(connection: DuckDBPyConnection, batch_ids: Iterable[str]) -> Iterator[Row]:
    """Yield the staged rows of each of some batches as one part."""
    for batch_id in batch_ids:
        tables = {}
        for table in KEY_COLUMNS:
            sql = f"select * from staging.{table} where batch_id = ? order by rowid"
            if rows := rows_of(connection.execute(sql, [batch_id])):
                tables[table] = rows
        if tables:
            yield staged_part(batch_id, tables)


def _size(connection: DuckDBPyConnection, sql: str) -> tuple[int, int]:
    """Return how many rows a query has, and about how many bytes they take: with names of columns, as with indexes."""
    counted = f"select count(*), coalesce(sum(strlen(to_json(listed)::varchar)), 0) from ({sql}) as listed"
    [(rows, size)] = connection.execute(counted).fetchall()
    return int(rows), int(size)


def _read(connection: DuckDBPyConnection, sql: str) -> Iterator[list[Row]]:
    result = connection.execute(sql)
    columns = [column[0] for column in result.description or ()]
    while rows := result.fetchmany(ROWS_AT_ONCE):
        yield [dict(zip(columns, row, strict=True)) for row in rows]


def _value(connection: DuckDBPyConnection, sql: str) -> Any:
    [(value,)] = connection.execute(sql).fetchall()
    return value


def _strangers(warehouse: Warehouse, state: str, why: str) -> WarehouseUnusable:
    message = f"{warehouse.lake or warehouse.path} and {state} do not belong together, {why}"
    return WarehouseUnusable(f"{message}: restore both from the same backup", about=state)
