"""Reads one story, in whatever process; what that takes and brings crosses from one process to another."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ..errors import IngestError
from ..model import Page, Source
from ..stories import Fetched, Story


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """All that it takes to read one story, wherever that is done."""

    source: Source
    fetched: Fetched
    page: Page | None

    def __len__(self) -> int:
        """Return how many bytes there are to read."""
        return len(self.page.body) if self.page else len(self.fetched.entry.content_html or "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """Why a story could not be read."""

    reason: str
    detail: str


# Reads many stories, here or in other processes, as they are given, and gives them back in the same order.
ReadAll = Callable[[Iterable[Reading]], list[Story | Unread]]


def read_one(reading: Reading) -> Story | Unread:
    """Read one story; what can't be read is told, not raised, so that it can cross from another process."""
    from .story import read_fetched_story, read_listed_story  # a tenth of a second, where nothing is to be read

    try:
        if reading.page is None:
            return read_listed_story(reading.source, reading.fetched)
        return read_fetched_story(reading.source, reading.fetched, reading.page)
    except IngestError as error:
        return Unread(reason=error.reason, detail=str(error))
