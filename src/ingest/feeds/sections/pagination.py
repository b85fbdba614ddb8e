"""Where a section page's older articles are: as the page links them, else as such pages are usually counted."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from ...core.urls import absolute_url, normalise_url, same_site
from .dates import tells_of_day
from .tree import Element, SectionTree, label_of, names_of, words_of
from .words import begins_as_older, leads_to_older

_NUMBERED = re.compile(
    r"(?P<before>/(?:page|pagina|pag|p)[-_/]?)(?P<number>\d{1,5})(?P<after>(?:\.[a-z]{3,5})?/?)$", re.IGNORECASE
)
_BARE = re.compile(r"/(?P<number>\d{1,3})(?P<after>(?:\.[a-z]{3,5})?/?)$", re.IGNORECASE)
_MONTH = re.compile(
    r"(?P<before>.*[/=_-])(?P<year>(?:19|20)\d\d)[/_-]?(?P<month>0?[1-9]|1[0-2])"
    r"(?:[/_-](?P<day>0?[1-9]|[12]\d|3[01])|(?<=[/=_-]\d{6})(?P<compact>0[1-9]|[12]\d|3[01]))?"
    r"(?:\.[a-z]{3,5}|/)?"
)
MOST_YEARS = 9_999  # every month is earlier than this one
_QUERY = frozenset(
    "page pagina pag paged p pg pageno page_number pagenumber page_num pn start offset from desde inicio first skip "
    "limitstart b_start debut".split()
)
_REL = re.compile(r"(?:^|\s)next(?:\s|$)", re.IGNORECASE)
_NEWER = re.compile(r"(?:^|[\s_-])(?:prev|previous|newer|anterior)(?:$|[\s_-])", re.IGNORECASE)
_DATA = ("data-next", "data-next-url", "data-next-page", "data-url", "data-href")


@dataclass(frozen=True, slots=True, kw_only=True)
class OlderPages:
    """Addresses of the next older page: what the page links, and where none is linked, what such pages are called."""

    linked: str | None = None
    guessed: tuple[str, ...] = ()


NO_OLDER = OlderPages()


@dataclass(frozen=True, slots=True)
class _Counted:
    """An address as one of a row: what the row shares, and its number in it."""

    row: str
    number: int


def read_older(tree: SectionTree, url: str) -> OlderPages:
    """Return where the next older page of a list is: as the page says, as it counts, as its links are called."""
    here = normalise_url(url)
    stated: list[str] = []
    called: list[str] = []
    linked: list[str] = []
    numbered: list[str] = []  # by links that say nothing but the number
    for element in tree.elements:
        for address in _targets(element, tree):
            if not same_site(address, url) or normalise_url(address) == here:
                continue
            if _REL.search(element.get("rel") or ""):
                stated.append(address)
            elif element.tag != "link":
                linked.append(address)
                if _is_called_older(element, address, url):
                    called.append(address)
                found = _BARE.search(urlsplit(address).path)
                if found and words_of(element) == found["number"]:
                    numbered.append(address)
    further = [*stated[:1], *_next_of_row(linked, url), *_next_plain(numbered, url), *called[:1]]
    return OlderPages(linked=further[0]) if further else OlderPages(guessed=guessed_pages(url))


def page_number(url: str) -> int:
    """Return which page of a list an address is; 1 where it names none."""
    counted = _counted(url)
    return max(counted.number, 1) if counted else 1


def is_further_page(address: str, url: str, said: str) -> bool:
    """Return whether a link of a list leads to another page of it: a number below its folder, or another day.

    `said` is the link's text, in which a day is enough: the address of such a page may be anything.
    """
    if tells_of_day(said):
        return True
    counted, day = _counted_plainly(address), _month_of(address)
    if counted is not None and counted.row in {_row_of_first(url), getattr(_counted_plainly(url), "row", None)}:
        return True
    if day is None or len(day[1]) < 3:
        return False
    own = _month_of(url)
    return day[0].endswith(("/", "=")) or (own is not None and own[0] == day[0])


def _next_plain(numbered: Sequence[str], url: str) -> list[str]:
    """Return the page with the next number of those that the page links by a number alone: /schools/2/."""
    own = _counted_plainly(url)
    rows = [(counted, address) for address in numbered if (counted := _counted_plainly(address))]
    if own is None or not any(counted.row == own.row for counted, _ in rows):
        own = _Counted(_row_of_first(url), 1)
    further = [(counted.number, address) for counted, address in rows if _follows(counted, own)]
    return [min(further)[1]] if further else []


def _counted_plainly(url: str) -> _Counted | None:
    parts = urlsplit(url)
    found = _BARE.search(parts.path)
    query = parse_qsl(parts.query, keep_blank_values=True)
    return _Counted(_row(parts.path[: found.start()], query), int(found["number"])) if found else None


def _targets(element: Element, tree: SectionTree) -> list[str]:
    hrefs = [element.get("href")] if element.tag in {"a", "link"} else []
    hrefs += [value for value in map(element.get, _DATA) if value and "/" in value]
    return [address for href in hrefs if href and not href.startswith("#")
            if (address := absolute_url(href, tree.base))]  # fmt: skip


def _next_of_row(linked: Sequence[str], url: str) -> list[str]:
    """Return the address that is counted next after this one: a page further, or a month earlier."""
    own = _counted(url) or _Counted(_row_of_first(url), 0)
    rows = ((counted, address) for address in linked if (counted := _counted(address)))
    further = [(counted.number, address) for counted, address in rows if _follows(counted, own)]
    if further:
        return [min(further)[1]]
    month = _month_of(url) or (_folder(url), (MOST_YEARS,))
    starts = (month[0], f"{month[0].rstrip('/')}?")
    earlier = [(found[1], address) for address in linked
               if (found := _month_of(address)) and found[0].startswith(starts) and found[1] < month[1]]  # fmt: skip
    return [max(earlier)[1]] if earlier else []


def _follows(counted: _Counted, own: _Counted) -> bool:
    return counted.row == own.row and counted.number > max(own.number, 0)


def _counted(url: str) -> _Counted | None:
    """Return an address as one of a row; None where nothing in it counts."""
    parts = urlsplit(url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    if found := _NUMBERED.search(parts.path):
        return _Counted(_row(parts.path[: found.start()], query), int(found["number"]))
    for name, value in query:
        if name.lower().partition("_")[0] in _QUERY and value.isdecimal() and len(value) < 6:
            return _Counted(_row(parts.path, [pair for pair in query if pair[0] != name]), int(value))
    return None


def _row_of_first(url: str) -> str:
    parts = urlsplit(url)
    return _row(parts.path, parse_qsl(parts.query, keep_blank_values=True))


def _row(path: str, query: Iterable[tuple[str, str]]) -> str:
    return f"{path.rstrip('/')}?{urlencode(sorted(query))}"


def _month_of(url: str) -> tuple[str, tuple[int, ...]] | None:
    """Return what stands before the month, or the day, that an address ends with, and its numbers."""
    parts = urlsplit(url)
    found = _MONTH.fullmatch(f"{parts.path}?{parts.query}" if parts.query else parts.path)
    if found is None:
        return None
    numbers = (found[name] for name in ("year", "month", "day", "compact") if found[name])
    return found["before"], tuple(map(int, numbers))


def _folder(url: str) -> str:
    return urlsplit(url).path.rstrip("/") + "/"


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


def _is_called_older(link: Element, address: str, url: str) -> bool:
    """Return whether a link says that it leads to older articles, and leads to a page of its folder, or to a day."""
    said = label_of(link)
    around = link.getparent()
    names = f"{names_of(link)} {names_of(around) if around is not None else ''}"
    if _NEWER.search(names):
        return False
    day, own = _month_of(address), _month_of(url)
    if tells_of_day(said):
        return day is not None and len(day[1]) == 3 and (own is None or (own[0] == day[0] and day[1] < own[1]))
    counted = _counted_plainly(address)
    if counted is not None:
        own_page = _counted_plainly(url)
        first = _Counted(_row_of_first(url), 1)
        is_further = any(_follows(counted, page) for page in (own_page, first) if page)
        return is_further and (leads_to_older(said) or begins_as_older(said))
    if not leads_to_older(said):
        return False
    folder = _NUMBERED.sub("", urlsplit(url).path).rstrip("/").rpartition("/")[0]
    return page_number(address) > 1 or urlsplit(address).path.startswith(folder + "/")
