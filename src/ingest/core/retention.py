"""What is kept for how long, and what goes when its time is over."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """How long what is kept for a time is kept; None: for ever."""

    rejected: timedelta  # staged rows of rejected batches
    history: timedelta | None
    archive: timedelta | None
    needed: bool = True  # files of the archive with a page that may be read again are kept, however old
    asked_again: timedelta = timedelta(0)  # how long after its first fetch a page may be asked for again


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveFile:
    """A file of the archive that no process writes any more."""

    name: str
    bytes: int
    last_at: datetime  # when the last of its captures came in
    is_needed: bool  # one of its captures may be read again


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """What goes, or would, of one kind of thing."""

    what: str
    number: int
    bytes: int  # on disk where these are files; of rows, as written out
