"""DuckDB as Great Expectations needs it: over a connection that is open already, each statement on its own.

Importing this module registers the dialect `duckdb+ingest`.
"""

from collections.abc import Sequence
from typing import Any

import duckdb_engine
from sqlalchemy import Connection, text
from sqlalchemy.dialects import registry
from sqlalchemy.engine.interfaces import ReflectedColumn, ReflectedPrimaryKeyConstraint
from sqlalchemy.pool import StaticPool
from sqlalchemy.types import NullType

URL = "duckdb+ingest://"


def engine_options(connection: Any) -> dict[str, Any]:
    """Return how an engine of SQLAlchemy's uses a connection of ours, and no other."""
    return {"creator": lambda: _Connection(connection), "poolclass": StaticPool}


class Dialect(duckdb_engine.Dialect):
    """DuckDB without transactions (each statement sees what others have committed) and without guesses at types."""

    driver = "ingest"
    supports_statement_cache = False

    def do_begin(self, dbapi_connection: Any) -> None:
        """Begin nothing: an open transaction would not see the next batch."""

    def do_commit(self, dbapi_connection: Any) -> None:
        """Commit nothing."""

    def do_rollback(self, dbapi_connection: Any) -> None:
        """Roll nothing back."""

    def get_columns(
        self, connection: Connection, table_name: str, schema: str | None = None, **_: Any
    ) -> list[ReflectedColumn]:
        """List a table's columns; PostgreSQL's catalogue, which is asked otherwise, takes ten times as long."""
        table = f"{schema}.{table_name}" if schema else table_name
        found = connection.execute(text("select name from pragma_table_info(:table)"), {"table": table})
        return [{"name": name, "type": NullType(), "nullable": True, "default": None} for (name,) in found]

    def get_pk_constraint(self, *_: Any, **__: Any) -> ReflectedPrimaryKeyConstraint:
        """Return no key: staged tables have none, and neither have views of them."""
        return {"constrained_columns": [], "name": None}


class _Connection(duckdb_engine.ConnectionWrapper):
    def __init__(self, connection: Any) -> None:
        super().__init__(connection)
        self._connection = connection

    def cursor(self) -> "_Cursor":
        return _Cursor(self._connection, self)


class _Cursor(duckdb_engine.CursorWrapper):
    # All cursors share one connection, whose next statement discards rows not fetched yet: fetch them at once.
    rowcount = -1

    def __init__(self, connection: Any, wrapper: _Connection) -> None:
        super().__init__(connection, wrapper)
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Sequence[Any] | None = None

    def execute(self, statement: str, parameters: Any = None, context: Any = None) -> None:
        super().execute(statement, parameters, context)
        self.description = self._connection.description
        self._rows = self._connection.fetchall() if self.description else []

    def fetchone(self) -> Any:
        return self._rows.pop(0) if self._rows else None

    def fetchmany(self, size: int | None = None) -> list[Any]:
        count = 1 if size is None else size
        rows, self._rows = self._rows[:count], self._rows[count:]
        return rows

    def fetchall(self) -> list[Any]:
        rows, self._rows = self._rows, []
        return rows


registry.register("duckdb.ingest", __name__, "Dialect")
