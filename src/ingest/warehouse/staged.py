"""Parsed articles between staging and publication: kept in the state, loaded into the warehouse to be validated."""

import json
import zlib
from collections.abc import Collection, Iterable, Mapping, Sequence

from ..core.model import Batch
from ..core.parsed_articles import StagedArticle
from ..state import State, StateTransaction
from .article_rows import stage_rows, staged_rows
from .duckdb_values import json_of
from .refused_rows import Key, accepted_rows
from .warehouse import Row, Transaction, Warehouse


def load_staged(state: State, warehouse: Warehouse, batches: Iterable[Batch]) -> None:
    """Load the rows of some batches into the warehouse's staged tables, in place of what these have of them."""
    batch_ids = [batch.batch_id for batch in batches]
    if parts := state.read("staged_parts", {"batch_ids": batch_ids}):
        accepted = accepted_rows(state)
        with warehouse.write() as transaction:
            load_parts(transaction, parts, accepted)


def unload_staged(warehouse: Warehouse, batch_ids: Sequence[str]) -> None:
    """Delete the rows of some batches from the staged tables; the state keeps them."""
    with warehouse.write() as transaction:
        unstage(transaction, batch_ids)


def load_parts(transaction: Transaction, parts: Sequence[Row], accepted: Collection[Key]) -> None:
    """Load what was staged in batches, in all their parts, in place of what the staged tables have of them.

    What a person has accepted is there for suites to see, and flagged where it was parsed again.
    """
    tables: dict[str, list[Row]] = {}
    unstage(transaction, [part["batch_id"] for part in parts])
    for part in parts:
        contents = unpacked(part["contents"])
        if part["is_reread"]:
            _flag_accepted(contents, accepted)
        for table, rows in contents.items():
            tables.setdefault(table, []).extend(rows)
    stage_rows(transaction, tables)
    transaction.run("delete_accepted")
    transaction.insert("staging.accepted_rows", [{"table_name": table, "row_key": key} for table, key in accepted])


def unstage(transaction: Transaction, batch_ids: Sequence[str]) -> None:
    """Delete the staged rows of some batches."""
    transaction.run("name_unstaged", batch_ids=batch_ids)
    transaction.script("unstage")


def keep_staged(transaction: StateTransaction, batch: Batch, parsed_articles: Sequence[StagedArticle]) -> None:
    """Keep parsed articles that wait in a batch."""
    tables: dict[str, list[Row]] = {}
    for parsed in parsed_articles:
        for table, rows in staged_rows(parsed, batch.batch_id).items():
            tables.setdefault(table, []).extend(rows)
    transaction.insert("staged_parts", [staged_part(batch.batch_id, tables)])


def _flag_accepted(tables: Mapping[str, Sequence[Row]], accepted: Collection[Key]) -> None:
    """Flag the articles and figures that a person has accepted."""
    for table in ("articles", "figures"):
        for row in tables.get(table, ()):
            if (table, row["row_key"]) in accepted and "accepted" not in row["flags"]:
                row["flags"].append("accepted")


def staged_part(batch_id: str, tables: Mapping[str, Sequence[Row]]) -> Row:
    """Return the row of `staged_parts` for some rows of a batch, by staged table, which become compressed JSON."""
    article_ids = [row["article_id"] for row in tables.get("articles", ())]
    contents = zlib.compress(json_of(tables).encode())
    return {"batch_id": batch_id, "article_ids": article_ids, "contents": contents}


def unpacked(contents: bytes) -> dict[str, list[Row]]:
    """Return the rows of a part by staged table: decimals as text, moments in ISO 8601."""
    tables: dict[str, list[Row]] = json.loads(zlib.decompress(contents))
    return tables
