"""Where a site says its feeds and sitemaps are: headers, link tags and links of a page, and lines of robots.txt."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from lxml import etree, html

from ..core.model import Page
from ..core.urls import absolute_url
from ..text.charset import decode
from ..text.snippet import clean

_FEED_TYPE = re.compile(
    r"\s*(?:(?:application|text)/(?:x[-.])?(?:rss|atom|rdf)(?:\+xml)?|application/(?:feed\+json|json|xml)|text/xml)"
    r"\s*(?:;|$)",
    re.IGNORECASE,
)
_NO_FEED = re.compile(r"/wp-json/|/oembed\b", re.IGNORECASE)
_COMMENTS = re.compile(r"comment|comentario|coment[aá]rio|kommentar", re.IGNORECASE)
_FEED_SCHEME = re.compile(r"\s*feed:(?://)?(?=(https?:)?)", re.IGNORECASE)
_FEED_PATH = re.compile(
    r"(?:/(?:feed|rss|atom)s?/?|\.(?:rss|rdf|atom)|/(?:feed|rss|atom|index)\.(?:xml|json))(?:\?|$)", re.I
)
_FEED_WORDS = re.compile(
    r"\W{0,9}(?:(?:subscribe|suscr[ií]be\w{0,3}|assine|abonnez-vous|canal|flux|fuente|our|news)\W{1,3}"
    r"(?:(?:to|via|by|por|par|al)\W)?)?(?:rss|atom)(?:\W{1,3}(?:feeds?|rss|2\.0|xml))?\W{0,9}",
    re.IGNORECASE,
)
_HEADER_LINK = re.compile(r"<([^<>]{1,2000})>((?:\s*;\s*[\w*-]+\s*=\s*(?:\"[^\"]*\"|[^\s;,\"]+))*)")
_PARAMETER = re.compile(r";\s*([\w-]+)\s*=\s*(?:\"([^\"]*)\"|([^\s;,\"]+))")
_SITEMAP = re.compile(r"^[ \t]*sitemap[ \t]*:[ \t]*(\S{1,2000})", re.IGNORECASE | re.MULTILINE)


def read_feed_links(body: bytes, *, url: str, content_type: str | None) -> tuple[tuple[str, str], ...]:
    """Return (address, title) of each feed that a page's link tags announce, then of those its links seem to lead to.

    Feeds of readers' comments come last.
    """
    announced = read_announced(body, url=url, content_type=content_type)
    return _comments_last((*announced, *read_seeming(body, url=url, content_type=content_type)))


def read_announced(
    body: bytes, *, url: str, content_type: str | None, headers: Sequence[str] = ()
) -> tuple[tuple[str, str], ...]:
    """Return (address, title) of each feed that a page's Link headers (RFC 8288) and link tags announce."""
    root = _tree(body, content_type)
    base = base_of(root, url)
    tagged = [(_address(link.get("href"), base), link.attrib) for link in root.iter("link")] if root is not None else []
    said = [(_address(target, url), named) for target, named in links_of(headers)]
    return _comments_last((address, clean(named.get("title") or "")) for address, named in (*said, *tagged)
                          if address and _is_announced(address, named))  # fmt: skip


def read_seeming(body: bytes, *, url: str, content_type: str | None) -> tuple[tuple[str, str], ...]:
    """Return (address, words) of each feed that a page's links seem to lead to."""
    root = _tree(body, content_type)
    base = base_of(root, url)
    links = root.iter("a") if root is not None else ()
    found = [(link.get("href") or "", _words(link)) for link in links]
    seeming = [(_address(target, base), words) for target, words in found
               if _FEED_PATH.search(target) or _FEED_WORDS.fullmatch(words)]  # fmt: skip
    return _comments_last((address, words) for address, words in seeming if address)


def _words(link: html.HtmlElement) -> str:
    """Return what a link says, or what is said of it where it shows a picture alone."""
    pictured = (image.get("alt") or "" for image in link.iter("img"))
    told = (link.text_content(), link.get("title") or "", link.get("aria-label") or "", *pictured)
    return next((words for words in map(clean, told) if words), "")[:100]


def _tree(body: bytes, content_type: str | None) -> html.HtmlElement | None:
    try:
        return html.fromstring(decode(body, content_type))
    except (etree.ParserError, ValueError):
        return None


def base_of(root: etree._Element | None, url: str) -> str:
    """Return the address that a page's links are relative to: of its base element, else its own (HTML, 4.2.3)."""
    bases = [base for base in root.xpath("//base/@href") if base.strip()] if root is not None else []
    return (absolute_url(bases[0], url) if bases else None) or url


def _is_announced(address: str, named: Mapping[str, str]) -> bool:
    """Return whether a link is meant for programs that read feeds; some forget to say of what kind theirs is."""
    relations = (named.get("rel") or "").lower().split()
    kind = named.get("type") or ""
    if "feed" in relations:
        return not kind or _FEED_TYPE.match(kind) is not None
    return "alternate" in relations and bool(_FEED_TYPE.match(kind) if kind else _FEED_PATH.search(address))


def _comments_last(found: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Return each address once, without what is no feed of articles whatever it says it is."""
    once: dict[str, str] = {}
    for address, title in found:
        if not _NO_FEED.search(address):
            once.setdefault(address, title)
    return tuple(sorted(once.items(), key=lambda one: bool(_COMMENTS.search(" ".join(one)))))


def _address(target: str | None, base: str) -> str | None:
    """Return where a link leads, `feed:` being no more than a hint to browsers of old."""
    href = (target or "").strip()
    scheme = _FEED_SCHEME.match(href)
    if scheme:
        href = href[scheme.end() :] if scheme[1] else f"//{href[scheme.end() :]}"
    return absolute_url(href, base) if href else None


def link_headers(page: Page) -> tuple[str, ...]:
    """Return the Link headers that a page came with."""
    return tuple(value for name, value in page.headers if name == "link")


def links_of(headers: Iterable[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield (target, parameters) of each link in Link headers (RFC 8288)."""
    for target, parameters in (link for header in headers for link in _HEADER_LINK.findall(header[:20_000])):
        yield target, {name.lower(): quoted or bare for name, quoted, bare in _PARAMETER.findall(parameters)}


def read_sitemap_lines(robots: bytes, *, url: str) -> tuple[str, ...]:
    """Return the sitemaps that a robots.txt names (sitemaps.org)."""
    text = "\n".join(robots.decode("utf-8-sig", "replace").splitlines())  # some end lines with returns alone
    addresses = (absolute_url(line, url) for line in _SITEMAP.findall(text))
    return tuple(dict.fromkeys(address for address in addresses if address))
