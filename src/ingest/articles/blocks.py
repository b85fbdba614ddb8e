"""A page as a row of blocks: the smallest pieces of running text, each with where it stands and what surrounds it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PageElement

from ..text.normalized import read_once_more, squash, told_apart
from .boilerplate import Boilerplate, is_furniture

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
BREAKING = HEADINGS | frozenset(
    "address amp-accordion article aside blockquote body caption center dd details dir div dl dt fieldset figcaption "
    "figure footer form header hgroup hr html iframe li main menu nav ol p pre section summary table tbody td tfoot th "
    "thead tr ul video".split()
)
_ITEMS = frozenset({"li", "dd", "dt"})
LONGEST_HEADING = 160  # characters
LONGEST_BOLD_LINE = 90
LINE_BREAK = "\x1e"  # within a block's text, until it is closed


@dataclass(slots=True, eq=False)
class Block:
    """A piece of running text between two breaks, the element that holds it, and what it is made of."""

    owner: Tag
    ancestors: tuple[Tag, ...]  # breaking elements around it, outermost first, the owner last
    text: str
    linked: int  # characters that are links
    bold: int  # characters that are bold
    is_item: bool  # of a list, or within one
    is_quote: bool  # in a block of its own
    boilerplate: tuple[Tag, ...] = ()  # elements around it that look like boilerplate, outermost first
    links: list[Tag] = field(default_factory=list)
    is_heading: bool = field(init=False)  # the markup calls it one, or it is a bold line that is no sentence

    def __post_init__(self) -> None:
        """Decide once what is asked many times."""
        self.is_heading = self._is_heading()

    def _is_heading(self) -> bool:
        if self.owner.name in HEADINGS:
            return len(self.text) <= LONGEST_HEADING
        if self.owner.name != "p" or len(self.text) > LONGEST_BOLD_LINE or self.bold < 0.95 * len(self.text):
            return False
        return not self.linked and self.text[-1] not in '.!,:;…"”»' and not self.is_item

    def is_of(self, *names: str) -> bool:
        """Return whether an element close around it has a class or id that ends with one of these names."""
        close = " ".join([f"{tag.attrs.get('class', '')} {tag.attrs.get('id', '')}" for tag in self.ancestors[-3:]])
        called = close.lower()
        return any(name in called for name in names) and any(word.endswith(names) for word in called.split())


@dataclass(slots=True)
class _Open:
    """The text that is being gathered."""

    pieces: list[str] = field(default_factory=list)
    links: list[Tag] = field(default_factory=list)
    linked: int = 0
    bold: int = 0
    breaks: int = 0


def read_blocks(soup: BeautifulSoup, boilerplate: Boilerplate) -> list[Block]:
    """Return the blocks of a page in reading order, in one pass and without recursion."""
    walk = _Walk(boilerplate)
    above: list[tuple[Tag, Iterator[PageElement]]] = []
    parent: Tag = soup
    children = iter(soup.contents)
    while True:
        for child in children:
            if isinstance(child, Tag):
                if walk.enter(child):
                    above.append((parent, children))
                    parent, children = child, iter(child.contents)
                    break
            elif type(child) is NavigableString:  # comments and the like are subclasses of it
                walk.take(child)
        else:
            walk.leave(parent)
            if not above:
                break
            parent, children = above.pop()
    walk.close()
    return walk.blocks


class _Walk:
    """Where the pass over a tree stands: the elements it is within, and the text it is gathering."""

    def __init__(self, boilerplate: Boilerplate) -> None:
        self.blocks: list[Block] = []
        self._boilerplate = boilerplate
        self._breaking: list[Tag] = []
        self._names: list[str] = []  # of the elements that break
        self._suspect: list[Tag] = []
        self._links: list[Tag] = []
        self._bold: list[Tag] = []
        self._open = _Open()

    def enter(self, tag: Tag) -> bool:
        """Go into an element, and say whether there is anything to read in it."""
        name = tag.name
        if name == "br":
            self._break_line()
            return False
        breaks = name in BREAKING
        if breaks:
            self.close()
        if name == "a":
            self._open.links.append(tag)
        if not tag.contents or self._boilerplate.is_never_text(tag):
            return False
        if name == "a":
            self._links.append(tag)
        elif name in {"b", "strong"}:
            self._bold.append(tag)
        if self._boilerplate.is_suspect(tag):
            self.close()
            self._suspect.append(tag)
            breaks = True
        if breaks:
            self._breaking.append(tag)
            self._names.append(name)
        return True

    def leave(self, tag: Tag) -> None:
        """Come out of an element."""
        if self._breaking and self._breaking[-1] is tag:
            self.close()
            self._breaking.pop()
            self._names.pop()
        for within in (self._suspect, self._links, self._bold):
            if within and within[-1] is tag:
                within.pop()

    def take(self, text: str) -> None:
        """Gather running text."""
        self._open.pieces.append(text)
        if not text.isspace():
            self._open.breaks = 0
            self._open.linked += len(text.strip()) if self._links else 0
            self._open.bold += len(text.strip()) if self._bold else 0

    def close(self) -> None:
        """End the block that is being gathered, if it says anything."""
        gathered = self._open
        if not gathered.pieces and not gathered.links:
            return
        self._open = _Open()
        if not self._breaking:
            return
        told = "".join(gathered.pieces)
        if self._breaking[-1].name in HEADINGS:  # whose tags some systems escape, as they do in their feeds
            self._take_lines(read_once_more(told), gathered)
            return
        for paragraph in told_apart(told):
            self._take_lines(paragraph, gathered)

    def _take_lines(self, told: str, gathered: _Open) -> None:
        lines = [line for line in map(squash, told.split(LINE_BREAK)) if line]
        if len(lines) == 1:
            self.blocks.append(self._block(lines[0], gathered))
            return
        for furniture, group in groupby(lines, is_furniture):  # it may stand on lines of its own within a paragraph
            parts = list(group)
            for text in parts if furniture else [" ".join(parts)]:
                self.blocks.append(self._block(text, gathered))

    def _block(self, text: str, gathered: _Open) -> Block:
        return Block(
            owner=self._breaking[-1],
            ancestors=tuple(self._breaking),
            text=text,
            linked=min(gathered.linked, len(text)),
            bold=min(gathered.bold, len(text)),
            is_item=not _ITEMS.isdisjoint(self._names[-3:]),
            is_quote="blockquote" in self._names,
            boilerplate=tuple(self._suspect),
            links=gathered.links,
        )

    def _break_line(self) -> None:
        self._open.breaks += 1
        self._open.pieces.append(LINE_BREAK)
        if self._open.breaks > 1:
            self.close()
