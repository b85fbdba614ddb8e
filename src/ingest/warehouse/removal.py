"""Removal of an article: its record, the captures that hold something of it, and the deletion of its rows."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import chain

from ..core.events import event
from ..core.model import Capture
from ..core.removals import KnownAddress, ListingCapture, NamedArticle, SharedCapture
from ..state import Row, State, StateTransaction
from ..state.rows import keep_events, noun
from ..state.values import encoded
from .near_duplicate_model import DuplicateRule
from .near_duplicates import unlink_near_duplicates
from .publication import move_head, settle_publications
from .staged import staged_part, unpacked
from .warehouse import Lock, Warehouse

# Statements, in their order: entries keep their keys, by which they are recognised.
DELETED = (
    *("blank_entries", "delete_acceptances", "delete_refused", "delete_presence"),
    *("delete_article_sources", "delete_article"),
)
KEYS_BEGIN = 16  # characters of an article's key with which those of its figures begin


def articles_named(state: State, key: str, addresses: Sequence[str]) -> list[NamedArticle]:
    """Return the articles that have a key, or were found under one of some addresses."""
    rows = state.read("articles_named", {"key": key, "addresses": list(addresses)})
    return [noun(NamedArticle, row) for row in rows]


def addresses_of_article(state: State, article_id: str) -> list[KnownAddress]:
    """Return the addresses of an article, and what its entries were listed as."""
    return [noun(KnownAddress, row) for row in state.read("addresses_of_article", {"article_id": article_id})]


def pages_of_article(state: State, article_id: str) -> list[str]:
    """Return the captures of an article's page: by what has named it, and by its addresses."""
    return [row["capture_id"] for row in state.read("pages_of_article", {"article_id": article_id})]


def listings_within(
    state: State, addresses: Sequence[KnownAddress], first_at: datetime, last_at: datetime
) -> list[ListingCapture]:
    """Return the captures within a time that may list the entries of some addresses."""
    sources = sorted({one.source_id for one in addresses if one.source_id})
    moments = {at for one in addresses for at in (one.found_at, one.last_listed_at) if at}
    known = state.read("known_feeds", {"source_ids": sources})
    sections = chain.from_iterable(json.loads(row["listing_state"]) for row in known if row["listing_state"])
    sought = {
        "sources": sources, "first_at": first_at, "last_at": last_at, "addresses": sorted(sections),
        "listed_at": [encoded(at) for at in moments],
    }  # fmt: skip
    rows = state.read("listings_within", sought)
    return [noun(ListingCapture, row | {"capture": noun(Capture, row)}) for row in rows]


def sharing_captures(state: State, article_id: str, capture_ids: Sequence[str]) -> list[SharedCapture]:
    """Return captures, and whichever have the same body as one of them."""
    sought = {"article_id": article_id, "capture_ids": list(capture_ids)}
    rows = state.read("sharing_captures", sought)
    return [noun(SharedCapture, row | {"capture": noun(Capture, row)}) for row in rows]


def record_removal(state: State, article: NamedArticle, why: str, now: datetime) -> None:
    """Record that an article is removed: from now on it is not ingested again."""
    named = {"article_id": article.article_id, "source_id": article.source_id, "url": article.url}
    with state.write() as transaction:
        transaction.run("record_removal", why=why, now=now, **named)
        transaction.run("keep_addresses", article_id=article.article_id)


def mark_captures_removed(state: State, removed: Sequence[Capture], erased: Sequence[Capture], now: datetime) -> None:
    """Note captures as removed, and that nothing is to refer to those that are erased."""
    places = [{"warc_file": one.warc_file, "warc_offset": one.warc_offset} for one in erased]
    with state.write() as transaction:
        transaction.run("mark_removed", capture_ids=[one.capture_id for one in removed], now=now)
        transaction.run_each("delete_payload", places)


def take_down(
    state: State, warehouse: Warehouse, article: NamedArticle, now: datetime, *, duplicate_rule: DuplicateRule
) -> None:
    """Delete all rows of an article that was recorded as removed, and record that nothing of it is left."""
    # Else a row could be copied between the two transactions, or published by who did not know of the removal.
    with warehouse.alone(Lock.PUBLICATION, Lock.COPYING):
        settle_publications(state, warehouse)
        with warehouse.write() as in_warehouse:
            move_head(warehouse, in_warehouse, now)
            unlink_near_duplicates(in_warehouse, state, duplicate_rule, article.article_id)
            in_warehouse.run("name_removed", article_id=article.article_id)
            in_warehouse.script("remove_article")
        with state.write() as transaction:
            _delete(transaction, article, now)
    state.shrink()


def removed_again(state: State, before: datetime) -> list[NamedArticle]:
    """Return the removed articles of which something may be left, or that were listed since they were erased."""
    return [noun(NamedArticle, row) for row in state.read("removed_again", {"before": before})]


def _delete(transaction: StateTransaction, article: NamedArticle, now: datetime) -> None:
    """Delete what the state has of a removed article, but for its keys and addresses."""
    named = {"article_id": article.article_id}
    transaction.run("end_removed", now=now, **named)
    _delete_examples(transaction, article)
    _unstage(transaction, article.article_id)
    for statement in DELETED:
        transaction.run(statement, **named)
    transaction.run("erased_article", now=now, **named)
    payload = {"source": article.source_id, "article": article.article_id, "why": article.why or ""}
    keep_events(transaction, [event("article.removed", article.removed_at or now, payload)])


def _delete_examples(transaction: StateTransaction, article: NamedArticle) -> None:
    """Delete examples of refused rows that are the article's: keys of its rows begin as its own does."""
    titles = transaction.run("titles_of_article", article_id=article.article_id)
    signs = {article.article_id[:KEYS_BEGIN], article.url, *(row["title"] for row in titles)}
    for statement in ("delete_examples", "blank_alerts", "blank_messages"):
        transaction.run_each(statement, [{"sign": sign} for sign in sorted(signs)])


def _unstage(transaction: StateTransaction, article_id: str) -> None:
    """Take an article out of what was staged."""
    for part in transaction.run("parts_with_articles"):
        if article_id in part["article_ids"]:
            [staged] = transaction.run("staged_part", number=part["number"])
            left = staged_part("", _without(unpacked(staged["contents"]), article_id))
            changed = {name: left[name] for name in ("article_ids", "contents")}
            transaction.run("rewrite_staged_part", number=part["number"], **changed)


def _without(tables: Mapping[str, Sequence[Row]], article_id: str) -> dict[str, list[Row]]:
    """Return staged rows but for those of an article, and for authors who sign no other."""
    left = {
        table: [row for row in rows if row.get("article_id") != article_id]
        for table, rows in tables.items()
    }  # fmt: skip
    signing = {row["author_id"] for row in left.get("article_authors", ())}
    return left | {"authors": [row for row in left.get("authors", ()) if row["author_id"] in signing]}
