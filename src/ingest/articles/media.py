"""The images and videos of an article, with what is said about them and who made them."""

import re
from collections.abc import Iterable
from itertools import islice

from bs4 import Tag

from ..core.model import Media
from ..core.urls import absolute_url
from ..text.normalized import squash
from .jsonld import Node, first_text, types_of
from .metadata import Metadata
from .tree import elements_in

MOST_MEDIA = 60
_CREDIT = re.compile(
    r"\s*[(\[|]?\s*(?:(?:photo|image|picture|foto|crédito?|credit|fotografía|source)s?(?:\s*(?:by|credit|de|por))?\s*[:/]\s*"
    r"|©\s*|photo by\s+|foto de\s+)([^()\[\]|]{2,120})[)\]]?\s*$",
    re.IGNORECASE,
)
_CREDIT_NAME = re.compile(r"credit|copyright|photographer|source", re.IGNORECASE)
# A frame that shows a film says so in its host or path, whoever serves it: player.vimeo.com, youtube.com/embed/…
_VIDEO_FRAME = re.compile(
    r"//(?:[\w-]+\.)*(?:player|video)s?\.|/(?:embed|player|video)s?[/.?]|brightcove|jwplatform", re.I
)
# A frame that plays a recording says so in its host or path.
_AUDIO_FRAME = re.compile(
    r"//(?:[\w-]+\.)*(?:spotify|soundcloud|megaphone|acast|simplecast|buzzsprout|libsyn|omny|art19|spreaker|ivoox|podbean"
    r"|audioboom|transistor|captivate)\.|//(?:embed\.)?podcasts\.|/podcasts?/|\.(?:mp3|m4a|ogg)(?:\?|$)",
    re.IGNORECASE,
)
_WATCH = re.compile(r"^\s*watch\s*:\s*(.+?)(?:\s+-\s+from\s+(.+))?$", re.IGNORECASE)


def read_media(metadata: Metadata, container: Tag | None, lines: Iterable[str], base: str) -> tuple[Media, ...]:
    """Return the lead image first, then what stands in the article; each address once."""
    found: dict[str, Media] = {}
    figures = _images(container, base) if container is not None else []
    videos = _videos(metadata, container, base)
    for media in [*_lead(metadata, base), *figures, *videos, *_announced(lines, videos, base)]:
        known = found.get(media.url)
        if known is None or (media.caption and not known.caption):
            found[media.url] = media
    return tuple(found.values())[:MOST_MEDIA]


def plays_sound(holder: Tag) -> bool:
    """Return whether an element holds a recording to listen to."""
    return any(
        tag.name != "iframe" or _AUDIO_FRAME.search(str(tag.get("src") or tag.get("data-src") or ""))
        for tag in elements_in(holder, {"audio", "amp-audio", "iframe"})
    )


def _lead(metadata: Metadata, base: str) -> list[Media]:
    stated = metadata.first("og:image", "og:image:url", "twitter:image", "twitter:image:src") or _image_of(
        metadata.story
    )
    url = absolute_url(stated, base) if stated else None
    return [Media(kind="image", url=url, caption=metadata.first("og:image:alt"))] if url else []


def _image_of(story: Node) -> str | None:
    image = story.get("image")
    image = image[0] if isinstance(image, list) and image else image
    return first_text(image.get("url") or image.get("contentUrl")) if isinstance(image, dict) else first_text(image)


def _images(container: Tag, base: str) -> list[Media]:
    found = []
    for image in islice(elements_in(container, {"img"}), MOST_MEDIA):
        source = next((str(image[name]) for name in ("data-src", "data-lazy-src", "src") if image.get(name)), "")
        url = absolute_url(source, base) if source and not source.startswith("data:") else None
        if url:
            caption, credit = _caption(image)
            found.append(Media(kind="image", url=url, caption=caption, credit=credit))
    return found


def _caption(image: Tag) -> tuple[str | None, str | None]:
    figure = image.find_parent("figure")
    holder = next(elements_in(figure, {"figcaption"}), None) if figure else None
    if holder is None:
        return squash(str(image.get("alt") or "")) or None, None
    text = squash(holder.get_text(" "))
    credited = holder.find(class_=_CREDIT_NAME)
    if credited is not None:
        credit = squash(credited.get_text(" "))
        return text.replace(credit, "").strip() or None, credit or None
    match = _CREDIT.search(text)
    if match:
        return text[: match.start()].strip() or None, match[1].strip()
    return text or None, None


def _videos(metadata: Metadata, container: Tag | None, base: str) -> list[Media]:
    found = []
    for node in metadata.nodes:
        if "videoobject" in types_of(node):
            stated = first_text(node.get("contentUrl") or node.get("embedUrl") or node.get("url"))
            url = absolute_url(stated, base) if stated else None
            if url:
                found.append(Media(kind="video", url=url, caption=first_text(node.get("name"))))
    frames = elements_in(container, {"iframe", "video"}) if container is not None else ()
    for tag in islice(frames, MOST_MEDIA):
        source = str(tag.get("src") or tag.get("data-src") or "")
        url = absolute_url(source, base) if source else None
        if url and (tag.name == "video" or (_VIDEO_FRAME.search(url) and not _AUDIO_FRAME.search(url))):
            found.append(Media(kind="video", url=url, caption=squash(str(tag.get("title") or "")) or None))
    return found


def _announced(lines: Iterable[str], videos: list[Media], base: str) -> list[Media]:
    """Read "WATCH: TITLE - From CHANNEL" as what the videos show, in order; one without a player is on the page."""
    named = list(filter(None, map(_WATCH.match, lines)))
    unnamed = [video for video in videos if not video.caption]
    urls = [video.url for video in unnamed] + [base] * len(named)
    return [
        Media(kind="video", url=url, caption=match[1], credit=match[2]) for match, url in zip(named, urls, strict=False)
    ]
