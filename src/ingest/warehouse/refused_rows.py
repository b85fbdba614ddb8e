"""Rows that rules refuse: which they are among what is staged of a batch, and what else they keep from publication."""

import json
from collections.abc import Iterable, Mapping, Sequence

from ..core.errors import ValidatorFailed
from ..core.model import ValidationResult
from ..state import State
from .statements import statement
from .transaction import Row, Transaction, rows_of

Key = tuple[str, str]  # the table that a row was staged for, and its key there

_EXCERPTS = ("sentence", "title", "text", "name", "url")  # columns that tell a person which row it is: the first it has
_ORPHANED = """
(article_id, paragraph) in (
  select (article_id, position)
  from staging.paragraphs
  where batch_id = $batch_id
    and row_key in (select unnest($paragraphs::varchar[]))
)
"""
_NOT_ACCEPTED = {"accepted_at": None, "accepted_why": None}
_PARAGRAPH_REFUSED = {"rule": "paragraph_refused", "note": "The paragraph it stands in was refused."}


def accepted_rows(state: State) -> dict[Key, Row]:
    """Return the rows that a person has accepted, with when and why."""
    return {(row["table_name"], row["row_key"]): row for row in state.read("accepted_rows")}


def refused_rows(
    transaction: Transaction, batch_id: str, refusing: Iterable[ValidationResult], accepted: Mapping[Key, Row]
) -> list[Row]:
    """Return a row for each staged row and rule that refuses it, and for each figure of a paragraph that is refused.

    Of those that a person accepted, `accepted_at` says when; it is None where they are not published all the same.
    """
    rows = [row for validation in refusing for row in _refused_by(transaction, batch_id, validation, accepted)]
    paragraphs = [row["row_key"] for row in rows if row["table_name"] == "paragraphs" and row["accepted_at"] is None]
    if paragraphs:
        orphans = _staged(transaction, "figures", _ORPHANED, batch_id=batch_id, paragraphs=paragraphs)
        rows += [orphan | _PARAGRAPH_REFUSED | _NOT_ACCEPTED for orphan in orphans]
    refused = [row for row in rows if row["accepted_at"] is None]
    return [row | _NOT_ACCEPTED if row["accepted_at"] and withholding(row, refused) else row for row in rows]


def withholding(held: Row, refused: Iterable[Row]) -> list[Row]:
    """Return what keeps a batch from publishing a row, of the rows that rules refused in it: each with those rules.

    What it belongs to comes first, then itself.
    """
    needed = _needed(held)
    barriers: dict[Key, Row] = {}
    for row in refused:
        key = (row["table_name"], row["row_key"])
        if key in needed:
            is_itself = row["table_name"] == held["table_name"]
            barrier = {"barrier_id": row["refused_id"], "table_name": row["table_name"], "is_itself": is_itself}
            barriers.setdefault(key, barrier | {"rules": []})["rules"].append(row["rule"])
    return sorted(barriers.values(), key=lambda one: (one["is_itself"], one["table_name"]))


def _refused_by(
    transaction: Transaction, batch_id: str, validation: ValidationResult, accepted: Mapping[Key, Row]
) -> Sequence[Row]:
    """Return the rows that a rule refuses; they must be exactly as many as were counted."""
    rows = _staged(transaction, validation.suite, validation.failing_rows or "", batch_id=batch_id)
    if len(rows) != validation.unexpected:
        rule = f"{validation.suite}.{validation.rule}"
        message = f"{rule} found {validation.unexpected} rows, but its failing_rows finds {len(rows)}; fix the suite"
        raise ValidatorFailed(message, about=rule)
    by = {"rule": validation.rule, "note": validation.note}
    may_accept = {} if validation.is_final else accepted
    return [row | by | _acceptance(may_accept.get((validation.suite, row["row_key"]))) for row in rows]


def _acceptance(accepted: Row | None) -> Row:
    return {"accepted_at": accepted["accepted_at"], "accepted_why": accepted["why"]} if accepted else _NOT_ACCEPTED


def _staged(transaction: Transaction, table: str, predicate: str, **parameters: object) -> list[Row]:
    """Return the staged rows of a batch for which a predicate of SQL is true, as quarantine has them."""
    article_id = "null" if table == "authors" else "article_id"
    sql = statement("refused_rows").format(table=table, predicate=predicate, article_id=article_id)
    rows = rows_of(transaction.connection.execute(sql, parameters))
    return [row | {"batch_id": parameters["batch_id"], "table_name": table, "excerpt": excerpt(row)} for row in rows]


def excerpt(row: Row) -> str:
    """Return what tells a person which row it is."""
    columns = json.loads(row["row_json"])
    return str(next(filter(None, map(columns.get, _EXCERPTS)), row["row_key"]))


def _needed(held: Row) -> set[Key]:
    """Return the rows without which a row is not published: what it belongs to, and itself."""
    columns = json.loads(held["row_json"])
    needed = {(held["table_name"], held["row_key"]), ("articles", held["article_id"])}
    if held["table_name"] == "article_authors":
        needed.add(("authors", columns["author_id"]))
    if held["table_name"] == "figures":
        needed.add(("paragraphs", f"{held['article_id']}:{columns['paragraph']}"))
    return needed
