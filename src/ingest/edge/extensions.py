"""DuckDB's extensions, loaded from the packages that carry them: nothing is downloaded."""

from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import WarehouseUnusable
from .values import written

if TYPE_CHECKING:
    from .warehouse import DuckDBPyConnection


def load_stemmers(connection: "DuckDBPyConnection") -> None:
    """Load fts, which has the stemmers that search needs; a second time does nothing."""
    import duckdb_extension_fts

    found = sorted(Path(duckdb_extension_fts.__file__).parent.glob("extensions/*/fts.duckdb_extension"))
    if not found:
        message = "the package duckdb-extension-fts carries no extension; install it anew"
        raise WarehouseUnusable(message, about="duckdb-extension-fts")
    connection.execute(f"load {written(str(found[-1]))}")


def load_what_it_needs(connection: "DuckDBPyConnection", sql: str) -> None:
    """Load fts where a person's SQL searches."""
    if "search_" in sql:
        load_stemmers(connection)
