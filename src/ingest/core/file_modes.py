"""Who may read what in the warehouse folder: its owner everything, its group what analysts open, others nothing."""

import logging
import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

log = logging.getLogger("ingest")

FOLDER = 0o750  # of the warehouse, and of pages in it that its group reads
PAGE = 0o640
RELEASED = 0o440  # DuckDB opens a file for writing where it may, unless asked not to
_OWNERS_FOLDER = 0o700
_OWNERS_FILE = 0o600
UMASK = 0o077  # of every process that writes a warehouse, whatever it was started with
_READ_BY_GROUP = {"news.duckdb": RELEASED, "report.html": PAGE}
_OWNERS = (
    "published.duckdb",
    "ingest.duckdb",
    "state.db",
    "news.duckdb.",
    "archive",
    "prefect",
)  # how the names begin of what is its owner's
_PAGES = "checks"  # which the report links to


def keep_from_others(folder: Path) -> None:
    """Bring what lies in a warehouse folder to its modes; what is not ours by its name is left alone.

    A folder keeps its set-group-ID bit, by which what is made in it gets the analysts' group.
    """
    for path, mode in _wanted(folder):
        try:
            found = stat.S_IMODE(path.lstat().st_mode)
            if found & 0o777 != mode:
                path.chmod(found & 0o7000 | mode)
        except FileNotFoundError:
            continue  # removed meanwhile
        except PermissionError as error:
            log.warning("%s is another user's, and may be read by more than it should: %s", path, error.strerror)


def _wanted(folder: Path) -> Iterator[tuple[Path, int]]:
    """Yield each file and folder of ours with its mode."""
    yield folder, FOLDER
    with suppress(FileNotFoundError), os.scandir(folder) as entries:
        for entry in entries:
            path = Path(entry.path)
            if entry.is_symlink():
                continue
            if entry.name in _READ_BY_GROUP:
                yield path, _READ_BY_GROUP[entry.name]
            elif entry.name == _PAGES:
                yield from _below(path, folder=FOLDER, file=PAGE)
            elif entry.name.startswith(_OWNERS):
                yield from _below(path, folder=_OWNERS_FOLDER, file=_OWNERS_FILE)


def _below(path: Path, *, folder: int, file: int) -> Iterator[tuple[Path, int]]:
    if not path.is_dir():
        yield path, file
        return
    for here, _, files in os.walk(path):
        yield Path(here), folder
        yield from ((one, file) for name in files if not (one := Path(here, name)).is_symlink())
