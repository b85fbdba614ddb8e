"""Critical rules stop a batch, warnings with a predicate hold back rows, the rest is counted."""

from datetime import timedelta

from ingest.quality.rejection import broken_rules, is_audit_due, refusing_rules, validated_together
from tests.makers import NOON, a_batch, a_validation

BATCH = a_batch()


def test_only_a_critical_rule_that_failed_breaks() -> None:
    broken = a_validation(BATCH, rule="b", severity="critical", passed=False)
    validations = [
        a_validation(BATCH, rule="a", severity="critical"),
        broken,
        a_validation(BATCH, rule="c", passed=False),
        a_validation(BATCH, rule="d", severity="info", passed=False),
    ]

    assert broken_rules(validations) == [broken]


def test_only_a_warning_that_failed_and_names_rows_refuses() -> None:
    refusing = a_validation(BATCH, rule="a", passed=False, failing_rows="value < 0")
    validations = [
        refusing,
        a_validation(BATCH, rule="b", failing_rows="value < 0"),
        a_validation(BATCH, rule="c", passed=False),
        a_validation(BATCH, rule="d", severity="info", passed=False, failing_rows="value < 0"),
        a_validation(BATCH, rule="e", severity="critical", passed=False, failing_rows="value < 0"),
    ]

    assert refusing_rules(validations) == [refusing]


def test_no_more_batches_are_validated_together_than_a_thousand() -> None:
    batches = [a_batch(source_id=f"source-{number}") for number in range(2_001)]
    groups = validated_together(batches)

    assert [len(group) for group in groups] == [1_000, 1_000, 1]
    assert [batch for group in groups for batch in group] == batches
    assert validated_together([]) == []


def test_large_batches_are_validated_with_fewer_others() -> None:
    batches = [a_batch(articles=articles) for articles in (3_000, 2_000, 1, 9_000, 1)]

    assert [[batch.articles for batch in group] for group in validated_together(batches)] == [
        [3_000, 2_000], [1], [9_000], [1],
    ]  # fmt: skip


def test_all_that_is_public_is_validated_once_a_day() -> None:
    hour = timedelta(hours=1)

    assert not is_audit_due(None, None, NOON)
    assert is_audit_due(None, NOON, NOON)
    assert not is_audit_due(NOON, NOON, NOON + 11 * hour)
    assert is_audit_due(NOON, NOON, NOON + 12 * hour)
    assert is_audit_due(NOON + 365 * 24 * hour, NOON, NOON)  # a clock was wrong once
