"""What verification compares, and what it finds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..core.model import Capture


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRange:
    """Keys of 32 hexadecimal digits (`keys.content_key`) from `first` on and before `end`; None: to the last."""

    first: str
    end: str | None


def key_ranges(digits: int) -> tuple[KeyRange, ...]:
    """Divide all keys by their first digits, into 16 to the power of that number."""
    starts = [f"{number:0{digits}x}" for number in range(16**digits)]
    return tuple(KeyRange(first=first, end=end) for first, end in zip(starts, [*starts[1:], None], strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """How the analysts' file differs from the one that was released."""

    found: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lacking:
    """How many articles the state knows as published, and how many of each source the warehouse lacks."""

    checked: int
    by_source: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class LostCapture:
    """A capture that can't be read from the archive, or not as it was captured, and why."""

    capture: Capture
    reason: str


def lost_by_file(lost: Iterable[LostCapture]) -> dict[str, str]:
    """Return for each file of the archive how many of its captures are lost, and why the first of them is."""
    files: dict[str, list[LostCapture]] = {}
    for one in lost:
        files.setdefault(one.capture.warc_file, []).append(one)
    return {file: f"{file}: {len(these):,} captures, such as: {these[0].reason}" for file, these in files.items()}
