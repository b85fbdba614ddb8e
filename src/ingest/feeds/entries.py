"""What a feed of any format says about its stories, made into entries: who is who, who is listed twice, when it was."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from ..core import ids
from ..core.model import Entry, Source
from ..core.urls import normalise_url
from ..text.dates import read_date

LONGEST_TITLE = 300  # characters; more is an article, or a mistake
LONGEST_GUID, LONGEST_SUMMARY, LONGEST_DATE = 2_000, 20_000, 300  # characters
LONGEST_CONTENT = 500_000  # characters; no article is longer, and what is not whole is none
MOST_NAMES = 100  # authors, or tags

Rejected = tuple[str, str]  # what was listed, and why it can't be an entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One article as its feed's format has it, before it has an identity."""

    guid: str | None
    url: str | None  # absolute, or none
    title: str
    authors: tuple[str, ...] = ()
    summary: str | None = None
    content_html: str | None = None
    published: str | None = None  # as written
    updated: str | None = None
    language: str | None = None
    tags: tuple[str, ...] = ()


def read_listings(listings: Iterable[Listing], source: Source) -> tuple[tuple[Entry, ...], tuple[Rejected, ...]]:
    """Return each article an identity, once.

    A guid identifies an article within its feed, unless the feed gives it to several addresses; then, or when there is
    no guid, the address does. What has neither is known by its title and day, or by all it says (RSS 2.0: every part
    of an item is optional); what says nothing is rejected.
    """
    listings = tuple(listings)
    shared = _shared_guids(listings)
    entries: dict[str, Entry] = {}
    rejected: list[Rejected] = []
    for listing in listings:
        identity = _identity(listing, shared)
        if identity is None:
            rejected.append(("(nothing)", "no_identity"))
            continue
        entry = _entry(listing, ids.entry_key(source.source_id, identity), source)
        twin = entries.get(entry.entry_id)
        if twin is not None:
            rejected.append((listing.url or listing.title, "listed_twice"))
        if twin is None or _is_newer(entry, twin):
            entries[entry.entry_id] = entry
    return tuple(entries.values()), tuple(rejected)


def _shared_guids(listings: Iterable[Listing]) -> frozenset[str]:
    """Find the guids that stand for more than one address."""
    addresses = defaultdict(set)
    for listing in listings:
        if listing.guid and listing.url:
            addresses[listing.guid].add(normalise_url(listing.url))
    return frozenset(guid for guid, urls in addresses.items() if len(urls) > 1)


def _identity(listing: Listing, shared: frozenset[str]) -> str | None:
    if listing.guid and listing.guid not in shared:
        return listing.guid
    return (normalise_url(listing.url) if listing.url else listing.guid) or _words(listing)


def _words(listing: Listing) -> str | None:
    """Return what a story says in the place of an identity: two that are told apart in vain are found by their text."""
    told = (listing.title, listing.published or "")
    words = told if all(told) else (*told, listing.content_html or listing.summary or "")
    return ids.content_key("words", *words) if any(words) else None


def _is_newer(entry: Entry, twin: Entry) -> bool:
    ours, theirs = (each.updated_at or each.published_at for each in (entry, twin))
    return ours is not None and (theirs is None or ours > theirs)


def _entry(listing: Listing, entry_id: str, source: Source) -> Entry:
    published_at = _moment(listing.published, source)
    updated_at = _moment(listing.updated, source)
    return Entry(
        entry_id=entry_id,
        source_id=source.source_id,
        guid=listing.guid and listing.guid[:LONGEST_GUID],
        url=listing.url,
        title=listing.title[:LONGEST_TITLE],
        authors=tuple(dict.fromkeys(listing.authors))[:MOST_NAMES],
        summary=listing.summary and listing.summary[:LONGEST_SUMMARY],
        content_html=_bounded(listing.content_html),
        published_at=published_at,
        updated_at=updated_at,
        published_raw=listing.published and listing.published[:LONGEST_DATE],
        language=listing.language,
        tags=tuple(dict.fromkeys(listing.tags))[:MOST_NAMES],
        listing_hash=ids.content_key(
            listing.title,
            listing.url or "",
            listing.summary or "",
            listing.content_html or "",
            updated_at.isoformat() if updated_at else "",
        ),
    )


def _bounded(content: str | None) -> str | None:
    return content if content and len(content) <= LONGEST_CONTENT else None


def _moment(written: str | None, source: Source) -> datetime | None:
    read = read_date(written, timezone=source.timezone, language=source.language) if written else None
    return read.moment if read else None
