"""Removal: an article is taken down everywhere, the archive included, and is never ingested again."""

import logging
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from ..core.errors import CaptureUnreadable, Misconfigured
from ..core.log_lines import line
from ..core.model import Capture, Page
from ..core.removals import ListingCapture, NamedArticle, RemovedArticle
from ..core.urls import normalise_url
from ..state import State
from ..warehouse import near_duplicate_rules, removal
from ..warehouse.warehouse import Warehouse
from . import removal_scope

log = logging.getLogger("ingest")

A_DAY = timedelta(days=1)

Recall = Callable[[Capture], Page]  # reads a capture from the archive, or raises CaptureUnreadable


class Files(Protocol):
    """The files of the warehouse."""

    def remove_check_pages(self, source_ids: Collection[str]) -> None:
        """Remove what was written about checks of some sources."""
        ...

    def erase(self, captures: Sequence[Capture]) -> None:
        """Put records without content in the place of some, of the same length."""
        ...


def remove(
    wanted: str, why: str, *, state: State, warehouse: Warehouse, files: Files, recall: Recall, now: datetime
) -> RemovedArticle:
    """Remove the article with a key or an address; raises Misconfigured where there is none, or more than one.

    It is recorded first: from then on nothing ingests it again. Killed at any moment and done again, it ends the same.
    """
    article = named_article(wanted, state=state)
    removal.record_removal(state, article, why, now)
    [article] = removal.articles_named(state, article.article_id, ())
    return _erase(article, state=state, warehouse=warehouse, files=files, recall=recall, now=now)


def would_remove(wanted: str, why: str, *, state: State, recall: Recall, now: datetime) -> RemovedArticle:
    """Return what `remove` would remove, and change nothing."""
    article = named_article(wanted, state=state)
    found = _Found(article, state=state, recall=recall)
    return found.report(article, why=article.why or why, removed_at=article.removed_at or now)


def remove_again(*, state: State, warehouse: Warehouse, files: Files, recall: Recall, now: datetime) -> None:
    """Remove what is left of removed articles: what a killed process left and, once a day, what was listed since."""
    for article in removal.removed_again(state, now - A_DAY):
        _erase(article, state=state, warehouse=warehouse, files=files, recall=recall, now=now)


def named_article(wanted: str, *, state: State) -> NamedArticle:
    """Return the one article that has a key or an address; Misconfigured where it is none or several."""
    addresses = list(dict.fromkeys((wanted, normalise_url(wanted)))) if "://" in wanted else []
    found = removal.articles_named(state, wanted, addresses)
    if not found:
        todo = '`ingest sql "select article_id, url from articles"` lists those that are public'
        raise Misconfigured(f"no article has the id or address {wanted}; {todo}", about=wanted)
    if len(found) > 1:
        listed = ", ".join(one.article_id for one in found)
        raise Misconfigured(f"{len(found)} articles were found at {wanted}: {listed}; name one by its id", about=wanted)
    return found[0]


def _erase(
    article: NamedArticle, *, state: State, warehouse: Warehouse, files: Files, recall: Recall, now: datetime
) -> RemovedArticle:
    found = _Found(article, state=state, recall=recall)
    erased = [one.capture for one in found.erased]
    removed = [one.capture for one in found.removed]
    removal.mark_captures_removed(state, removed, erased, now)  # first: nobody misses what is erased then
    files.erase(erased)
    files.remove_check_pages(found.sources)
    removal.take_down(state, warehouse, article, now, duplicate_rule=near_duplicate_rules)
    report = found.report(article, why=article.why or "", removed_at=article.removed_at or now)
    counts = {"pages": report.pages, "listings": report.listings, "kept": report.kept}
    log.info(line("removed", source=article.source_id, article=article.article_id, **counts))
    return report


class _Found:
    """The responses that hold something of an article."""

    def __init__(self, article: NamedArticle, *, state: State, recall: Recall) -> None:
        addresses = removal.addresses_of_article(state, article.article_id)
        self._pages = set(removal.pages_of_article(state, article.article_id))
        self.sources = {article.source_id, *(one.source_id for one in addresses if one.source_id)}
        within = removal_scope.listed_within(addresses, article.erased_at)
        candidates = removal.listings_within(state, addresses, *within) if within else ()
        signs = removal_scope.signs_of(addresses)
        self._listings = {
            one.capture.capture_id
            for one in candidates
            if one.capture.capture_id not in self._pages and (one.is_certain or _lists(one, signs, recall))
        }
        sharing = removal.sharing_captures(state, article.article_id, sorted(self._pages | self._listings))
        self.removed, self.erased = removal_scope.to_remove(sharing, pages=self._pages, listings=self._listings)

    def report(self, article: NamedArticle, *, why: str, removed_at: datetime) -> RemovedArticle:
        pages = sum(one.capture.capture_id in self._pages for one in self.removed)
        return RemovedArticle(
            article_id=article.article_id,
            url=article.url,
            why=why,
            removed_at=removed_at,
            pages=pages,
            listings=len(self.removed) - pages,
            kept=len(self.removed) - len(self.erased),
        )


def _lists(one: ListingCapture, signs: Sequence[bytes], recall: Recall) -> bool:
    """Return whether a response lists the article; one that was to be removed before may be half erased, and does."""
    if one.is_removed:
        return True
    try:
        return removal_scope.has_sign(recall(one.capture).body, signs)
    except CaptureUnreadable:
        return False
