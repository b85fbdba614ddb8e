"""A section page's tree: its elements in order, their words, and the lines that a part of it shows."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from lxml import etree, html

from ...articles.blocks import BREAKING, HEADINGS
from ...articles.jsonld import read_nodes
from ...articles.tree import MOST_ELEMENTS, too_much_markup
from ...text.charset import decode_page
from ...text.normalized import squash
from ..alternates import base_of
from .words import is_called, leads_on

Element: TypeAlias = etree._Element  # noqa: SLF001 - lxml has no public name for it

_UNSEEN = ("script", "style", "template", "svg", "iframe", "object", "math", "canvas", "select", "textarea")
_SPANS = frozenset({"span", "small", "em", "i", "b", "strong", "time", "cite", "abbr", "label", "font"})
_INVISIBLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_DECLARATION = re.compile(r"^\W{0,20}<\?xml[^>]{0,500}>")  # which lxml takes for no text's
LONGEST_LINE = 2_000  # characters


@dataclass(frozen=True, slots=True)
class Line:
    """Running text between two breaks, and the element that holds it."""

    owner: Element
    text: str
    linked: int  # characters that are links


class SectionTree:
    """The elements of a page in order, without what is not shown."""

    def __init__(self, body: bytes, *, url: str, content_type: str | None) -> None:
        text = _DECLARATION.sub("", _CONTROLS.sub(" ", decode_page(body, content_type)), count=1)
        self.nodes = read_nodes(_json_ld(text))
        try:
            self.root: Element = html.document_fromstring(text or "<p></p>", ensure_head_body=True)
        except (etree.LxmlError, ValueError, AssertionError):
            self.root = html.document_fromstring("<p></p>", ensure_head_body=True)
        etree.strip_elements(self.root, etree.Comment, etree.ProcessingInstruction, *_UNSEEN, with_tail=False)
        self.elements: list[Element] = list(self.root.iter(etree.Element))
        if len(self.elements) > MOST_ELEMENTS:
            raise too_much_markup("more elements than are read")
        self.place = {element: place for place, element in enumerate(self.elements)}
        self.base = base_of(self.root, url)
        self.body: Element = self.root.find("body") if self.root.find("body") is not None else self.root
        self._hidden: dict[Element, bool] = {}

    def is_hidden(self, element: Element) -> bool:
        """Return whether an element, or one around it, is marked as not shown."""
        known = self._hidden.get(element)
        if known is None:
            parent = element.getparent()
            known = is_marked_hidden(element) or (parent is not None and self.is_hidden(parent))
            self._hidden[element] = known
        return known


def _json_ld(text: str) -> tuple[str, ...]:
    found = re.finditer(
        r"""<script\b[^>]{0,300}?type\s*=\s*["']?application/ld\+json[^>]{0,300}>(.*?)</script""", text, re.I | re.S
    )
    return tuple(match[1] for match in found)


def is_marked_hidden(element: Element) -> bool:
    """Return whether an element itself is marked as not shown."""
    return "hidden" in element.attrib or _INVISIBLE.search(element.get("style") or "") is not None


def names_of(element: Element) -> str:
    """Return an element's classes and id."""
    return f"{element.get('class') or ''} {element.get('id') or ''} {element.get('data-testid') or ''}".strip()


def above(element: Element) -> Iterator[Element]:
    """Yield an element and all around it, the nearest first."""
    yield element
    yield from element.iterancestors()


def words_of(element: Element, without: Collection[Element] = ()) -> str:
    """Return the text of an element as it is read, with none of the parts left out."""
    pieces: list[str] = []
    _gather(element, without, pieces)
    return squash("".join(pieces))


def label_of(link: Element, otherwise: str = "") -> str:
    """Return a link's text, else its label for screen readers, else its tooltip, else another text."""
    return words_of(link) or squash(link.get("aria-label") or link.get("title") or otherwise)


def _gather(element: Element, without: Collection[Element], pieces: list[str]) -> None:
    pieces.append(element.text or "")
    for child in element:
        if child not in without and not _is_unseen(child):
            breaks = child.tag in BREAKING or child.tag == "br"
            pieces.append(" " if breaks else "")
            _gather(child, without, pieces)
            pieces.append(" " if breaks else "")
        pieces.append(child.tail or "")


def _is_unseen(element: Element) -> bool:
    return is_marked_hidden(element) or is_called(element.get("class") or "", "unseen")


def lines_of(element: Element, without: Collection[Element] = ()) -> list[Line]:
    """Return the lines that an element shows, without some parts; links that only lead on are left out."""
    walk = _Lines(without)
    walk.read(element, is_linked=any(each.tag == "a" for each in above(element)))
    walk.close()
    return walk.lines


class _Lines:
    def __init__(self, without: Collection[Element]) -> None:
        self.lines: list[Line] = []
        self._without = without
        self._pieces: list[str] = []
        self._linked = 0
        self._owners: list[Element] = []

    def read(self, element: Element, *, is_linked: bool) -> None:
        if _is_unseen(element):
            return
        if element in self._without:
            self.close()
            return
        if element.tag == "a":
            if leads_on(words_of(element)):
                return
            is_linked = True
        breaks = _breaks(element) or self._is_glued(element)
        if breaks or not self._owners:
            self.close()
            self._owners.append(element)
        self._take(element.text, is_linked=is_linked)
        for child in element:
            if child.tag == "br":
                self.close()
            else:
                self.read(child, is_linked=is_linked)
            self._take(child.tail, is_linked=is_linked)
        if breaks or self._owners == [element]:
            self.close()
            self._owners.pop()

    def _is_glued(self, element: Element) -> bool:
        """Return whether a link or a span begins in the middle of a word, so that it is shown apart."""
        if element.tag not in {"a", "span"} or not self._pieces:
            return False
        before, within = self._pieces[-1][-1:], words_of(element)[:1]
        return before.isalnum() and within.isalnum()

    def _take(self, text: str | None, *, is_linked: bool) -> None:
        if text:
            self._pieces.append(text)
            self._linked += len(text.strip()) if is_linked else 0

    def close(self) -> None:
        text = squash("".join(self._pieces))
        if text and self._owners:
            self.lines.append(Line(self._owners[-1], text[:LONGEST_LINE], min(self._linked, len(text))))
        self._pieces.clear()
        self._linked = 0


def _breaks(element: Element) -> bool:
    """Return whether a line begins at an element; a named one of a line often is a block to its style sheet."""
    if element.tag in BREAKING or element.tag == "time":
        return True
    if element.tag not in _SPANS or not element.get("class"):
        return False
    parent = element.getparent()
    return parent is not None and parent.tag != "p" and parent.tag not in HEADINGS
