"""Imports what earlier versions kept in files of their own: `listen.db`, and `payloads.sqlite` of the archive."""

import json
import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from ..core.errors import WarehouseUnusable
from ..core.pushes import Subscription
from .database import State, StateTransaction
from .sqlite import translated
from .values import Row

log = logging.getLogger("ingest")

LISTEN_FILE = "listen.db"
PAYLOADS_FILE = "payloads.sqlite"
ROWS_AT_ONCE = 1_000
PUSHES_AT_ONCE = 10  # of up to 5 MB each
BUSY_SECONDS = 5.0  # for which another process may import the same file


def import_listen_file(folder: Path, state: State) -> None:
    """Import what `ingest listen` kept in a warehouse's folder, all or nothing, and delete the file then."""
    _import(folder / LISTEN_FILE, state, _import_inbox)


def import_payloads_file(folder: Path, state: State) -> None:
    """Import which payloads and captures were in an archive, all or nothing, and delete the file then."""
    _import(folder / PAYLOADS_FILE, state, _import_archive)


def _import(path: Path, state: State, import_rows: Callable[[sqlite3.Connection, StateTransaction], None]) -> None:
    """Import a file, unless it can't be used: it stays then, is logged, and is retried at the next opening."""
    if not path.exists():
        return
    try:
        with _locked(path) as old:
            if path.exists():  # else another process has imported it meanwhile
                with state.write() as transaction:
                    import_rows(old, transaction)
                path.unlink()
    except WarehouseUnusable as error:
        if error.about != str(path):
            raise
        if path.exists():
            log.error("%s; what it holds is not imported yet", error)  # noqa: TRY400 - it says what is wrong


@contextmanager
def _locked(path: Path) -> Iterator[sqlite3.Connection]:
    """Yield a file while no other process has it open; WarehouseUnusable where one has for long."""
    with translated(str(path)):
        uri = f"{path.absolute().as_uri()}?mode=rw"
        with closing(sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None)) as connection:
            connection.row_factory = sqlite3.Row
            try:
                # SQLite refuses to leave the write-ahead log while another process has the file open, idle or not.
                connection.execute("pragma journal_mode = delete")
                connection.execute("begin exclusive")
            except sqlite3.OperationalError as error:
                if getattr(error, "sqlite_errorname", "").startswith("SQLITE_BUSY"):
                    message = (
                        f"{path} is open in another process: restart `ingest listen`, which is of an older version"
                    )
                    raise WarehouseUnusable(message, about=str(path)) from error
                raise
            yield connection


def _import_inbox(old: sqlite3.Connection, transaction: StateTransaction) -> None:
    for rows in _rows(old, "topics", "source_id"):
        transaction.merge("topics", [json.loads(row["topic"]) for row in rows], key=["source_id"])
    for rows in _rows(old, "subscriptions", "number"):
        subscriptions = [asdict(Subscription(**_with_moments(json.loads(row["told"])))) for row in rows]
        transaction.merge("subscriptions", subscriptions, key=["token"])
    for rows in _rows(old, "deliveries", "rowid", PUSHES_AT_ONCE):
        transaction.merge("pushes", rows, key=["delivery_id"])
    for rows in _rows(old, "pings", "source_id"):
        transaction.merge("pings", rows, key=["source_id"])
    for rows in _rows(old, "awaited", "token"):
        transaction.merge("awaited_pushes", rows, key=["token", "entry_id"])
    for rows in _rows(old, "listening", "one"):
        there = [{"one": 1, "there_since": datetime.fromisoformat(row.pop("since")), **row} for row in rows]
        transaction.merge("listening", there, key=["one"])


def _import_archive(old: sqlite3.Connection, transaction: StateTransaction) -> None:
    for rows in _rows(old, "places", "key"):
        payloads = [
            {"payload_key": row["key"].hex(), "warc_file": row["file"], "warc_offset": row["offset"]} for row in rows
        ]
        transaction.merge("payloads", payloads, key=["payload_key"])
    for rows in _rows(old, "to_file", "number"):
        captures = [{name: value for name, value in row.items() if name != "number"} for row in rows]
        transaction.merge("captures", captures, key=["capture_id"])


def _rows(old: sqlite3.Connection, table: str, order: str, at_once: int = ROWS_AT_ONCE) -> Iterator[list[Row]]:
    """Yield the rows of a table, some at a time, with moments as such; none where the file has no such table."""
    if old.execute("select 1 from sqlite_master where type = 'table' and name = ?", (table,)).fetchone() is None:
        return
    found = old.execute(f"select * from {table} order by {order}")
    while rows := found.fetchmany(at_once):
        yield [_with_moments(dict(row)) for row in rows]


def _with_moments(row: Row) -> Row:
    """Return a row of which the moments, which were ISO 8601 text, are such."""
    return {
        name: datetime.fromisoformat(value) if value and name.endswith(("_at", "_since")) else value
        for name, value in row.items()
    }
