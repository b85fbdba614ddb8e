"""Statements that are committed together, and rows on their way into and out of DuckDB."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from .faults import DuckDBPyConnection
from .statements import statement
from .values import plain, written

ROWS_AT_ONCE = 250  # a statement holds its rows many times over: twenty thousand took 250 MB
VALUES_AT_ONCE = 200

Row = dict[str, Any]


class Transaction:
    """Statements under way together; nobody else sees them until the last one has run."""

    def __init__(self, connection: DuckDBPyConnection, shapes: dict[str, str]) -> None:
        self.connection = connection
        self._shapes = shapes

    def run(self, name: str, /, **parameters: object) -> list[Row]:
        """Run the statement of that name and give its rows, if it has any."""
        return rows_of(self.connection.execute(statement(name), parameters))

    def run_for(self, name: str, values: Sequence[str], /, **parameters: object) -> list[Row]:
        """Run a statement for many values, which stand in it as `{values}`, and give its rows.

        They are written out, and few at a time, because that is how DuckDB looks them up by index.
        """
        rows = []
        for start in range(0, len(values), VALUES_AT_ONCE):
            listed = ", ".join(map(written, values[start : start + VALUES_AT_ONCE]))
            rows += rows_of(self.connection.execute(statement(name).format(values=listed), parameters))
        return rows

    def script(self, name: str) -> None:
        """Run a file of several statements, which take no parameters."""
        self.connection.execute(statement(name))

    def insert(self, table: str, rows: Iterable[Row]) -> None:
        """Insert rows, columns by name, all of the same; a missing column is null or its default."""
        for listed in _some_at_a_time(rows):
            columns = ", ".join(listed[0])
            shape = self._shape(table, [*listed[0]])
            self.connection.execute(f"insert into {table} ({columns}) select {_unnested(shape)}", [listed])

    def merge(self, table: str, rows: Iterable[Row], *, key: Sequence[str], update: Sequence[str] = ()) -> None:
        """Insert rows that are not there yet, told apart by `key`; of one that is, these columns change, or none.

        Of rows with one key, the first counts.
        """
        firsts: dict[tuple[object, ...], Row] = {}
        for row in rows:
            firsts.setdefault(tuple(row[column] for column in key), row)
        for listed in _some_at_a_time(firsts.values()):
            columns = [*listed[0]]
            sql = statement("merge_rows" if update else "add_rows").format(
                table=table,
                rows=_unnested(self._shape(table, columns)),
                key=", ".join(key),
                changes=", ".join(f"{one} = fresh.{one}" for one in update),
                columns=", ".join(columns),
                values=", ".join(f"fresh.{one}" for one in columns),
            )
            self.connection.execute(sql, [listed])

    def _shape(self, table: str, columns: Sequence[str]) -> str:
        """Spell the DuckDB type of a list of such rows, so that nothing is guessed from the values."""
        key = f"{table} {' '.join(columns)}"
        if key not in self._shapes:
            types = {
                row["column_name"]: row["column_type"] for row in rows_of(self.connection.execute(f"describe {table}"))
            }
            self._shapes[key] = "struct(" + ", ".join(f'"{column}" {types[column]}' for column in columns) + ")[]"
        return self._shapes[key]


def _some_at_a_time(rows: Iterable[Row]) -> Iterator[list[Row]]:
    waiting = iter(rows)
    while some := [{key: plain(value) for key, value in row.items()} for row in islice(waiting, ROWS_AT_ONCE)]:
        yield some


def _unnested(shape: str) -> str:
    return f"unnest(?::{shape}, max_depth := 2)"


def rows_of(result: DuckDBPyConnection) -> list[Row]:
    """Give the rows of a result, columns by name."""
    if result.description is None:
        return []
    names = [column[0] for column in result.description]
    return [dict(zip(names, values, strict=True)) for values in result.fetchall()]
