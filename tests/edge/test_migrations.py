"""A file made by an older version has the same rows after it was brought up to date."""

from collections.abc import Iterator

import duckdb
import pytest

from ingest.edge.migrations import migrations

SAMPLES = {
    "VARCHAR": "'harbour'",
    "VARCHAR[]": "['harbour']",
    "INTEGER": "1",
    "DECIMAL(38,6)": "1.5",
    "TIMESTAMP WITH TIME ZONE": "timestamptz '2026-11-14 12:00:00+00'",
}


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        yield opened


@pytest.mark.parametrize("newest", [number for number, _, _ in migrations()[1:]])
def test_a_migration_keeps_the_rows_that_analysts_see(connection: duckdb.DuckDBPyConnection, newest: int) -> None:
    for number, _, sql in migrations():
        if number == newest:
            fill(connection)
            before = rows(connection)
        if number <= newest:
            connection.execute(sql)

    assert len(before) > 10
    assert all(rows(connection)[table] == found for table, found in before.items())


def fill(connection: duckdb.DuckDBPyConnection) -> None:
    """Put one row into each table of the published ones."""
    for table in tables(connection):
        types = [kind for _, kind, *_ in connection.execute(f"describe published.{table}").fetchall()]
        connection.execute(f"insert into published.{table} values ({', '.join(SAMPLES[kind] for kind in types)})")


def rows(connection: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[object, ...]]]:
    return {table: connection.execute(f"from published.{table}").fetchall() for table in tables(connection)}


def tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    sql = "select table_name from duckdb_tables() where schema_name = 'published' order by all"
    return [name for (name,) in connection.execute(sql).fetchall()]
