"""Where a story points: inline, to related stories, and to what it names as its source."""

import re
from collections.abc import Iterable

from ..model import Link, LinkKind
from .blocks import Block
from .body import Body
from .clutter import is_furniture
from .text import squash
from .urls import absolute_url

MOST_LINKS = 400
_SOURCE = re.compile(r"^\W*(?:source|sources|fuente|fonte|quelle|via|h/t)\b", re.IGNORECASE)
_RELATED = re.compile(r"relat|relacion|read-?(?:more|next|also)|recommend|also", re.IGNORECASE)


def read_links(body: Body, blocks: Iterable[Block], base: str) -> tuple[Link, ...]:
    """Give every address a story leads to once, with its kind; share buttons and menus are no links of a story."""
    found: dict[str, Link] = {}
    sources = [block for block in blocks if block.links and block.is_of("story-source", "sourcecopy", "article-source")]
    sources += [block for block in body.dropped if _SOURCE.match(block.text)]
    related = [block for block in body.dropped if _points_on(block)]
    kinds: list[tuple[LinkKind, Iterable[Block]]] = [
        ("inline", body.blocks),
        ("source", sources),
        ("related", related),
    ]
    for kind, chosen in kinds:
        for link in (link for block in chosen for link in _of(block, kind, base)):
            found.setdefault(link.url, link)
    return tuple(found.values())[:MOST_LINKS]


def _points_on(block: Block) -> bool:
    if any(_RELATED.search(f"{tag.get('class')} {tag.get('id')}") for tag in block.clutter):
        return True
    return not block.clutter and (is_furniture(block.text) or block.linked > 0.6 * len(block.text))


def _of(block: Block, kind: LinkKind, base: str) -> list[Link]:
    found = []
    for tag in block.links:
        href = str(tag.get("href") or "")
        url = absolute_url(href, base) if href and not href.startswith("#") else None
        if url:
            found.append(Link(kind=kind, url=url, text=squash(tag.get_text(" "))))
    return found
