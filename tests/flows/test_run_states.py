"""The state of a run in Prefect says what the exit code of `ingest run` does, in words."""

from typing import Any

import pytest
from prefect.states import Failed

from ingest.core.errors import Misconfigured
from ingest.flows.run_states import RunFailed, report_of, state_of
from ingest.report.run_summary import Report, exit_code

REPORT = Report(run_id="r", polled=(), not_due=())
NOTHING: dict[str, Any] = {
    "sources": [],
    "rejected_batches": [],
    "troubles": [],
    "stopped_by": None,
    "entries": 0,
    "reasons": [],
    "unpublished": 0,
}


def a_source(name: str, **values: Any) -> dict[str, Any]:
    return {"source_id": name, "feed": "served", "reason": None, "detail": None, "is_cut_off": False, **values}


def a_trouble(name: str, reason: str) -> dict[str, Any]:
    return {"key": name, "source_id": name, "reason": reason, "detail": "it broke"}


FAILED = a_source("gazette", feed="failed", reason="unreachable", detail="no route")
REJECTED = {
    "source_id": "herald", "articles": 3, "figures": 5, "rule": "figures.range", "unexpected": 4, "checked": 5,
    "note": "Impossible.",
}  # fmt: skip


@pytest.mark.parametrize(
    ("happened", "code", "state", "said"),
    [
        ({}, 0, ("Completed", "COMPLETED"), "0 entries came in"),
        ({"unpublished": 2}, 0, ("Completed", "COMPLETED"), "batches that wait for the worker that publishes: 2"),
        ({"sources": [FAILED]}, 3, ("SourcesFailed", "COMPLETED"), "source failed: gazette: unreachable: no route"),
        ({"sources": [a_source("gazette", is_cut_off=True)]}, 3, ("SourcesFailed", "COMPLETED"), "gazette: none of"),
        ({"rejected_batches": [REJECTED]}, 4, ("Rejected", "FAILED"), "batch rejected: herald: 3 articles, 5 figures"),
        ({"rejected_batches": [REJECTED], "sources": [FAILED]}, 4, ("Rejected", "FAILED"), "source failed: gazette"),
        ({"troubles": [a_trouble("herald", "defect")]}, 1, ("Failed", "FAILED"), "trouble: herald: defect: it broke"),
        (
            {"stopped_by": "SIGTERM", "rejected_batches": [REJECTED]},
            143,
            ("Stopped", "CANCELLED"),
            "stopped by SIGTERM",
        ),
    ],
)
def test_a_state_says_what_the_exit_code_does(
    happened: dict[str, Any], code: int, state: tuple[str, str], said: str
) -> None:
    summary = NOTHING | happened
    ended = state_of(summary, REPORT)

    assert exit_code(summary) == code
    assert (ended.name, ended.type.value) == state
    assert said in (ended.message or "")
    assert report_of(ended) is REPORT


def test_who_runs_a_flow_that_rejects_a_batch_gets_an_exception_that_says_why() -> None:
    ended: Any = state_of(NOTHING | {"rejected_batches": [REJECTED]}, REPORT)

    with pytest.raises(RunFailed, match="batch rejected: herald: 3 articles, 5 figures"):
        ended.result()


def test_a_message_names_no_more_than_fits_on_a_page() -> None:
    many = [a_source(f"s{number}", feed="failed", reason="gone", detail="410") for number in range(50)]
    message = state_of(NOTHING | {"sources": many}, REPORT).message or ""

    assert message.count("source failed") == 5
    assert "and 45 more, in the log" in message


def test_what_a_run_raised_is_raised_by_whoever_asks_for_its_report() -> None:
    with pytest.raises(Misconfigured):
        report_of(Failed(data=Misconfigured("there is none", about="x")))
