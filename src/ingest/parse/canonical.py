"""Canonical links (RFC 6596): which of what a page calls its own address is believed.

A broken template gives many pages one canonical link: the home page, a section front, the first story ever made with
it. Believing that would make one article of many; doubting a right one keeps a story twice, which its text still shows.
"""

import re
from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

from ..model import Source
from .text import unaccented
from .urls import absolute_url, article_identity, fronts, normalise_url, same_site

_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"\d+")
_DAY = re.compile(r"/(?:19|20)\d\d(?:/\d\d?){0,2}$")
_NEVER_FILLED = re.compile(r"[{}<>]|%7[Bb]|\[[a-z]+\]|\$\(")  # a template's own words
_LINK = re.compile(r"""<([^<>]{1,2000})>\s*((?:;[^,;"]*(?:"[^"]*")?)*)""")
_RELATION = re.compile(r""";\s*rel\s*=\s*"?[^";]*\bcanonical\b""", re.IGNORECASE)
LONGEST = 2_000  # characters of an address
_TELLING = 4  # letters under which a word tells nothing
_STEM = 5  # letters that tell a word, whatever its ending
_LEAD = 2_000  # characters of a story that say what it is about


def believed_canonical(stated: Iterable[str | None], *, address: str, source: Source, headline: str, text: str) -> str:
    """Give the first stated address that may be that of the story served from `address`; else this one, normalised."""
    said = f"{headline} {text[:_LEAD]} {unquote(urlsplit(address).path)}"
    for link in stated:
        url = absolute_url(link, address) if link and not _NEVER_FILLED.search(link[:LONGEST]) else None
        if url and len(url) < LONGEST and same_site(url, address):
            twins = article_identity(url, source) == article_identity(address, source)
            if twins or not (_is_front(url, address, _stems(headline)) or _tells_another(url, address, said)):
                return normalise_url(url)
    return normalise_url(address)


def leads_to_front(answered: str, *, asked: str, headline: str, source: Source) -> bool:
    """Say whether an address leads to the home page, a section or a search, as many do for a lost page."""
    if article_identity(answered, source) == article_identity(asked, source):
        return False
    return _is_front(answered, asked, _stems(headline))


def tell_alike(one: str, other: str) -> bool:
    """Say whether two headlines have a telling word in common."""
    return not _stems(one).isdisjoint(_stems(other))


def linked_canonical(headers: Iterable[tuple[str, str]]) -> list[str]:
    """Give the addresses that an answer's own Link headers (RFC 8288) call canonical, as they stand there."""
    lines = [value for name, value in headers if name == "link"]
    return [link for line in lines for link, told in _LINK.findall(line) if _RELATION.search(told)]


def _is_front(url: str, address: str, headline: frozenset[str]) -> bool:
    """Say whether it is the home page, or a section or a day that the story lies in, or that is called like one."""
    parts = urlsplit(normalise_url(url))
    path = parts.path.rstrip("/")
    if not path:
        return not _NUMBER.search(parts.query)  # `/?p=123` is a story
    last = path.rpartition("/")[2].lower()
    is_above = urlsplit(normalise_url(address)).path.startswith(f"{path}/")
    if last.rpartition(".")[0] in fronts() or last in fronts():
        return not _stems(last) & headline
    is_numbered = bool(_NUMBER.search(last)) and not _DAY.search(path)
    return is_above and not is_numbered and not _stems(last) & headline


def _tells_another(url: str, address: str, said: str) -> bool:
    """Say whether its words are not those of the story, or it is numbered where the story's address has another one."""
    theirs, ours = urlsplit(normalise_url(url)), urlsplit(normalise_url(address))
    slug = _stems(max(unquote(theirs.path).split("/"), key=len))
    if len(slug) > 1:
        return 2 * len(slug & _stems(said)) < len(slug)
    here, there = f"{ours.path}?{ours.query}", f"{theirs.path}?{theirs.query}"
    return here != there and _NUMBER.sub("#", here) == _NUMBER.sub("#", there)


def _stems(text: str) -> frozenset[str]:
    return frozenset(word[:_STEM] for word in _WORD.findall(unaccented(text)) if len(word) >= _TELLING)
