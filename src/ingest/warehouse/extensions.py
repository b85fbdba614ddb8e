"""DuckDB's extensions, loaded from the packages that carry them: nothing is downloaded."""

from importlib.resources import as_file, files

from ..core.errors import Misconfigured
from .duckdb_errors import DuckDBPyConnection
from .duckdb_values import written


def load_extension(connection: DuckDBPyConnection, name: str, *, brought_by: str = "news-ingest") -> None:
    """Load an extension of that name; a second time does nothing. Misconfigured says what to install for it."""
    version = connection.execute("select version()").fetchall()[0][0]
    try:
        package = files(f"duckdb_extension_{name}") / "extensions" / str(version) / f"{name}.duckdb_extension"
    except ModuleNotFoundError as error:
        message = f"DuckDB's extension {name} is not installed; `pip install '{brought_by}'` brings it"
        raise Misconfigured(message, about=name) from error
    with as_file(package) as path:
        connection.execute(f"load {written(str(path))}")


def load_stemmers(connection: DuckDBPyConnection) -> None:
    """Load fts, which has the stemmers that search needs."""
    load_extension(connection, "fts")


def load_what_it_needs(connection: DuckDBPyConnection, sql: str) -> None:
    """Load fts where a person's SQL searches."""
    if "search_" in sql:
        load_stemmers(connection)
