"""Visiting the section pages of a source: what is watched where it has no feed, else the last candidate for one."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from ..core.errors import IngestError, Transient, WarehouseUnusable
from ..core.fetch_state import KnownFeed
from ..core.model import Conditions, Feed, Page, Poll, Source
from ..core.ports import Web
from ..feeds.sections.page import SECTION, read_section_feed
from .poll_outcomes import body_hash, failing_as

State = Mapping[str, Mapping[str, str | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionsRead:
    """What the section pages of a source answered: one page for all, and what those list that have changed."""

    page: Page
    feed: Feed | None  # None where none has changed
    listing_state: str


def reads_sections(source: Source, last: Poll | None, known: KnownFeed | None, now: datetime) -> bool:
    """Return whether a visit goes to the section pages first.

    Where they stand in for a feed, the feed is tried again by the first visit of each day (UTC), and after a failure.
    """
    if source.is_listing:
        return True
    if known is None or known.format != SECTION or last is None or last.outcome == "failed":
        return False
    return last.polled_at.date() == now.date()


def visit_sections(source: Source, known: KnownFeed | None, *, web: Web, trusting: bool = True) -> SectionsRead:
    """Ask for each section page of a source, conditionally, as far as robots.txt lets us.

    A page that fails stops no other and is counted under its reason, unless its server asks for time; raises the last
    failure where all fail.
    """
    before: State = json.loads(known.listing_state) if known and known.listing_state else {}
    after: dict[str, Mapping[str, str | None]] = {}
    pages: list[Page] = []
    feeds: list[Feed] = []
    failed: list[tuple[str, IngestError]] = []
    for address in source.section_urls:
        told = before.get(address, {})
        try:
            page = web.visit(address, conditions=_conditions(told) if trusting else None)
            if page.status != 304 and told.get("body_hash") != body_hash(page):
                with failing_as(page):
                    feeds.append(read_section_feed(page, source=source))
                pages.insert(0, page)  # what has changed stands for all
            else:
                pages.append(page)
            after[address] = _told(page, told)
        except WarehouseUnusable:
            raise
        except IngestError as error:
            failed.append((address, error))
            if isinstance(error, Transient):
                after |= {url: before[url] for url in source.section_urls if url in before and url not in after}
                break
    if not pages:
        raise failed[-1][1]
    return SectionsRead(
        page=pages[0],
        feed=_together(feeds, failed) if feeds else None,
        listing_state=json.dumps(after),
    )


def _together(feeds: list[Feed], failed: list[tuple[str, IngestError]]) -> Feed:
    """Return the articles of several pages as one feed, each once."""
    entries = {entry.entry_id: entry for feed in reversed(feeds) for entry in reversed(feed.entries)}
    return replace(
        feeds[0],
        entries=tuple(reversed(entries.values())),
        flaws=tuple(f"{address}: {error.reason}" for address, error in failed),
        rejected=(
            *(one for feed in feeds for one in feed.rejected),
            *((address, error.reason) for address, error in failed),
        ),
    )


def _conditions(told: Mapping[str, str | None]) -> Conditions | None:
    if not told.get("etag") and not told.get("last_modified"):
        return None
    return Conditions(etag=told.get("etag"), last_modified=told.get("last_modified"), url=told.get("url"))


def _told(page: Page, before: Mapping[str, str | None]) -> Mapping[str, str | None]:
    if page.status == 304:
        return before
    validators = {"etag": page.header("etag"), "last_modified": page.header("last-modified")}
    return {**validators, "url": page.final_url, "body_hash": body_hash(page)}
