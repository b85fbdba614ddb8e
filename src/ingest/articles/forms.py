"""Articles that are no plain text: reports as things happen, films and galleries, by markup, media and words."""

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag

from ..core.model import Media, Paragraph
from ..core.urls import absolute_url, same_site
from ..text.normalized import alike, squash
from .blocks import Block
from .body import Body
from .error_pages import LONG_ENOUGH
from .jsonld import STORY_TYPES, types_of
from .media import plays_sound
from .metadata import Metadata, meta_names

FEW_WORDS = 300  # characters of body under which a page with a video or pictures is about these
MOST_PER_PICTURE = 300  # characters of body, where an address says that it is a gallery's
FEWEST_CAPTIONS = 3  # that make an article
MOST_CAPTIONS = 500
MANY_PICTURES = 6
MOST_PER_EPISODE = 3_000  # characters of notes, where an address says that it is an episode's
FEWEST_ANNOUNCED = 4  # articles that a list of articles leads to
MOST_ANNOUNCED = 0.7  # share of a body's characters; an article has some of its own beside links to others
FEWEST_POSTS = 3  # of a live blog

_EPISODES = frozenset({"podcastepisode", "radioepisode", "audioobject"})
_LISTS = frozenset({"collectionpage", "searchresultspage", "itemlist"})
_CLOCK = re.compile(
    r"\d{1,2}[:.h]\d\d(?: ?[ap]\.?m\.?)?(?: ?(?:uhr|h|hrs|est|edt|et|gmt|utc|cet|bst))?\W*", re.IGNORECASE
)


def is_list(metadata: Metadata, body: Body, url: str) -> bool:
    """Return whether a page is a section's, a search's or a front page: headings that lead to other pages of the site,
    each with few lines below, on a page that does not call itself an article.
    """
    leading = [told for link, told in body.announced if same_site(absolute_url(link, url) or "", url)]
    size = sum(len(block.text) for block in body.blocks if not block.is_heading)
    if len(leading) < FEWEST_ANNOUNCED or sum(leading) < MOST_ANNOUNCED * size:
        return False
    if any(types_of(node) & STORY_TYPES for node in metadata.nodes):
        return False
    if any(types_of(node) & _LISTS for node in metadata.nodes):
        return True
    is_called_story = (metadata.first("og:type") or "").startswith("article")
    return not (is_called_story or metadata.named(*meta_names().published))


def is_live_blog(metadata: Metadata, container: Tag | None, blocks: Iterable[Block], title: str) -> bool:
    """Return whether a page reports as things happen: it says so, and is made of posts that carry a time."""
    if "liveblogposting" in types_of(metadata.story):
        return True
    if container is None:
        return False
    around = [container, *container.parents]
    if any("liveblogposting" in str(tag.attrs.get("itemtype", "")).lower() for tag in around if tag.attrs):
        return True
    posts = sum(1 for tag in metadata.times if any(above is container for above in tag.parents))
    inside = [block for block in blocks if id(container) in map(id, block.ancestors)]
    posts = max(posts, sum(1 for block in inside if _CLOCK.fullmatch(block.text)))
    if posts < FEWEST_POSTS:
        return False
    within = {id(tag): tag.attrs for block in inside for tag in block.ancestors}
    named = "\n".join(f"{each.get('class', '')} {each.get('id', '')}" for each in within.values()).lower()
    words = f" {alike(title)} "
    return any(name in named for name in _words().live_classes) or any(
        f" {word} " in words for word in _words().live_titles
    )


def is_mostly_video(metadata: Metadata, media: Sequence[Media], url: str, size: int) -> bool:
    """Return whether a page shows a film and tells little."""
    if size >= LONG_ENOUGH:
        return False
    stated = "videoobject" in types_of(metadata.story) or (metadata.first("og:type") or "").startswith("video")
    shown = any(each.kind == "video" for each in media)
    return stated or (shown and (size < FEW_WORDS or _is_under(url, "video")))


def is_mostly_audio(metadata: Metadata, container: Tag | None, carried: str, url: str, size: int) -> bool:
    """Return whether a page is an episode to listen to, or tells little beside a recording, be it the feed's alone."""
    types = frozenset().union(*map(types_of, metadata.nodes))
    if types & _EPISODES and not types & STORY_TYPES:
        return True
    if size >= MOST_PER_EPISODE or not ("<audio" in carried or (container and plays_sound(container))):
        return False
    return size < FEW_WORDS or _is_under(url, "audio")


def is_mostly_pictures(metadata: Metadata, media: Sequence[Media], url: str, size: int) -> bool:
    """Return whether a page is a gallery: it says so, or its pictures outnumber its sentences."""
    if types_of(metadata.story) & {"imagegallery", "mediagallery"}:
        return True
    pictures = sum(1 for each in media if each.kind == "image")
    return pictures >= MANY_PICTURES and (
        size < FEW_WORDS or (_is_under(url, "gallery") and size < pictures * MOST_PER_PICTURE)
    )


def captions_of(soup: BeautifulSoup) -> tuple[Paragraph, ...]:
    """Return what a gallery without other words says below its pictures."""
    told = dict.fromkeys(squash(tag.get_text(" ")) for tag in soup.find_all("figcaption", limit=MOST_CAPTIONS))
    captions = tuple(Paragraph(kind="paragraph", text=text) for text in told if text)
    return captions if len(captions) >= FEWEST_CAPTIONS else ()


def is_media_address(url: str) -> bool:
    """Return whether an address lies in a folder of films, recordings or galleries."""
    return any(_is_under(url, kind) for kind in _words().addresses)


def _is_under(url: str, kind: str) -> bool:
    return any(part in _words().addresses[kind] for part in urlsplit(url).path.lower().split("/"))


@dataclass(frozen=True, slots=True)
class _Words:
    addresses: dict[str, frozenset[str]]
    live_classes: tuple[str, ...]
    live_titles: tuple[str, ...]


@lru_cache(maxsize=1)
def _words() -> _Words:
    data = tomllib.loads(files(__package__).joinpath("forms.toml").read_text("utf-8"))
    return _Words(
        addresses={kind: frozenset(words["addresses"]) for kind, words in data.items() if "addresses" in words},
        live_classes=tuple(data["live_blog"]["classes"]),
        live_titles=tuple(map(alike, data["live_blog"]["titles"])),
    )
