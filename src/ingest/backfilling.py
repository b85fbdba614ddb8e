"""Going back: what a newsroom published in a range of days, through its sitemaps and the archive of its feed."""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime
from urllib.parse import urljoin

from .decide import novelty
from .decide.candidates import rank_sitemaps
from .decide.ranges import entry_day, may_hold
from .errors import IngestError, Transient
from .finding import in_turn
from .model import Entry, Page, Source
from .parse.alternates import read_sitemap_lines
from .parse.archive_links import read_older_page
from .parse.feed import read_feed
from .parse.sitemap import is_sitemap, read_children, read_sitemap, unpacked
from .parse.urls import same_site
from .polling import addresses_of
from .ports import Store, Web
from .visiting import Backfill

log = logging.getLogger("ingest")


def backfill(
    source: Source, wanted: Backfill, *, web: Web, store: Store, run_id: str, clock: Callable[[], datetime]
) -> int:
    """Read every sitemap and archive page that may hold something of the days; say how many new entries were found.

    What was read stays read: killed and run again, it goes on with the addresses that still wait.
    """
    store.list_backfill(wanted, _beginnings(source, web), clock())
    found_in_all = 0
    tried: set[str] = set()
    while waiting := [address for address in store.waiting_backfill(wanted) if address not in tried]:
        address = waiting[0]
        tried.add(address)
        entries: list[Entry] = []
        further: list[str] = []
        reason = None
        try:
            entries, further = _read(web.visit_feed(address, conditions=None), source, wanted)
        except IngestError as error:
            reason = error.reason
            if isinstance(error, Transient):
                continue  # it waits for the next time
        known = store.listed(source.source_id, [entry.entry_id for entry in entries])
        found, _ = novelty.sort_entries(entries, known, clock())
        found_in_all += store.keep_backfill(
            wanted,
            address,
            run_id,
            found=found,
            addresses=addresses_of(found),
            further=further,
            reason=reason,
            now=clock(),
        )
    log.info("backfilled source=%s addresses=%d found=%d", source.source_id, len(tried), found_in_all)
    return found_in_all


def _beginnings(source: Source, web: Web) -> Iterator[str]:
    """Name where to begin: the feed itself, and the sitemaps of the site."""
    yield source.feed_url
    home = source.site_url or source.feed_url
    robots_url = urljoin(home, "/robots.txt")
    try:
        named = read_sitemap_lines(web.visit_feed(robots_url, conditions=None).body, url=robots_url)
    except IngestError:
        named = ()
    yield from dict.fromkeys(candidate.url for candidate in rank_sitemaps(home, named))


def _read(page: Page, source: Source, wanted: Backfill) -> tuple[list[Entry], list[str]]:
    """Give the entries of the days that a page lists, and the addresses it leads on to."""
    url = page.final_url
    body = unpacked(page.body, url=url)
    if not is_sitemap(body):
        return _read_archive(page, source, wanted)
    with in_turn(body):
        children = [
            child.url
            for child in read_children(body, url=url)
            if same_site(child.url, url) and may_hold(child.url, child.modified, wanted.first_day, wanted.last_day)
        ]
        if children:
            return [], children
        return _within(read_sitemap(body, source=source, url=url, most=None).entries, wanted), []


def _read_archive(page: Page, source: Source, wanted: Backfill) -> tuple[list[Entry], list[str]]:
    """Read a page of a feed, and lead on to the older one while this one holds nothing from before the days."""
    with in_turn(page.body):
        feed = read_feed(page.body, source=source, url=page.final_url, content_type=page.header("content-type"))
    days = [day for day in map(entry_day, feed.entries) if day]
    older = read_older_page(page.body, url=page.final_url)
    goes_on = older is not None and bool(days) and max(days) >= wanted.first_day
    return _within(feed.entries, wanted), [older] if goes_on and older else []


def _within(entries: tuple[Entry, ...], wanted: Backfill) -> list[Entry]:
    return [entry for entry in entries if (day := entry_day(entry)) and wanted.first_day <= day <= wanted.last_day]
