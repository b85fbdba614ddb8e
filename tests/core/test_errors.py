"""Every failure is of a kind that can be counted across newsrooms."""

import pytest

from ingest.core.errors import (
    ERROR_KINDS,
    IngestError,
    Misconfigured,
    PageMissing,
    Permanent,
    ReaderHung,
    TimedOut,
    Transient,
    Undelivered,
    error_kind,
    passing_reasons,
)

OURS = {"error", "transient", "permanent", "capture_unreadable", "warehouse_busy", "warehouse_away", "cluster_away"} | {
    "undelivered", "misconfigured", "server_unusable", "warehouse_unusable", "query_refused", "judge_failed", "defect",
    "disk_full", "out_of_memory",
}  # fmt: skip


def every_error() -> list[type[IngestError]]:
    found: list[type[IngestError]] = [IngestError]
    for family in found:
        found.extend(family.__subclasses__())
    return found


def test_every_failure_on_the_web_is_of_a_kind_and_ours_are_of_none() -> None:
    without = {found.reason for found in every_error() if found.kind is None}

    assert without == OURS


def test_every_kind_is_told_by_some_failure() -> None:
    assert {found.kind for found in every_error()} - {None} == set(ERROR_KINDS)


def test_one_reason_is_of_one_kind() -> None:
    assert [found for found in every_error() if error_kind(found.reason) != found.kind] == []


def test_everything_is_worth_another_try_or_is_not() -> None:
    undecided = [found for found in every_error()[1:] if issubclass(found, Transient) == issubclass(found, Permanent)]

    assert undecided == []


@pytest.mark.parametrize(
    ("failure", "kind"),
    [(TimedOut, "timeout"), (ReaderHung, "timeout"), (PageMissing, "http_status"), (Misconfigured, None)],
)
def test_a_reason_tells_its_kind(failure: type[IngestError], kind: str | None) -> None:
    assert error_kind(failure.reason) == kind


def test_what_is_no_failure_is_of_no_kind() -> None:
    assert (error_kind("new_article"), error_kind(None)) == (None, None)


def test_reasons_that_pass_are_those_of_transient_failures() -> None:
    passing = set(passing_reasons())

    assert {TimedOut.reason, Undelivered.reason} <= passing
    assert passing.isdisjoint({PageMissing.reason, Misconfigured.reason})
