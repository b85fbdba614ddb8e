"""Boxes of a section page that show what lies in other folders of the site: events, podcasts, jobs, another section."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from ...core.urls import absolute_url, normalise_url, same_site
from ...text.normalized import unaccented
from ..article_urls import Likelihood
from .article_links import Card
from .tree import Element, SectionTree, words_of
from .words import kind_of_box, section_words

FEWEST_WITHIN = 2  # articles below an address that is a section's


@dataclass(frozen=True, slots=True)
class OtherFolder:
    """Where the articles of another box lie: in a folder of this path, or in any that is called after their kind."""

    path: str | None = None
    kind: str | None = None

    def holds(self, url: str) -> bool:
        """Return whether an address lies in the folder."""
        if self.path is not None and urlsplit(url).path.startswith(self.path):
            return True
        return self.kind is not None and self.kind in kinds_of(url)


def other_folder(heading: Element, tree: SectionTree, url: str) -> OtherFolder | None:
    """Return the folder of which a box's heading tells; None where it is this page's own, or none.

    A heading tells by its words (events, podcasts, jobs) or by its link. What lies below the page's own folder is of
    the section, unless it is of another kind by its name; a front page shows all sections.
    """
    here = _folder(url)
    kind = kind_of_box(words_of(heading))
    links = [*heading.iter("a"), *heading.iterancestors("a")]
    linked = next((target for link in links if (target := absolute_url(link.get("href") or "#", tree.base))), None)
    path = (
        _folder(linked) if linked and same_site(linked, url) and normalise_url(linked) != normalise_url(url) else None
    )
    if path == "/" or (path is not None and here.startswith(path)):
        path = None
    named = set() if linked is None or path is None else kinds_of(linked + "/")
    kind = kind or next(iter(named), None)
    if kind is not None and kind in kinds_of(f"{url.rstrip('/')}/"):
        return None
    if path is not None and not named and (here == "/" or path.startswith(here)):
        path = None
    return OtherFolder(path, kind) if path or kind else None


def is_folder_of_others(card: Card, cards: Sequence[Card]) -> bool:
    """Return whether a link is to a section: other cards' addresses lie below its own."""
    path = _folder(card.url)
    if card.likelihood >= Likelihood.CERTAIN or card.is_listed or path == "/":
        return False
    below = {other.key for other in cards
             if other.likelihood >= Likelihood.LIKELY and urlsplit(other.url).path.startswith(path)}  # fmt: skip
    return len(below - {card.key}) >= FEWEST_WITHIN


def kinds_of(url: str) -> set[str]:
    """Return the kinds of things of which an address's folders, or its host, are called: events, podcasts, jobs."""
    parts = urlsplit(url)
    folders = [
        *unquote(parts.path).split("/")[:-1],
        *re.split("[=&/]", parts.query),
        (parts.hostname or "").split(".")[0],
    ]
    words = {word for folder in folders for word in (unaccented(folder), *re.split(r"[-_]", unaccented(folder)))}
    return {kind for kind, names in section_words().kinds.items() if not names.isdisjoint(words)}


def _folder(url: str) -> str:
    path = urlsplit(url).path
    return re.sub(r"/(?:index\.\w+)?$", "", path) + "/"
