"""Finding a site's feed: reading whatever an address turns out to be, and looking where feeds are."""

import threading
from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from ..core.errors import AddressRefused, IngestError, NotAFeed, Unreachable
from ..core.model import Feed, Page, Source
from ..core.ports import Web
from ..core.urls import absolute_url, normalise_url, same_site
from .alternates import link_headers, read_announced, read_seeming, read_sitemap_lines
from .candidates import Candidate, known_places, rank_announced, rank_children, rank_seeming, rank_sitemaps
from .feed import read_feed
from .sections.page import SECTION, read_section_feed
from .sitemap import is_sitemap, read_children, read_sitemap, unpacked

INDEX = "sitemapindex"
INDEX_LEVELS = 2  # of indexes that list indexes, whatever the standard says
BIG_BYTES = 1_000_000
_BIG_ONE = threading.Lock()  # reading a feed takes ten times its bytes, and many sources are visited side by side


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A feed that was looked for: where it is, why it was believed to be there, and what it holds."""

    feed_url: str
    why: str
    feed: Feed
    page: Page


def read_listing(page: Page, *, source: Source, web: Web) -> Feed:
    """Read a page as a feed or a sitemap; of an index of sitemaps, the newest ones are asked for and read together."""
    read = _read_alone(page, source)
    if isinstance(read, Feed):
        return read
    return _together(read, source=source, web=web, url=page.final_url, asked={page.final_url})


def _read_alone(page: Page, source: Source) -> Feed | list[str]:
    """Read a page as a feed or a sitemap; of an index of sitemaps, name the newest."""
    url = page.final_url
    body = unpacked(page.body, url=url)
    with in_turn(body):
        if not is_sitemap(body):
            return read_feed(page.body, source=source, url=_base(page), content_type=page.header("content-type"))
        children = read_children(body, url=url)
        if not children:
            return read_sitemap(body, source=source, url=_base(page))
    here = normalise_url(url)
    others = [child for child in children if same_site(child.url, url) and normalise_url(child.url) != here]
    return rank_children((child.url, child.modified) for child in others)


def _base(page: Page) -> str:
    """Return the address that relative links count from: what the server says is the page's own, on the same host."""
    stated = absolute_url(page.header("content-location") or "", page.final_url)
    is_here = stated is not None and urlsplit(stated).netloc == urlsplit(page.final_url).netloc
    return stated if stated and is_here else page.final_url


def in_turn(body: bytes) -> AbstractContextManager[object]:
    """Read a big listing while nobody reads another, so that memory has a bound; small ones never wait."""
    return _BIG_ONE if len(body) > BIG_BYTES else nullcontext()


def find_feed(url: str, *, source: Source, web: Web) -> Found:
    """Find the feed of the site at an address; raises NotAFeed when it has none, or what its front page failed of.

    A front page that is dead says nothing of the feed, as long as its host is there. An address that is itself a feed
    is one though it lists nothing yet; elsewhere a feed with entries is looked for before an empty one is taken.
    """
    page, failure = _front_page(url, web)
    if page:
        itself = Candidate(url=page.moved_to or url, why="is a feed itself", is_announced=True)
        found = _read(page, itself, source, web)
        if isinstance(found, Found):
            return found
    tried = 1
    empty: Found | None = None
    for _, found in _attempts(page, url, source, web, without={url}):
        tried += 1
        if isinstance(found, IngestError):
            continue
        if found.feed.entries:
            return found
        empty = empty or found
    if empty:
        return empty
    raise failure or NotAFeed(f"{url}: no feed or sitemap with entries found at {tried} addresses", about=url)


def attempts(
    url: str, *, source: Source, web: Web, without: Collection[str] = ()
) -> Iterator[tuple[Candidate, Found | IngestError]]:
    """Try each place on a site where a feed may be; yield it with what is there, or what it failed of."""
    page, failure = _front_page(url, web)
    if failure:
        yield Candidate(url=url, why="front page", is_announced=True), failure
    yield from _attempts(page, url, source, web, without={url, *without})


def find_section(url: str, *, source: Source, web: Web) -> Found:
    """Read the page at an address as a section page; raises NoArticleList where it lists no article."""
    page = web.visit(url, conditions=None)
    feed = read_section_feed(page, source=source)
    return Found(feed_url=page.moved_to or url, why="no feed found; is a section page", feed=feed, page=page)


def find_successor(url: str, *, source: Source, web: Web) -> Found:
    """Find the feed that the site at an address announces now; raises NotAFeed when it announces none with entries."""
    page = web.visit_feed(url, conditions=None)
    for candidate in rank_announced(_announced(page)):
        found = _try(candidate, source, web)
        if isinstance(found, Found) and found.feed.entries:
            return found
    raise NotAFeed(f"{url} announces no feed", about=url)


def read_again(found: Found, source: Source) -> Feed | None:
    """Read what was found as the feed of another source; None where that would take further requests."""
    if found.feed.format == SECTION:
        return read_section_feed(found.page, source=source)
    read = None if found.feed.format == INDEX else _read_alone(found.page, source)
    return read if isinstance(read, Feed) else None


def _together(
    addresses: list[str], *, source: Source, web: Web, url: str, asked: set[str], levels: int = INDEX_LEVELS
) -> Feed:
    """Read several sitemaps as one feed; one that fails stops no other, unless all do. An index may list another."""
    feeds: list[Feed] = []
    failure: IngestError | None = None
    for address in addresses:
        if address in asked:
            continue
        asked.add(address)
        try:
            child = web.visit_feed(address, conditions=None)
            read = _read_alone(child, source)
            if isinstance(read, Feed):
                feeds.append(read)
            elif levels > 1:
                further = _together(read, source=source, web=web, url=child.final_url, asked=asked, levels=levels - 1)
                feeds.append(further)
        except IngestError as error:
            failure = error
    if failure and not feeds:
        raise failure
    if not addresses:
        raise NotAFeed(f"{url} lists no sitemap of its own site", about=url)
    entries = {entry.entry_id: entry for feed in feeds for entry in feed.entries}
    return Feed(
        title=None,
        site_url=None,
        language=next((feed.language for feed in feeds if feed.language), None),
        format=INDEX,
        entries=tuple(entries.values()),
        flaws=tuple(flaw for feed in feeds for flaw in feed.flaws),
        rejected=tuple(one for feed in feeds for one in feed.rejected),
    )


def _front_page(url: str, web: Web) -> tuple[Page | None, IngestError | None]:
    """Return the page at an address, or what it failed of; an address or a host that is not there is raised."""
    try:
        return web.visit_feed(url, conditions=None), None
    except (AddressRefused, Unreachable):
        raise
    except IngestError as error:
        return None, error


def _candidates(page: Page | None, url: str, web: Web) -> Iterator[Candidate]:
    """Yield the addresses to try, most likely first; robots.txt is asked only when nothing before it was a feed.

    Another site's feed, which a page may well link to, comes after all of its own.
    """
    elsewhere: list[tuple[str, str]] = []
    if page:
        url = page.final_url
        yield from rank_announced(_announced(page))
        seeming = read_seeming(page.body, url=url, content_type=page.header("content-type"))
        yield from rank_seeming(link for link in seeming if same_site(link[0], url))
        elsewhere = [link for link in seeming if not same_site(link[0], url)]
    yield from known_places(url)
    yield from rank_seeming(elsewhere)
    try:
        robots = web.visit_feed(urljoin(url, "/robots.txt"), conditions=None).body
    except IngestError:
        robots = b""
    yield from rank_sitemaps(url, read_sitemap_lines(robots, url=url))


def _announced(page: Page) -> tuple[tuple[str, str], ...]:
    kind, headers = page.header("content-type"), link_headers(page)
    return read_announced(page.body, url=page.final_url, content_type=kind, headers=headers)


def _attempts(
    page: Page | None, url: str, source: Source, web: Web, *, without: Collection[str]
) -> Iterator[tuple[Candidate, Found | IngestError]]:
    """Try each candidate of a site once."""
    tried = set(without)
    for candidate in _candidates(page, url, web):
        if candidate.url not in tried:
            tried.add(candidate.url)
            yield candidate, _try(candidate, source, web)


def _try(candidate: Candidate, source: Source, web: Web) -> Found | IngestError:
    """Ask for a candidate; what the site does not announce is asked for only where robots.txt lets us."""
    ask = web.visit_feed if candidate.is_announced else web.visit
    try:
        page = ask(candidate.url, conditions=None)
    except IngestError as error:
        return error
    return _read(page, candidate, source, web)


def _read(page: Page, candidate: Candidate, source: Source, web: Web) -> Found | IngestError:
    try:
        feed = read_listing(page, source=source, web=web)
    except IngestError as error:
        return error
    feed_url = page.moved_to or candidate.url
    return Found(feed_url=feed_url, why=candidate.why, feed=feed, page=page)
