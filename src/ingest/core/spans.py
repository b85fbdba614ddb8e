"""Spans of time with a beginning, an end and a name, for whoever collects traces; here, for nobody."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

Attributes = Mapping[str, str | int]


class Span(Protocol):
    """A time that something takes."""

    def end(self) -> None:
        """End it."""
        ...


class Tracer(Protocol):
    """Takes note of spans, each within the one that is current where it begins."""

    def span(self, name: str, attributes: Attributes) -> AbstractContextManager[None]:
        """Take note of the block, as the current span while it runs; an error that ends it is noted and goes on."""
        ...

    def begin(self, name: str, attributes: Attributes) -> Span:
        """Begin a span that ends elsewhere."""
        ...

    def within(self, span: Span) -> AbstractContextManager[None]:
        """Make a span the current one in the block, and on threads that take its context over."""
        ...

    def deliver(self) -> None:
        """Hand over what has ended, and wait a few seconds for it at most."""
        ...


class NoSpan:
    """Nobody takes note."""

    def end(self) -> None:
        """Do nothing."""


class NoTracer:
    """Takes note of nothing, at no cost."""

    @contextmanager
    def span(self, name: str, attributes: Attributes) -> Iterator[None]:  # noqa: ARG002  the port names them
        """Run the block."""
        yield

    def begin(self, name: str, attributes: Attributes) -> Span:  # noqa: ARG002
        """Return a span that is none."""
        return NoSpan()

    @contextmanager
    def within(self, span: Span) -> Iterator[None]:  # noqa: ARG002
        """Run the block."""
        yield

    def deliver(self) -> None:
        """Have nothing to hand over."""
