"""What a page is that answers in a story's place, or holds one that is no plain text: by words, markup and media."""

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from urllib.parse import urlsplit

from bs4 import Tag

from ..errors import AccessBlocked, ConsentAsked, ErrorPage, MissingPage, NotAnArticle, SignInAsked
from ..model import Media
from .blocks import Block
from .jsonld import types_of
from .metadata import Metadata
from .text import alike

LONG_ENOUGH = 500  # characters of body; a page with more holds a story, whatever stands around it
FEW_WORDS = 300  # characters of body under which a page with a video or pictures is about these
MOST_PER_PICTURE = 300  # characters of body, where an address says that it is a gallery's
MANY_PICTURES = 6
FEWEST_POSTS = 3  # of a live blog
WALLED = 3_000  # characters of body; no teaser is longer

_KINDS: tuple[tuple[str, type[NotAnArticle]], ...] = (
    ("missing", MissingPage),
    ("broken", ErrorPage),
    ("blocked", AccessBlocked),
    ("consent", ConsentAsked),
    ("auth", SignInAsked),
)
_MISSING = re.compile(r"\b4(?:04|10)\b")
_CODE = re.compile(r"^(?:error |http )*[45]\d\d\b ?|^error |[ ](?:error )?[45]\d\d$")
_CLOCK = re.compile(
    r"\d{1,2}[:.h]\d\d(?: ?[ap]\.?m\.?)?(?: ?(?:uhr|h|hrs|est|edt|et|gmt|utc|cet|bst))?\W*", re.IGNORECASE
)


def stands_in(title: str, lines: Iterable[str], size: int) -> type[NotAnArticle] | None:
    """Say what kind of page answers in a story's place, or None where nothing says that one does.

    `lines` are what the page shows, `size` the characters of the body that was found. A page with something of a body
    is called so by its whole title alone; one without, also by how its lines begin.
    """
    if size >= LONG_ENOUGH:
        return None
    bare = alike(title)
    without_code = _CODE.sub("", bare).strip()
    if bare and not without_code:
        return MissingPage if _MISSING.search(bare) else ErrorPage
    for kind, error in _KINDS:
        if {bare, without_code} & _words().titles[kind]:
            return error
    if size:
        return None
    begun = [_straight(line) for line in lines]
    told = {kind: sum(line.startswith(_words().openings[kind]) for line in begun) for kind, _ in _KINDS}
    return next((error for kind, error in _KINDS if told[kind] and told[kind] == max(told.values())), None)


def is_walled(lines: Iterable[str], size: int) -> bool:
    """Say whether a page tells its reader that its story goes on for those who pay or sign in."""
    return size < WALLED and any(_straight(line).startswith(_words().openings["paywall"]) for line in lines)


def asks_consent(line: str) -> bool:
    """Say whether a line asks for consent."""
    return _straight(line).startswith(_words().openings["consent"])


def is_live_blog(metadata: Metadata, container: Tag | None, blocks: Iterable[Block], title: str) -> bool:
    """Say whether a page reports as things happen: it says so, and is made of posts that carry a time."""
    if "liveblogposting" in types_of(metadata.story):
        return True
    if container is None:
        return False
    around = [container, *container.parents]
    if any("liveblogposting" in str(tag.attrs.get("itemtype", "")).lower() for tag in around if tag.attrs):
        return True
    posts = sum(1 for tag in metadata.times if any(above is container for above in tag.parents))
    inside = [block for block in blocks if any(tag is container for tag in block.ancestors)]
    posts = max(posts, sum(1 for block in inside if _CLOCK.fullmatch(block.text)))
    if posts < FEWEST_POSTS:
        return False
    named = {
        f"{tag.attrs.get('class', '')} {tag.attrs.get('id', '')}".lower() for block in inside for tag in block.ancestors
    }
    words = f" {alike(title)} "
    return any(name in names for names in named for name in _words().live_classes) or any(
        f" {word} " in words for word in _words().live_titles
    )


def is_mostly_video(metadata: Metadata, media: Sequence[Media], url: str, size: int) -> bool:
    """Say whether a page shows a film and tells little."""
    if size >= LONG_ENOUGH:
        return False
    stated = "videoobject" in types_of(metadata.story) or (metadata.first("og:type") or "").startswith("video")
    shown = any(each.kind == "video" for each in media)
    return stated or (shown and (size < FEW_WORDS or _is_under(url, "video")))


def is_mostly_pictures(metadata: Metadata, media: Sequence[Media], url: str, size: int) -> bool:
    """Say whether a page is a gallery: it says so, or its pictures outnumber its sentences."""
    if types_of(metadata.story) & {"imagegallery", "mediagallery"}:
        return True
    pictures = sum(1 for each in media if each.kind == "image")
    return pictures >= MANY_PICTURES and (
        size < FEW_WORDS or (_is_under(url, "gallery") and size < pictures * MOST_PER_PICTURE)
    )


def _is_under(url: str, kind: str) -> bool:
    return any(part in _words().addresses[kind] for part in urlsplit(url).path.lower().split("/"))


def _straight(line: str) -> str:
    return line.lower().replace("’", "'").lstrip(" *»›>-–—→[(¡!🔒")


@dataclass(frozen=True, slots=True)
class _Words:
    titles: dict[str, frozenset[str]]
    openings: dict[str, tuple[str, ...]]
    addresses: dict[str, frozenset[str]]
    live_classes: tuple[str, ...]
    live_titles: tuple[str, ...]


@lru_cache(maxsize=1)
def _words() -> _Words:
    data = tomllib.loads(files("ingest.parse").joinpath("standins.toml").read_text("utf-8"))
    return _Words(
        titles={kind: frozenset(map(alike, data[kind]["titles"])) for kind, _ in _KINDS},
        openings={kind: tuple(data[kind]["openings"]) for kind in data if "openings" in data[kind]},
        addresses={kind: frozenset(data[kind]["addresses"]) for kind in data if "addresses" in data[kind]},
        live_classes=tuple(data["live_blog"]["classes"]),
        live_titles=tuple(map(alike, data["live_blog"]["titles"])),
    )
