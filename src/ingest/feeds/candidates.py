"""Which of a site's many feeds and sitemaps to try first."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

FEED_PATHS = ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feed/", "/rss/", "/feed.json")
SITEMAP_PATHS = ("/news-sitemap.xml", "/sitemap-news.xml", "/sitemap.xml")
MOST_ANNOUNCED = 5
MOST_CHILDREN = 3

_SIDE = re.compile(r"comment|oembed|wp-json|/author/|/tag/|podcast|video", re.IGNORECASE)
_NEWS = re.compile(r"news|noticia|article|articulo|post|latest", re.IGNORECASE)
_OLD = re.compile(r"image|video|categor|tag|author|page-|static", re.IGNORECASE)
_DATE = re.compile(r"((?:19|20)\d\d)[-_/.]?((?:0[1-9]|1[0-2])?)[-_/.]?((?:0[1-9]|[12]\d|3[01])?)(?!\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An address that may be a feed, and why it is thought to be one."""

    url: str
    why: str
    is_announced: bool  # the site itself names it


def rank_announced(links: Iterable[tuple[str, str]]) -> list[Candidate]:
    """Order what a page announces: the site's own feed before those of comments, tags and authors, short ones first."""
    return [Candidate(url=url, why="announced by the page", is_announced=True) for url in _ranked(links)]


def rank_seeming(links: Iterable[tuple[str, str]]) -> list[Candidate]:
    """Order what a page merely links to in the same way."""
    return [Candidate(url=url, why="linked from the page", is_announced=True) for url in _ranked(links)]


def known_places(url: str) -> list[Candidate]:
    """Return the addresses at which feeds usually are, below the address given and at the site's root."""
    below = [url.rstrip("/") + path for path in FEED_PATHS[:2]] if urlsplit(url).path.strip("/") else []
    root = [urljoin(url, path) for path in FEED_PATHS]
    return [
        Candidate(url=address, why="found at a usual address", is_announced=False)
        for address in dict.fromkeys((*below, *root))
    ]


def rank_sitemaps(url: str, named: Iterable[str]) -> list[Candidate]:
    """Order sitemaps: the first few that robots.txt names, news sitemaps first, then the usual addresses."""
    ranked = sorted(named, key=lambda address: ("news" not in address.lower(), bool(_OLD.search(address))))
    announced = [Candidate(url=one, why="named by robots.txt", is_announced=True) for one in ranked[:MOST_ANNOUNCED]]
    usual = [Candidate(url=one, why="found at a usual address", is_announced=False) for one in usual_sitemaps(url)]
    return announced + usual


def usual_sitemaps(url: str) -> list[str]:
    """Return the addresses at which a site's sitemaps usually are."""
    return [urljoin(url, path) for path in SITEMAP_PATHS]


def rank_children(children: Iterable[tuple[str, str | None]]) -> list[str]:
    """Order the sitemaps of an index, newest first: by when they changed, else by the date in their names; a few."""

    def newness(child: tuple[str, str | None]) -> tuple[bool, bool, str, str]:
        url, modified = child
        dated = _DATE.search(urlsplit(url).path)
        return not _OLD.search(url), bool(_NEWS.search(url)), modified or "", "".join(dated.groups()) if dated else ""

    return [url for url, _ in sorted(children, key=newness, reverse=True)[:MOST_CHILDREN]]


def _ranked(links: Iterable[tuple[str, str]]) -> list[str]:
    ranked = sorted(links, key=lambda link: (bool(_SIDE.search(" ".join(link))), len(urlsplit(link[0]).path)))
    return [url for url, _ in ranked[:MOST_ANNOUNCED]]
