"""Where a page may name its writers: metadata, and the lines it shows near its headline, elsewhere and at its end."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from bs4 import Tag

from ..text.dates import read_date
from ..text.normalized import squash
from .blocks import Block
from .byline import is_lead, looks_like_a_name
from .jsonld import Node, texts, types_of
from .metadata import Metadata, meta_names
from .tree import elements_in

LONGEST_LABEL = 20  # characters of what says that a name follows
LONGEST_LINE = 120  # characters of a visible byline
AFTER, BEFORE = 8, 6  # blocks around a headline that are near it
OPENING = 14  # blocks below a headline, among which its article begins
DATELINES = 3  # blocks of an article's text, one of which may open with a dateline
LONG = 60  # characters of a line that is running text
UNDER = 4  # blocks below a headline, where a byline needs no label
LONGEST_STAMP = 45  # characters of a line that is a date and little else
LONGEST_PARAGRAPH = 300  # characters of a line in which a name is marked
MOST_ITEMS = 5  # authors in microdata
MOST_INLINE = 20  # elements of a line
MOST_BLOCKS = 600

_INLINE = frozenset({"a", "span", "strong", "b", "em", "i", "cite"})
_BYLINE = re.compile(r"(?:^|[\s_-])(?:byline|author|writer|autor|auteur|wrote|posted-?by|contributor|journalist)", re.I)
_AUTHOR_PAGE = re.compile(
    r"/(?:authors?|autor(?:es)?|auteurs?|staff|people|profile|by|contributors?|journalists?)/", re.IGNORECASE
)
_ALONE = re.compile(r"[^\W\d_][^\W\d_.'’-]+(?: [^\W\d_][^\W\d_.'’-]*){0,3}")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_SIGNED = re.compile(r"^\W{0,3}(?:written by|escrito por|redactado por|écrit par)\s*:", re.IGNORECASE)
_WRITTEN_BY = re.compile(
    r"^\W{0,3}(?:written by|reported by|reporting by|story by|by|escrito por|redactado por|por|par|von"
    r"|ein (?:artikel|kommentar|beitrag|gastbeitrag) von|text|autorin|autor|autores|author|auteur|di|door|av|af|автор)"
    r"\s*:?\s+\S|^(?:著者|作者|記者|记者|撰文|執筆)\s*[:：]\s*\S",
    re.IGNORECASE,
)
_DATED = re.compile(
    r"(?:^|[\d|»·•,]\s*|\b(?:posted|published|submitted|written|uhr|[pmce][sd]t|[ap]m|gespeichert|veröffentlicht|geschrieben|eingestellt"
    r"|erstellt|verfasst|publicado|escrito|publié|rédigé|pubblicato|scritto|beitrag)\s*)"
    r"\b(?:by|von|par|por|da|di|door|af|av)\s+(?!(?:am|um|at|on|le|el)\b)"
    r"([^\W\d_][\w.'’-]+(?: [^\W\d_][\w.'’-]*){0,3}?)"
    r"\s*(?:$|[|»·•,@]|\s(?:at|am|on|um|le|el|op|den|in)\s|\s(?=\d))",
    re.IGNORECASE,
)
_AUTHOR_IS = re.compile(
    r"(?:author|autorin|autora?|auteure?|autore|verfasser(?:in)?|posted by|written by)\s*:\s*(?=\w)", re.IGNORECASE
)
_AGENCY = re.compile(r"\(([^\W\d_]{2,10}(?:[-/]\w{2,10}){0,2})\)\s*[-–—:]")


@dataclass(frozen=True, slots=True)
class Byline:
    """Texts that may name writers, and where they stood."""

    texts: tuple[str, ...]
    evidence: str
    shown: bool = False
    of_persons: bool = False  # the page says that they are persons, whatever its outlet is called


def stated_bylines(metadata: Metadata) -> Iterator[Byline]:
    """Yield what the page states for machines: JSON-LD, then meta elements, then microdata."""
    yield Byline(*_authors_of(metadata.story, metadata))
    for name in meta_names().authors:
        texts = tuple(value for _, value in metadata.named(name) if "http" not in value)
        if name == "citation_author":
            texts = tuple(" ".join(reversed(text.split(", "))) for text in texts)
        yield Byline(texts, f"meta {name}")
    yield Byline(tuple(_item_names(metadata.items_of_story("author"))), "itemprop author")


def nearby_bylines(blocks: Sequence[Block], headline: int) -> Iterator[Byline]:
    """Yield what is shown around the headline."""
    near = [*blocks[headline + 1 : headline + 1 + AFTER], *blocks[max(0, headline - BEFORE) : max(0, headline)]]
    yield from (Byline((name,), "link to the author", shown=True) for block in near for name in _linked(block))
    yield from _lines(near)
    yield from _labelled(near)
    yield from _marked(near)
    yield from _beside_dates(near)
    yield from _unlabelled(near[:UNDER])
    yield from _dated(near)
    yield from _nicknamed(near)
    yield from _opening(blocks[headline + 1 : headline + 1 + OPENING])


def distant_bylines(blocks: Sequence[Block], headline: int) -> Iterator[Byline]:
    """Yield what is shown further off, which may be of comments and of other articles."""
    start = headline + 1 + AFTER
    yield from _lines([*blocks[: max(0, headline - BEFORE)], *blocks[start:]][:MOST_BLOCKS])


def datelines(body: Sequence[Block]) -> Iterator[Byline]:
    """Yield the agency that the opening of an article's text names: "SPRINGFIELD (AP) - "."""
    for block in body[:DATELINES]:
        if match := _AGENCY.search(block.text[:LONG]):
            yield Byline((match[1],), "dateline")


def signatures(blocks: Sequence[Block]) -> Iterator[str]:
    """Return the lines of their own, "Written by: NAME", among these."""
    return (block.text for block in blocks if len(block.text) < LONGEST_LINE and _SIGNED.match(block.text))


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


def _item_names(tags: Sequence[Tag]) -> list[str]:
    """Return the authors of what the first one is an author of: reviews and comments have their own."""
    found = []
    for tag in tags[:MOST_ITEMS]:
        if _scope(tag) is not _scope(tags[0]):
            continue
        name = tag.find(None, {"itemprop": "name"})
        content = tag.get("content")
        found.append(str(content) if content else squash((name if isinstance(name, Tag) else tag).get_text(" ")))
    return found


def _scope(tag: Tag) -> Tag | None:
    return next((parent for parent in tag.parents if "itemscope" in parent.attrs), None)


def _lines(blocks: Sequence[Block]) -> Iterator[Byline]:
    short = [block for block in blocks if len(block.text) < LONGEST_LINE]
    for block in short:
        if any(_BYLINE.search(_name(tag)) for tag in block.ancestors[-4:]):
            yield Byline(("\n".join(islice(block.owner.stripped_strings, 12)),), "visible byline", shown=True)
    for block in short:
        if _WRITTEN_BY.match(block.text):
            yield Byline((block.text,), "byline in the text", shown=True)


def _labelled(near: Sequence[Block]) -> Iterator[Byline]:
    """Read a name that stands in the block after its label: "By", "Autor:"."""
    for label, block in pairwise(near):
        if len(label.text) < LONGEST_LABEL and is_lead(label.text) and len(block.text) < LONGEST_LINE:
            yield Byline((block.text,), "name after its label", shown=True)


def _marked(near: Sequence[Block]) -> Iterator[Byline]:
    """Read what an element within a line says by its class to be an author."""
    for block in near:
        if len(block.text) < LONGEST_PARAGRAPH and not block.is_heading:
            for tag in islice(elements_in(block.owner, _INLINE), MOST_INLINE):
                if _BYLINE.search(_name(tag)):
                    yield Byline((tag.get_text(" "),), "name marked in a line", shown=True)


def _unlabelled(under: Sequence[Block]) -> Iterator[Byline]:
    """Read a line that is a name and nothing more, where a line with a date follows it."""
    for index, block in enumerate(under):
        follow = [line.text for line in under[index + 1 : index + 3] if len(line.text) < LONGEST_STAMP]
        words = block.text.split()
        if _ALONE.fullmatch(block.text) and all(word[0].isupper() for word in words) and any(map(_YEAR.search, follow)):
            yield Byline((block.text,), "name above the date", shown=True)


def _dated(near: Sequence[Block]) -> Iterator[Byline]:
    """Read who put an article up, be it a nickname, from a line that says on which day: "Posted by NAME on DATE"."""
    for block in near:
        match = _DATED.search(block.text) if len(block.text) < LONGEST_LINE else None
        if match and not block.text.endswith(".") and read_date(block.text, timezone="UTC"):
            yield Byline((match[1],), "name with the date")


def _nicknamed(near: Sequence[Block]) -> Iterator[Byline]:
    """Read whom a label names with a colon, be it by a nickname: "Author: NAME"."""
    for block in near:
        if len(block.text) < LONGEST_LINE and (match := _AUTHOR_IS.match(block.text)):
            yield Byline((block.text[match.end() :],), "name after its label")


def _opening(under: Sequence[Block]) -> Iterator[Byline]:
    """Read a line that is a whole name and nothing more, where the running text begins after it."""
    begin = next((index for index, block in enumerate(under) if len(block.text) >= LONG), 0)
    if not 0 < begin < len(under) - 1:
        return
    line, *text = under[begin - 1 : begin + 2]
    names = line.text.split("/")
    beside = line.owner.name == "p" and all(block.owner.parent is line.owner.parent for block in text)
    if beside and not line.linked and not _WRITTEN_BY.match(line.text) and all(map(_is_alone, names)):
        yield Byline(tuple(names), "name before the text", shown=True)


def _is_alone(name: str) -> bool:
    if not all(word[0].isupper() for word in name.split() if len(word) > 3):
        return False
    return " " in name.strip() and _ALONE.fullmatch(name.strip()) is not None and looks_like_a_name(name)


def _beside_dates(near: Sequence[Block]) -> Iterator[Byline]:
    for block in near:
        if len(block.text) < LONGEST_LINE and "|" in block.text and any(char.isdigit() for char in block.text):
            parts = (part.strip() for part in block.text.split("|"))
            yield Byline(tuple(part for part in parts if looks_like_a_name(part)), "name beside the date", shown=True)


def _linked(block: Block) -> Iterator[str]:
    """Yield the text of links that lead to their author, by rel or address."""
    for link in block.links:
        if "author" in str(link.attrs.get("rel")) or _AUTHOR_PAGE.search(str(link.attrs.get("href"))):
            yield link.get_text(" ")


def _name(tag: Tag) -> str:
    return f"{tag.attrs.get('class', '')} {tag.attrs.get('id', '')} {tag.attrs.get('rel', '')}"
