"""The state database of a warehouse: opening, migrating, reading and writing it."""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Protocol

from ..core.errors import WarehouseUnusable
from .values import Row, decoded_rows, encoded_row

# The tables that analysts see, with their keys: a row that changes is copied to the warehouse again.
COPIED_TABLES: Mapping[str, Sequence[str]] = {
    "runs": ("run_id",),
    "polls": ("source_id", "polled_at"),
    "known_feeds": ("source_id",),
    "host_visits": ("run_id", "host"),
    "backfills": ("source_id", "first_day", "last_day", "address"),
    "entry_outcomes": ("run_id", "entry_id"),
    "fetches": ("entry_id", "fetched_at"),
    "captures": ("capture_id",),
    "batches": ("batch_id",),
    "validations": ("batch_id", "suite", "rule"),
    "quarantine": ("batch_id", "table_name", "row_key", "rule"),
    "removed_articles": ("article_id",),
    "alerts": ("alert_id",),
    "events": ("event_id",),
}


class Engine(Protocol):
    """SQLite or PostgreSQL, as one connection that is used by one thread at a time."""

    name: str  # for people, without a password
    path: Path | None  # of its file; a server has none
    is_read_only: bool

    def execute(self, sql: str, parameters: Mapping[str, object]) -> tuple[Sequence[str], Sequence[Sequence[Any]]]:
        """Run a statement; return the names of its columns, and its rows."""
        ...

    def execute_many(self, sql: str, rows: Sequence[Mapping[str, object]]) -> None:
        """Run a statement for each of some rows."""
        ...

    def written_for(self, sql: str) -> str:
        """Return a statement or migration in the engine's own SQL."""
        ...

    def translated(self) -> AbstractContextManager[None]:
        """Translate what the engine raises into our errors."""
        ...

    def begin(self) -> None:
        """Begin a transaction that is to write."""
        ...

    def begin_lazily(self) -> None:
        """Begin one whose commit need not wait for the disk."""
        ...

    def lock(self, name: str) -> None:
        """Wait until no other transaction has locked this name, and lock it until this one ends."""
        ...

    def begin_migration(self) -> None:
        """Begin one that is to migrate, while no other process does."""
        ...

    def has_tables(self) -> bool:
        """Return whether a migration ever ran there."""
        ...

    def commit(self) -> None:
        """Commit it."""
        ...

    def roll_back(self) -> None:
        """Undo it."""
        ...

    def shrink(self) -> None:
        """Return the space of deleted rows to the disk."""
        ...

    def close(self) -> None:
        """Close the connection."""
        ...


class StateTransaction:
    """Statements that are committed together, or not at all."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def lock(self, name: str) -> None:
        """Wait until no other transaction has locked this name, and lock it until this one ends.

        For what is read and then written on the strength of it, by more than a statement.
        """
        self._engine.lock(name)

    def run(self, name: str, /, **parameters: object) -> list[Row]:
        """Run the statement of that name; return its rows, if it has any."""
        return _rows(self._engine, name, parameters)

    def run_with(self, name: str, parts: Mapping[str, str], /, **parameters: object) -> list[Row]:
        """Run a statement that leaves open, in braces, a table or what else can't be a parameter: these are `parts`."""
        return _rows(self._engine, name, parameters, parts)

    def run_each(self, name: str, rows: Iterable[Mapping[str, object]]) -> None:
        """Run the statement of that name for each row, whose columns are its parameters."""
        self._many(statement(name), [encoded_row(row) for row in rows])

    def insert(self, table: str, rows: Iterable[Row]) -> None:
        """Insert rows, columns by name, all of the same; a missing column is null or its default."""
        listed = [encoded_row(row) for row in rows]
        if listed:
            self._many(_insert(table, tuple(listed[0])), listed)

    def merge(self, table: str, rows: Iterable[Row], *, key: Sequence[str], update: Sequence[str] = ()) -> None:
        """Insert rows that are not there yet, identified by `key`; of one that is, the columns of `update` change.

        Of rows with one key, the first counts.
        """
        firsts: dict[tuple[object, ...], Row] = {}
        for row in rows:
            firsts.setdefault(tuple(row[column] for column in key), row)
        listed = [encoded_row(row) for row in firsts.values()]
        if listed:
            self._many(_merge(table, tuple(listed[0]), tuple(key), tuple(update)), listed)

    def delete(self, table: str, keys: Sequence[Row]) -> None:
        """Delete the rows that have one of some keys, all of the same columns."""
        if keys:
            self._many(_delete(table, tuple(keys[0])), [encoded_row(key) for key in keys])

    def _many(self, sql: str, rows: Sequence[Mapping[str, object]]) -> None:
        if rows:
            self._engine.execute_many(self._engine.written_for(sql), rows)


class State:
    """One process's connection to the state database, shared by its threads."""

    def __init__(self, engine: Engine) -> None:
        """Bring the database to the shape that this version knows; WarehouseUnusable where a newer one made it.

        One that is opened to read stays as it is: there, an older shape is refused, too.
        """
        self._engine = engine
        self._lock = threading.RLock()
        self.migrated: list[str] = []
        try:
            if engine.is_read_only:
                self._refuse_other_shapes()
            else:
                self.migrated = self._migrate()
        except BaseException:
            engine.close()
            raise

    @property
    def name(self) -> str:
        """Where it is, for people."""
        return self._engine.name

    @property
    def path(self) -> Path | None:
        """The file it is in; None where it is on a server."""
        return self._engine.path

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            self._engine.close()

    def shrink(self) -> None:
        """Return the space of deleted rows to the disk."""
        with self._lock, self._engine.translated():
            self._engine.shrink()

    def read(
        self, name: str, parameters: Mapping[str, object] | None = None, *, parts: Mapping[str, str] | None = None
    ) -> list[Row]:
        """Run the statement of that name; return its rows, columns by name. `parts` are as in `run_with`."""
        with self._lock, self._engine.translated():
            return _rows(self._engine, name, parameters or {}, parts)

    def write(self) -> AbstractContextManager[StateTransaction]:
        """Run statements that are committed together, or not at all."""
        return self._transaction(self._engine.begin)

    def write_lazily(self) -> AbstractContextManager[StateTransaction]:
        """Run statements as `write` does, which outlive the death of the process, but perhaps not a power cut."""
        return self._transaction(self._engine.begin_lazily)

    @contextmanager
    def _transaction(self, begin: Callable[[], None]) -> Iterator[StateTransaction]:
        with self._lock, self._engine.translated():
            begin()
            try:
                yield StateTransaction(self._engine)
                self._engine.commit()
            except BaseException:
                self._engine.roll_back()
                raise

    def _migrate(self) -> list[str]:
        """Run the migrations that the database lacks, all in one transaction; return their names."""
        done = []
        with self._transaction(self._engine.begin_migration) as transaction:
            transaction.run("make_migrations")
            newest = transaction.run("newest_migration")[0]["number"]
            self._refuse_newer(newest)
            for number, name, sql in migrations():
                if number > newest:
                    for one in sql.split(";\n"):
                        if one.strip():
                            self._engine.execute(self._engine.written_for(one), {})
                    transaction.insert("migrations", [{"number": number, "name": name}])
                    done.append(name)
        return done

    def _refuse_other_shapes(self) -> None:
        with self._engine.translated():
            if not self._engine.has_tables():
                raise WarehouseUnusable(f"{self.name} holds no state yet; `ingest run` makes it", about=self.name)
        newest = self.read("newest_migration")[0]["number"]
        self._refuse_newer(newest)
        if newest < migrations()[-1][0]:
            message = f"{self.name} was made by an older version; `ingest migrate` brings it up to date"
            raise WarehouseUnusable(message, about=self.name)

    def _refuse_newer(self, newest: int) -> None:
        if newest > (known := migrations()[-1][0]):
            message = f"{self.name} was made by a newer version (state {newest}, this one knows {known})"
            message = f"{message}: upgrade ingest, or restore the backup of before"
            raise WarehouseUnusable(message, about=self.name)


@cache
def migrations() -> tuple[tuple[int, str, str], ...]:
    """Return all migrations: number, name and SQL, in order."""
    folder = files(__package__) / "migrations"
    found = sorted((path for path in folder.iterdir() if path.name.endswith(".sql")), key=lambda path: path.name)
    return tuple((int(path.name[:4]), path.name[:-4], path.read_text(encoding="utf-8")) for path in found)


@cache
def statement(name: str) -> str:
    """Return the SQL of that name."""
    return (files(__package__) / "statements" / f"{name}.sql").read_text(encoding="utf-8")


def _rows(
    engine: Engine, name: str, parameters: Mapping[str, object], parts: Mapping[str, str] | None = None
) -> list[Row]:
    sql = statement(name).format(**parts) if parts else statement(name)
    columns, found = engine.execute(engine.written_for(sql), encoded_row(parameters))
    return decoded_rows(columns, found)


@cache
def _insert(table: str, columns: tuple[str, ...]) -> str:
    return f"insert into {table} ({', '.join(columns)}) values ({', '.join(f':{one}' for one in columns)})"


@cache
def _merge(table: str, columns: tuple[str, ...], key: tuple[str, ...], update: tuple[str, ...]) -> str:
    changes = [f"{one} = excluded.{one}" for one in update]
    if table in COPIED_TABLES:
        changes.append("copied = 0")
    then = f"update set {', '.join(changes)}" if update else "nothing"
    return f"{_insert(table, columns)} on conflict ({', '.join(key)}) do {then}"


@cache
def _delete(table: str, columns: tuple[str, ...]) -> str:
    return f"delete from {table} where {' and '.join(f'{one} = :{one}' for one in columns)}"
