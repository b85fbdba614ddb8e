"""What a page says of itself: meta elements, JSON-LD, microdata and `time`, gathered once and asked by name."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import islice
from typing import Literal

from bs4 import BeautifulSoup, Tag

from ..text.normalized import plain, squash
from .jsonld import Node, first_text, read_nodes, story_of
from .markup import Markup
from .tree import elements_in

LONGEST_VALUE = 20_000  # characters
MOST_TIMES = 200  # elements of one kind that are looked at
_TOP = frozenset({"head", "html", "body", "[document]"})  # below them, a reader's comment may have brought a link
MOST_AROUND = 40  # elements around one, among which a comment is looked for


@dataclass(frozen=True, slots=True)
class Metadata:
    """A page's own statements, by lower-case name, in the order given."""

    soup: BeautifulSoup
    source: str  # the markup as it came, scripts and all
    nodes: tuple[Node, ...]
    story: Node  # the JSON-LD node of the article; empty when there is none
    meta: dict[str, tuple[str, ...]]
    items: dict[str, tuple[Tag, ...]]  # microdata, by itemprop, and RDFa by property
    titles: tuple[str, ...]  # of the `title` element
    headlines: tuple[Tag, ...]  # h1 elements
    times: tuple[Tag, ...]
    dated: tuple[Tag, ...]  # elements whose class says that they date an article
    page_links: dict[str, tuple[str, ...]]  # `link` and `a` elements, by rel

    def named(self, *names: str) -> tuple[tuple[str, str], ...]:
        """Return the values of meta elements of these names, with the name, the first names first."""
        return tuple((name, value) for name in names for value in self.meta.get(name, ()))

    def first(self, *names: str) -> str | None:
        """Return the first value that a meta element of these names has."""
        return next((value for _, value in self.named(*names)), None)

    def items_of_story(self, name: str) -> tuple[Tag, ...]:
        """Return the elements with this itemprop, but for those of readers' comments."""
        return tuple(tag for tag in self.items.get(name, ())[:MOST_TIMES] if not _is_in_comment(tag))

    @property
    def locales(self) -> tuple[str, ...]:
        """Return the locales the page says it is in: a language, most often with a country."""
        root = next(elements_in(self.soup, {"html"}), None)
        language = str(root.attrs.get("lang") or "") if root else ""
        return (self.first("og:locale") or "", language)

    @property
    def site_name(self) -> str | None:
        """Return the name of the site, where the page says it."""
        return self.first("og:site_name", "application-name") or first_text(self.story.get("publisher"))


def read_metadata(markup: Markup) -> Metadata:
    """Gather what a page says of itself."""
    found = _Found()
    for tag in markup.telling:
        found.take(tag)
    nodes = read_nodes(markup.json_ld)
    return Metadata(
        soup=markup.soup,
        source=markup.source,
        nodes=nodes,
        story=story_of(nodes),
        meta={name: tuple(values) for name, values in found.meta.items()},
        items={name: tuple(tags) for name, tags in found.items.items()},
        titles=tuple(found.titles),
        headlines=tuple(found.headlines),
        times=tuple(tag for tag in found.times[:MOST_TIMES] if not _is_in_comment(tag)),
        dated=tuple(tag for tag in markup.dated[:MOST_TIMES] if not _is_in_comment(tag)),
        page_links={name: tuple(values) for name, values in found.page_links.items()},
    )


def _is_in_comment(tag: Tag) -> bool:
    """Return whether microdata puts an element in a reader's comment (schema.org/Comment, before it UserComments)."""
    return any(
        around.attrs.get("itemprop") == "comment"
        or str(around.attrs.get("itemtype")).lower().endswith(("/comment", "/usercomments"))
        for around in islice(tag.parents, MOST_AROUND)
    )


def value_of(tag: Tag, *attributes: Literal["content", "datetime", "title", "href"]) -> str:
    """Return what an element states: the first of its attributes that says something, else its text."""
    for attribute in attributes:
        value = tag.get(attribute)
        if isinstance(value, str) and value.strip():
            return squash(value)
    return squash(tag.get_text(" "))


@dataclass(frozen=True, slots=True)
class MetaNames:
    """Names of meta elements by what they tell, those believed first standing first."""

    published: tuple[str, ...]
    dated: tuple[str, ...]
    modified: tuple[str, ...]
    authors: tuple[str, ...]


@lru_cache(maxsize=1)
def meta_names() -> MetaNames:
    """Return the names of the meta elements we believe."""
    data = tomllib.loads(files(__package__).joinpath("metadata.toml").read_text("utf-8"))
    return MetaNames(**{field: tuple(data[field]) for field in ("published", "dated", "modified", "authors")})


class _Found:
    def __init__(self) -> None:
        self.meta: dict[str, list[str]] = {}
        self.items: dict[str, list[Tag]] = {}
        self.page_links: dict[str, list[str]] = {}
        self.titles: list[str] = []
        self.headlines: list[Tag] = []
        self.times: list[Tag] = []

    def take(self, tag: Tag) -> None:
        if tag.name == "meta":
            self._take_meta(tag)
        elif tag.name == "title":
            self.titles.append(plain(tag.get_text()))
        elif tag.name == "h1":
            self.headlines.append(tag)
        elif tag.name == "time":
            self.times.append(tag)
        elif tag.name == "link":
            self._take_rel(tag)
        item = tag.attrs.get("itemprop") or (tag.name != "meta" and tag.attrs.get("property"))
        if item:
            for name in str(item).lower().split():
                self.items.setdefault(name.rsplit(":", 1)[-1], []).append(tag)

    def _take_meta(self, tag: Tag) -> None:
        content = tag.attrs.get("content") or tag.attrs.get("value")
        if not content:
            return
        value = plain(str(content)[:LONGEST_VALUE])
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            name = str(tag.attrs.get(attribute) or "").strip().lower()
            if name and value:
                self.meta.setdefault(name, []).append(value)

    def _take_rel(self, tag: Tag) -> None:
        href = str(tag.attrs.get("href") or "").strip()
        is_own = tag.parent is None or tag.parent.name in _TOP
        for name in str(tag.attrs.get("rel") or "").lower().split():
            if href and (is_own or name != "canonical"):
                self.page_links.setdefault(name, []).append(href)
