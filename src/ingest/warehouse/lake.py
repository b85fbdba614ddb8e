"""The lake: DuckLake on PostgreSQL in place of the pipeline's own file, so that several processes may write.

PostgreSQL also has the locks between processes, and knows which workers live by locks that end with their connection.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path

from ..core.errors import WarehouseAway
from .duckdb_errors import DuckDBPyConnection, open_database, roll_back
from .duckdb_values import written
from .extensions import load_extension
from .statements import statement

NAME = "lake"
SPILL_FOLDER = "lake.spill"  # in the warehouse folder, for what DuckDB does not hold in memory
_EXTENSIONS = ("postgres_scanner", "ducklake")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lake:
    """Where a lake is: its catalog, as PostgreSQL's own tools are told of a database, and the folder of its files."""

    catalog: str = field(repr=False)  # may hold a password
    data: str

    def __str__(self) -> str:
        """Return it without its password."""
        return f"the lake in {self.data}"


class Lock(IntEnum):
    """What one process does at a time, and the tables that nobody else writes meanwhile.

    DuckLake itself commits again where others have only added rows since, or written other tables, up to ten times
    (`ducklake_max_retry_count`). Other conflicts it refuses, and that two have added the same row it does not see.
    """

    MIGRATION = 0
    TELLING = 1
    COPYING = 2  # what history is copied to, and the sources
    PUBLICATION = 3  # all else; taken before that of copying where both are
    PUBLISHER = 4  # nothing: whoever has it publishes for all runs, and takes the one before this while it does


class Hold:
    """One process's hold on a lake: the open database, its locks, and the word that it lives."""

    name = NAME

    def __init__(self, lake: Lake, folder: Path, worker: int) -> None:
        """Take hold as the worker of that number."""
        self.lake = lake
        self.worker = worker
        self.connection = _connect()
        spill = str(folder / SPILL_FOLDER)
        self.connection.execute("set temp_directory = $spill", {"spill": spill})
        self.connection.execute(statement("attach_locks").format(catalog=written(lake.catalog)))
        self._life = self.connection.cursor()
        self._life.begin()  # so that the connection to PostgreSQL that has the lock stays this one's
        self._life.execute(statement("hold_worker").format(worker=self.worker)).fetchall()
        with self.locked(Lock.MIGRATION, waits=True):  # else two that come first would both make the catalog
            _attach(self.connection, lake, options="")

    def close(self) -> None:
        """Close the lake; what this worker had locked is free."""
        roll_back(self._life)
        self._life.close()
        self.connection.close()

    @contextmanager
    def locked(self, lock: Lock, *, waits: bool) -> Iterator[bool]:
        """Take a lock for the block, and yield whether it was taken: where another process has it, only after waiting.

        A lake has no keys, so that two who bring the same row at once would both have it in the end. Whoever was taken
        for dead may have no lock: others have taken over what it had leased.
        """
        function = "pg_advisory_lock" if waits else "pg_try_advisory_lock"
        with self.connection.cursor() as holding:
            holding.begin()  # so that the connection to PostgreSQL that has the lock stays this one's
            try:
                taken = holding.execute(statement("take_lock").format(function=function, lock=lock.value)).fetchall()
                holding.execute(statement("end_transaction"))
                if self.worker not in self.living():
                    message = f"{self.lake}: PostgreSQL lost sight of this worker for a while; run again"
                    raise WarehouseAway(message, about=str(self.lake))
                yield taken != [("false",)]
            finally:
                roll_back(holding)

    def living(self) -> list[int]:
        """Return the workers that live: those whose connection to PostgreSQL does."""
        with self.connection.cursor() as connection:
            return [int(worker) for (worker,) in connection.execute(statement("living_workers")).fetchall()]


def open_to_read(lake: Lake) -> DuckDBPyConnection:
    """Open a lake to look at it, beside whoever writes; raises what DuckDB does where it is not there."""
    connection = _connect()
    _attach(connection, lake, options=", read_only")
    connection.execute(f"use {NAME}")
    return connection


def keyless(sql: str) -> str:
    """Take out of a migration what DuckLake does not know: keys, checks and indexes. Its rows stay as they are.

    That they are unique is seen to by the statements that write them, in the file as in the lake.
    """
    sql = re.sub(r"--[^\n]*", "", sql)
    sql = re.sub(r"\b(create|drop)( unique)? index [^;]*;", "", sql)
    sql = re.sub(r",\s*primary key \([^)]*\)", "", sql)
    sql = re.sub(r" primary key", "", sql)
    return re.sub(r" check \((?:[^()]|\([^()]*\))*\)", "", sql)


def _connect() -> DuckDBPyConnection:
    connection = open_database(":memory:")
    for name in _EXTENSIONS:
        load_extension(connection, name, brought_by="news-ingest[lake]")
    return connection


def _attach(connection: DuckDBPyConnection, lake: Lake, *, options: str) -> None:
    place = {"catalog": written(f"ducklake:postgres:{lake.catalog}"), "data": written(lake.data)}
    connection.execute(statement("attach_lake").format(**place, options=options))
