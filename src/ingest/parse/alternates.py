"""Where a site says its feeds and sitemaps are: link tags and links of a page, and lines of robots.txt."""

import re

from lxml import etree, html

from .charset import decode
from .snippet import clean
from .urls import absolute_url

_FEED_TYPE = re.compile(
    r"\s*(?:application/(?:rss\+xml|atom\+xml|rdf\+xml|feed\+json|json|xml)|text/xml)\s*(?:;|$)", re.IGNORECASE
)
_NO_FEED = re.compile(r"/wp-json/|/oembed\b", re.IGNORECASE)
_COMMENTS = re.compile(r"comment|comentario|coment[aá]rio|kommentar", re.IGNORECASE)
_FEED_SCHEME = re.compile(r"\s*feed:(?://)?(?=(https?:)?)", re.IGNORECASE)
_FEED_PATH = re.compile(
    r"(?:/(?:feed|rss|atom)s?/?|\.(?:rss|rdf|atom)|/(?:feed|rss|atom|index)\.(?:xml|json))(?:\?|$)", re.I
)
_SITEMAP = re.compile(r"^[ \t]*sitemap[ \t]*:[ \t]*(\S{1,2000})", re.IGNORECASE | re.MULTILINE)


def read_feed_links(body: bytes, *, url: str, content_type: str | None) -> tuple[tuple[str, str], ...]:
    """Give (address, title) of each feed that a page's link tags announce, then of those its links seem to lead to.

    Feeds of readers' comments come last.
    """
    try:
        root = html.fromstring(decode(body, content_type))
    except (etree.ParserError, ValueError):
        return ()
    bases = [base for base in root.xpath("//base/@href") if base.strip()]
    base = (absolute_url(bases[0], url) if bases else None) or url
    announced = [
        (_address(link, base), clean(link.get("title") or ""))
        for link in root.iter("link")
        if "alternate" in (link.get("rel") or "").lower().split() and _FEED_TYPE.match(link.get("type") or "")
    ]
    seeming = [
        (_address(link, base), clean(link.text_content())[:100])
        for link in root.iter("a")
        if _FEED_PATH.search(link.get("href") or "")
    ]
    found: dict[str, str] = {}
    for address, title in (*announced, *seeming):
        if address and not _NO_FEED.search(address):
            found.setdefault(address, title)
    return tuple(sorted(found.items(), key=lambda one: bool(_COMMENTS.search(" ".join(one)))))


def _address(link: html.HtmlElement, base: str) -> str | None:
    """Give where a link leads, `feed:` being no more than a hint to browsers of old."""
    href = (link.get("href") or "").strip()
    scheme = _FEED_SCHEME.match(href)
    if scheme:
        href = href[scheme.end() :] if scheme[1] else f"https://{href[scheme.end() :]}"
    return absolute_url(href, base) if href else None


def read_sitemap_lines(robots: bytes, *, url: str) -> tuple[str, ...]:
    """Give the sitemaps that a robots.txt names (sitemaps.org)."""
    text = "\n".join(robots.decode("utf-8-sig", "replace").splitlines())  # some end lines with returns alone
    addresses = (absolute_url(line, url) for line in _SITEMAP.findall(text))
    return tuple(dict.fromkeys(address for address in addresses if address))
