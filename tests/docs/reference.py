"""Writes the reference of the analysts' file from the comments it carries, as docs/analyst-guide.md has it."""

from duckdb import DuckDBPyConnection


def reference(news: DuckDBPyConnection) -> str:
    """Give a section for every table of `main` and `ops`, with its grain and its columns."""
    tables = news.execute(
        "select schema_name, table_name, comment from duckdb_tables() order by schema_name, table_oid"
    ).fetchall()
    return "\n".join(_section(news, schema, table, comment) for schema, table, comment in tables)


def _section(news: DuckDBPyConnection, schema: str, table: str, comment: str) -> str:
    name = table if schema == "main" else f"{schema}.{table}"
    columns = news.execute(
        "select column_name, lower(data_type), comment from duckdb_columns()"
        " where schema_name = $schema and table_name = $table order by column_index",
        {"schema": schema, "table": table},
    ).fetchall()
    rows = [f"| `{column}` | {_short(kind)} | {meaning} |" for column, kind, meaning in columns]
    return "\n".join([f"### {name}", "", comment, "", "| column | type | what it is |", "|---|---|---|", *rows, ""])


def _short(kind: str) -> str:
    return kind.replace("timestamp with time zone", "timestamptz").replace("varchar", "text")
