"""Writes the reference of the analysts' file from the comments it carries, as docs/analyst.md has it."""

from duckdb import DuckDBPyConnection


def reference(news: DuckDBPyConnection) -> str:
    """Return a section for every view and every table of `main` and `ops`, with its grain and its columns."""
    tables = news.execute(
        """
        select 0, schema_name, view_name, comment, view_oid from duckdb_views() where not internal
        union all
        select 1, schema_name, table_name, comment, table_oid from duckdb_tables() where schema_name <> 'search'
        order by all
        """
    ).fetchall()
    return "\n".join(_section(news, schema, table, comment) for _, schema, table, comment, _ in tables)


def macros(news: DuckDBPyConnection) -> str:
    """Return a row for every macro that an analyst calls, with what it takes."""
    found = news.execute(
        """
        select function_name, parameters, comment from duckdb_functions()
        where function_type = 'table_macro' and not internal and schema_name = 'main'
        order by function_name
        """
    ).fetchall()
    rows = [f"| `{name}({', '.join(parameters)})` | {comment} |" for name, parameters, comment in found]
    return "\n".join(["| macro | what it gives |", "|---|---|", *rows])


def diagram(news: DuckDBPyConnection) -> str:
    """Draw the tables of `main` with their keys, joined as the comments of columns say, for Mermaid."""
    tables = news.execute(
        "select table_name from duckdb_tables() where schema_name = 'main' order by table_oid"
    ).fetchall()
    return "\n".join(
        ["erDiagram", *(line for (table,) in tables for line in _entity(news, table)), *sorted(set(_joins(news)))]
    )


def _joins(news: DuckDBPyConnection) -> list[str]:
    found = news.execute(
        """
        select regexp_extract(comment, ': (\\w+)\\.\\w+', 1) as referenced, table_name, column_name
        from duckdb_columns()
        where schema_name = 'main' and referenced <> ''
        """
    ).fetchall()
    return [f'  {one} ||--o{{ {many} : "{columns}"' for one, many, columns in found]


def _entity(news: DuckDBPyConnection, table: str) -> list[str]:
    keys = news.execute(
        """
        select list(distinct key) from (
          select unnest(constraint_column_names) as key
          from duckdb_constraints()
          where schema_name = 'main' and table_name = $table and constraint_type = 'PRIMARY KEY'
        )
        """,
        {"table": table},
    ).fetchall()[0][0]
    columns = news.execute(
        "select column_name, lower(data_type) from duckdb_columns()"
        " where schema_name = 'main' and table_name = $table order by column_index",
        {"table": table},
    ).fetchall()
    lines = [f"    {_plain(kind)} {column}{' PK' if column in (keys or ()) else ''}" for column, kind in columns]
    return [f"  {table} {{", *lines, "  }"]


def _plain(kind: str) -> str:
    """Return a type in one word, as Mermaid wants it."""
    return _short(kind).partition("(")[0].replace("[]", "_list")


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
