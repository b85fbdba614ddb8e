"""Canonical links (RFC 6596): which of what a page calls its own address is believed.

A broken template gives many pages one canonical link: the home page, a section front, the first article ever made with
it. Believing that would make one article of many; doubting a right one keeps a story twice, which its text still shows.
"""

import re
from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

from ..core.article_identity import article_identity
from ..core.model import Source
from ..core.urls import absolute_url, fronts, normalise_url, same_site
from .about import stems, tells_another

_NUMBER = re.compile(r"\d+")
_DAY = re.compile(r"/(?:19|20)\d\d(?:/\d\d?){0,2}$")
_NEVER_FILLED = re.compile(r"[{}<>]|%7[Bb]|\[[a-z]+\]|\$\(")  # a template's own words
_LINK = re.compile(r"""<([^<>]{1,2000})>\s*((?:;[^,;"]*(?:"[^"]*")?)*)""")
_RELATION = re.compile(r""";\s*rel\s*=\s*"?[^";]*\bcanonical\b""", re.IGNORECASE)
LONGEST = 2_000  # characters of an address
_LEAD = 2_000  # characters of an article that say what it is about


def believed_canonical(stated: Iterable[str | None], *, address: str, source: Source, headline: str, text: str) -> str:
    """Return the first stated URL that may be that of the article served from `address`; else this one, normalised."""
    said = f"{headline} {text[:_LEAD]} {unquote(urlsplit(address).path)}"
    for link in stated:
        url = absolute_url(link, address) if link and not _NEVER_FILLED.search(link[:LONGEST]) else None
        if url and len(url) < LONGEST and same_site(url, address):
            twins = article_identity(url, source) == article_identity(address, source)
            if twins or not (_is_front(url, address, stems(headline)) or tells_another(url, address, said)):
                return normalise_url(url)
    return normalise_url(address)


def leads_to_front(answered: str, *, asked: str, headline: str, source: Source) -> bool:
    """Return whether an address leads to the home page, a section or a search, as many do for a lost page."""
    if article_identity(answered, source) == article_identity(asked, source):
        return False
    return _is_front(answered, asked, stems(headline))


def linked_canonical(headers: Iterable[tuple[str, str]]) -> list[str]:
    """Return the addresses that an answer's own Link headers (RFC 8288) call canonical, as they stand there."""
    lines = [value for name, value in headers if name == "link"]
    return [link for line in lines for link, told in _LINK.findall(line) if _RELATION.search(told)]


def _is_front(url: str, address: str, headline: frozenset[str]) -> bool:
    """Return whether it is the home page, or a section or a day that the story lies in, or that is called like one."""
    parts = urlsplit(normalise_url(url))
    path = parts.path.rstrip("/")
    if not path:
        return not _NUMBER.search(parts.query)  # `/?p=123` is an article
    last = path.rpartition("/")[2].lower()
    is_above = urlsplit(normalise_url(address)).path.startswith(f"{path}/")
    if last.rpartition(".")[0] in fronts() or last in fronts():
        return not stems(last) & headline
    is_numbered = bool(_NUMBER.search(last)) and not _DAY.search(path)
    return is_above and not is_numbered and not stems(last) & headline
