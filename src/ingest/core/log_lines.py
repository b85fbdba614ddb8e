"""What a line of the log says: an event with its fields, and in the course of what it was said."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Line:
    """One event and what there is to say about it; as text, `polled source=gazette entries=3`."""

    event: str
    fields: Mapping[str, object]

    def __str__(self) -> str:
        """Return it as text for a person."""
        return " ".join([self.event, *(f"{name}={value}" for name, value in self.fields.items())])


def line(event: str, /, **fields: object) -> Line:
    """Return an event as a line; `source` and `batch` are keys, and numbers are counts."""
    return Line(event, fields)


def printable(text: str) -> str:
    """Leave out what is no character to look at, above all what commands a terminal."""
    return "".join(c for c in text if c.isprintable())


_course: ContextVar[Mapping[str, str]] = ContextVar("course", default=MappingProxyType({}))


def course() -> Mapping[str, str]:
    """Return what is under way here: `run_id`, `stage`, `source_id`, `batch_id`, as far as they are known."""
    return _course.get()


@contextmanager
def in_the_course_of(**keys: str | None) -> Iterator[None]:
    """Add these keys to every line logged in the block, and on threads that take its context over."""
    before = _course.set({**_course.get(), **{name: key for name, key in keys.items() if key is not None}})
    try:
        yield
    finally:
        _course.reset(before)
