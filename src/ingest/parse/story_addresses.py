"""Whether an address looks like an article's, a section's or neither: by its words, numbers and dates."""

import re
from enum import IntEnum
from urllib.parse import parse_qsl, unquote, urlsplit

from ..model import Source
from .section_words import section_words
from .text import unaccented
from .urls import fronts, normalise_url, same_site

_DATED = re.compile(
    r"/(?:19|20)\d\d[/-](?:0?[1-9]|1[0-2])(?:[/-]|$)|/(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d)|(?:19|20)\d\d-(?:0[1-9]|1[0-2])-[0-3]\d"
)
_ENDING = re.compile(r"\.(?:[psx]?html?|g?html|php\d?|aspx?|jsp|cfm|ece|amp)$", re.IGNORECASE)
_NUMBER = re.compile(
    r"(?<![a-z\d])[a-z]{0,4}\d{4,}(?![a-z])|(?<!\d)\d{5,}|(?<=[-_/.])(?=[a-z]*\d)(?=\d*[a-z])[a-z\d]{8,}$",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_PAGED = re.compile(r"[a-z]{0,10}[-_]?\d{1,4}", re.IGNORECASE)


class Likeness(IntEnum):
    """How much an address looks like an article's."""

    NEVER = 0
    UNKNOWN = 1
    LIKELY = 2
    CERTAIN = 3


def likeness(url: str, here: str, source: Source) -> Likeness:
    """Return how much an absolute address, linked from the page `here`, looks like an article's.

    Where the source has a pattern of its articles' addresses, nothing else is one.
    """
    if not same_site(url, here):
        return Likeness.NEVER
    parts = urlsplit(url)
    if source.article_id_pattern is not None:
        return Likeness.CERTAIN if re.search(source.article_id_pattern, url) else Likeness.NEVER
    if normalise_url(url) == normalise_url(here):
        return Likeness.NEVER
    words = section_words()
    segments = [segment for segment in unquote(parts.path).split("/") if segment]
    lowered = [unaccented(segment) for segment in segments]
    if any(segment.rpartition(".")[2] in words.files for segment in lowered[-1:] if "." in segment):
        return Likeness.NEVER
    numbered = any(name.lower() in words.numbers and _NUMBER.search(value) for name, value in parse_qsl(parts.query))
    if not lowered:
        return Likeness.LIKELY if numbered else Likeness.NEVER
    if any(segment in words.never for segment in lowered[:3]):
        return Likeness.NEVER
    last = _ENDING.sub("", lowered[-1])
    if last in fronts() or last in words.pages or _is_page_number(lowered):
        return Likeness.LIKELY if numbered else Likeness.NEVER
    return _by_its_slug(lowered, last, is_dated=bool(_DATED.search(parts.path)), is_numbered=numbered)


def _by_its_slug(segments: list[str], last: str, *, is_dated: bool, is_numbered: bool) -> Likeness:
    pieces = [piece for piece in re.split(r"[-_+. ]+", last) if piece]
    count = len([piece for piece in pieces if not piece.isdigit()])
    has_number = is_numbered or any(_NUMBER.search(s) and not _YEAR.fullmatch(s) for s in segments[-2:])
    has_ending = _ENDING.search(segments[-1]) is not None
    if is_dated:
        is_archive = all(segment.isdigit() for segment in segments[-2:])
        return Likeness.UNKNOWN if is_archive or (last.isdigit() and len(last) < 5) else Likeness.CERTAIN
    if has_number:
        return Likeness.CERTAIN if count >= 2 or len(segments) > 1 or has_ending else Likeness.LIKELY
    if count >= 5 or (count >= 3 and has_ending):
        return Likeness.CERTAIN
    if count >= 3 or (count >= 2 and has_ending):
        return Likeness.LIKELY
    return Likeness.UNKNOWN


def _is_page_number(segments: list[str]) -> bool:
    """Return whether an address is a further page of a list: /life/page2.htm, /page/2/, /noticias/pagina-3."""
    pages = section_words().pages
    last = _ENDING.sub("", segments[-1])
    if len(segments) > 1 and segments[-2] in pages and last.isdigit():
        return True
    return _PAGED.fullmatch(last) is not None and re.split(r"[-_\d]", last)[0] in pages
