"""Whether an address looks like an article's, a section's or neither: by its words, numbers and dates."""

import re
from enum import IntEnum
from urllib.parse import parse_qsl, unquote, urlsplit

from ..core.model import Source
from ..core.urls import fronts, normalise_url, same_site
from ..text.normalized import unaccented
from .sections.words import section_words

_YEAR_THEN = r"(?:19|20)\d\d"
_DATED = re.compile(
    rf"/{_YEAR_THEN}[/-](?:0?[1-9]|1[0-2])(?:[/-]|$)"
    rf"|/{_YEAR_THEN}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d)"
    rf"|{_YEAR_THEN}-(?:0[1-9]|1[0-2])-[0-3]\d"
    rf"|/{_YEAR_THEN}/(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|ene|abr|ago|dic)[a-z]*/",
    re.IGNORECASE,
)
_ENDING = re.compile(r"\.(?:[psx]?html?|g?html|php\d?|aspx?|jsp|cfm|ece|amp)$", re.IGNORECASE)
_NUMBER = re.compile(
    r"(?<![a-z\d])[a-z]{0,4}\d{4,}(?![a-z])|(?<!\d)\d{5,}"
    r"|(?:^|[-_/.])(?=[a-z]*\d)(?=\d*[a-z])[a-z\d]{8,}$",  # such as c0w3dx9zr0qo
    re.IGNORECASE,
)
_BARE_NUMBER = re.compile(r"[a-z]{0,10}\d{3,}", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_PAGED = re.compile(r"[a-z]{0,10}[-_]?\d{1,4}", re.IGNORECASE)


class Likelihood(IntEnum):
    """How much an address looks like an article's."""

    NEVER = 0
    UNKNOWN = 1
    LIKELY = 2
    CERTAIN = 3
    NUMBERED = 4  # it has a date or a number


def likelihood(url: str, here: str, source: Source) -> Likelihood:
    """Return how much an absolute address, linked from the page `here`, looks like an article's.

    Where the source has a pattern of its articles' addresses, nothing else is one.
    """
    if not same_site(url, here):
        return Likelihood.NEVER
    parts = urlsplit(url)
    if source.article_id_pattern is not None:
        return Likelihood.NUMBERED if re.search(source.article_id_pattern, url) else Likelihood.NEVER
    if normalise_url(url) == normalise_url(here):
        return Likelihood.NEVER
    words = section_words()
    segments = [segment for segment in unquote(parts.path).split("/") if segment]
    lowered = [unaccented(segment) for segment in segments]
    if any(segment.rpartition(".")[2] in words.files for segment in lowered[-1:] if "." in segment):
        return Likelihood.NEVER
    numbered = _is_numbered(parts.query)
    if not lowered:
        return Likelihood.LIKELY if numbered else Likelihood.NEVER
    if any(segment in words.never for segment in lowered[:3]):
        return Likelihood.NEVER
    last = _ENDING.sub("", lowered[-1])
    if last in fronts() or last in words.pages or _is_page_number(lowered):
        return Likelihood.LIKELY if numbered else Likelihood.NEVER
    if numbered and words.copies.intersection(re.split(r"[-_.]", last)):
        return Likelihood.NEVER
    return _by_its_slug(lowered, last, is_dated=bool(_DATED.search(parts.path)), is_numbered=numbered)


def _by_its_slug(segments: list[str], last: str, *, is_dated: bool, is_numbered: bool) -> Likelihood:
    pieces = [piece for piece in re.split(r"[-_+. ]+", last) if piece]
    count = len([piece for piece in pieces if not piece.isdigit()])
    has_number = is_numbered or any(_NUMBER.search(_YEAR.sub("", segment)) for segment in segments[-2:])
    has_ending = _ENDING.search(segments[-1]) is not None
    if is_dated:
        return (
            Likelihood.UNKNOWN if last.isdigit() and len(last) < 5 else Likelihood.NUMBERED
        )  # of a day, or of a month
    if has_number:
        return Likelihood.NUMBERED if count >= 2 or len(segments) > 1 or has_ending else Likelihood.LIKELY
    if count >= 5 or (count >= 3 and has_ending):
        return Likelihood.CERTAIN
    if count >= 3 or (count >= 2 and has_ending):
        return Likelihood.LIKELY
    return Likelihood.UNKNOWN


def _is_numbered(query: str) -> bool:
    """Return whether a query holds an article's number: id=48211, p=1234, or the whole of it, as in ?article31234."""
    if _BARE_NUMBER.fullmatch(query):
        return True
    names = section_words().numbers
    return any(
        name.lower() in names and value.isalnum() and sum(map(str.isdigit, value)) >= (2 if "id" in name.lower() else 3)
        for name, value in parse_qsl(query)
    )


def _is_page_number(segments: list[str]) -> bool:
    """Return whether an address is a further page of a list: /life/page2.htm, /page/2/, /noticias/pagina-3."""
    pages = section_words().pages
    last = _ENDING.sub("", segments[-1])
    if len(segments) > 1 and segments[-2] in pages and last.isdigit():
        return True
    return _PAGED.fullmatch(last) is not None and re.split(r"[-_\d]", last)[0] in pages
