"""The bundled newsrooms: small sites of our own writing on loopback, for `ingest demo` and for the tests.

Nothing in the pipeline depends on them; they know the pipeline's `Source` and nothing else of it.
"""

from .newsroom import OPENED_AT, Newsroom
from .newsrooms import DEMO_KEYS, demo_newsrooms, demo_sources
from .server import Request, Site
from .story import Correction, House, Story, read_stories

__all__ = [
    "DEMO_KEYS",
    "OPENED_AT",
    "Correction",
    "House",
    "Newsroom",
    "Request",
    "Site",
    "Story",
    "demo_newsrooms",
    "demo_sources",
    "read_stories",
]
