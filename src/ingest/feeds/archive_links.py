"""Where a feed says its older entries are."""

import re
from collections.abc import Sequence
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from ..core.urls import absolute_url
from ..text.snippet import clean
from .alternates import links_of

_LINK = re.compile(rb"<(?:[\w.-]{1,40}:)?link\s([^<>]{1,2000})>", re.IGNORECASE)
_REL = re.compile(
    rb"rel\s*=\s*[\"'](?:http://www\.iana\.org/assignments/relation/)?(?:next|prev-archive)[\"']", re.IGNORECASE
)
_OLDER = re.compile(r"next|prev-archive", re.IGNORECASE)
_HREF = re.compile(rb"href\s*=\s*[\"']([^\"']{1,2000})[\"']", re.IGNORECASE)
_JSON_NEXT = re.compile(rb"\"next_url\"\s*:\s*\"((?:[^\"\\]|\\/){1,2000})\"")
_WORDPRESS = re.compile(rb"<generator>\s*https?://wordpress\.org", re.IGNORECASE)


def read_older_page(body: bytes, *, url: str, headers: Sequence[str] = ()) -> str | None:
    """Return the next older page: as linked (RFC 5005, `next_url` of JSON Feed), or as WordPress counts them."""
    for link in _LINK.findall(body):
        href = _HREF.search(link)
        if _REL.search(link) and href:
            return absolute_url(clean(href[1].decode("utf-8", "replace")).replace("&amp;", "&"), url)
    if found := _JSON_NEXT.search(body):
        return absolute_url(found[1].decode("utf-8", "replace").replace("\\/", "/"), url)
    for target, named in links_of(headers):
        if _OLDER.fullmatch(named.get("rel") or ""):
            return absolute_url(target, url)
    return _next_of_wordpress(url) if _WORDPRESS.search(body) else None


def _next_of_wordpress(url: str) -> str:
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    number = query.get("paged", "1")
    query["paged"] = str(int(number) + 1 if number.isdecimal() and len(number) < 7 else 2)
    return urlunsplit(parts._replace(query=urlencode(query)))
