"""Sitemaps (sitemaps.org) and Google's news sitemaps read as feeds, in XML or as bare text, and indexes of them."""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml import etree

from ..core.errors import NotAFeed, ResponseTooLarge, Truncated
from ..core.model import Feed, Source
from ..core.urls import absolute_url
from ..text.language_tags import language_code
from ..text.snippet import clean, guessed_text
from .entries import Listing, read_listings
from .feed_text import GZIP, decode_feed, gunzipped, repair_xml

MOST_ENTRIES = 1_000  # of a sitemap that lists a whole site, the newest are news
MOST_BYTES = 50 * 1024 * 1024  # as sitemaps.org allows
_NAMED_ROOT = re.compile(r"<(?:[\w.-]{1,40}:)?(urlset|sitemapindex)[\s>]", re.IGNORECASE)
_TAG = re.compile(r"</?[\w.:-]{1,80}")  # of a sitemap whose elements are in capitals
_ADDRESS = re.compile(r"https?://\S", re.IGNORECASE)
_HEAD = 8_192  # bytes, in which a sitemap shows what it is
_NEWS_TAG = re.compile(r"(</?)news:(?=\w)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """A sitemap that an index lists, with when it last changed as written there."""

    url: str
    modified: str | None


def unpacked(body: bytes, *, url: str) -> bytes:
    """Return a sitemap's bytes, gunzipped where the file itself is gzipped, within the size that sitemaps may have."""
    if not body.startswith(GZIP):
        return body
    try:
        plain, is_whole = gunzipped(body, most=MOST_BYTES)
    except zlib.error as error:
        raise NotAFeed(f"{url} answers with a broken gzip file: {error}", about=url) from error
    if len(plain) > MOST_BYTES:
        raise ResponseTooLarge(f"{url} unpacks to more than {MOST_BYTES:,} bytes", about=url)
    if not is_whole:
        raise Truncated(f"{url} ends in the middle of its gzip file", about=url)
    return plain


def is_sitemap(body: bytes) -> bool:
    """Return whether unpacked bytes are a sitemap or an index of sitemaps."""
    head = body[:_HEAD].replace(b"\x00", b"").decode("latin-1")  # in UTF-16, too
    return _NAMED_ROOT.search(head) is not None or _is_text(body)


def read_children(body: bytes, *, url: str) -> tuple[Child, ...]:
    """Return the sitemaps an index lists, in its order; a sitemap that is none lists no other."""
    if _is_text(body):
        return ()
    children = []
    for element in _elements(body, "sitemap", url):
        address = absolute_url(_text(element, "loc"), url) if _text(element, "loc") else None
        if address:
            children.append(Child(url=address, modified=_text(element, "lastmod") or None))
    return tuple(children)


def read_sitemap(body: bytes, *, source: Source, url: str, most: int | None = MOST_ENTRIES) -> Feed:
    """Read the pages a sitemap lists as entries, newest first where it says when they changed.

    Only a news sitemap gives titles and languages; elsewhere the page itself has to. The site's front page is no story.
    """
    listed = _text_listings(body, url) if _is_text(body) else _listings(body, url)
    entries, rejected = read_listings((listing for listing in listed if listing), source)
    newest = sorted(entries, key=lambda entry: str(entry.published_at or entry.updated_at or ""), reverse=True)
    kept = newest[:most] if most else newest
    return Feed(
        title=None,
        site_url=None,
        language=next((entry.language for entry in kept if entry.language), None),
        format="newssitemap" if any(entry.title for entry in kept) else "sitemap",
        entries=tuple(kept),
        flaws=(f"only_newest_{len(kept)}_of_{len(entries)}",) if len(kept) < len(entries) else (),
        rejected=rejected,
    )


def _is_text(body: bytes) -> bool:
    """Return whether the bytes are nothing but addresses, each on a line of its own, as a sitemap may be written."""
    head = decode_feed(body[:_HEAD], None)[0].split()
    whole = head if len(body) <= _HEAD else head[:-1]
    return bool(whole) and all(map(_ADDRESS.match, whole))


def _text_listings(body: bytes, base: str) -> Iterator[Listing | None]:
    for address in decode_feed(body, None)[0].split():
        story = _story_address(address, base)
        yield Listing(guid=None, url=story, title="") if story else None


def _listings(body: bytes, base: str) -> Iterator[Listing | None]:
    for element in _elements(body, "url", base):
        yield _listing(element, base)


def _story_address(written: str, base: str) -> str | None:
    address = absolute_url(written, base) if written else None
    return address if address and urlsplit(address).path not in ("", "/") else None


def _listing(element: etree._Element, base: str) -> Listing | None:
    address = _story_address(_text(element, "loc"), base)
    if address is None:
        return None
    keywords, title = _text(element, "news/keywords"), _text(element, "news/title")
    return Listing(
        guid=None,
        url=address,
        title=guessed_text(title),
        published=_text(element, "news/publication_date") or None,
        updated=_text(element, "lastmod") or None,
        language=language_code(_text(element, "news/publication/language")),
        tags=tuple(word for word in map(clean, keywords.split(",")) if word),
    )


def _elements(body: bytes, name: str, url: str) -> list[etree._Element]:
    """Return the elements of a name in any namespace, but for a last one that is cut off; nothing is fetched."""
    text, _ = repair_xml(decode_feed(body, None)[0])
    root = _NAMED_ROOT.search(text)
    text = text[root.start() :] if root else text  # a server's warning may stand before it
    if root and not root[1].islower():
        text = _TAG.sub(lambda tag: tag.group().lower(), text)
    if "xmlns:news" not in text:
        text = _NEWS_TAG.sub(r"\1", text)
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        tree = etree.fromstring(text.encode("utf-8"), parser)
    except etree.XMLSyntaxError as error:
        raise NotAFeed(f"{url} answers with a broken sitemap: {error}", about=url) from error
    found = [] if tree is None else list(tree.iterchildren(f"{{*}}{name}"))
    is_cut = text.rfind("</") < max(text.rfind(f"<{name}>"), text.rfind(f":{name}>"), text.rfind("<loc>"))
    return found[:-1] if is_cut else found


def _text(element: etree._Element, path: str) -> str:
    found = element.find("/".join(f"{{*}}{step}" for step in path.split("/")))
    return clean("".join(found.itertext())) if found is not None else ""
