"""What a batch's results mean to a person: one trouble at most, with its root cause named and its rules listed."""

import json
from pathlib import Path

import pytest

from ingest.alerts.causes import CAUSES, cause_of
from ingest.alerts.texts import Trouble, batch_troubles, failure_of
from ingest.core.model import Severity, ValidationResult
from tests.makers import a_batch, a_poll, a_validation

ROOT = Path(__file__).parents[2]
BATCH = a_batch()


def failed(name: str, severity: Severity, unexpected: int, checked: int = 20) -> ValidationResult:
    suite, _, rule = name.partition(".")
    return a_validation(
        BATCH, suite=suite, rule=rule, severity=severity, passed=False, unexpected=unexpected, checked=checked,
        observed=f"row of {rule}",
    )  # fmt: skip


def told(*validations: ValidationResult) -> dict[str, Trouble]:
    return {kind: trouble for kind, trouble in batch_troubles(BATCH, validations).items() if trouble}


WALL = failed("articles.body_not_a_wall", "warning", 18)
SHARE = failed("figures.impossible_share", "critical", 9)
DATES = failed("articles.published_at_plausible", "warning", 12)


@pytest.mark.parametrize(
    ("validations", "kind", "severity"),
    [
        ([], None, None),
        ([a_validation(BATCH)], None, None),
        ([failed("figures.percent_bounds", "warning", 4)], None, None),  # too few
        ([failed("figures.percent_bounds", "warning", 20, checked=100)], None, None),  # too small a share
        ([failed("figures.percent_bounds", "warning", 21, checked=100)], "batch.numbers", "warning"),
        ([failed("figures.reader_had_no_doubt", "info", 20)], None, None),
        ([SHARE], "batch.numbers", "critical"),
        ([SHARE, DATES], "batch.dates", "critical"),
        ([SHARE, DATES, WALL], "batch.wall", "critical"),
        ([failed("tags.columns", "critical", 1), WALL], "batch.shape", "critical"),
        ([failed("links.staged_once", "warning", 18)], "batch.rows", "warning"),
    ],
)
def test_a_batch_is_in_the_trouble_of_its_root_cause_alone(
    validations: list[ValidationResult], kind: str | None, severity: str | None
) -> None:
    found = told(*validations)

    assert list(found) == ([kind] if kind else [])
    assert [trouble.severity for trouble in found.values()] == ([severity] if severity else [])


def test_many_rules_are_one_trouble_that_lists_the_tellingest_first() -> None:
    others = [failed(f"figures.rule_{number}", "warning", 9) for number in range(11)]
    trouble = told(*others, SHARE, DATES, WALL)["batch.wall"]
    lines = trouble.body.splitlines()

    assert trouble.title == (
        "gazette: batch rejected by 14 rules, because its pages hold a notice (login, cookies, robot check) "
        "or nothing in place of the story"
    )
    assert lines[0] == "Nothing of this batch of gazette was published; what was published before stands."
    assert lines[1:3] == [
        "- articles.body_not_a_wall: 18 of 20 rows. Nobody gives less than nothing.",
        "  worst: row of body_not_a_wall",
    ]
    assert lines[3].startswith("- figures.impossible_share: 9 of 20 rows.")
    assert "- and 9 more rules" in lines
    assert f"Look closer: ingest quarantine rejected {BATCH.batch_id[:12]}" in lines
    assert f"Pages: checks/20260301-gazette-{BATCH.batch_id[:8]}/ in the warehouse folder" in lines


def test_rows_held_back_name_the_command_that_shows_them() -> None:
    trouble = told(WALL)["batch.wall"]

    assert trouble.title.startswith("gazette: rows held back by articles.body_not_a_wall, because ")
    assert "Look closer: ingest quarantine ls --source gazette" in trouble.body.splitlines()


def test_what_breaks_beside_the_root_cause_is_neither_told_nor_over() -> None:
    kinds = batch_troubles(BATCH, [SHARE, WALL])

    assert "batch.numbers" not in kinds
    assert [kind for kind, trouble in kinds.items() if trouble] == ["batch.wall"]


def test_a_stopped_batch_says_what_to_do_next() -> None:
    lines = told(SHARE)["batch.numbers"].body.splitlines()

    assert [line for line in lines if "`ingest replay --source gazette`" in line and line.startswith("What to do: ")]


def test_every_kind_of_trouble_is_answered_so_that_each_can_end() -> None:
    assert list(batch_troubles(BATCH, [])) == [f"batch.{cause.name}" for cause in CAUSES]


def test_every_cause_has_a_rule_that_tells_of_it() -> None:
    named = {
        cause_of(failed(f"{path.stem}.{each['meta']['rule']}", "warning", 1)).name
        for path in (ROOT / "expectations").glob("*.json")
        for each in json.loads(path.read_text(encoding="utf-8"))["expectations"]
    }

    assert named == {cause.name for cause in CAUSES}


@pytest.mark.parametrize(
    ("failures", "reason", "told"),
    [(0, None, False), (2, "timeout", False), (3, "timeout", True), (4, "timeout", True), (4, "gone", False)],
)
def test_a_source_is_told_of_from_its_third_failure_on_unless_it_is_gone(
    failures: int, reason: str | None, told: bool
) -> None:
    poll = a_poll(outcome="failed", reason=reason, detail="too slow", failures_in_a_row=failures)

    assert (failure_of(poll) is not None) is told
