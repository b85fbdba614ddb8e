"""What keeps removed articles from coming in again: by their keys, their entries and their addresses."""

from collections.abc import Iterable, Mapping

from ..core.model import Entry
from ..core.parsed_articles import StagedArticle
from . import State, StateTransaction


def removed_entries(
    transaction: StateTransaction, entries: Iterable[Entry], addresses: Mapping[str, str]
) -> dict[str, str]:
    """Return which entries are of a removed article, and of which; `addresses` has those in another form."""
    listed = list(entries)
    if not listed:
        return {}
    asked = {url for entry in listed for url in (entry.url, addresses.get(entry.entry_id)) if url}
    rows = transaction.run("removed_among", article_ids=[], addresses=sorted(asked))
    at = {row["url"]: row["article_id"] for row in rows}
    known = transaction.run("removed_entries", entry_ids=[entry.entry_id for entry in listed])
    found = {row["entry_id"]: row["article_id"] for row in known}
    for entry in listed:
        for url in (entry.url, addresses.get(entry.entry_id)):
            if url in at:
                found.setdefault(entry.entry_id, at[url])
    return found


def removed_articles(transaction: StateTransaction, parsed_articles: Iterable[StagedArticle]) -> dict[str, str]:
    """Return the entries whose page is of a removed article, and of which; these are to be erased again."""
    listed = list(parsed_articles)
    if not listed:
        return {}
    articles = [one.parsed.article for one in listed]
    addresses = {url for article in articles for url in (article.url, article.canonical_url)}
    keys = sorted({article.article_id for article in articles})
    rows = transaction.run("removed_among", article_ids=keys, addresses=sorted(addresses))
    found = {row["url"] or row["article_id"]: row["article_id"] for row in rows}
    removed: dict[str, str] = {}
    for one in listed:
        article = one.parsed.article
        for sign in (article.article_id, article.url, article.canonical_url):
            if sign in found:
                removed.setdefault(one.entry.entry_id, found[sign])
    if removed:
        transaction.run("unerase", article_ids=sorted(set(removed.values())))
    return removed


def removed_rows(state: State, batches: Mapping[str, set[str]]) -> list[dict[str, str]]:
    """Return the staged rows of removed articles among those of some batches, as rows that are refused are named."""
    listed = sorted(set().union(*batches.values()))
    rows = state.read("removed_among", {"article_ids": listed, "addresses": []}) if listed else []
    return [
        {"batch_id": batch_id, "table_name": "articles", "row_key": row["article_id"]}
        for row in rows
        for batch_id, articles in batches.items()
        if row["article_id"] in articles
    ]
