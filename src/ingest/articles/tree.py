"""A page's tree: what BeautifulSoup builds with lxml, less what is never read, at a third of the cost."""

import re
from collections.abc import Iterator, Mapping, Set
from functools import lru_cache
from typing import Any

from bs4 import BeautifulSoup
from bs4.builder._lxml import LXMLTreeBuilder
from bs4.element import AttributeValueList, NavigableString, PageElement, Tag

from ..core.errors import TooMuchMarkup

MOST_ELEMENTS = 250_000  # each costs a kilobyte; the largest real pages are of some tens of thousands
LONGEST_NAMES = 1_000  # characters of an element's classes, or of its id
DEEPEST = 400  # levels; no browser draws an article deeper, and what is deeper is read as if it stood there

# Elements that neither tell nor link anything of an article.
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
# Classes of what dates an article: "entry-date", "post_created", "article__date", "posted-on", "published".
_DATED = re.compile(
    r"(?:^|[\s_-])(?:(?:article|entry|post|story|news|node|blog|content|publish|published|publication|posted)"
    r"(?:_{1,2}|-{1,2})(?:publish(?:ed)?-)?(?:date|datum|fecha|data|time|created|published)|posted[_-]on|published|pubdate)(?=$|\s)",
    re.IGNORECASE,
)
_DATING_WORDS = tuple("date datum fecha data time created publish posted".split())  # one is in each: looked for first
_NEVER_ASKED = frozenset(
    {"style", "srcset", "sizes", "target", "width", "height", "tabindex", "data-srcset", "loading"}
)
_NO_NAMESPACES: Mapping[str, str] = {}


class _Element(Tag):
    """A tag that keeps for itself what tells it from others alone; the rest is said once, for all of them."""

    _namespaces: dict[str, str] = {}  # noqa: RUF012 - as bs4 has it; never written
    namespace = prefix = parser_class = sourceline = sourcepos = None
    next_element = next_sibling = previous_sibling = None
    hidden = known_xml = can_be_empty_element = False
    cdata_list_attributes = preserve_whitespace_tags = None
    attribute_value_list_class = AttributeValueList
    interesting_string_types = Tag.MAIN_CONTENT_STRING_TYPES

    def __init__(self, name: str, attrs: dict[str, Any]) -> None:
        self.name = name
        self.attrs = attrs
        self.contents = []


class LeanBuilder(LXMLTreeBuilder):
    """Builds the tree and links it on its own: of bs4's bookkeeping, the most is for markup that lxml has mended."""

    def __init__(self) -> None:
        super().__init__(multi_valued_attributes=None)
        self.telling: list[Tag] = []  # elements in which a page speaks of itself
        self.dated: list[Tag] = []  # elements whose class says that they date an article
        self._elements = 0
        self._unread = 0  # how deep we are within an element that is not read
        self._at_a_break = True  # a line of the page begins here, where blanks say nothing
        self._taken: list[bool] = []  # of each element around us, whether the tree holds it
        self._is_deepest = False  # the last element is below the deepest level, where each stands beside the one before
        self._around: list[Tag] = []  # elements of the tree that are open, the document first
        self._holders: list[Tag] = []  # those of them whose text is not the page's, such as scripts
        self._text: list[str] = []

    def initialize_soup(self, soup: BeautifulSoup) -> None:
        """Begin a document."""
        super().initialize_soup(soup)
        self._around.append(soup)
        self._last: PageElement = soup

    def start(  # type: ignore[override]  # lxml gives text of text
        self,
        tag: str,
        attrib: Mapping[str, str],
        nsmap: Mapping[str, str] = _NO_NAMESPACES,  # noqa: ARG002 - HTML has none
    ) -> None:
        """Take an element, unless it is one that is never read, or deeper than any article."""
        if self._unread and tag == "main":  # a menu never closed: to the parser, it goes on to the end of the page
            self._unread = 0
        if self._unread or tag in _NEVER_READ or (tag == "link" and _IDLE_LINK.search(attrib.get("rel", ""))):
            self._unread += 1
            self._taken.append(False)
            return
        self._elements += 1
        if self._elements > MOST_ELEMENTS:
            raise too_much_markup(f"more than the {MOST_ELEMENTS} elements that are read")
        if self._text:
            self._end_text()
        if self._is_deepest:
            self._leave()
        self._is_deepest = len(self._taken) > DEEPEST
        self._taken.append(not self._is_deepest)
        self._at_a_break = tag not in _INLINE
        element = _Element(tag, attrs := _asked(attrib) if attrib else {})
        self._link(element)
        self._around.append(element)
        if tag in self.string_containers:
            element.interesting_string_types = {self.string_containers[tag]}
            self._holders.append(element)
        if tag in _TELLING or "itemprop" in attrs or "property" in attrs:
            self.telling.append(element)
        if "class" in attrs and _names_a_date(attrs["class"]):
            self.dated.append(element)

    def end(self, tag: str) -> None:  # type: ignore[override]
        """Leave an element."""
        is_taken = self._taken.pop()
        if self._unread:
            self._unread -= 1
            return
        if self._text and (is_taken or self._is_deepest):
            self._end_text()
        if self._is_deepest:
            self._leave()
            self._is_deepest = False
        if is_taken:
            self._leave()
        self._at_a_break = tag not in _INLINE

    def data(self, data: str) -> None:  # type: ignore[override]
        """Take text, unless it stands where nothing is read."""
        if self._unread or (self._at_a_break and data.isspace()):
            return
        self._text.append(data)
        self._at_a_break = False

    def close(self) -> None:
        """End the document."""
        if self._text:
            self._end_text()

    def doctype(self, name: str, pubid: str, system: str) -> None:  # noqa: ARG002
        """Leave the kind of document out; wherever it stands, it parts what is before it from what follows."""
        if self._text:
            self._end_text()

    def comment(self, text: str | bytes) -> None:
        """Leave comments out."""

    def pi(self, target: str, data: str) -> None:
        """Leave processing instructions out."""

    def _leave(self) -> None:
        left = self._around.pop()
        if self._holders and self._holders[-1] is left:
            self._holders.pop()

    def _end_text(self) -> None:
        kind = self.string_containers[self._holders[-1].name] if self._holders else NavigableString
        text = str.__new__(kind, "".join(self._text))
        text.next_element = text.next_sibling = text.previous_sibling = None
        self._text.clear()
        self._link(text)

    def _link(self, node: PageElement) -> None:
        """Put a node behind all others, within the element that is open."""
        parent = self._around[-1]
        node.parent = parent
        node.previous_element = self._last
        self._last.next_element = self._last = node
        siblings = parent.contents
        if siblings:
            node.previous_sibling = siblings[-1]
            siblings[-1].next_sibling = node
        siblings.append(node)


@lru_cache(maxsize=4096)  # a page repeats its classes
def _names_a_date(classes: str) -> bool:
    lower = classes.lower()
    return any(word in lower for word in _DATING_WORDS) and _DATED.search(classes) is not None


def _asked(attributes: Mapping[str, str]) -> dict[str, str]:
    """Return the attributes that somebody asks for, and no endless names."""
    asked = {name: value for name, value in attributes.items() if name not in _NEVER_ASKED}
    for name in _NAMING:
        if name in asked and len(asked[name]) > LONGEST_NAMES:
            asked[name] = asked[name][:LONGEST_NAMES]
    return asked


def elements_in(tag: Tag, names: Set[str]) -> Iterator[Tag]:
    """Return the elements within one that go by these names, as they come; a tenth of what `find_all` costs."""
    return (each for each in tag.descendants if isinstance(each, Tag) and each.name in names)


def too_much_markup(what: str) -> TooMuchMarkup:
    """Return what a page has too much of; who reads it adds which it is."""
    return TooMuchMarkup(what, about="a page's markup")
