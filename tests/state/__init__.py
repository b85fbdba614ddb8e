"""The state beside a warehouse that a test opened: a file in its folder, or the PostgreSQL of its lake."""

import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary, finalize

from ingest.state import Row, State
from ingest.state.postgres import PostgresEngine
from ingest.state.sqlite import STATE_FILE, SqliteEngine
from ingest.state.values import decoded_rows
from ingest.warehouse.warehouse import PIPELINE_FILE, Warehouse

_opened: "WeakKeyDictionary[Warehouse, State]" = WeakKeyDictionary()


def state_of(warehouse: Warehouse) -> State:
    """Return the state of a warehouse, opened once; it is closed when nobody has the warehouse any more."""
    if warehouse not in _opened:
        lake = warehouse.lake
        opened = State(PostgresEngine(lake.catalog) if lake else SqliteEngine(warehouse.folder / STATE_FILE))
        finalize(warehouse, opened.close)
        _opened[warehouse] = opened
    return _opened[warehouse]


def state_in(folder: Path) -> State:
    """Open the state in a folder, which is made if need be."""
    folder.mkdir(exist_ok=True)
    return State(SqliteEngine(folder / STATE_FILE))


def copy_warehouse(folder: Path, to: Path) -> Path:
    """Copy the files of a warehouse that nobody has open; return the folder."""
    to.mkdir(exist_ok=True)
    for name in (PIPELINE_FILE, STATE_FILE):
        shutil.copy(folder / name, to / name)
    return to


def select(folder: Path, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
    """Run a query on the state in a folder, beside whoever has it open; moments are as they are stored."""
    with closing(sqlite3.connect(folder / STATE_FILE)) as connection:
        return connection.execute(sql, parameters).fetchall()


def select_rows(folder: Path, sql: str) -> list[Row]:
    """Run a query as `select` does; return rows by column, with moments and lists as the pipeline has them."""
    with closing(sqlite3.connect(folder / STATE_FILE)) as connection:
        found = connection.execute(sql)
        return decoded_rows([column[0] for column in found.description], found.fetchall())


def change(folder: Path, sql: str, parameters: Sequence[object] = ()) -> None:
    """Run a statement that changes the state in a folder."""
    with closing(sqlite3.connect(folder / STATE_FILE)) as connection, connection:
        connection.execute(sql, parameters)
