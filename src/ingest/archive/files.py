"""The archive's files as files: which are closed, how large they are, and their removal."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from ..core.errors import WarehouseUnusable
from ..core.retention import ArchiveFile
from .warc_files import marker_of, repair_abandoned


class ArchiveFiles:
    """A folder of `.warc.gz` files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def closed(self) -> list[ArchiveFile]:
        """Return the files that nobody writes any more; what a killed process left is mended first."""
        repair_abandoned(self._folder)
        return [
            ArchiveFile(
                name=path.name,
                bytes=(found := path.stat()).st_size,
                last_at=datetime.fromtimestamp(found.st_mtime, UTC),
                is_needed=False,
            )
            for path in sorted(self._folder.glob("*.warc.gz"))
            if not path.name.startswith(".") and not marker_of(path).exists()
        ]

    def size_of(self, name: str) -> int:
        """Return how many bytes a file has; 0 where there is none."""
        try:
            return (self._folder / Path(name).name).stat().st_size
        except FileNotFoundError:
            return 0

    def remove(self, names: Sequence[str]) -> None:
        """Remove files; one that is gone already will do."""
        for name in names:
            try:
                (self._folder / Path(name).name).unlink(missing_ok=True)
            except OSError as error:
                message = f"the archive's file {name} can't be removed: {error.strerror}"
                raise WarehouseUnusable(message, about="archive") from error
