"""Owns the noun between rules and figures: a quantity whose kind is settled, and the phrase it is about."""

from dataclasses import dataclass

from .quantities import Quantity
from .subjects import Phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A quantity whose kind is settled, and what it is about."""

    quantity: Quantity
    subject: Phrase | None = None
    subject_rule: str | None = None  # where a rule of the kind does not say it already
    shared: str | None = None  # the noun of what a percent or a part is of

    @property
    def noun(self) -> str | None:
        """Return the noun of a count or a share, which a later count may leave out."""
        if self.shared:
            return self.shared
        return self.quantity.unit if self.quantity.kind == "count" else None
