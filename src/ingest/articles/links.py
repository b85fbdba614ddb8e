"""Where an article points: inline, to related articles, and to what it names as its source."""

import re
from collections.abc import Iterable
from dataclasses import replace

from ..core.model import Link, LinkKind
from ..core.urls import absolute_url
from ..text.normalized import squash
from .blocks import Block
from .body import Body
from .boilerplate import is_furniture
from .cited_sources import read_named

MOST_LINKS = 400
_SOURCE = re.compile(r"^\W*(?:source|sources|fuente|fonte|quelle|via|h/t)\b", re.IGNORECASE)
# Who is leant on stands before what names him, or after it: "according to the Gazette", "the Gazette reports".
_LEADS_TO = re.compile(
    r"(?:according to|as reported by|(?:first )?reported by|reports? (?:from|by|in)|citing|as told to|"
    r"seg[uú]n|de acuerdo (?:con|a)|citando a|inform[oó] a|segundo|de acordo com|conforme|selon|d['’]après|"
    r"laut|nach angaben|berichtet|secondo|volgens)\W+(?:\w+\W+){0,3}$",
    re.IGNORECASE,
)
_FOLLOWS = re.compile(
    r"^(?:['’]s?)?\W*(?:(?:also|first|previously|earlier|has|had|have|también|a|ha|hat)\s+)?"
    r"(?:reports?|reported|reporting|says|said|writes|wrote|notes|noted|told|found|estimates|announced|"
    r"informa|inform[oó]|report[oó]|public[oó]|dijo|señal[oó]|asegur[oó]|noticiou|informou|disse|afirmou|"
    r"rapporte|a rapporté|écrit|affirme|berichtet|berichtete|meldet|meldete|schreibt|riporta|scrive|meldt)\b",
    re.IGNORECASE,
)
LONGEST_NAME = 80  # characters
_RELATED = re.compile(r"relat|relacion|read-?(?:more|next|also)|recommend|also", re.IGNORECASE)


def read_sources(links: Iterable[Link], paragraphs: Iterable[str], language: str | None) -> tuple[Link, ...]:
    """Return, as links without an address, the outlets and persons an article leans on that no link of it names."""
    linked = {link.text.casefold() for link in links if link.kind == "source"}
    named = read_named(paragraphs, language)
    return tuple(Link(kind="source", url=None, text=name) for name in named if name.casefold() not in linked)


def read_links(body: Body, blocks: Iterable[Block], base: str) -> tuple[Link, ...]:
    """Return every address an article leads to once, with its kind; share buttons and menus are no links of an article.

    A link is a `source` where the article attributes what it says to what the link names, or names its source in a line
    of its own.
    """
    found: dict[str, Link] = {}
    sources = [block for block in blocks if block.links and block.is_of("story-source", "sourcecopy", "article-source")]
    sources += [block for block in body.dropped if _SOURCE.match(block.text)]
    related = [block for block in body.dropped if _points_on(block)]
    inline = [(url, link, block) for block in body.blocks for url, link in _of(block, "inline", base)]
    leant_on = [(url, replace(link, kind="source")) for url, link, block in inline if _is_leant_on(link.text, block)]
    found.update(reversed(leant_on))
    for url, link, _ in inline:
        found.setdefault(url, link)
    kinds: tuple[tuple[LinkKind, Iterable[Block]], ...] = (("source", sources), ("related", related))
    for kind, chosen in kinds:
        for url, link in (pointing for block in chosen for pointing in _of(block, kind, base)):
            found.setdefault(url, link)
    return tuple(found.values())[:MOST_LINKS]


def _is_leant_on(name: str, block: Block) -> bool:
    """Return whether an article attributes what it says to what a link's text names."""
    before, named, after = block.text.partition(name) if name else ("", "", "")
    if not named or len(named) > LONGEST_NAME:
        return False
    return bool(_LEADS_TO.search(before[-LONGEST_NAME:]) or _LEADS_TO.match(named + " ") or _FOLLOWS.match(after))


def _points_on(block: Block) -> bool:
    if any(_RELATED.search(f"{tag.get('class')} {tag.get('id')}") for tag in block.boilerplate):
        return True
    return not block.boilerplate and (is_furniture(block.text) or block.linked > 0.6 * len(block.text))


def _of(block: Block, kind: LinkKind, base: str) -> list[tuple[str, Link]]:
    found = []
    for tag in block.links:
        href = str(tag.get("href") or "")
        url = absolute_url(href, base) if href and not href.startswith("#") else None
        if url:
            found.append((url, Link(kind=kind, url=url, text=squash(tag.get_text(" ")))))
    return found
