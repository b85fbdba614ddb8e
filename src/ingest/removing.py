"""Removal: an article is taken down everywhere, the archive included, and is never ingested again."""

import logging
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from .decide import removing, resemblance
from .errors import CaptureUnreadable, Misconfigured
from .likeness import Likeness
from .lines import line
from .model import Capture, Page
from .parse.urls import normalise_url
from .removals import KnownAddress, ListingCapture, NamedArticle, RemovedArticle, SharedCapture

log = logging.getLogger("ingest")

A_DAY = timedelta(days=1)

Recall = Callable[[Capture], Page]  # reads a capture from the archive, or raises CaptureUnreadable


class RemovalStore(Protocol):
    """What is kept between steps, as far as an article is removed from it."""

    def articles_named(self, key: str, addresses: Sequence[str]) -> Sequence[NamedArticle]:
        """Return the articles that have a key, or were found under one of some addresses."""
        ...

    def addresses_of(self, article_id: str) -> Sequence[KnownAddress]:
        """Return the addresses of an article, and what its entries were listed as."""
        ...

    def pages_of(self, article_id: str) -> Sequence[str]:
        """Return the captures of an article's page."""
        ...

    def listings_within(
        self, addresses: Sequence[KnownAddress], first_at: datetime, last_at: datetime
    ) -> Sequence[ListingCapture]:
        """Return the captures within a time that may list the entries of some addresses."""
        ...

    def sharing_captures(self, article_id: str, capture_ids: Sequence[str]) -> Sequence[SharedCapture]:
        """Return captures, and whichever have the same body as one of them."""
        ...

    def record_removal(self, article: NamedArticle, why: str, now: datetime) -> None:
        """Record that an article is removed: from now on it is not ingested again."""
        ...

    def mark_removed(self, removed: Sequence[Capture], erased: Sequence[Capture], now: datetime) -> None:
        """Note captures as removed, and that nothing is to refer to those that are erased."""
        ...

    def take_down(self, article: NamedArticle, now: datetime, *, likeness: Likeness) -> None:
        """Delete all rows of an article that was recorded as removed, and record that nothing of it is left."""
        ...

    def removed_again(self, before: datetime) -> Sequence[NamedArticle]:
        """Return the removed articles of which something may be left, or that were listed since they were erased."""
        ...


class Files(Protocol):
    """The files of the warehouse."""

    def remove_check_pages(self, source_ids: Collection[str]) -> None:
        """Remove what was written about checks of some sources."""
        ...

    def erase(self, captures: Sequence[Capture]) -> None:
        """Put records without content in the place of some, of the same length."""
        ...


def remove(
    wanted: str, why: str, *, store: RemovalStore, files: Files, recall: Recall, now: datetime
) -> RemovedArticle:
    """Remove the article with a key or an address; raises Misconfigured where there is none, or more than one.

    It is recorded first: from then on nothing ingests it again. Killed at any moment and done again, it ends the same.
    """
    article = named_article(wanted, store=store)
    store.record_removal(article, why, now)
    [article] = store.articles_named(article.article_id, ())
    return _erase(article, store=store, files=files, recall=recall, now=now)


def would_remove(wanted: str, why: str, *, store: RemovalStore, recall: Recall, now: datetime) -> RemovedArticle:
    """Return what `remove` would remove, and change nothing."""
    article = named_article(wanted, store=store)
    found = _Found(article, store=store, recall=recall)
    return found.report(article, why=article.why or why, removed_at=article.removed_at or now)


def remove_again(*, store: RemovalStore, files: Files, recall: Recall, now: datetime) -> None:
    """Remove what is left of removed articles: what a killed process left and, once a day, what was listed since."""
    for article in store.removed_again(now - A_DAY):
        _erase(article, store=store, files=files, recall=recall, now=now)


def named_article(wanted: str, *, store: RemovalStore) -> NamedArticle:
    """Return the one article that has a key or an address; Misconfigured where it is none or several."""
    addresses = list(dict.fromkeys((wanted, normalise_url(wanted)))) if "://" in wanted else []
    found = store.articles_named(wanted, addresses)
    if not found:
        todo = '`ingest sql "select article_id, url from articles"` lists those that are public'
        raise Misconfigured(f"no article has the id or address {wanted}; {todo}", about=wanted)
    if len(found) > 1:
        listed = ", ".join(one.article_id for one in found)
        raise Misconfigured(f"{len(found)} articles were found at {wanted}: {listed}; name one by its id", about=wanted)
    return found[0]


def _erase(
    article: NamedArticle, *, store: RemovalStore, files: Files, recall: Recall, now: datetime
) -> RemovedArticle:
    found = _Found(article, store=store, recall=recall)
    erased = [one.capture for one in found.erased]
    store.mark_removed([one.capture for one in found.removed], erased, now)  # first: nobody misses what is erased then
    files.erase(erased)
    files.remove_check_pages(found.sources)
    store.take_down(article, now, likeness=resemblance)
    report = found.report(article, why=article.why or "", removed_at=article.removed_at or now)
    counts = {"pages": report.pages, "listings": report.listings, "kept": report.kept}
    log.info(line("removed", source=article.source_id, article=article.article_id, **counts))
    return report


class _Found:
    """The responses that hold something of an article."""

    def __init__(self, article: NamedArticle, *, store: RemovalStore, recall: Recall) -> None:
        addresses = store.addresses_of(article.article_id)
        self._pages = set(store.pages_of(article.article_id))
        self.sources = {article.source_id, *(one.source_id for one in addresses if one.source_id)}
        within = removing.listed_within(addresses, article.erased_at)
        candidates = store.listings_within(addresses, *within) if within else ()
        signs = removing.signs_of(addresses)
        self._listings = {
            one.capture.capture_id
            for one in candidates
            if one.capture.capture_id not in self._pages and (one.is_certain or _lists(one, signs, recall))
        }
        sharing = store.sharing_captures(article.article_id, sorted(self._pages | self._listings))
        self.removed, self.erased = removing.to_remove(sharing, pages=self._pages, listings=self._listings)

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
        return removing.has_sign(recall(one.capture).body, signs)
    except CaptureUnreadable:
        return False
