"""Where a section page's older articles are: as the page links them, else as such pages are usually counted."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from .section_tree import SectionTree, names_of, words_of
from .section_words import leads_to_older
from .text import squash
from .urls import absolute_url, normalise_url, same_site

_NUMBERED = re.compile(
    r"(?P<before>/(?:page|pagina|pag|p)[-_/]?)(?P<number>\d{1,5})(?P<after>(?:\.[a-z]{3,5})?/?)$", re.I
)
_QUERY = ("page", "pagina", "pag", "paged", "p", "pg", "pageno", "page_number", "pagenumber")
_REL = re.compile(r"(?:^|\s)next(?:\s|$)", re.IGNORECASE)
_NEWER = re.compile(r"(?:^|[\s_-])(?:prev|previous|newer|anterior)(?:$|[\s_-])", re.IGNORECASE)
_DATA = ("data-next", "data-next-url", "data-next-page", "data-url", "data-href")


@dataclass(frozen=True, slots=True, kw_only=True)
class OlderPages:
    """Addresses of the next older page: what the page links, and where none is linked, what such pages are called."""

    linked: str | None = None
    guessed: tuple[str, ...] = ()


NO_OLDER = OlderPages()


def read_older(tree: SectionTree, url: str) -> OlderPages:
    """Return where the next older page of a list is."""
    here = normalise_url(url)
    number = page_number(url)
    for address in _linked(tree, url, number):
        if same_site(address, url) and normalise_url(address) != here and _is_further(address, number):
            return OlderPages(linked=address)
    return OlderPages(guessed=guessed_pages(url))


def page_number(url: str) -> int:
    """Return which page of a list an address is; 1 where it names none."""
    parts = urlsplit(url)
    if found := _NUMBERED.search(parts.path):
        return int(found["number"])
    numbers = (value for name, value in parse_qsl(parts.query) if name.lower() in _QUERY)
    return next((int(value) for value in numbers if value.isdecimal() and len(value) < 6), 1)


def guessed_pages(url: str) -> tuple[str, ...]:
    """Return what the next page of a list may be called: as this one is, else in the usual ways."""
    parts = urlsplit(url)
    if found := _NUMBERED.search(parts.path):
        path = f"{parts.path[: found.start()]}{found['before']}{int(found['number']) + 1}{found['after']}"
        return (urlunsplit(parts._replace(path=path)),)
    query = parse_qsl(parts.query, keep_blank_values=True)
    for place, (name, value) in enumerate(query):
        if name.lower() in _QUERY and value.isdecimal() and len(value) < 6:
            further = [*query[:place], (name, str(int(value) + 1)), *query[place + 1 :]]
            return (urlunsplit(parts._replace(query=urlencode(further))),)
    counted = urlunsplit(parts._replace(query=urlencode([*query, ("page", "2")])))
    if "." in parts.path.rpartition("/")[2]:
        return (counted,)
    folder = parts.path.rstrip("/")
    return (f"{urlunsplit(parts._replace(path=folder + '/page2.htm'))}",
            f"{urlunsplit(parts._replace(path=folder + '/page/2/'))}", counted)  # fmt: skip


def _linked(tree: SectionTree, url: str, number: int) -> list[str]:
    """Return the addresses that the page itself gives as its next, the surest first."""
    stated, called, counted, loaded = [], [], [], []
    for element in tree.elements:
        href = element.get("href")
        address = absolute_url(href, tree.base) if href and not href.startswith("#") else None
        if element.tag in {"a", "link"} and address:
            if _REL.search(element.get("rel") or ""):
                stated.append(address)
            if element.tag == "link":
                continue
            said = words_of(element) or squash(element.get("aria-label") or element.get("title") or "")
            around = element.getparent()
            names = f"{names_of(element)} {names_of(around) if around is not None else ''}"
            if leads_to_older(said) and not _NEWER.search(names) and _is_of_list(address, url):
                called.append(address)
            elif said.isdecimal() and int(said) == number + 1 and _is_of_list(address, url):
                counted.append(address)
        for name in _DATA:
            value = element.get(name)
            target = absolute_url(value, tree.base) if value and "/" in value else None
            if target and page_number(target) == number + 1:
                loaded.append(target)
    return [*stated, *counted, *called, *loaded]


def _is_of_list(address: str, url: str) -> bool:
    """Return whether an address may be a further page of the list at `url`: it counts one, or lies below it."""
    if page_number(address) > 1:
        return True
    one, other = urlsplit(address), urlsplit(url)
    folder = _NUMBERED.sub("", other.path).rstrip("/")
    return one.path.rstrip("/") == folder and bool(one.query) and one.query != other.query


def _is_further(address: str, number: int) -> bool:
    found = page_number(address)
    return found == 1 or found > number
