"""Markup made ready: what no reader sees is cut out before the tree is built, and JSON-LD is set aside."""

import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning, XMLParsedAsHTMLWarning
from bs4.builder._lxml import LXMLTreeBuilder
from bs4.element import AttributeDict, Tag

from ..errors import TooMuchMarkup

LONGEST_MARKUP = 8_000_000  # characters without scripts and drawings; no story is longer
MOST_ELEMENTS = 250_000  # each costs two kilobytes; the largest real pages are of some tens of thousands

LONGEST_NAMES = 1_000  # characters of an element's classes, or of its id
DEEPEST = 400  # levels; no browser draws a story deeper, and what is deeper is read as if it stood there

_OPENING = re.compile(r"<!--|<(script|style|svg|noscript|template|math|canvas|object)\b", re.IGNORECASE)
_CLOSING = {
    name: re.compile(rf"</{name}\b[^>]{{0,200}}>", re.IGNORECASE)
    for name in ("script", "style", "svg", "noscript", "template", "math", "canvas", "object")
}
_JSON_LD = re.compile(r"""type\s*=\s*["']?application/ld\+json""", re.IGNORECASE)
_CONTROL = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")


# Elements that neither tell nor link anything of a story.
_NEVER_READ = frozenset(
    "nav button select option optgroup datalist input textarea source track wbr col colgroup "
    "path rect circle polygon line defs use symbol g param embed frame frameset".split()
)
# Elements within a line: blanks beside them part words.
_INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd mark q s samp small span strike strong "
    "sub sup time tt u var pre".split()
)
_IDLE_LINK = re.compile(r"stylesheet|pre(?:load|fetch|connect|render)|icon|manifest|edituri|pingback", re.IGNORECASE)
_NAMING = ("class", "id")
_TELLING = frozenset({"meta", "title", "h1", "time", "link"})
# Classes of what dates a story: "entry-date", "post_created", "article__date", "posted-on", "published".
_DATED = re.compile(
    r"(?:^|[\s_-])(?:(?:article|entry|post|story|news|node|blog|content|publish|published|publication|posted)"
    r"(?:_{1,2}|-{1,2})(?:publish(?:ed)?-)?(?:date|datum|fecha|data|time|created|published)|posted[_-]on|published|pubdate)(?=$|\s)",
    re.IGNORECASE,
)
_DATING_WORDS = (
    "date",
    "datum",
    "fecha",
    "data",
    "time",
    "created",
    "publish",
    "posted",
)  # one is in each: looked for first
_NEVER_ASKED = frozenset(
    {"style", "srcset", "sizes", "target", "width", "height", "tabindex", "data-srcset", "loading"}
)


_NO_NAMESPACES: Mapping[str, str] = {}


class _LeanBuilder(LXMLTreeBuilder):
    """Builds the same tree as lxml's own builder does, but without what is never read: half the tree, half the time."""

    _unread = 0  # how deep we are within an element that is not read
    _at_a_break = True  # a line of the page begins here, where blanks say nothing

    def __init__(self, *, multi_valued_attributes: None) -> None:
        super().__init__(multi_valued_attributes=multi_valued_attributes, attribute_dict_class=AttributeDict)
        self.telling: list[Tag] = []
        self.dated: list[Tag] = []
        self._elements = 0
        self._deepest: str | None = (
            None  # what is open below the deepest level, where each stands beside the one before
        )
        self._taken: list[bool] = []  # of each element around us, whether the tree holds it

    def start(
        self,
        tag: str | bytes,
        attrib: Mapping[str | bytes, str | bytes],
        nsmap: Mapping[str, str] = _NO_NAMESPACES,  # noqa: ARG002 - HTML has none
    ) -> None:
        """Take an element, unless it is one that is never read, or deeper than any story."""
        if self._unread and tag == "main":  # a menu never closed: to the parser, it goes on to the end of the page
            self._unread = 0
        if self._unread or tag in _NEVER_READ or (tag == "link" and _IDLE_LINK.search(str(attrib.get("rel", "")))):
            self._unread += 1
            self._taken.append(False)
            return
        is_taken = len(self._taken) <= DEEPEST
        self._taken.append(is_taken)
        self._elements += 1
        if self._elements > MOST_ELEMENTS:
            raise too_much_markup(f"more than the {MOST_ELEMENTS} elements that are read")
        self._at_a_break = tag not in _INLINE
        self._leave_deepest()
        if not is_taken:
            self._deepest = str(tag)
        kept = {str(name): str(value) for name, value in attrib.items() if name not in _NEVER_ASKED}
        for name in _NAMING:
            if len(kept.get(name, "")) > LONGEST_NAMES:
                kept[name] = kept[name][:LONGEST_NAMES]
        assert self.soup is not None  # noqa: S101 - bs4 promises it
        taken = self.soup.handle_starttag(str(tag), None, None, kept, namespaces={})
        if taken is not None and (tag in _TELLING or "itemprop" in kept or "property" in kept):
            self.telling.append(taken)
        if taken is not None and "class" in kept and _names_a_date(kept["class"]):
            self.dated.append(taken)

    def end(self, tag: str | bytes) -> None:
        """Leave an element."""
        is_taken = self._taken.pop()
        if self._unread:
            self._unread -= 1
            return
        self._leave_deepest()
        if is_taken:
            assert self.soup is not None  # noqa: S101 - bs4 promises it
            self.soup.handle_endtag(str(tag))
        self._at_a_break = tag not in _INLINE

    def _leave_deepest(self) -> None:
        if self._deepest is not None:
            assert self.soup is not None  # noqa: S101 - bs4 promises it
            self.soup.handle_endtag(self._deepest)
            self._deepest = None

    def data(self, data: str | bytes) -> None:
        """Take text, unless it stands where nothing is read."""
        if self._unread or (self._at_a_break and data.isspace()):
            return
        assert self.soup is not None  # noqa: S101 - bs4 promises it
        self.soup.handle_data(str(data))
        self._at_a_break = False

    def comment(self, text: str | bytes) -> None:
        """Leave comments out."""

    def pi(self, target: str, data: str) -> None:
        """Leave processing instructions out."""


@lru_cache(maxsize=4096)  # a page repeats its classes
def _names_a_date(classes: str) -> bool:
    lower = classes.lower()
    return any(word in lower for word in _DATING_WORDS) and _DATED.search(classes) is not None


@dataclass(frozen=True, slots=True)
class Markup:
    """A page's tree without scripts, styles and drawings; the JSON-LD blocks it carried, unread; and all it was.

    `telling` are the elements in which a page speaks of itself: its head's, headlines, times and what has a property.
    `dated` are those whose class says that they date a story.
    """

    soup: BeautifulSoup
    telling: tuple[Tag, ...]
    dated: tuple[Tag, ...]
    json_ld: tuple[str, ...]
    source: str


def read_markup(text: str) -> Markup:
    """Build the tree of a page from its text; broken markup is mended as lxml does.

    Raises TooMuchMarkup where a tree would take more time and memory than any story is worth: nothing is cut off.
    """
    source = _CONTROL.sub(" ", text)
    kept, json_ld = _cut(source)
    if len(kept) > LONGEST_MARKUP:
        raise too_much_markup(f"{len(kept)} characters without its scripts, {LONGEST_MARKUP} are read")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
        builder = _LeanBuilder(multi_valued_attributes=None)
        soup = BeautifulSoup(kept, builder=builder)
    return Markup(soup, tuple(builder.telling), tuple(builder.dated), json_ld, source)


def too_much_markup(what: str) -> TooMuchMarkup:
    """Say what a page has too much of; who reads it adds which it is."""
    return TooMuchMarkup(what, about="a page's markup")


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
