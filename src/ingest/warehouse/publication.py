"""Publication: one transaction of the warehouse makes batches public, then one of the state settles them."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from ..core.events import Payload, event
from ..core.model import Batch, Event
from ..state import State, StateTransaction
from ..state.database import COPIED_TABLES
from ..state.removed import removed_rows
from ..state.rows import keep_changes, keep_events
from ..state.values import encoded_row
from .article_rows import keep_unreleased
from .duckdb_values import written
from .near_duplicate_model import DuplicateRule
from .near_duplicates import SKETCH_COLUMNS, link_near_duplicates
from .refused_rows import accepted_rows
from .staged import load_parts, unstage
from .warehouse import Lock, Row, Transaction, Warehouse

Settlement = dict[str, Any]  # what the state has to record of a batch that was published, as JSON

# What the state knows of a published article.
_KNOWN = ("source_id", "content_hash", "capture_id", "fetched_at", "first_seen_at", "is_from_feed")
_PRESENCE = ("is_gone", "is_shortened")


def publish_batches(
    state: State, warehouse: Warehouse, batches: Sequence[Batch], now: datetime, *, duplicate_rule: DuplicateRule
) -> None:
    """Make the good rows of validated batches public and link near-duplicates, all or none; then settle them.

    Batches that another process has published meanwhile are settled alone.
    """
    wanted = {batch.batch_id: batch for batch in batches}
    with warehouse.alone(Lock.PUBLICATION):
        settled = [json.loads(row["settled"]) for row in warehouse.read("unsettled")]
        published = {one["batch_id"] for one in settled}
        known = state.read("states_of_batches", {"batch_ids": [*wanted]})
        waiting = [row for row in known if row["state"] != "published" and row["batch_id"] not in published]
        found_of = {row["batch_id"]: row for row in waiting}
        articles = _load_missing(state, warehouse, [*found_of])
        changes = state.read("presence_changes")
        refused = state.read("refused_rows", {"batch_ids": [*found_of]})
        refused += removed_rows(state, articles)
        unpublished = [batch for batch in wanted.values() if batch.batch_id in found_of]  # in the order asked for
        with warehouse.write() as transaction:
            move_head(warehouse, transaction, now)
            _change_presence(transaction, changes)
            _name_refused(transaction, refused)
            for apart, article_ids in _without_common_articles(unpublished, articles):
                found = _publish(transaction, apart, article_ids, now, found_of=found_of)
                sketches = link_near_duplicates(transaction, state, duplicate_rule, settled)
                for one in found:
                    one["articles"] = [row | sketches[row["article_id"]] for row in one["articles"]]
                settled += found
            _record_publication(transaction, [one for one in settled if one["batch_id"] in found_of], now)
        with warehouse.write() as transaction:
            unstage(transaction, [*found_of])
    _settle_all(state, warehouse, settled)
    _delete_presence_changes(state, changes)


def move_head(warehouse: Warehouse, transaction: Transaction, now: datetime) -> None:
    """Count this publication where another process may publish too, though one of them has lost its lock."""
    if warehouse.lake:
        transaction.run("move_publication_head", now=now)


def _load_missing(state: State, warehouse: Warehouse, batch_ids: Sequence[str]) -> dict[str, set[str]]:
    """Load those of some batches that are not staged in this process; return the articles of each batch."""
    with warehouse.write() as transaction:
        articles = _staged_articles(transaction, batch_ids)
        if missing := [batch_id for batch_id in batch_ids if not articles[batch_id]]:
            parts = state.read("staged_parts", {"batch_ids": missing})
            load_parts(transaction, parts, accepted_rows(state))
            articles |= _staged_articles(transaction, missing)
    return articles


def reconcile_publications(state: State, warehouse: Warehouse, since: datetime) -> None:
    """Settle batches whose publication the state does not know of, and have those published again that are lost.

    Of those published since a moment these are: what the warehouse lacks, and the state has the parsed articles of.
    """
    settle_publications(state, warehouse)
    known = [row["batch_id"] for row in state.read("published_batches", {"since": since})]
    parts = {"since": written(since.isoformat())}
    # Read after the state: what another worker publishes meanwhile is here before it is there.
    here = {row["batch_id"] for row in warehouse.read("published_batches", parts=parts)}
    if lacking := [batch_id for batch_id in known if batch_id not in here]:
        _unpublish(state, warehouse, lacking)


def settle_publications(state: State, warehouse: Warehouse) -> None:
    """Settle batches whose publication the state does not know of."""
    _settle_all(state, warehouse, [json.loads(row["settled"]) for row in warehouse.read("unsettled")])


def _unpublish(state: State, warehouse: Warehouse, batch_ids: Sequence[str]) -> None:
    """Have batches published again whose parsed articles are kept, and with them what else it may lack."""
    absent = warehouse.read("absent_articles")
    with state.write() as transaction:
        if not transaction.run("unpublish_batches", batch_ids=list(batch_ids)):
            return
        copy_all_again(transaction, absent)


def publish_presence(state: State, warehouse: Warehouse) -> None:
    """Publish which articles' pages are gone, shortened or back since the last publication."""
    if changes := state.read("presence_changes"):
        with warehouse.write() as transaction:
            _change_presence(transaction, changes)
        _delete_presence_changes(state, changes)


def _settle_all(state: State, warehouse: Warehouse, settled: Sequence[Settlement]) -> None:
    """Settle publications in the state, each once."""
    if not settled:
        return
    batch_ids = [one["batch_id"] for one in settled]
    with state.write() as transaction:
        transaction.lock("publication")  # else two that settle the same batches would both do so
        rows = transaction.run("states_of_batches", batch_ids=batch_ids)
        was_public = {row["batch_id"]: row["published_at"] is not None for row in rows if row["state"] != "published"}
        for one in settled:
            if one["batch_id"] in was_public:
                settle = _settle_again if was_public[one["batch_id"]] else _settle
                settle(transaction, one)
    with warehouse.locked(Lock.PUBLICATION, waits=False) as is_held:
        if is_held:  # else who publishes now would conflict, and the next who does deletes them
            with warehouse.write() as in_warehouse:
                in_warehouse.run("delete_settled", batch_ids=batch_ids)


def _delete_presence_changes(state: State, changes: Sequence[Row]) -> None:
    if changes:
        with state.write() as transaction:
            transaction.run_each("delete_presence_change", changes)


def copy_all_again(transaction: StateTransaction, absent: Sequence[Row]) -> None:
    """Have the state copied to the warehouse again: which pages are gone or back, and history for analysts.

    `absent` has the articles that the warehouse calls gone or shortened.
    """
    both = [*absent, *transaction.run("absent_articles")]
    transaction.merge("presence_changes", both, key=["article_id"])
    for table in COPIED_TABLES:
        transaction.run_with("copy_again", {"table": table})


def _name_refused(transaction: Transaction, rows: Iterable[Row]) -> None:
    """List, in a temporary table, the staged rows that are not to be published."""
    transaction.script("make_refused")
    columns = ("batch_id", "table_name", "row_key")
    transaction.insert("refused", [{column: row[column] for column in columns} for row in rows])


def _staged_articles(transaction: Transaction, batch_ids: Sequence[str]) -> dict[str, set[str]]:
    """Return the articles of each batch that are in the staged tables."""
    articles: dict[str, set[str]] = {batch_id: set() for batch_id in batch_ids}
    for row in transaction.run("staged_articles", batch_ids=list(batch_ids)):
        articles[row["batch_id"]].add(row["article_id"])
    return articles


def _without_common_articles(
    batches: Sequence[Batch], articles: Mapping[str, set[str]]
) -> list[tuple[dict[str, Batch], set[str]]]:
    """Part batches, by their keys and in their order, so that no article is twice in a part, and name its articles."""
    parts: list[tuple[dict[str, Batch], set[str]]] = []
    for batch in batches:
        if not parts or parts[-1][1] & articles[batch.batch_id]:
            parts.append(({}, set()))
        apart, article_ids = parts[-1]
        apart[batch.batch_id] = batch
        article_ids |= articles[batch.batch_id]
    return parts


def _publish(
    transaction: Transaction,
    batches: Mapping[str, Batch],
    article_ids: Iterable[str],
    now: datetime,
    *,
    found_of: Mapping[str, Row],
) -> list[Settlement]:
    """Publish batches that have none of their articles in common; return what is to be settled of each."""
    named = [
        {
            "batch_id": batch_id,
            "is_reread": found_of[batch_id]["is_reread"],
            "was_public": found_of[batch_id]["published_at"] is not None,
        }
        for batch_id in batches
    ]
    transaction.run("name_publishing", batches=named, now=now)
    transaction.script("begin_publishing")
    transaction.run_for("name_known_articles", sorted(article_ids))
    transaction.script("publish_batches")
    return _settlements(transaction, batches, now)


def _record_publication(transaction: Transaction, settled: Sequence[Settlement], now: datetime) -> None:
    """Record which batches are published, and what is to be settled of each, in their order."""
    rows = [{"batch_id": one["batch_id"], "settled": one | {"position": number}} for number, one in enumerate(settled)]
    transaction.insert("ops.settlements", rows)
    kept = [{"batch_id": one["batch_id"], "published_at": now} for one in settled]
    transaction.merge("ops.published_batches", kept, key=["batch_id"], update=["published_at"])


def _settlements(transaction: Transaction, batches: Mapping[str, Batch], now: datetime) -> list[Settlement]:
    counts = {row["batch_id"]: row for row in transaction.run("count_published")}
    parts = {
        name: _by_batch(transaction.run(statement))
        for name, statement in (
            ("articles", "settled_articles"),
            ("urls", "settled_urls"),
            ("sources", "settled_sources"),
            ("corrections", "count_corrections"),
        )
    }
    return [
        {
            "batch_id": batch.batch_id,
            "source_id": batch.source_id,
            "run_id": batch.run_id,
            "published_at": now.isoformat(),
            "articles_count": counts[batch.batch_id]["articles"],
            "figures_count": counts[batch.batch_id]["figures"],
        }
        | {name: by_batch.get(batch.batch_id, []) for name, by_batch in parts.items()}
        for batch in batches.values()
    ]


def _by_batch(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Return rows by their batch, with values as the state stores them, which JSON knows as well."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.pop("batch_id")].append(encoded_row(row))
    return found


def _settle(transaction: StateTransaction, settled: Settlement) -> None:
    """Settle a batch that was published: its entries, its articles as they are known, itself, and the events of it."""
    batch_id, now = settled["batch_id"], datetime.fromisoformat(settled["published_at"])
    public = {row["article_id"]: row["version"] for row in settled["articles"]}
    rows = transaction.run("refused_rows", batch_ids=[batch_id])
    refused = {row["row_key"]: row["rule"] for row in reversed(rows) if row["table_name"] == "articles"}
    entries = transaction.run("batch_entries", batch_id=batch_id)
    ended = [
        _outcome(row["article_id"], public, refused) | {"entry_id": row["entry_id"], "now": now} for row in entries
    ]
    transaction.run_each("settle_entry", ended)
    transaction.run("close_batch_entries", batch_id=batch_id)
    _record_articles(transaction, settled, update=(*_KNOWN, *_PRESENCE, *SKETCH_COLUMNS))
    transaction.run("set_batch_state", batch_id=batch_id, state="published", now=now)
    keep_events(transaction, _published_events(settled, now))


def _settle_again(transaction: StateTransaction, settled: Settlement) -> None:
    """Settle a batch that was public before: what became of its entries, and its events, are recorded already.

    Which pages are gone is known better than it was then.
    """
    _record_articles(transaction, settled, update=(*_KNOWN, *SKETCH_COLUMNS))
    now = datetime.fromisoformat(settled["published_at"])
    transaction.run("set_batch_state", batch_id=settled["batch_id"], state="published", now=now)
    keep_changes(transaction, [f"lost {settled['batch_id']}"], now)


def _record_articles(transaction: StateTransaction, settled: Settlement, *, update: Sequence[str]) -> None:
    """Record articles as they are published, with their addresses and the sources that listed them."""
    # What was published by a version without sketches, and is settled by this one, has none.
    columns = ("article_id", *_KNOWN, *_PRESENCE, *SKETCH_COLUMNS)
    articles = [{column: row.get(column) for column in columns} for row in settled["articles"]]
    transaction.merge("articles", articles, key=["article_id"], update=update)
    transaction.merge("article_urls", settled["urls"], key=["url", "article_id", "kind"])
    transaction.merge("article_sources", settled["sources"], key=["article_id", "source_id"])


def _outcome(article_id: str, public: Mapping[str, int], refused: Mapping[str, str]) -> Row:
    """Return where an entry ended that brought an article."""
    if article_id in refused:
        return {"outcome": "quarantined", "reason": refused[article_id]}
    if article_id not in public:
        return {"outcome": "unchanged", "reason": "same_article"}
    return {"outcome": "published", "reason": "new_version" if public[article_id] > 1 else "new_article"}


def _published_events(settled: Settlement, now: datetime) -> Iterator[Event]:
    """Yield what became public, and which articles corrected their figures."""
    source = {"source": settled["source_id"]}
    counts = {"articles": settled["articles_count"], "figures": settled["figures_count"]}
    told: Payload = source | {"run": settled["run_id"], "batch": settled["batch_id"]} | counts
    yield event("batch.published", now, told)
    for row in settled["corrections"]:
        yield event("figure.corrected", now, source | {"article": row["article"], "changes": row["changes"]})


def _change_presence(transaction: Transaction, changes: Sequence[Row]) -> None:
    if changes:
        transaction.run("change_presence", changes=changes)
        keep_unreleased(transaction, changes)
