"""The state database on PostgreSQL: a schema of its own, for several machines."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from ..core.errors import DiskFull, IngestError, Misconfigured, WarehouseAway, WarehouseBusy

try:
    import psycopg
    from psycopg import errors
    from psycopg.abc import Buffer
    from psycopg.adapt import Loader
    from psycopg.types.numeric import Int8Dumper
except ImportError as error:
    message = "the state is in a PostgreSQL, but psycopg is not installed: `pip install 'news-ingest[lake]'`"
    raise Misconfigured(message, about="INGEST_STATE") from error

SCHEMA = "ingest"  # in the database that the address names
LOCK_SECONDS = 60  # for which another transaction may hold a row or a table
_LOCKS = 7303  # the class of our advisory locks

Returned = TypeVar("Returned")


class PostgresEngine:
    """A connection to the database, made anew where it was lost between two transactions.

    Nothing is kept in PostgreSQL's session: search path and locks are each transaction's own, and no statement is
    prepared, so that a pooler may give each transaction another session (PgBouncer's `transaction` mode). A statement
    sees what others have committed (`read committed`), and waits for a transaction that has changed the same rows.
    """

    def __init__(self, address: str, *, is_read_only: bool = False) -> None:
        """Connect to an address: a URI or keywords of libpq, perhaps with a password."""
        parts = _parts(address)
        self.path: Path | None = None
        self.is_read_only = is_read_only
        self.name = f"PostgreSQL's {parts.get('dbname') or 'database'} at {parts.get('host') or 'its socket'}"
        self._address = address
        self._is_in_transaction = False
        with self.translated():
            self._connection = self._connect()

    def execute(self, sql: str, parameters: Mapping[str, object]) -> tuple[Sequence[str], Sequence[Sequence[Any]]]:
        """Run a statement, which may only read outside a transaction; return the names of its columns, and its rows."""
        if self._is_in_transaction:
            cursor = self._connection.execute(sql, parameters)
        else:
            cursor = self._retried(lambda: self._read(sql, parameters))
        if cursor.description is None:
            return [], []
        return [column.name for column in cursor.description], cursor.fetchall()

    def execute_many(self, sql: str, rows: Sequence[Mapping[str, object]]) -> None:
        """Run a statement for each of some rows."""
        with self._connection.cursor() as cursor:
            cursor.executemany(sql, rows)

    def written_for(self, sql: str) -> str:
        """Return a statement of the state's SQL, which is SQLite's, in PostgreSQL's."""
        return in_postgres(sql)

    @contextmanager
    def translated(self) -> Iterator[None]:
        """Translate what PostgreSQL raises into our errors; the address stays out of them."""
        try:
            yield
        except psycopg.Error as error:
            if (ours := _error_of(error, self.name)) is None:
                raise
            raise ours from None

    def begin(self) -> None:
        """Begin a transaction that is to write."""
        mode = "begin read only" if self.is_read_only else "begin"
        begin = f"{mode}; set local search_path = {SCHEMA}; set local lock_timeout = '{LOCK_SECONDS}s'"
        self._retried(lambda: self._connection.execute(begin))
        self._is_in_transaction = True

    def begin_lazily(self) -> None:
        """Begin one whose commit is flushed a moment later (postgresql.org/docs/current/wal-async-commit.html)."""
        self.begin()
        self.execute("set local synchronous_commit = off", {})

    def lock(self, name: str) -> None:
        """Wait until no other transaction has locked this name, and lock it until this one ends."""
        self.execute(f"select pg_advisory_xact_lock({_LOCKS}, hashtext(%(name)s))", {"name": name})

    def begin_migration(self) -> None:
        """Begin one that is to migrate, while no other process does; it makes the schema where there is none."""
        self.begin()
        self.lock("migrations")  # else two that come first would both make the tables
        _, found = self.execute(
            "select has_schema_privilege(oid, 'usage') and has_schema_privilege(oid, 'create') "
            "from pg_namespace where nspname = %(name)s",
            {"name": SCHEMA},
        )
        user = self._connection.info.user
        if not found:
            try:
                self.execute(f"create schema {SCHEMA}", {})
            except errors.InsufficientPrivilege:
                told = f"{self.name}: {user} may not make a schema there; `create schema {SCHEMA} authorization {user}`"
                raise Misconfigured(f"{told} lets it use one", about="INGEST_STATE") from None
        elif not found[0][0]:
            told = f"{self.name}: {user} may not make tables in the schema {SCHEMA}"
            grant = f"`grant usage, create on schema {SCHEMA} to {user}` lets it"
            raise Misconfigured(f"{told}; {grant}", about="INGEST_STATE")

    def has_tables(self) -> bool:
        """Return whether a migration ever ran there."""
        _, found = self.execute(f"select to_regclass('{SCHEMA}.migrations') is not null", {})
        return bool(found[0][0])

    def commit(self) -> None:
        """Commit it."""
        self._connection.execute("commit")
        self._is_in_transaction = False

    def roll_back(self) -> None:
        """Undo it; a connection that was lost has done so."""
        self._is_in_transaction = False
        try:
            self._connection.execute("rollback")
        except psycopg.Error:
            self._connection.close()

    def shrink(self) -> None:
        """Leave that to PostgreSQL's autovacuum."""

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _read(self, sql: str, parameters: Mapping[str, object]) -> "psycopg.Cursor[tuple[Any, ...]]":
        """Run a statement in a transaction of its own, all of it sent at once."""
        try:
            with self._connection.pipeline():
                self._connection.execute("begin read only")
                self._connection.execute(f"set local search_path = {SCHEMA}")
                cursor = self._connection.execute(sql, parameters)
                self._connection.execute("commit")
        except BaseException:
            self.roll_back()
            raise
        return cursor

    def _retried(self, work: Callable[[], Returned]) -> Returned:
        """Do it once more on another connection, where PostgreSQL or the network has ended this one."""
        try:
            return work()
        except psycopg.Error:
            if not self._connection.closed:
                raise
        self._connection = self._connect()
        return work()

    def _connect(self) -> "psycopg.Connection[tuple[Any, ...]]":
        try:
            connection = psycopg.connect(
                self._address,
                autocommit=True,
                prepare_threshold=None,
                client_encoding="utf8",
                fallback_application_name="ingest",
            )
        except psycopg.ProgrammingError:
            raise Misconfigured(_NO_ADDRESS, about="INGEST_STATE") from None
        if (encoding := connection.info.parameter_status("server_encoding")) != "UTF8":
            connection.close()
            raise Misconfigured(f"{self.name} holds text as {encoding}, and the state needs UTF8", about="INGEST_STATE")
        connection.adapters.register_dumper(int, Int8Dumper)  # by its size, a product would be of too small a type
        connection.adapters.register_loader("numeric", _NumberLoader)
        return connection


class _NumberLoader(Loader):
    """Loads what PostgreSQL has sums of whole numbers in, and averages, as SQLite returns them: `int` and `float`."""

    def load(self, data: Buffer) -> int | float:
        text = bytes(data)
        return int(text) if text.lstrip(b"-").isdigit() else float(text)


@cache
def in_postgres(sql: str) -> str:
    """Return SQL of the state in PostgreSQL's dialect: parameters, lists given as JSON, and types of columns."""
    sql = re.sub(r"--[^\n]*", "", sql).strip().replace("%", "%%")
    sql = re.sub(r"\breal\b", "double precision", sql)
    sql = re.sub(r"\binteger\b", "bigint", sql)
    if sql.startswith(("create table", "alter table")):
        sql = sql.replace("number bigint primary key", "number bigint generated by default as identity primary key")
        sql = re.sub(r"(?<=\w) text\b", ' text collate "C"', sql)  # by bytes, as SQLite compares
        sql = re.sub(r"(?<=\w) blob\b", " bytea", sql)
    # Of a subquery it expects a hundred rows, and may rather read the table whole; an array's are looked up by index.
    listed = r"(?<!not )\bin \(select value from json_each\((:\w+)\)\)"
    sql = re.sub(listed, r"= any (array(select jsonb_array_elements_text(cast(\1 as jsonb))))", sql)
    sql = re.sub(r"json_each\((:\w+)\)", r"jsonb_array_elements_text(cast(\1 as jsonb)) as listed (value)", sql)
    return re.sub(r"(?<![:\w]):([a-z]\w*)", r"%(\1)s", sql)


def _parts(address: str) -> Mapping[str, object]:
    """Return the parts of an address; no error quotes any of them, which may be a piece of a password."""
    user_info = re.match(r"\w+://(.*)@", address)
    if user_info and re.search("[/@]", user_info[1]):
        raise Misconfigured(f"{_NO_ADDRESS}; @ and / in a password are written %40 and %2F", about="INGEST_STATE")
    try:
        parts = psycopg.conninfo.conninfo_to_dict(address)
    except psycopg.ProgrammingError:
        raise Misconfigured(_NO_ADDRESS, about="INGEST_STATE") from None
    if not re.fullmatch(r"[\d,]*", str(parts.get("port") or "")):
        raise Misconfigured(f"{_NO_ADDRESS}; its port is no number", about="INGEST_STATE")
    return parts


_NO_ADDRESS = (
    "INGEST_STATE is no address of a PostgreSQL as libpq reads it, such as postgresql://USER:PASSWORD@HOST/DATABASE "
    "or host=HOST dbname=DATABASE user=USER"
)
# Parts of messages about connections that are refused for good; connecting has no error codes.
_REFUSED_FOR_GOOD = (
    *("does not exist", "authentication failed", "no password supplied", "no pg_hba.conf entry", "certificate"),
    *("not permitted to log in", "permission denied", "invalid ", "SSL was required"),
)


def _error_of(error: psycopg.Error, name: str) -> IngestError | None:
    """Return our error, for what the owner has to fix or for what passes; None for a bug of ours."""
    said = " ".join(str(error).split())
    match error:
        case errors.InsufficientPrivilege():
            told = f"{name} refuses what the state needs: {said}; grant it to the user that INGEST_STATE names"
            return Misconfigured(told, about="INGEST_STATE")
        case errors.DiskFull():
            return DiskFull(f"there is no room on the disk of {name}: make some, and run again ({said})", about=name)
        case errors.LockNotAvailable() | errors.DeadlockDetected() | errors.SerializationFailure():
            return WarehouseBusy(f"{name} is being written by another process: {said}", about=name)
        case errors.ReadOnlySqlTransaction():
            return WarehouseAway(f"{name} takes no writes just now: {said}", about=name)
        case psycopg.OperationalError() | errors.IdleInTransactionSessionTimeout():
            if error.sqlstate is None and any(sign in said for sign in _REFUSED_FOR_GOOD):
                return Misconfigured(f"INGEST_STATE leads to no database of ours: {said}", about="INGEST_STATE")
            return WarehouseAway(f"{name} can't be reached: {said}", about=name)
    return None
