"""Runs that would take the same are one: what struck or rang while nobody could answer is answered once."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from prefect.client.schemas.responses import FlowRunResponse
from prefect.types._datetime import DateTime

from ingest.flows.coalesce import Merged, merged
from tests.makers import NOON

POLL, INGEST = uuid4(), uuid4()


def a_run(deployment: UUID, minutes: int, **parameters: Any) -> FlowRunResponse:
    at = NOON + timedelta(minutes=minutes)
    return FlowRunResponse(
        flow_id=uuid4(), deployment_id=deployment, name=f"at {minutes}", parameters=parameters,
        next_scheduled_start_time=DateTime.fromisoformat(at.isoformat()), work_pool_id=None,
    )  # type: ignore[call-arg]  # fmt: skip


def names(found: Merged | None) -> tuple[str, list[str], object]:
    assert found
    return found.run.name, [run.name for run in found.others], found.parameters


def test_nothing_due_is_nothing_to_take() -> None:
    assert merged([]) is None


def test_what_waits_longest_is_taken_first_with_all_of_its_kind() -> None:
    due = [a_run(POLL, 30), a_run(INGEST, 10), a_run(POLL, 15), a_run(POLL, 45)]

    assert names(merged(due)) == ("at 10", [], None)
    assert names(merged([due[0], *due[2:]])) == ("at 15", ["at 30", "at 45"], None)


def test_clocks_of_different_feeds_stay_apart() -> None:
    assert names(merged([a_run(POLL, 0, every=60), a_run(POLL, 1)])) == ("at 0", [], None)


def test_sources_that_pinged_are_asked_together_and_not_by_a_whole_pass() -> None:
    due = [
        a_run(INGEST, 0, keys=["gazette"], pinged=True),
        a_run(INGEST, 1, keys=["ledger"], pinged=True),
        a_run(INGEST, 2, keys=["gazette"], pinged=True),
        a_run(INGEST, 3),
    ]

    assert names(merged(due)) == ("at 0", ["at 0", "at 1", "at 2"], {"keys": ["gazette", "ledger"], "pinged": True})
    assert names(merged([due[0], due[2]])) == ("at 0", ["at 2"], None)
