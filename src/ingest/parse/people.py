"""Who wrote a story: what the page states for machines, and the bylines it shows, weighed against each other."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from bs4 import Tag

from .blocks import Block
from .body import Body
from .byline import is_lead, looks_like_a_name, read_desk, read_outlet, read_people
from .jsonld import Node, texts, types_of
from .metadata import Metadata, meta_names
from .text import alike, squash

LONGEST_LABEL = 20  # characters of what says that a name follows
LONGEST_LINE = 120  # characters of a visible byline
People = tuple[tuple[str, ...], str]  # (names in order, what won)

_BYLINE = re.compile(r"(?:^|[\s_-])(?:byline|author|writer|autor|auteur|wrote|posted-?by|contributor|journalist)", re.I)
_AUTHOR_PAGE = re.compile(
    r"/(?:authors?|autor(?:es)?|auteurs?|staff|people|profile|by|contributors?|journalists?)/", re.IGNORECASE
)
_SIGNED = re.compile(r"^\W{0,3}(?:written by|escrito por|redactado por|écrit par)\s*:", re.IGNORECASE)
_WRITTEN_BY = re.compile(
    r"^\W{0,3}(?:written by|reported by|reporting by|story by|by|escrito por|redactado por|por|par|von"
    r"|ein (?:artikel|kommentar|beitrag|gastbeitrag) von|text|autorin|autor|autores|author|auteur|di|door|av|af|автор)"
    r"\s*:?\s+\S",
    re.IGNORECASE,
)


# How evidence ends where no person is named.
DESK = ", a desk"
OUTLET = ", an outlet"


def read_authors(metadata: Metadata, blocks: Sequence[Block], body: Body, *, headline: int, host: str) -> People:
    """Name the people who wrote a story, in order.

    Whole names are preferred to nicknames, and both to desks, agencies and the outlet itself, which are named only in
    place of people.
    """
    outlets = frozenset(alike(name).replace(" ", "") for name in (metadata.site_name or "", host, _label(host)))
    stated = list(_stated(metadata))
    shown = list(_shown(blocks, headline))
    found = [(_people_of(byline, outlets), byline.evidence) for byline in stated]
    found.sort(key=lambda pair: not any(" " in name or not name.isascii() for name in pair[0]))
    found += [(_people_of(byline, outlets), byline.evidence) for byline in shown]
    for people, evidence in found:
        if people:
            return tuple(dict.fromkeys((*people, *_signed(body.dropped, outlets)))), evidence
    for byline in (*stated, *shown):
        desks = tuple(dict.fromkeys(name for text in byline.texts for name in read_desk(text, outlets=outlets)))
        if desks:
            return desks, f"{byline.evidence}{DESK}"
    for byline in stated:
        names = tuple(dict.fromkeys(name for text in byline.texts for name in read_outlet(text)))
        if names:
            return names, f"{byline.evidence}{OUTLET}"
    return (), "nobody named"


def _signed(blocks: Sequence[Block], outlets: frozenset[str]) -> Iterator[str]:
    """Give the people that a line of its own, "Written by: NAME", names at the end of a story."""
    for block in blocks:
        if len(block.text) < LONGEST_LINE and _SIGNED.match(block.text):
            yield from read_people(block.text, outlets=outlets, shown=True)


@dataclass(frozen=True, slots=True)
class _Byline:
    texts: tuple[str, ...]
    evidence: str
    shown: bool = False
    of_persons: bool = False  # the page says that they are persons, whatever its outlet is called


def _people_of(byline: _Byline, outlets: frozenset[str]) -> tuple[str, ...]:
    known = frozenset[str]() if byline.of_persons else outlets
    names = (name for text in byline.texts for name in read_people(text, outlets=known, shown=byline.shown))
    return tuple(dict.fromkeys(names))


def _label(host: str) -> str:
    labels = [label for label in host.split(".") if label not in {"www", "m", "amp"}]
    return labels[-2] if len(labels) > 1 else host


def _stated(metadata: Metadata) -> Iterator[_Byline]:
    yield _Byline(*_authors_of(metadata.story, metadata))
    for name in meta_names().authors:
        texts = tuple(value for _, value in metadata.named(name) if "http" not in value)
        if name == "citation_author":
            texts = tuple(" ".join(reversed(text.split(", "))) for text in texts)
        yield _Byline(texts, f"meta {name}")
    yield _Byline(tuple(_item_names(metadata.items.get("author", ()))), "itemprop author")


def _authors_of(story: Node, metadata: Metadata) -> tuple[tuple[str, ...], str, bool, bool]:
    authors = story.get("author") or story.get("creator")
    listed = authors if isinstance(authors, list) else [authors]
    by_id = {str(node.get("@id")): node for node in metadata.nodes if node.get("@id")}
    found: list[str] = []
    persons = True
    for author in listed[:20]:
        if isinstance(author, dict) and not author.get("name"):
            author = by_id.get(str(author.get("@id")), author)  # noqa: PLW2901 - the same author, in full
        found += texts(author)
        persons = persons and isinstance(author, dict) and "person" in types_of(author)
    return tuple(found), "json-ld author", False, persons


def _item_names(tags: Iterable[Tag]) -> list[str]:
    found = []
    for tag in list(tags)[:5]:
        name = tag.find(None, {"itemprop": "name"})
        content = tag.get("content")
        found.append(str(content) if content else squash((name if isinstance(name, Tag) else tag).get_text(" ")))
    return found


def _shown(blocks: Sequence[Block], headline: int) -> Iterator[_Byline]:
    near = [*blocks[headline + 1 : headline + 12], *blocks[max(0, headline - 6) : max(0, headline)]]
    yield from (_Byline((name,), "link to the author", shown=True) for block in near for name in _linked(block))
    for group in (near, blocks[:600]):
        for block in group:
            if len(block.text) < LONGEST_LINE and any(_BYLINE.search(_name(tag)) for tag in block.ancestors[-4:]):
                yield _Byline(("\n".join(islice(block.owner.stripped_strings, 12)),), "visible byline", shown=True)
        for block in group:
            if len(block.text) < LONGEST_LINE and _WRITTEN_BY.match(block.text):
                yield _Byline((block.text,), "byline in the text", shown=True)
    yield from _labelled(near)
    for block in near:
        if len(block.text) < LONGEST_LINE and "|" in block.text and any(char.isdigit() for char in block.text):
            parts = (part.strip() for part in block.text.split("|"))
            yield _Byline(tuple(part for part in parts if looks_like_a_name(part)), "name beside the date", shown=True)


def _labelled(near: Sequence[Block]) -> Iterator[_Byline]:
    """Read a name that stands in the block after its label: "By", "Autor:"."""
    for label, block in pairwise(near):
        if len(label.text) < LONGEST_LABEL and is_lead(label.text) and len(block.text) < LONGEST_LINE:
            yield _Byline((block.text,), "name after its label", shown=True)


def _linked(block: Block) -> Iterator[str]:
    """Give the text of links that lead to their author, by rel or address."""
    for link in block.links:
        if "author" in str(link.attrs.get("rel")) or _AUTHOR_PAGE.search(str(link.attrs.get("href"))):
            yield link.get_text(" ")


def _name(tag: Tag) -> str:
    return f"{tag.attrs.get('class', '')} {tag.attrs.get('id', '')} {tag.attrs.get('rel', '')}"
