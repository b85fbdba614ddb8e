"""A file made by an older version has the same rows after it was brought up to date."""

from collections.abc import Iterator

import duckdb
import pytest

from ingest.core.ids import article_key, content_key, figure_key
from ingest.warehouse.migrations import LAST_WITH_QUARANTINE, migrations

REFUSED = """
insert into quarantine.refused_rows by name
select
  'batch' as batch_id, 'figures' as table_name, ? as row_key, 'rule' as rule, 'gazette' as source_id, ? as article_id,
  '' as note, '{}' as row_json, now() as quarantined_at
"""
HELD_BY_ID = (
    "figure_id from published.figures", "row_key from quarantine.refused_rows", "row_key from quarantine.accepted_rows",
)  # fmt: skip
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
            columns = column_names(connection)
            before = rows(connection, columns)
        if number <= newest:
            connection.execute(sql)

    assert len(before) > 10
    assert all(rows(connection, columns)[table] == found for table, found in before.items())


def test_figures_of_an_older_file_get_the_ids_that_they_are_given_today(connection: duckdb.DuckDBPyConnection) -> None:
    article_id, sentence = article_key("https://gazette.example/pier"), "The pier costs $12 million."
    earlier, today = content_key("figure", article_id, sentence, "15", "1"), figure_key(article_id, sentence, 15, 1)
    for number, _, sql in migrations():
        if number > LAST_WITH_QUARANTINE:
            break
        if number == 9:
            fill(connection)
            connection.execute("update published.figures set article_id = ?, figure_id = ?", [article_id, earlier])
            connection.execute(REFUSED, [earlier, article_id])
            connection.execute("insert into quarantine.accepted_rows values ('figures', ?, '', now())", [earlier])
        connection.execute(sql)
    found = [connection.execute(f"select {sql}").fetchall() for sql in HELD_BY_ID]

    assert found == [[(today,)]] * len(HELD_BY_ID)


def fill(connection: duckdb.DuckDBPyConnection) -> None:
    """Put one row into each table of the published ones."""
    for table in tables(connection):
        types = [kind for _, kind, *_ in connection.execute(f"describe published.{table}").fetchall()]
        connection.execute(f"insert into published.{table} values ({', '.join(SAMPLES[kind] for kind in types)})")


def column_names(connection: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """Return the columns of each published table; the ids of figures have changed once and are left out."""
    sql = "select name from pragma_table_info(?) where name <> 'figure_id'"
    return {
        table: [name for (name,) in connection.execute(sql, [f"published.{table}"]).fetchall()]
        for table in tables(connection)
    }


def rows(connection: duckdb.DuckDBPyConnection, columns: dict[str, list[str]]) -> dict[str, list[tuple[object, ...]]]:
    """Read the rows of the tables and columns given, which a later migration may have added to."""
    return {
        table: connection.execute(f"select {', '.join(names)} from published.{table}").fetchall()
        for table, names in columns.items()
    }


def test_of_changes_in_an_older_file_the_cause_is_set_where_it_is_known(connection: duckdb.DuckDBPyConnection) -> None:
    told = [
        ("$12 million", "$21 million", "publisher"),
        (None, "$21 million", "publisher"),
        ("$12 million", None, "publisher"),
        ("340", "340", "reader"),  # the same words, read otherwise
        (None, "340", None),  # the words stood there before
        ("340", None, None),
        ("340", "$21 million", None),
    ]
    for number, _, sql in migrations():
        if number == 19:
            fill(connection)
            add_versions(connection, "Worth $12 million, moved 340.", "Worth $21 million, moved 340.")
            for place, (before, after, _) in enumerate(told):
                connection.execute(
                    "insert into published.figure_changes by name select * replace ('pier' as article_id, 1 as"
                    " from_version, 2 as to_version, ? as position, ? as before, ? as after)"
                    " from published.figure_changes where article_id = 'harbour'",
                    [place, before, after],
                )
        connection.execute(sql)
    sql = "select before, after, cause from published.figure_changes where article_id = 'pier' order by position"

    assert connection.execute(sql).fetchall() == told


def add_versions(connection: duckdb.DuckDBPyConnection, *bodies: str) -> None:
    for version, body in enumerate(bodies, start=1):
        connection.execute(
            "insert into published.article_versions by name select * replace ('pier' as article_id, ? as version,"
            " ? as body) from published.article_versions where article_id = 'harbour'",
            [version, body],
        )


def test_figures_of_an_older_file_get_the_english_name_of_their_unit(connection: duckdb.DuckDBPyConnection) -> None:
    told = [
        ("en", "count", "visitor", "visitor"),
        ("en", "count", "home", "house"),
        ("es", "count", "persona", "person"),
        ("es", "count", "vivienda", "house"),
        ("es", "count", "carreta", None),
        ("es", "money", "COP", "COP"),
        ("es", "ratio", None, None),
    ]
    for number, _, sql in migrations():
        if number == 18:
            fill(connection)
            add_figures(connection, [row[:3] for row in told])
        connection.execute(sql)
    sql = "select canonical_unit from published.figures where article_id <> 'harbour' order by article_id"

    assert connection.execute(sql).fetchall() == [(name,) for *_, name in told]


def add_figures(connection: duckdb.DuckDBPyConnection, told: list[tuple[str, str, str | None]]) -> None:
    """Copy the one row of articles and figures for each language, kind and unit."""
    for place, (language, kind, unit) in enumerate(told):
        connection.execute(
            "insert into published.articles by name select * replace (? as article_id, ? as language)"
            " from published.articles where article_id = 'harbour'",
            [f"article {place}", language],
        )
        connection.execute(
            "insert into published.figures by name select * replace (? as article_id, ? as kind, ? as unit)"
            " from published.figures where article_id = 'harbour'",
            [f"article {place}", kind, unit],
        )


def tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    sql = "select table_name from duckdb_tables() where schema_name = 'published' order by all"
    return [name for (name,) in connection.execute(sql).fetchall()]
