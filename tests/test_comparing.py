"""What a killed run is compared in: each table that there is, but those that are left out by name, for a reason."""

import re
from collections.abc import Iterable
from pathlib import Path

from ingest.warehouse.warehouse import Warehouse, query
from tests.comparing import AGREED, AGREED_BEHIND, AGREED_WITHIN, LEFT_OUT, LEFT_OUT_OF_WAREHOUSE
from tests.state import select, state_in


def test_each_table_of_the_state_is_compared_or_left_out_by_name(tmp_path: Path) -> None:
    state_in(tmp_path).close()

    tables = {name for (name,) in select(tmp_path, "select name from sqlite_schema where type = 'table'")}

    assert tables - tables_in(AGREED_WITHIN.values()) == LEFT_OUT.keys()


def test_each_table_of_the_warehouse_is_compared_or_left_out_by_name(tmp_path: Path) -> None:
    Warehouse(tmp_path).close()

    _, found = query(tmp_path / "published.duckdb", "select table_name from duckdb_tables()")

    tables = {name for (name,) in found}
    assert tables - tables_in([*AGREED.values(), *AGREED_BEHIND.values()]) == LEFT_OUT_OF_WAREHOUSE.keys()


def tables_in(statements: Iterable[str]) -> set[str]:
    """Return the names of what statements read."""
    return {name for sql in statements for name in re.findall(r"\b(?:from|join) (?:ops\.)?(\w+)", sql)}
