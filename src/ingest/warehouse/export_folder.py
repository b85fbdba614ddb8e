"""The folder that an export fills: a file for each table and day, and beside them what is known of them."""

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from ..core.errors import Misconfigured
from ..core.files import file_digest, held_alone
from .export_plan import WHOLE, Kept, Partition

MANIFEST = "_files.json"  # readers of such folders pass over names that begin with _ or .
SCRATCH = ".partial"


class Folder:
    """One export. A file is put in place whole; what was not written down before a crash is written again."""

    def __init__(self, folder: Path, *, file_format: str) -> None:
        """Fill `folder` with files of a format: parquet or csv."""
        self.folder = folder
        self._format = file_format
        self._known: dict[str, dict[str, Kept]] = {}

    def kept(self, table: str) -> Mapping[str, Kept]:
        """Return the whole files of a table that are there, by the names of their days."""
        known = self._known.setdefault(table, self._read(table))
        return {name: one for name, one in known.items() if _size(self._file(table, name)) == one.bytes}

    def names(self, table: str) -> list[str]:
        """Return all days of a table that have a file, whole or not."""
        days = [path.parent.name for path in (self.folder / table).glob(f"day=*/data.{self._format}")]
        return [*days, WHOLE] if self._file(table, WHOLE).exists() else days

    def scratch(self, table: str) -> Path:
        """Return a file to write to, beside those that others read."""
        return self.folder / SCRATCH / f"{table}.{self._format}"

    def put(self, table: str, partition: Partition) -> None:
        """Put what was written in its place, at once."""
        partial, path = self.scratch(table), self._file(table, partition.name)
        self._known[table][partition.name] = Kept(
            rows=partition.rows,
            bytes=partial.stat().st_size,
            sha256=file_digest(partial),
            fingerprint=partition.fingerprint,
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.replace(path)

    def remove(self, table: str, name: str) -> None:
        """Remove the file of a day."""
        path = self._file(table, name)
        path.unlink()
        if name != WHOLE and not any(path.parent.iterdir()):
            path.parent.rmdir()
        self._known[table].pop(name, None)

    def remember(self, table: str) -> None:
        """Write down what is there, so that another export need not write it again."""
        files = {name: asdict(one) for name, one in sorted(self._known[table].items())}
        partial = self.folder / SCRATCH / MANIFEST
        told = {"table": table, "format": self._format, "files": files}
        partial.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
        partial.replace(self.folder / table / MANIFEST)

    def _read(self, table: str) -> dict[str, Kept]:
        place = self.folder / table
        place.mkdir(exist_ok=True)
        if not (place / MANIFEST).exists():
            if any(place.iterdir()):
                message = f"{place} holds what no export wrote; choose another folder"
                raise Misconfigured(message, about=str(place))
            self._known[table] = {}
            self.remember(table)
        told = json.loads((place / MANIFEST).read_text(encoding="utf-8"))
        if told["format"] != self._format:
            message = f"{place} was exported as {told['format']}; choose another folder for {self._format}"
            raise Misconfigured(message, about=str(place))
        return {name: Kept(**one) for name, one in told["files"].items()}

    def _file(self, table: str, name: str) -> Path:
        return self.folder / table / name / f"data.{self._format}"


@contextmanager
def open_folder(folder: Path, *, file_format: str) -> Iterator[Folder]:
    """Make the folder if need be and hold it alone; what was written only on the way is removed in the end."""
    try:
        (folder / SCRATCH).mkdir(parents=True, exist_ok=True)
        refusal = f"{folder} is being filled by another export; wait until it has finished"
        with held_alone(folder / SCRATCH, refusal):
            _clear(folder / SCRATCH)
            yield Folder(folder, file_format=file_format)
            shutil.rmtree(folder / SCRATCH)
    except OSError as error:
        what = error.filename or folder
        raise Misconfigured(f"{what} cannot be written: {error.strerror}", about=str(folder)) from error


def _clear(scratch: Path) -> None:
    """Remove what a killed export has left."""
    for left in scratch.iterdir():
        shutil.rmtree(left) if left.is_dir() else left.unlink()


def _size(path: Path) -> int | None:
    return path.stat().st_size if path.exists() else None
