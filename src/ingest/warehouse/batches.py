"""Batches: staging them, and recording their validation results."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from ..core.events import Payload, event
from ..core.messages import AlertChange
from ..core.model import Batch, Event, ValidationResult
from ..core.parsed_articles import StagedArticle
from ..core.ports import EntryOutcome
from ..state import State, StateTransaction, row_of
from ..state.alerts import keep_change
from ..state.database import COPIED_TABLES
from ..state.entries import end_entries
from ..state.removed import removed_articles
from ..state.rows import keep_events, noun
from .near_duplicate_model import ArticleText
from .near_duplicates import article_texts
from .refused_rows import accepted_rows, refused_rows
from .staged import keep_staged
from .warehouse import Row, Warehouse

NO_REVISITS: Mapping[str, datetime] = MappingProxyType({})


def content_hashes(state: State, batch_id: str, article_ids: Iterable[str]) -> Mapping[str, str | None]:
    """Return the content hash of each article that is published, and None for one that the batch holds already."""
    asked = set(article_ids)
    staged = _staged_articles(state, batch_id) & asked
    published = state.read("content_hashes", {"article_ids": sorted(asked - staged)})
    return {row["article_id"]: row["content_hash"] for row in published} | dict.fromkeys(staged)


def articles_at(state: State, addresses: Iterable[str]) -> Mapping[str, str]:
    """Return the published article whose page lay at each of the addresses, or called itself so."""
    rows = state.read("articles_at", {"addresses": list(addresses)})
    return {row["url"]: row["article_id"] for row in rows}


def last_paragraphs(warehouse: Warehouse, source_id: str, articles: int) -> Mapping[str, tuple[str, Sequence[str]]]:
    """Return headline and paragraphs of so many articles of a source, those whose pages were read last."""
    rows = warehouse.read("last_paragraphs", {"source_id": source_id, "articles": articles})
    return {row["article_id"]: (row["title"], row["texts"]) for row in rows}


def published_texts(warehouse: Warehouse, article_ids: Iterable[str]) -> Mapping[str, ArticleText]:
    """Return the texts of published articles."""
    with warehouse.write() as transaction:
        return article_texts(transaction, article_ids)


def stage_batch(
    state: State,
    batch: Batch,
    parsed_articles: Sequence[StagedArticle],
    *,
    outcomes: Iterable[EntryOutcome],
    events: Iterable[Event],
    revisits: Mapping[str, datetime] = NO_REVISITS,
) -> None:
    """Add articles to a batch (made if need be), and end the entries that go no further.

    Of those, `revisits` has the time of the next fetch of a page by entry_id; the others need nothing more.
    """
    again = [{"entry_id": entry_id, "retry_at": retry_at} for entry_id, retry_at in revisits.items()]
    with state.write() as transaction:
        removed = removed_articles(transaction, parsed_articles)
        staged = [parsed for parsed in parsed_articles if parsed.entry.entry_id not in removed]
        ends = [entry_outcome for entry_outcome in outcomes if entry_outcome.entry_id not in removed]
        ends += [EntryOutcome(entry_id=entry_id, outcome="unchanged", reason="removed") for entry_id in removed]
        ended = {entry_outcome.entry_id for entry_outcome in ends}
        if staged:
            upsert_batch(transaction, batch)
            keep_staged(transaction, batch, staged)
            keep_events(transaction, events)
        placed = {one.entry.entry_id: one.parsed.article.article_id for one in staged}
        transaction.run_each("place_entry", _places(placed, batch.batch_id, but=ended))
        transaction.run_each("place_entry", _places(removed, None))
        end_entries(transaction, ends, batch.staged_at)
        transaction.run("close_entries", entry_ids=list(ended - revisits.keys()))
        transaction.run_each("refetch_entry", again)


def batches_in(state: State, batch_state: str) -> list[Batch]:
    """Return the batches in a state, first staged first."""
    return [noun(Batch, row) for row in state.read("batches", {"state": batch_state})]


def keep_validations(
    state: State,
    warehouse: Warehouse,
    batch: Batch,
    validations: Sequence[ValidationResult],
    *,
    broken: Sequence[str],
    refusing: Sequence[ValidationResult],
    changes: Sequence[AlertChange],
    now: datetime,
) -> int:
    """Keep validation results: reject the batch where rules broke, else quarantine refused rows; return how many."""
    rows = _rows_to_quarantine(state, warehouse, batch, refusing, now) if refusing else []
    refused = len({(row["table_name"], row["row_key"]) for row in rows if row["accepted_at"] is None})
    ended = "rejected" if broken else "validated"
    with state.write() as transaction:
        _keep_validations(transaction, validations, now)
        transaction.merge("quarantine", rows, key=COPIED_TABLES["quarantine"])
        transaction.run("set_batch_state", batch_id=batch.batch_id, state=ended, now=now)
        if broken:
            transaction.run("reject_entries", batch_id=batch.batch_id, reason=broken[0], now=now)
            transaction.run("close_batch_entries", batch_id=batch.batch_id)
        for change in changes:
            keep_change(transaction, change, now)
        keep_events(transaction, _validation_events(batch, broken, refused, now))
    return refused


def _rows_to_quarantine(
    state: State, warehouse: Warehouse, batch: Batch, refusing: Sequence[ValidationResult], now: datetime
) -> list[Row]:
    """Return the rows of a batch that go to quarantine."""
    accepted = accepted_rows(state)
    with warehouse.write() as transaction:
        rows = refused_rows(transaction, batch.batch_id, refusing, accepted)
    return [row | {"source_id": batch.source_id, "quarantined_at": now} for row in rows]


def _staged_articles(state: State, batch_id: str | None) -> set[str]:
    """Return the articles with new content that wait in a batch."""
    parts = state.read("staged_article_ids", {"batch_ids": [batch_id]})
    return {article_id for part in parts for article_id in part["article_ids"]}


def last_audit(state: State) -> tuple[datetime | None, datetime | None]:
    """Return when the warehouse was last validated as a whole, and when a batch was last published."""
    row = state.read("last_audit")[0]
    return row["audited_at"], row["published_at"]


def keep_audit(state: State, validations: Sequence[ValidationResult], change: AlertChange, now: datetime) -> None:
    """Keep the validation results of the warehouse as a whole, and what becomes of the alert about it."""
    with state.write() as transaction:
        _keep_validations(transaction, validations, now)
        keep_change(transaction, change, now)


def count_rejected(state: State, source_id: str, *, passing: str | None = None) -> int:
    """Count articles of a source's rejected batches that are not public, nor in the batch that is valid now."""
    wanted = {"source_id": source_id, "passing": _staged_articles(state, passing)}
    return int(state.read("count_rejected", wanted)[0]["articles"])


def is_reread(state: State, batch_id: str) -> bool:
    """Return whether a batch was parsed again from the archive."""
    return any(row["is_reread"] for row in state.read("states_of_batches", {"batch_ids": [batch_id]}))


def prune_rejected(state: State, judged_before: datetime) -> list[Row]:
    """Delete the parsed articles of rejected batches that are superseded, or were validated before a moment."""
    with state.write() as transaction:
        pruned = transaction.run("superseded_batches", judged_before=judged_before)
        transaction.run("delete_staged_parts", batch_ids=[row["batch_id"] for row in pruned])
    return pruned


def _places(articles: Mapping[str, str], batch_id: str | None, *, but: Collection[str] = ()) -> list[Row]:
    """Return which article each of some entries brought, and in which batch it waits."""
    return [
        {"entry_id": entry_id, "article_id": article_id, "batch_id": batch_id}
        for entry_id, article_id in articles.items()
        if entry_id not in but
    ]


def upsert_batch(transaction: StateTransaction, batch: Batch, state: str = "staged") -> None:
    """Record a batch with its counts so far; one that is proposed was parsed again from the archive."""
    row = row_of(batch) | {"state": state, "is_reread": state == "proposed"}
    transaction.merge("batches", [row], key=["batch_id"], update=["articles", "figures"])


def _keep_validations(transaction: StateTransaction, validations: Iterable[ValidationResult], now: datetime) -> None:
    rows = [_validation_row(validation, now) for validation in validations]
    transaction.merge("validations", rows, key=["batch_id", "suite", "rule"])


def _validation_row(validation: ValidationResult, now: datetime) -> Row:
    row = row_of(validation) | {"judged_at": now}
    del row["failing_rows"], row["is_final"]
    return row


def _validation_events(batch: Batch, broken: Sequence[str], refused: int, now: datetime) -> list[Event]:
    told: Payload = {"source": batch.source_id, "run": batch.run_id, "batch": batch.batch_id}
    if broken:
        return [event("batch.rejected", now, told | {"rules": ", ".join(broken)})]
    events = [event("batch.validated", now, told | {"quarantined": refused})]
    if refused:
        events.append(event("rows.quarantined", now, told | {"rows": refused}))
    return events
