"""Statements that are committed together, and rows on their way into and out of DuckDB."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from .duckdb_errors import DuckDBPyConnection
from .duckdb_values import json_of, written
from .statements import statement

ROWS_IN_TEXT = 100  # of one JSON text: a text for each row takes DuckDB half as long again
MOST_CHARACTERS = 4_000_000  # of the rows of a statement, which holds them several times over
VALUES_AT_ONCE = 200

Row = dict[str, Any]
Types = dict[str, dict[str, str]]  # by table and column


class Transaction:
    """Statements under way together; nobody else sees them until the last one has run."""

    def __init__(self, connection: DuckDBPyConnection, types: Types) -> None:
        self.connection = connection
        self._types = types

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
        for columns, texts in _in_texts(rows):
            fresh = self._read_from_texts(table, columns)
            self.connection.execute(f"insert into {table} ({', '.join(columns)}) select {fresh}", [texts])

    def merge(self, table: str, rows: Iterable[Row], *, key: Sequence[str], update: Sequence[str] = ()) -> None:
        """Insert rows that are not there yet, told apart by `key`; of one that is, these columns change, or none.

        Of rows with one key, the first counts.
        """
        firsts: dict[tuple[object, ...], Row] = {}
        for row in rows:
            firsts.setdefault(tuple(row[column] for column in key), row)
        for columns, texts in _in_texts(firsts.values()):
            sql = statement("merge_rows" if update else "add_rows").format(
                table=table,
                rows=self._read_from_texts(table, columns),
                key=", ".join(key),
                changes=", ".join(f"{one} = fresh.{one}" for one in update),
                columns=", ".join(columns),
                values=", ".join(f"fresh.{one}" for one in columns),
            )
            self.connection.execute(sql, [texts])

    def delete(self, table: str, keys: Iterable[Row]) -> None:
        """Delete the rows that have one of some keys, all of the same columns."""
        for columns, texts in _in_texts(keys):
            fresh = self._read_from_texts(table, columns)
            sql = statement("delete_rows").format(table=table, rows=fresh, key=", ".join(columns))
            self.connection.execute(sql, [texts])

    def columns(self, table: str) -> list[str]:
        """Return the names of a table's columns."""
        return [*self._types_of(table)]

    def _types_of(self, table: str) -> dict[str, str]:
        if table not in self._types:
            described = rows_of(self.connection.execute(f"describe {table}"))
            self._types[table] = {row["column_name"]: row["column_type"] for row in described}
        return self._types[table]

    def _read_from_texts(self, table: str, columns: Sequence[str]) -> str:
        """Return what is selected of rows of a table that are given as JSON, each with its column's type."""
        types = self._types_of(table)
        # JSON that is the value of a column comes as text: it would be quoted once more.
        shape = {column: "VARCHAR" if types[column] == "JSON" else types[column] for column in columns}
        rows = f"unnest(from_json_strict(texts.text, {written(json.dumps([shape]))}), max_depth := 2)"
        return f"{rows} from (select unnest(?::varchar[]) as text) as texts"


def _in_texts(rows: Iterable[Row]) -> Iterator[tuple[list[str], list[str]]]:
    """Yield rows as JSON texts, as many as a statement may hold, after the names of their columns."""
    columns: list[str] = []
    listed: list[str] = []
    texts: list[str] = []
    characters = 0
    for row in rows:
        columns = columns or [*row]
        listed.append(json_of(row))
        characters += len(listed[-1])
        is_full = characters >= MOST_CHARACTERS
        if is_full or len(listed) == ROWS_IN_TEXT:
            texts.append(f"[{','.join(listed)}]")
            listed = []
        if is_full:
            yield columns, texts
            texts, characters = [], 0
    if listed:
        texts.append(f"[{','.join(listed)}]")
    if texts:
        yield columns, texts


def rows_of(result: DuckDBPyConnection) -> list[Row]:
    """Return the rows of a result, columns by name."""
    if result.description is None:
        return []
    names = [column[0] for column in result.description]
    return [dict(zip(names, values, strict=True)) for values in result.fetchall()]
