"""The headline of an article, without the name of the site that carries it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from urllib.parse import urlsplit

from ..text.normalized import alike, plain, squash
from .blocks import Block
from .jsonld import first_text
from .metadata import Metadata
from .site_names import bare_host, site_names

LONGEST_TITLE = 300  # characters
ALIKE_ENOUGH = 0.5  # share of words that a visible headline and a stated one must have in common

_PARTS = re.compile(r"\s+[-–—|:·•»›/~«⋆]+\s+|\s*[|│]\s*|(?<=\w):\s+|\s+::\s+")
_PIPED = re.compile(r"(?<=\w{3}|\w\w\W)\s*[|│｜][^|│｜]{1,40}$")
_DASHED = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef])[-_|－—][\u3040-\u9fff]{2,8}$")
_PREFERRED = ("h1", "h2", "h3")


@dataclass(frozen=True, slots=True)
class Title:
    """A headline, what gave it, and where it stands among the page's blocks (-1: nowhere)."""

    text: str
    evidence: str
    place: int = -1


def read_title(metadata: Metadata, blocks: Sequence[Block], host: str) -> Title | None:
    """Choose the visible headline that what the page states agrees with; where none does, what it states."""
    return next(title_candidates(metadata, blocks, host), None)


def title_candidates(metadata: Metadata, blocks: Sequence[Block], host: str) -> Iterator[Title]:
    """Yield every headline that may be the article's, the one believed first."""
    names = site_names(metadata, host) | {alike(block.text) for block in blocks if _leads_home(block)}
    told = [(_without_host(title, host), name) for title, name in _told(metadata)]
    told = [(title, name) for title, name in told if title and alike(title) not in names]
    shown = [
        (index, block) for index, block in enumerate(blocks)
        if block.is_heading and block.owner.name in _PREFERRED and alike(block.text) not in names
    ]  # fmt: skip
    yield from _agreed(told, shown, names)
    yield from _alike(told, shown, names)
    main = [(index, block) for index, block in shown if block.owner.name == "h1"]
    if len(main) == 1:
        yield Title(without_site(main[0][1].text, names), "only main headline", main[0][0])
    for title, name in told:
        bare = without_site(title, names)
        place = next((index for index, block in enumerate(blocks) if alike(block.text) == alike(bare)), -1)
        yield Title(bare, name, place)
    for index, block in main:
        yield Title(without_site(block.text, names), "visible headline", index)
    yield from (Title(title, "title element") for title in metadata.titles if title)


def _agreed(told: list[tuple[str, str]], shown: list[tuple[int, Block]], names: set[str]) -> Iterator[Title]:
    """Yield the visible headlines that are what is stated, or that with something added at its ends."""
    for title, name in told:
        place = _confirmed(title, shown, names)
        if place is not None:
            seen = shown_text(shown, place)
            twice = any(alike(other) == alike(seen) for other, _ in told)
            best = seen if twice and alike(title) != alike(seen) else _better(seen, title, names)
            yield Title(_without_kicker(best, told, names), f"visible headline, as {name} says", place)


def _alike(told: list[tuple[str, str]], shown: list[tuple[int, Block]], names: set[str]) -> Iterator[Title]:
    """Yield the main headline that is much like what is stated, or that without the kicker before it."""
    place = _closest(told, shown)
    if place is not None:
        seen = shown_text(shown, place)
        yield Title(_without_kicker(seen, told, names), "visible headline, much as stated", place)


def _without_kicker(seen: str, told: list[tuple[str, str]], names: set[str]) -> str:
    """Cut what stands before the headline in its element, where the page states the headline without it."""
    bare = (without_site(title, names) for title, _ in told)
    return next((title for title in bare if _holds(seen, title)), seen)


def _without_host(title: str, host: str) -> str:
    """Cut the site's address off the front of a title, where nothing parts them."""
    bare = bare_host(host) + " "
    return title[len(bare) :] if title.lower().startswith(bare) else title


def _leads_home(block: Block) -> bool:
    """Return whether a heading is the site's own: nothing but a link to its front page."""
    if block.owner.name not in _PREFERRED or block.linked < len(block.text) or not block.links:
        return False
    return not urlsplit(str(block.links[0].get("href"))).path.strip("/")


def _better(shown: str, title: str, names: set[str]) -> str:
    """Prefer the stated writing of the same words: a visible kicker has lost its colon."""
    stated = without_site(title, names)
    if alike(stated) == alike(shown) or stated.endswith(f": {shown}") or stated.startswith(f"{shown}: "):
        return stated
    return shown


def _holds(shown: str, title: str) -> bool:
    """Return whether a visible headline is a stated one with a kicker before it."""
    return len(title) > 12 and alike(shown).endswith(" " + alike(title))


def without_site(title: str, names: Iterable[str]) -> str:
    """Cut the site's name, section or slogan off either end of a title."""
    known = set(names)
    cuts = list(_PARTS.finditer(title))
    for cut in cuts:
        if _is_site(title[cut.end() :], known):
            return title[: cut.start()].strip() or title
    for cut in reversed(cuts):
        if _is_site(title[: cut.start()], known):
            return title[cut.end() :].strip() or title
    if _PIPED.search(title):
        return _PIPED.sub("", title).rstrip()
    return _DASHED.sub("", title)


def _told(metadata: Metadata) -> list[tuple[str, str]]:
    found = [(first_text(metadata.story.get("headline")) or "", "json-ld headline")]
    found += [(value, f"meta {name}") for name, value in metadata.named("og:title", "twitter:title")]
    found += [(squash(tag.get_text(" ")), "itemprop headline") for tag in metadata.items.get("headline", ())[:1]]
    found += [(title, "title element") for title in metadata.titles[:1]]
    found += [(value, f"meta {name}") for name, value in metadata.named("dc.title", "title", "sailthru.title")]
    return [(plain(title)[:LONGEST_TITLE], name) for title, name in found]


def _confirmed(title: str, shown: list[tuple[int, Block]], names: set[str]) -> int | None:
    """Find the visible headline that a stated title is, or is with something added at its ends."""
    parts = {alike(title), alike(without_site(title, names))}
    cuts = [(0, 0), *((cut.start(), cut.end()) for cut in list(_PARTS.finditer(title))[:8]), (len(title), len(title))]
    segments = {alike(title[start[1] : end[0]]) for start, end in combinations(cuts, 2)}
    best = None
    for index, block in shown:
        text = alike(block.text)
        if text in parts or (block.owner.name == "h1" and len(text) > 20 and alike(title).startswith(text)):
            return index
        if text in segments and len(text) > 8 and (best is None or len(text) > len(alike(shown_text(shown, best)))):
            best = index
    return best


def shown_text(shown: list[tuple[int, Block]], place: int) -> str:
    """Return the text of the headline that stands at a place."""
    return next(block.text for index, block in shown if index == place)


def _closest(told: list[tuple[str, str]], shown: list[tuple[int, Block]]) -> int | None:
    """Find the main headline that shares most of its words with what is stated."""
    best, best_share = None, ALIKE_ENOUGH
    for index, block in shown:
        words = set(alike(block.text).split())
        for title, _ in told:
            stated = set(alike(title).split())
            share = len(words & stated) / max(1, min(len(words), len(stated)))
            if block.owner.name == "h1" and len(words) > 2 and share > best_share:
                best, best_share = index, share
    return best


def _is_site(part: str, names: set[str]) -> bool:
    bare = alike(part)
    if not bare:
        return True
    joined = bare.replace(" ", "")
    return any(bare == name or joined == name.replace(" ", "") for name in names)
