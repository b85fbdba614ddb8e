"""The three doors to the world, as the steps see it: the web, the validator and the notifier."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from .errors import ValidatorFailed
from .messages import Notification
from .model import Batch, Capture, Conditions, Outcome, Page, ValidationResult


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryOutcome:
    """Where an entry's way ended, under one short reason."""

    entry_id: str
    outcome: Outcome
    reason: str
    detail: str | None = None  # one sentence for a person


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeCount:
    """How many entries of a source ended one way in a run; without an outcome they are under way."""

    source_id: str
    outcome: Outcome | None
    reason: str | None
    entries: int


class Web(Protocol):
    """Newsrooms' servers, asked politely; everything they answer is archived."""

    def visit(self, url: str, *, conditions: Conditions | None) -> Page:
        """Get an address; 200 and 304 come back as a page, all else is raised as one of our errors."""
        ...

    def visit_feed(self, url: str, *, conditions: Conditions | None) -> Page:
        """Get a feed that its owner listed."""
        ...

    def recall(self, capture: Capture) -> Page:
        """Return a page from the archive, as it was captured."""
        ...


class Validator(Protocol):
    """The suites of `expectations/`, run over what a batch has staged."""

    def validate(self, batch: Batch) -> tuple[ValidationResult, ...]:
        """Return what every expectation finds; raise ValidatorFailed when one of them breaks."""
        ...

    def validate_all(self, batches: Sequence[Batch]) -> Mapping[str, tuple[ValidationResult, ...] | ValidatorFailed]:
        """Return by batch_id what `validate` returns or raises for each batch, at little more than the cost of one."""
        ...


class Notifier(Protocol):
    """The way to a person."""

    @property
    def receivers(self) -> tuple[str, ...]:
        """Return everyone who is to get each message; a name stays the same from run to run."""
        ...

    def deliver(self, notification: Notification) -> None:
        """Hand a message to its receiver, or raise Undelivered."""
        ...
