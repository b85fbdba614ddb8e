"""Markup made ready: what no reader sees is cut out before the tree is built, and JSON-LD is set aside."""

import re
import warnings
from dataclasses import dataclass

from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning, XMLParsedAsHTMLWarning
from bs4.element import Tag

from ..text.normalized import with_halves_joined
from .tree import LeanBuilder, too_much_markup

LONGEST_MARKUP = 8_000_000  # characters without scripts and drawings; no article is longer

_OPENING = re.compile(r"<!--|<(script|style|svg|noscript|template|math|canvas|object)\b", re.IGNORECASE)
_CLOSING = {
    name: re.compile(rf"</{name}\b[^>]{{0,200}}>", re.IGNORECASE)
    for name in ("script", "style", "svg", "noscript", "template", "math", "canvas", "object")
}
_JSON_LD = re.compile(r"""type\s*=\s*["']?application/ld\+json""", re.IGNORECASE)
_CONTROLS = bytes((*range(1, 9), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F))
_CONTROLS_BLANKED = bytes.maketrans(_CONTROLS, b" " * len(_CONTROLS))


@dataclass(frozen=True, slots=True)
class Markup:
    """A page's tree without scripts, styles and drawings; the JSON-LD blocks it carried, unread; and all it was.

    `telling` are the elements in which a page speaks of itself: its head's, headlines, times and what has a property.
    `dated` are those whose class says that they date an article.
    """

    soup: BeautifulSoup
    telling: tuple[Tag, ...]
    dated: tuple[Tag, ...]
    json_ld: tuple[str, ...]
    source: str


def read_markup(text: str) -> Markup:
    """Build the tree of a page from its text; broken markup is mended as lxml does.

    Raises TooMuchMarkup where a tree would take more time and memory than any article is worth: nothing is cut off.
    """
    source = with_halves_joined(_without_controls(text))
    kept, json_ld = _cut(source)
    if len(kept) > LONGEST_MARKUP:
        raise too_much_markup(f"{len(kept)} characters without its scripts, {LONGEST_MARKUP} are read")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
        builder = LeanBuilder()
        soup = BeautifulSoup(kept, builder=builder)
    return Markup(soup, tuple(builder.telling), tuple(builder.dated), json_ld, source)


def _without_controls(text: str) -> str:
    """Put blanks for control characters; as bytes, this is done twice as fast."""
    return text.encode("utf-8", "surrogatepass").translate(_CONTROLS_BLANKED).decode("utf-8", "surrogatepass")


def _cut(text: str) -> tuple[str, tuple[str, ...]]:
    """Drop what is not shown, in one pass; an element that is never closed is left to the parser."""
    kept: list[str] = []
    json_ld: list[str] = []
    unclosed: set[str] = set()
    position = 0
    opening = _OPENING.search(text)
    while opening:
        name = (opening[1] or "").lower()
        end = -1 if name in unclosed else _end_of(text, name, opening.end())
        if end < 0:
            unclosed.add(name)
            opening = _OPENING.search(text, opening.end())
            continue
        kept.append(text[position : opening.start()])
        if name == "script" and _JSON_LD.search(text, opening.end(), min(opening.end() + 300, end)):
            json_ld.append(text[text.find(">", opening.end()) + 1 : text.rfind("<", 0, end)])
        position = end
        opening = _OPENING.search(text, end)
    kept.append(text[position:])
    return " ".join(kept), tuple(json_ld)


def _end_of(text: str, name: str, start: int) -> int:
    if not name:
        end = text.find("-->", start)
        return end + 3 if end >= 0 else -1
    closing = _CLOSING[name].search(text, start)
    return closing.end() if closing else -1
