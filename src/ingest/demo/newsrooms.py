"""The five newsrooms that `ingest demo` reads, each on a port of its own."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import datetime

from ..core.model import Source
from .newsroom import Newsroom
from .story import read_stories

DEMO_KEYS = ("meridian-post", "harbor-ledger", "la-brujula", "el-correo-del-sur", "impossible-times")


@contextmanager
def demo_newsrooms(opened_at: datetime, *, first_port: int = 0) -> Iterator[dict[str, Newsroom]]:
    """Open the five, by key, with their stories dated back from `opened_at`.

    Their ports follow `first_port`, or are any that are free when it is 0; same moment and ports, same bytes.
    """
    with ExitStack() as stack:
        newsrooms = {}
        for position, key in enumerate(DEMO_KEYS):
            house, stories = read_stories(key)
            port = first_port + position if first_port else 0
            newsroom = stack.enter_context(Newsroom(house=house, opened_at=opened_at, port=port))
            newsroom.publish(*stories)
            newsrooms[key] = newsroom
        yield newsrooms


def demo_sources(newsrooms: Mapping[str, Newsroom]) -> list[Source]:
    """Return the newsrooms as the sources a run watches."""
    return [newsroom.source for newsroom in newsrooms.values()]
