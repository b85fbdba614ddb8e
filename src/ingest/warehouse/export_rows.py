"""The analysts' tables by day of publication, and the files that are made of them: Parquet, or CSV by RFC 4180."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from .duckdb_values import written
from .export_plan import Partition
from .warehouse import DuckDBPyConnection, opened, rows, statement

FETCHED_AT_ONCE = 1_000  # rows, on their way to a CSV file

_BY_ARTICLE = "join (select article_id, published_at::date as day from articles) as d using (article_id)"
_WHOLE = "cross join (select null::date as day) as d"


class NewsRows:
    """The tables of one released file, as they were when it was opened."""

    def __init__(self, connection: DuckDBPyConnection, *, file_format: str) -> None:
        """Write files of a format: parquet or csv."""
        self._connection = connection
        self._format = file_format
        self._columns: dict[str, list[dict[str, Any]]] = {}

    def is_parted(self, table: str) -> bool:
        """Return whether its rows belong to articles, which have a day of publication."""
        return any(column["name"] == "article_id" for column in self._of(table))

    def has_texts(self, table: str) -> bool:
        """Return whether its rows hold whole texts."""
        return any(column["name"] == "body" for column in self._of(table))

    def partitions(self, table: str, *, first: date | None, last: date | None) -> list[Partition]:
        """Return the days of a range that have rows, in their order; without a range also what has no day."""
        sql = statement("export_days").format(columns=self._listed(table), table=table, days=self._days(table))
        found = self._connection.execute(sql, {"first": first, "last": last}).fetchall()
        shape = json.dumps([self._format, [(one["name"], one["type"]) for one in self._of(table)]])
        (kind,) = self._connection.execute("select hash($shape)::varchar", {"shape": shape}).fetchall()[0]
        is_whole = not self.is_parted(table)
        return [
            Partition(day=day, is_whole=is_whole, rows=count, fingerprint=f"{kind}/{sums}")
            for day, count, sums in found
        ]

    def bring(self, table: str, part: list[Partition]) -> None:
        """Get the rows of some days ready to be written."""
        sql = statement("export_part").format(
            columns=self._listed(table), table=table, days=self._days(table), key=self._key(table)
        )
        self._connection.execute(sql, {"first": part[0].day, "last": part[-1].day})

    def write(self, table: str, partition: Partition, path: Path) -> None:
        """Write the rows of one of those days to a file."""
        day = f"date {written(partition.day.isoformat())}" if partition.day else "null"
        sql = statement("export_day").format(columns=self._listed(table), day=day)
        if self._format == "parquet":
            sql = sql.rstrip()
            self._connection.execute(f"copy ({sql}) to {written(str(path))} (format parquet, compression zstd)")
            return
        with path.open("w", encoding="utf-8", newline="") as file:
            file.writelines(self._lines(self._connection.execute(sql)))

    def _lines(self, result: DuckDBPyConnection) -> Iterator[str]:
        yield _line(column[0] for column in result.description or ())
        while found := result.fetchmany(FETCHED_AT_ONCE):
            yield from map(_line, found)

    def _of(self, table: str) -> list[dict[str, Any]]:
        if table not in self._columns:
            self._columns[table] = rows(self._connection, "export_columns", {"table": table})
        return self._columns[table]

    def _listed(self, table: str) -> str:
        return ", ".join(f't."{column["name"]}"' for column in self._of(table))

    def _key(self, table: str) -> str:
        placed = sorted((one["key_place"], one["name"]) for one in self._of(table) if one["key_place"])
        return ", ".join(f't."{name}"' for _, name in placed) or self._listed(table)

    def _days(self, table: str) -> str:
        return _BY_ARTICLE if self.is_parted(table) else _WHOLE


@contextmanager
def news_rows(path: Path, scratch: Path, *, file_format: str, memory_mb: int) -> Iterator[NewsRows]:
    """Open a released file to be exported; what does not fit into memory goes to `scratch`, and is removed again."""
    with opened(path) as connection:
        connection.execute("set memory_limit = $limit", {"limit": f"{memory_mb}MB"})
        connection.execute("set temp_directory = $folder", {"folder": str(scratch)})
        connection.execute("set threads = 1")  # so that the same rows are the same file, byte for byte
        yield NewsRows(connection, file_format=file_format)


def _line(values: Iterable[object]) -> str:
    """Write a line as RFC 4180 has it; nothing at all is null, and a text that is empty is "" ."""
    return ",".join(map(_field, values)) + "\r\n"


def _field(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, int | float | date):
        return str(value)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return '"' + text.replace('"', '""') + '"'
