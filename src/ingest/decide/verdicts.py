"""What the judge's verdicts mean for a batch: stop it, hold back some rows, or let it pass."""

from collections.abc import Iterable

from ..model import Verdict


def broken_rules(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """Give the failed verdicts that stop a batch, in the order judged."""
    return [verdict for verdict in verdicts if not verdict.passed and verdict.severity == "critical"]


def refusing_rules(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """Give the failed verdicts that send rows to quarantine, in the order judged."""
    return [
        verdict
        for verdict in verdicts
        if not verdict.passed and verdict.severity == "warning" and verdict.failing_rows is not None
    ]
