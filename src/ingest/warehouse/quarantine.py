"""Rows in quarantine, and archived pages that are read again: proposed, approved or withdrawn."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from ..core.model import Batch, Capture, ValidationResult
from ..core.parsed_articles import Fetched, StagedArticle
from ..state import State
from ..state.rows import entry_of, keep_changes, noun
from .batches import upsert_batch
from .refused_rows import accepted_rows, refused_rows, withholding
from .staged import keep_staged, load_staged, unpacked, unstage
from .warehouse import Row, Warehouse


def rereadable_entries(
    state: State, source_id: str, *, since: datetime | None, article_ids: Sequence[str] | None
) -> list[Fetched]:
    """Return the entries of a source whose pages are in the archive; those of some articles, or all."""
    wanted = None if article_ids is None else list(article_ids)
    rows = state.read("rereadable", {"source_id": source_id, "since": since, "article_ids": wanted})
    return [
        Fetched(
            entry=entry_of(row),
            capture=noun(Capture, row | {"url": row["capture_url"]}),
            fetched_at=row["captured_at"],
            article_id=row["article_id"],
            is_from_feed=row["is_from_feed"],
        )
        for row in rows
    ]


def propose_batch(state: State, batch: Batch, parsed_articles: Sequence[StagedArticle]) -> None:
    """Add parsed articles to a batch that nothing publishes before it is approved."""
    with state.write() as transaction:
        upsert_batch(transaction, batch, "proposed")
        keep_staged(transaction, batch, parsed_articles)


def rows_to_hold(
    state: State, warehouse: Warehouse, batch_id: str, refusing: Sequence[ValidationResult]
) -> dict[str, list[str]]:
    """Return by table the rows of a proposed batch that these validation results would send to quarantine."""
    accepted = accepted_rows(state)
    with warehouse.write() as transaction:
        rows = refused_rows(transaction, batch_id, refusing, accepted)
    held: dict[str, set[str]] = {}
    for row in rows:
        if row["accepted_at"] is None:
            held.setdefault(row["table_name"], set()).add(row["row_key"])
    return {table: sorted(keys) for table, keys in held.items()}


def rereading_changes(warehouse: Warehouse, batch_id: str, held: Mapping[str, Sequence[str]]) -> Mapping[str, int]:
    """Count what a proposed batch would change in what is published, these rows being held back."""
    return warehouse.read("report_rereading", _without(batch_id, held))[0]


def reread_figures(warehouse: Warehouse, batch_id: str, held: Mapping[str, Sequence[str]], limit: int) -> list[Row]:
    """Return the first of the figures that a proposed batch would add, change or drop, these rows being held back."""
    return warehouse.read("report_reread_figures", _without(batch_id, held) | {"limit": limit})


def approve_batch(state: State, batch_id: str) -> None:
    """Have a proposed batch validated and published as any other."""
    with state.write() as transaction:
        transaction.run("approve_batch", batch_id=batch_id)


def withdraw_proposals(state: State, warehouse: Warehouse) -> None:
    """Delete every batch that was proposed and not approved."""
    with state.write() as transaction:
        batch_ids = [row["batch_id"] for row in transaction.run("delete_proposals")]
        transaction.run("delete_staged_parts", batch_ids=batch_ids)
    if batch_ids:
        with warehouse.write() as in_warehouse:
            unstage(in_warehouse, batch_ids)


def articles_of_refused(state: State, refused_ids: Sequence[str]) -> dict[str, list[str]]:
    """Return the articles that rows in quarantine were read from, by source."""
    articles: dict[str, list[str]] = {}
    for row in state.read("articles_of_refused", {"refused_ids": list(refused_ids)}):
        articles.setdefault(row["source_id"], []).append(row["article_id"])
    return articles


def is_read_again(state: State, refused_id: str, batch: Batch) -> bool:
    """Return whether a batch that waits brings a row in quarantine again."""
    refused = _refused_row(state, refused_id)
    parts = state.read("staged_parts", {"batch_ids": [batch.batch_id]})
    staged = (unpacked(part["contents"]).get(refused["table_name"], ()) for part in parts)
    return any(row["row_key"] == refused["row_key"] for rows in staged for row in rows)


def accept_refused(state: State, warehouse: Warehouse, refused_id: str, batch: Batch, why: str, now: datetime) -> None:
    """Accept a row: no rule refuses it any more, in the batch that brings it again or a later one."""
    with state.write() as transaction:
        transaction.run("accept_refused", refused_id=refused_id, why=why, now=now)
        keep_changes(transaction, [f"refused {refused_id}"], now)
    load_staged(state, warehouse, [batch])  # again, with what was accepted flagged


def delete_acceptance(state: State, refused_id: str) -> None:
    """Withdraw the acceptance of a row that was not published all the same: rules may refuse it again."""
    with state.write() as transaction:
        transaction.run("delete_acceptance", refused_id=refused_id)


def withholding_rows(state: State, refused_id: str, batch_id: str) -> list[Row]:
    """Return the rows that keep a batch from publishing a row in quarantine: what it belongs to, then itself."""
    rows = state.read("refused_rows", {"batch_ids": [batch_id]})
    return withholding(_refused_row(state, refused_id), rows)


def _refused_row(state: State, refused_id: str) -> Row:
    return state.read("refused_row", {"refused_id": refused_id})[0]


def settle_refused(state: State, refused_ids: Sequence[str], batch: Batch, article_ids: Sequence[str]) -> None:
    """Keep that the articles of rows in quarantine were read again in a batch, and which rows it published."""
    with state.write() as transaction:
        transaction.run(
            "settle_refused",
            refused_ids=list(refused_ids),
            batch_id=batch.batch_id,
            article_ids=list(article_ids),
            now=batch.staged_at,
        )
        keep_changes(transaction, [f"refused {refused_id}" for refused_id in refused_ids], batch.staged_at)


def _without(batch_id: str, held: Mapping[str, Sequence[str]]) -> dict[str, object]:
    articles, figures = (list(held.get(table, ())) for table in ("articles", "figures"))
    return {"batch_id": batch_id, "held_articles": articles, "held_figures": figures}
