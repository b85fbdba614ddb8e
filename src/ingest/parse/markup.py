"""Markup made ready: what no reader sees is cut out before the tree is built, and JSON-LD is set aside."""

import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass

from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning, XMLParsedAsHTMLWarning
from bs4.builder._lxml import LXMLTreeBuilder
from bs4.element import AttributeDict

LONGEST_MARKUP = 8_000_000  # characters; no story is longer, and a tree costs twenty times its markup

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
_NEVER_ASKED = frozenset(
    {"style", "srcset", "sizes", "target", "width", "height", "tabindex", "data-srcset", "loading"}
)


_NO_NAMESPACES: Mapping[str, str] = {}


class _LeanBuilder(LXMLTreeBuilder):
    """Builds the same tree as lxml's own builder does, but without what is never read: half the tree, half the time."""

    attribute_dict_class = AttributeDict  # no value is rewritten on its way in
    _unread = 0  # how deep we are within an element that is not read
    _at_a_break = True  # a line of the page begins here, where blanks say nothing

    def start(
        self,
        tag: str | bytes,
        attrib: Mapping[str | bytes, str | bytes],
        nsmap: Mapping[str, str] = _NO_NAMESPACES,  # noqa: ARG002 - HTML has none
    ) -> None:
        """Take an element, unless it is one that is never read."""
        if self._unread or tag in _NEVER_READ or (tag == "link" and _IDLE_LINK.search(str(attrib.get("rel", "")))):
            self._unread += 1
            return
        self._at_a_break = tag not in _INLINE
        kept = {str(name): str(value) for name, value in attrib.items() if name not in _NEVER_ASKED}
        assert self.soup is not None  # noqa: S101 - bs4 promises it
        self.soup.handle_starttag(str(tag), None, None, kept, namespaces={})

    def end(self, tag: str | bytes) -> None:
        """Leave an element."""
        if self._unread:
            self._unread -= 1
            return
        assert self.soup is not None  # noqa: S101 - bs4 promises it
        self.soup.handle_endtag(str(tag))
        self._at_a_break = tag not in _INLINE

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


@dataclass(frozen=True, slots=True)
class Markup:
    """A page's tree without scripts, styles and drawings; the JSON-LD blocks it carried, unread; and all it was."""

    soup: BeautifulSoup
    json_ld: tuple[str, ...]
    source: str


def read_markup(text: str) -> Markup:
    """Build the tree of a page from its text; broken markup is mended as lxml does, and never refused."""
    source = _CONTROL.sub(" ", text[:LONGEST_MARKUP])
    kept, json_ld = _cut(source)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
        soup = BeautifulSoup(kept, builder=_LeanBuilder(multi_valued_attributes=None))
    return Markup(soup, json_ld, source)


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
