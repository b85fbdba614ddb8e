"""Critical rules stop a batch, warnings with a predicate hold back rows, the rest is counted."""

from ingest.decide.verdicts import broken_rules, refusing_rules
from tests.makers import a_batch, a_verdict

BATCH = a_batch()


def test_only_a_critical_rule_that_failed_breaks() -> None:
    broken = a_verdict(BATCH, rule="b", severity="critical", passed=False)
    verdicts = [
        a_verdict(BATCH, rule="a", severity="critical"),
        broken,
        a_verdict(BATCH, rule="c", passed=False),
        a_verdict(BATCH, rule="d", severity="info", passed=False),
    ]

    assert broken_rules(verdicts) == [broken]


def test_only_a_warning_that_failed_and_names_rows_refuses() -> None:
    refusing = a_verdict(BATCH, rule="a", passed=False, failing_rows="value < 0")
    verdicts = [
        refusing,
        a_verdict(BATCH, rule="b", failing_rows="value < 0"),
        a_verdict(BATCH, rule="c", passed=False),
        a_verdict(BATCH, rule="d", severity="info", passed=False, failing_rows="value < 0"),
        a_verdict(BATCH, rule="e", severity="critical", passed=False, failing_rows="value < 0"),
    ]

    assert refusing_rules(verdicts) == [refusing]
