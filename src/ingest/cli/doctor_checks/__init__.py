"""What `ingest doctor` looks at. Each examination gives what it found, and what to do about what is wrong."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was found; wrong, in order, or in order with something that could be better."""

    found: str
    to_do: str | None = None
    since: datetime | None = None
    is_wrong: bool = False


def fine(found: str, to_do: str | None = None) -> Finding:
    """Return that something is in order, and perhaps what could be better."""
    return Finding(found=found, to_do=to_do)


def wrong(found: str, to_do: str, *, since: datetime | None = None) -> Finding:
    """Return what is wrong, what to do, and since when it is so."""
    return Finding(found=found, to_do=to_do, since=since, is_wrong=True)


@contextmanager
def unless_wrong(said: list[Finding]) -> Iterator[None]:
    """Take an error of ours for a finding; its message says what to do behind its last semicolon."""
    from ...core.errors import IngestError

    try:
        yield
    except IngestError as error:
        found, _, to_do = str(error).rpartition("; ")
        said.append(Finding(found=found or str(error), to_do=to_do if found else None, is_wrong=True))
