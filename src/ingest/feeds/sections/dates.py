"""Dates beside the titles of a section page: the lines that are one, and in which order their numbers are meant."""

import re
from collections.abc import Iterable

from ...core.model import Source
from ...text.calendar import almanac
from ...text.date_context import writes_day_first
from ...text.dates import ReadDate, is_month, read_date
from ...text.normalized import alike, squash, unaccented
from .tree import Element, SectionTree, names_of
from .words import is_called, section_words

LONGEST_DATE_LINE = 110  # characters
LONGEST_SIGNED, MOST_NAMES = 80, 5  # characters of a line with a date and a name, and words of the name
LONGEST_PAGER, MOST_PAGER_NAMES = 60, 4  # characters of a link to another day, and its words beside the date
_YEAR = re.compile(r"(?:19|20)\d\d")
_ATTRIBUTES = (
    "datetime", "data-datetime", "data-timestamp", "data-date", "data-time", "data-published", "data-publish-date",
    "data-pubdate", "data-utc", "content",
)  # fmt: skip
_CHANGED = re.compile(r"updat|modif|actualiz|atualiz|mis[- ]?a[- ]?jour|mise[- ]a[- ]jour", re.IGNORECASE)
_NUMERIC = re.compile(r"(?<![\d.])(\d{1,2})([./-])(\d{1,2})\2((?:19|20)\d\d|\d\d)(?![\d.]?\d)")
_SEPARATOR = re.compile(r"\s*[|·•‧●\u2013\u2014»]\s*|\s+[-/:]\s+|\s{3,}|,?\s+(?=(?:by|por|par)\s)", re.IGNORECASE)
_WORDS = re.compile(r"[^\W\d_]+")
_CLOCK = re.compile(r"\d{1,2}:\d\d")
_BY = re.compile(r"^(?:by|por|par|de|da redacao|redaccion|redacao|redaction)\b", re.IGNORECASE)


class SectionCalendar:
    """Reads the dates of one page; numbers that may be a day or a month are read where the page tells which."""

    def __init__(self, tree: SectionTree, url: str, source: Source) -> None:
        self._timezone, self._language = source.timezone, source.language or _language(tree)
        self._order = _stated_order(tree, url, source, self._language)

    def learn(self, lines: Iterable[str]) -> None:
        """Learn from the dates of a list in which order its days and months stand: one number above 12 tells."""
        orders = set()
        for found in (_NUMERIC.search(line) for line in lines if len(line) <= LONGEST_DATE_LINE):
            if found and int(found[1]) > 12 >= int(found[3]):
                orders.add("day")
            elif found and int(found[3]) > 12 >= int(found[1]):
                orders.add("month")
        if orders:
            self._order = orders.pop() if len(orders) == 1 else None

    def read(self, written: str) -> ReadDate | None:
        """Read a date; None where there is none, or where its numbers may mean two days."""
        found = _NUMERIC.search(written)
        if found:
            first, second = int(found[1]), int(found[3])
            if first <= 12 and second <= 12 and first != second and self._order is None and found[2] != ".":
                return None
            is_day_first = second <= 12 and (first > 12 or found[2] == "." or self._order != "month")
            day, month = (first, second) if is_day_first else (second, first)
            year = int(found[4]) + (2000 if len(found[4]) == 2 else 0)
            written = f"{written[: found.start()]}{year:04}-{month:02}-{day:02}{written[found.end() :]}"
        return read_date(written, timezone=self._timezone, language=self._language)

    def date_of(self, element: Element, text: str) -> ReadDate | None:
        """Read the date that an element carries, in an attribute or as a line that is a date and little else."""
        if is_changed(element):
            return None
        shown = self.read_line(text, is_named=is_called(names_of(element), "date"))
        for name in _ATTRIBUTES if carries_date(element) else ():
            value = element.get(name)
            stated = self.read(value) if value and any(map(str.isdigit, value)) else None
            if stated:
                return shown if shown and stated.is_day and shown.local_day == stated.local_day else stated
        return shown

    def read_line(self, text: str, *, is_named: bool = False) -> ReadDate | None:
        """Read a line that is a date, or has one as a part of its own."""
        written = written_date(text, is_named=is_named)
        return self.read(written) if written else None


def carries_date(element: Element) -> bool:
    """Return whether an element may carry a date in an attribute."""
    if element.tag == "time":
        return True
    if "datepublished" in (element.get("itemprop") or "").lower():
        return True
    return element.tag != "meta" and is_called(names_of(element), "date")


def states_date(element: Element) -> bool:
    """Return whether an element has an attribute that may be a date."""
    return any(any(map(str.isdigit, element.get(name) or "")) for name in _ATTRIBUTES)


def is_changed(element: Element) -> bool:
    """Return whether an element tells of a change, and not of publication."""
    said = f"{names_of(element)} {element.get('itemprop') or ''}".lower()
    return _CHANGED.search(said) is not None and "publi" not in said


def written_date(text: str, *, is_named: bool = False) -> str | None:
    """Return what of a line is a date: all of it, or a part that is set apart; None where it only mentions one."""
    line = squash(text).strip(" ()[],.;:|-–—")
    if (
        not line
        or len(line) > LONGEST_DATE_LINE
        or not any(map(str.isdigit, line))
        or _CHANGED.search(unaccented(line))
    ):
        return _before_change(line) if line and len(line) <= LONGEST_DATE_LINE else None
    parts = [line, *(part for part in _SEPARATOR.split(line) if part and part != line)]
    for place, part in enumerate(parts):
        if _is_pure(part):
            clock = next((one for one in parts[place + 1 :] if place and _is_pure(one) and _CLOCK.search(one)), "")
            return f"{part} {clock}".strip() if clock and not _CLOCK.search(part) else part
    if is_named or _BY.match(unaccented(line)):
        return _longest_run(line)
    return _beside_name(line)


def tells_of_day(text: str) -> bool:
    """Return whether a link's text is that of another day of a list: news of 20 October."""
    bare = alike(text) if len(text) < LONGEST_PAGER else ""
    words = _WORDS.findall(bare)
    others = [word for word in words if not _is_date_word(word)]
    return (
        any(map(is_month, words))
        and any(map(str.isdigit, bare))
        and 0 < len(others) <= MOST_PAGER_NAMES
        and section_words().news.issuperset(others)
    )


def _before_change(line: str) -> str | None:
    """Return the date that stands before that of a change."""
    changed = _CHANGED.search(unaccented(line))
    before = line[: changed.start()].strip(" ()[],.;:|-–—") if changed and len(unaccented(line)) == len(line) else ""
    return before if before and _is_pure(before) else None


def _is_pure(text: str) -> bool:
    digits = sum(map(str.isdigit, text))
    return digits >= 3 and len(text) < 70 and all(map(_is_date_word, _WORDS.findall(text)))


def _is_date_word(word: str) -> bool:
    bare = unaccented(word)
    return bare in section_words().dates or is_month(bare) or (word.isupper() and word in almanac().offsets)


def _beside_name(line: str) -> str | None:
    """Return the date at one end of a short line whose other words are a name's."""
    written = _longest_run(line) if len(line) <= LONGEST_SIGNED and _YEAR.search(line) else None
    if written is None or not (line.startswith(written) or line.endswith(written)):
        return None
    others = _WORDS.findall(line.replace(written, " ", 1))
    return written if len(others) <= MOST_NAMES and all(word[0].isupper() for word in others) else None


def _longest_run(line: str) -> str | None:
    """Return the longest row of words that are a date's."""
    best: list[str] = []
    run: list[str] = []
    for token in line.split():
        if all(map(_is_date_word, _WORDS.findall(token))):
            run.append(token)
            best = max(best, run, key=len)
        else:
            run = []
    found = " ".join(best).strip(" ,;|-")
    return found if _is_pure(found) else None


def _language(tree: SectionTree) -> str | None:
    stated = (tree.root.get("lang") or tree.root.get("xml:lang") or "").lower()
    return stated[:2] if re.match(r"[a-z]{2}\b", stated) else None


def _stated_order(tree: SectionTree, url: str, source: Source, language: str | None) -> str | None:
    """Return whether days or months stand first in this place's numbers, as far as it is known."""
    if language is not None and language != "en":
        return "day"
    locales = [value for value in (tree.root.get("lang"), *tree.root.xpath("//meta[@property='og:locale']/@content"))
               if value]  # fmt: skip
    if source.country:
        locales.append(f"en_{source.country}")
    if writes_day_first(url, locales):
        return "day"
    is_american = any(re.fullmatch(r"en[-_]us", locale, re.IGNORECASE) for locale in locales)
    return "month" if is_american else None
