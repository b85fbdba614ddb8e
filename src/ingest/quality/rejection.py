"""Which batches are judged or published together, and what verdicts mean for each: stop it, hold back some rows, or let
it pass.
"""

from collections.abc import Iterable
from datetime import datetime

from ..core.model import Batch, Verdict

MOST_BATCHES = 1_000
MOST_JUDGED = 5_000  # articles: some 100,000 staged rows
MOST_PUBLISHED = 500  # articles: about as many as one batch has at most, and as much memory


def judged_together(batches: Iterable[Batch]) -> list[list[Batch]]:
    """Part batches into groups, in their order; one that is larger than a group may be is a group of its own."""
    return _together(batches, MOST_JUDGED)


def published_together(batches: Iterable[Batch]) -> list[list[Batch]]:
    """Part batches, like those judged together, into groups small enough to be made public in one transaction each."""
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


def broken_rules(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """Return the failed verdicts that stop a batch, in the order judged."""
    return [verdict for verdict in verdicts if not verdict.passed and verdict.severity == "critical"]


def refusing_rules(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """Return the failed verdicts that send rows to quarantine, in the order judged."""
    return [
        verdict
        for verdict in verdicts
        if not verdict.passed and verdict.severity == "warning" and verdict.failing_rows is not None
    ]


def is_audit_due(audited_at: datetime | None, published_at: datetime | None, now: datetime) -> bool:
    """Return whether all that is public is to be judged as a whole: once a day (UTC), from the first publishing on."""
    return published_at is not None and (audited_at is None or audited_at.date() != now.date())
