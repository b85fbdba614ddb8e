"""JSON-LD: what a page says of itself in schema.org's words. Each block is read on its own; broken ones are mended."""

import html
import re
from collections.abc import Iterable, Iterator
from typing import Any

from ..text.json_text import DECODER
from ..text.normalized import plain

Node = dict[str, Any]

LONGEST_BLOCK = 1_000_000  # characters
DEEPEST = 8  # levels of nodes within nodes
STORY_TYPES = frozenset(
    "article newsarticle reportagenewsarticle analysisnewsarticle opinionnewsarticle backgroundnewsarticle "
    "reviewnewsarticle asknewsarticle advertisercontentarticle satiricalarticle scholarlyarticle techarticle "
    "blogposting liveblogposting socialmediaposting discussionforumposting report review recipe".split()
)
LESSER_TYPES = frozenset({"webpage", "itempage", "videoobject", "creativework", "imagegallery", "faqpage"})

_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_MISSING_COMMA = re.compile(r'(["}\]])(\s*\n\s*")')
# Escapes of nothing: NUL, and one half of a surrogate pair without the other.
_NO_CHARACTER = re.compile(
    r"\\u(?:0000|d[89ab][0-9a-f]{2}(?!\\ud[c-f][0-9a-f]{2})|(?<!\\ud[89ab][0-9a-f]{2}\\u)d[c-f][0-9a-f]{2})",
    re.IGNORECASE,
)
_WRAPPING = re.compile(r"^\s*(?://\s*)?(?:<!\[CDATA\[|<!--)|(?://\s*)?(?:\]\]>|-->)\s*$")


def read_nodes(blocks: Iterable[str]) -> tuple[Node, ...]:
    """Return every node of every block, outermost first; a block that can't be mended is as if it were not there."""
    return tuple(node for block in blocks for node in _walk(_load(block), 0))


def story_of(nodes: Iterable[Node]) -> Node:
    """Return the node that describes the article, or an empty one."""
    known = list(nodes)
    for types in (STORY_TYPES, LESSER_TYPES):
        stories = [node for node in known if types_of(node) & types]
        if stories:
            return max(stories, key=_told)
    return {}


def types_of(node: Node) -> set[str]:
    """Return a node's types in lower case, without their vocabulary."""
    return {text.rsplit("/", 1)[-1].rsplit(":", 1)[-1].lower() for text in texts(node.get("@type"))}


def texts(value: object) -> list[str]:
    """Return the words in a value, which may be a text, a node with a name, or a list of either."""
    if isinstance(value, str):
        return [value] if value.strip() else []
    if isinstance(value, dict):
        return texts(value.get("name") or value.get("@value") or value.get("headline"))
    if isinstance(value, list):
        return [text for each in value[:200] for text in texts(each) if not isinstance(each, list)]
    return []


def first_text(value: object, *, lines: bool = False) -> str | None:
    """Return the first words in a value, plain, or None; `lines` keeps its lines."""
    return next((text for text in (plain(each, lines=lines) for each in texts(value)) if text), None)


def _told(node: Node) -> int:
    """Prefer the node that says most of what we ask."""
    asked = ("headline", "datePublished", "author", "articleBody", "mainEntityOfPage")
    return sum(1 for name in asked if node.get(name))


def _walk(value: object, depth: int) -> Iterator[Node]:
    if depth > DEEPEST:
        return
    if isinstance(value, list):
        for each in value[:500]:
            yield from _walk(each, depth + 1)
    if isinstance(value, dict):
        if "@type" in value:
            yield value
        for name in ("@graph", "mainEntity", "mainEntityOfPage", "hasPart", "itemReviewed"):
            yield from _walk(value.get(name), depth + 1)


def _load(block: str) -> object:
    text = _NO_CHARACTER.sub("", _WRAPPING.sub("", block[:LONGEST_BLOCK].strip()).strip().rstrip(";"))
    for repair in (_as_it_is, _with_commas_mended, html.unescape):
        try:
            return DECODER.decode(repair(text))
        except (ValueError, RecursionError):
            continue
    return _first_value(text)


def _as_it_is(text: str) -> str:
    return text


def _with_commas_mended(text: str) -> str:
    return _MISSING_COMMA.sub(r"\1,\2", _TRAILING_COMMA.sub(r"\1", text))


def _first_value(text: str) -> object:
    """Take what can be read before the break."""
    try:
        return DECODER.raw_decode(text)[0]
    except (ValueError, RecursionError):
        return None
