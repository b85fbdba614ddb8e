"""Which batches are validated or published together, and what results mean for each: reject it, quarantine some rows,
or publish it whole.
"""

from collections.abc import Iterable
from datetime import datetime

from ..core.model import Batch, ValidationResult

MOST_BATCHES = 1_000
MOST_JUDGED = 5_000  # articles: some 100,000 staged rows
MOST_PUBLISHED = 500  # articles: about as many as one batch has at most, and as much memory


def validated_together(batches: Iterable[Batch]) -> list[list[Batch]]:
    """Part batches into groups, in their order; one that is larger than a group may be is a group of its own."""
    return _together(batches, MOST_JUDGED)


def published_together(batches: Iterable[Batch]) -> list[list[Batch]]:
    """Part batches, like those validated together, into groups small enough to be published in one transaction each."""
    return _together(batches, MOST_PUBLISHED)


def _together(batches: Iterable[Batch], most_articles: int) -> list[list[Batch]]:
    groups: list[list[Batch]] = []
    articles = 0
    for batch in batches:
        articles += batch.articles
        if not groups or len(groups[-1]) == MOST_BATCHES or articles > most_articles:
            groups.append([])
            articles = batch.articles
        groups[-1].append(batch)
    return groups


def broken_rules(validations: Iterable[ValidationResult]) -> list[ValidationResult]:
    """Return the failed results that reject a batch, in the order validated."""
    return [validation for validation in validations if not validation.passed and validation.severity == "critical"]


def refusing_rules(validations: Iterable[ValidationResult]) -> list[ValidationResult]:
    """Return the failed results that send rows to quarantine, in the order validated."""
    return [
        validation
        for validation in validations
        if not validation.passed and validation.severity == "warning" and validation.failing_rows is not None
    ]


def is_audit_due(audited_at: datetime | None, published_at: datetime | None, now: datetime) -> bool:
    """Return whether all that is published is to be validated: once a day (UTC), from the first publication on."""
    return published_at is not None and (audited_at is None or audited_at.date() != now.date())
