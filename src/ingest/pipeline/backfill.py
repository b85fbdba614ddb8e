"""Going back: what a newsroom published in a range of days, through its sitemaps and the archive of its feed."""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urljoin, urlsplit

from ..core.errors import IngestError, NotAFeed, Transient, WarehouseUnusable
from ..core.fetch_state import Backfill, KnownFeed
from ..core.log_lines import line
from ..core.model import Entry, Page, Source
from ..core.ports import Web
from ..core.urls import same_site
from ..feeds import new_entries
from ..feeds.alternates import link_headers, read_sitemap_lines
from ..feeds.archive_links import read_older_page
from ..feeds.candidates import usual_sitemaps
from ..feeds.discovery import in_turn
from ..feeds.feed import read_feed
from ..feeds.sections.page import SECTION, as_feed, read_section
from ..feeds.sections.pagination import page_number
from ..feeds.sitemap import is_sitemap, read_children, read_sitemap, unpacked
from ..scheduling import retries
from ..state import State, backfills, polls
from ..state.entries import listed_entries
from .backfill_ranges import entry_day, may_hold, within
from .poll import addresses_of

log = logging.getLogger("ingest")

UNDATED = "undated"
MOST_PAGES = 1_000  # of one section, however far back the days are …
MOST_UNDATED_PAGES = 20  # … and where nothing says how far back a page is
_NO_PAGES = (".xml", ".gz", ".txt", ".json", ".rss", ".rdf", ".atom")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What an address of an archive brought."""

    entries: tuple[Entry, ...] = ()  # of the days that are wanted
    further: tuple[str, ...] = ()  # addresses it leads on to
    reason: str | None = None  # why it brought less than it might have, in one word


def backfill(
    source: Source,
    wanted: Backfill,
    *,
    web: Web,
    state: State,
    run_id: str,
    clock: Callable[[], datetime],
    is_over: Callable[[], bool] = lambda: False,
) -> int:
    """Read every sitemap and archive page that may hold something of the days; say how many new entries were found.

    What was read stays read: killed and run again, it goes on with the addresses that still wait. So does what waits
    when the time is over, which is asked before each address.
    """
    known = retries.known_feed(source, polls.known_feeds(state, [source.source_id]).get(source.source_id))
    sections = source.section_urls if known and known.format == SECTION else source.listing_urls
    beginnings = list(_beginnings(source, known, sections, web))  # which fetches: no transaction is to wait for it
    backfills.list_backfill(state, wanted, beginnings, clock())
    found_in_all = 0
    tried: set[str] = set()
    seen: set[str] = set()  # entries of archive pages
    while waiting := [address for address in backfills.waiting_backfill(state, wanted) if address not in tried]:
        if is_over():
            counts = {"addresses": len(tried), "waiting": len(waiting)}
            log.warning(line("backfill_paused", source=source.source_id, **counts))
            break
        address = waiting[0]
        tried.add(address)
        try:
            listing = _read(_visit(address, source, sections, web), source, wanted, seen, sections=sections)
        except WarehouseUnusable:
            raise
        except IngestError as error:
            if isinstance(error, Transient):
                backfills.postpone_backfill(state, wanted, address, error.reason)
                continue  # it waits for the next time
            listing = Listing(reason=error.reason)
        listed = listed_entries(state, source.source_id, [entry.entry_id for entry in listing.entries])
        found, _ = new_entries.sort_entries(listing.entries, listed, clock())
        found_in_all += backfills.keep_backfill(
            state,
            wanted,
            address,
            run_id,
            found=found,
            addresses=addresses_of(found),
            further=listing.further,
            reason=listing.reason,
            now=clock(),
        )
    log.info(line("backfilled", source=source.source_id, addresses=len(tried), found=found_in_all))
    return found_in_all


def _beginnings(source: Source, known: KnownFeed | None, sections: Sequence[str], web: Web) -> Iterator[str]:
    """Yield where to begin: the feed itself, the section pages, and all sitemaps of the site."""
    yield from dict.fromkeys((source.feed_url, *sections))
    home = source.site_url or (known.site_url if known else None) or source.feed_url
    robots_url = urljoin(home, "/robots.txt")
    try:
        named = read_sitemap_lines(web.visit_feed(robots_url, conditions=None).body, url=robots_url)
    except IngestError:
        named = ()
    yield from dict.fromkeys((*named, *usual_sitemaps(home)))


def _visit(address: str, source: Source, sections: Sequence[str], web: Web) -> Page:
    """Ask for an address of an archive: robots.txt counts for section pages, and not for feeds and sitemaps."""
    is_feed = not source.is_listing and address.startswith(source.feed_url)
    is_page = bool(sections) and not is_feed and not urlsplit(address).path.lower().endswith(_NO_PAGES)
    return (web.visit if is_page else web.visit_feed)(address, conditions=None)


def _read(page: Page, source: Source, wanted: Backfill, seen: set[str], *, sections: Sequence[str]) -> Listing:
    """Return the entries of the days that a page lists, and the addresses it leads on to."""
    url = page.final_url
    body = unpacked(page.body, url=url)
    if not is_sitemap(body):
        try:
            return _read_archive(page, source, wanted, seen)
        except NotAFeed:
            if not sections:
                raise
            return _read_section(page, source, wanted, seen)
    with in_turn(body):
        children = [
            child.url
            for child in read_children(body, url=url)
            if same_site(child.url, url) and may_hold(child.url, child.modified, wanted.first_day, wanted.last_day)
        ]
        if children:
            return Listing(further=tuple(children))
        return _within(read_sitemap(body, source=source, url=url, most=None).entries, url, wanted)


def _read_archive(page: Page, source: Source, wanted: Backfill, seen: set[str]) -> Listing:
    """Read a page of a feed, and lead on to the older one while this one holds nothing from before the days.

    A page that lists nothing that an earlier one did not is the end, whatever it leads to.
    """
    with in_turn(page.body):
        feed = read_feed(page.body, source=source, url=page.final_url, content_type=page.header("content-type"))
    days = [day for day in map(entry_day, feed.entries) if day]
    older = read_older_page(page.body, url=page.final_url, headers=link_headers(page))
    is_new = any(entry.entry_id not in seen for entry in feed.entries)
    seen.update(entry.entry_id for entry in feed.entries)
    goes_on = older is not None and is_new and bool(days) and max(days) >= wanted.first_day
    return replace(
        _within(feed.entries, page.final_url, wanted), further=(older,) if goes_on and older else (), reason=None
    )


def _read_section(page: Page, source: Source, wanted: Backfill, seen: set[str]) -> Listing:
    """Read a section page, and lead on to the older one while most of what this one lists is not from before the days.

    Newsrooms repeat a lead story on every page, so that the newest of a page tells nothing. Where no article says when
    it is from, a few pages are read.
    """
    read = read_section(page, source)
    feed, older = as_feed(read, page, source), read.older
    days = sorted(day for day in map(entry_day, feed.entries) if day)
    is_new = any(entry.entry_id not in seen for entry in feed.entries)
    seen.update(entry.entry_id for entry in feed.entries)
    most = MOST_PAGES if days else MOST_UNDATED_PAGES
    goes_on = is_new and page_number(page.final_url) < most and (not days or days[len(days) // 2] >= wanted.first_day)
    further = (older.linked,) if older.linked else older.guessed
    listing = _within(feed.entries, page.final_url, wanted)
    return replace(listing, further=further if goes_on else ())


def _within(entries: Sequence[Entry], url: str, wanted: Backfill) -> Listing:
    chosen, undated = within(entries, listed_at=url, first_day=wanted.first_day, last_day=wanted.last_day)
    return Listing(entries=tuple(chosen), reason=UNDATED if undated and not chosen else None)
