"""What wakes which flow is said once: prefect.yaml says the same, and a trigger triggers only for work that waits."""

from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import yaml  # type: ignore[import-untyped]  # Prefect brings it
from prefect.events.schemas.deployment_triggers import DeploymentEventTrigger
from prefect.flows import load_flow_from_entrypoint
from prefect.utilities.callables import parameter_schema

from ingest.core.events import PAYLOAD_KEYS, event
from ingest.core.model import Event
from ingest.feeds.source_formats import read_sources
from ingest.flows.automations import automation_of, schedule_of
from ingest.flows.deployments import BROKEN, HANDLES, WRITTEN_DOWN_SECONDS, flows_of, triggering
from tests.makers import NOON, a_source

ROOT = Path(__file__).parents[2]
SOURCES = read_sources((ROOT / "sources.toml").read_text(encoding="utf-8"), file_name="sources.toml")
WRITTEN = {one["name"]: one for one in yaml.safe_load((ROOT / "prefect.yaml").read_text("utf-8"))["deployments"]}
FLOWS = {deployment.flow: deployment for deployment in flows_of(SOURCES)}


def an_event(name: str, at: int = 0, **payload: Any) -> Event:
    """Make an event of some seconds after noon."""
    values: dict[str, Any] = {"source": "gazette", "run": "r", "batch": "b", "articles": 1, "figures": 0, "entries": 1}
    values |= {"rules": "r", "rows": 1, "alert": "a", "severity": "warning", "title": "t"} | payload
    return event(name, NOON + timedelta(seconds=at), {key: values[key] for key in PAYLOAD_KEYS[name]})


def test_the_file_for_work_pools_deploys_the_same_flows() -> None:
    said = {name: (one["entrypoint"], one["description"]) for name, one in WRITTEN.items()}

    assert said == {flow: (deployment.entrypoint, deployment.says) for flow, deployment in FLOWS.items()}
    assert {tuple(one["concurrency_limit"].items()) for one in WRITTEN.values()} == {
        (("limit", 1), ("collision_strategy", "ENQUEUE"))
    }


@pytest.mark.parametrize("flow", FLOWS)
def test_the_file_for_work_pools_has_the_same_schedules(flow: str) -> None:
    written = [
        (one["interval"], one["anchor_date"], one.get("parameters", {})) for one in WRITTEN[flow].get("schedules", [])
    ]
    ours = [
        (schedule.every_seconds, schedule_of(schedule).anchor_date.isoformat(), dict(schedule.parameters))
        for schedule in FLOWS[flow].schedules
    ]

    assert written == ours


@pytest.mark.parametrize("flow", FLOWS)
def test_the_file_for_work_pools_has_the_same_triggers(flow: str) -> None:
    deployment = uuid4()
    written = []
    for one in WRITTEN[flow].get("triggers", []):
        trigger = DeploymentEventTrigger.model_validate(one)
        trigger.set_deployment_id(deployment)
        written.append(trigger.as_automation())
    ours = [automation_of(trigger, deployment) for trigger in FLOWS[flow].triggers]

    assert [said(one) for one in written] == [said(one) for one in ours]


def said(automation: Any) -> dict[str, Any]:
    wanted = {
        "name": True,
        "description": True,
        "trigger": True,
        "actions": {"__all__": {"deployment_id", "parameters", "schedule_after"}},
    }
    dumped: dict[str, Any] = automation.model_dump(include=wanted)
    return dumped


def test_no_automation_fails_unseen_between_the_first_of_a_storm_and_the_run_that_looks_at_them() -> None:
    last_recorded_seconds = BROKEN.once_in_seconds + WRITTEN_DOWN_SECONDS

    assert BROKEN.after_seconds >= last_recorded_seconds


@pytest.mark.parametrize("flow", FLOWS)
def test_every_flow_is_where_it_is_said_to_be(flow: str) -> None:
    module, _, name = FLOWS[flow].entrypoint.rpartition(".")

    assert getattr(import_module(module), name).name == flow


def test_every_bell_is_an_event_that_we_ring_and_every_template_one_of_its_keys() -> None:
    for deployment in FLOWS.values():
        for trigger in deployment.triggers:
            ours = [name.removeprefix("ingest.") for name in trigger.events if name.startswith("ingest.")]
            assert set(ours) <= set(PAYLOAD_KEYS)
            for templates in trigger.parameters.values():
                for template in templates if isinstance(templates, list) else []:
                    assert template.strip("{ }").removeprefix("event.payload.") in PAYLOAD_KEYS[ours[0]]


@pytest.mark.parametrize(
    ("flow", "shown"),
    [
        ("ingest", ["keys", "everything", "recheck"]),
        ("poll", ["keys", "every"]),
        ("backfill", ["source", "first_day", "last_day"]),
        *((flow, []) for flow in ("fetch", "validate", "notify")),
    ],
)
def test_a_form_shows_what_a_person_may_fill_in_and_explains_it(flow: str, shown: list[str]) -> None:
    schema = parameter_schema(load_flow_from_entrypoint(FLOWS[flow].entrypoint))

    assert list(schema.properties) == shown
    assert all(one["description"] for one in schema.properties.values())


def test_each_wish_of_an_owner_has_its_clock() -> None:
    wishes = [a_source("one", poll_every_seconds=300), a_source("two", poll_every_seconds=300), a_source("three")]
    (poll,) = [deployment for deployment in flows_of(wishes) if deployment.flow == "poll"]

    assert [(schedule.every_seconds, dict(schedule.parameters)) for schedule in poll.schedules] == [
        (900, {}),
        (300, {"every": 300}),
    ]


def test_of_many_bells_for_one_flow_the_last_rings() -> None:
    found = [an_event("entries.found", at) for at in range(3)]
    staged = an_event("batch.staged", 1)

    assert triggering([*found, staged], told_by="poll") == {found[-1].event_id, staged.event_id}


def test_nothing_is_triggered_for_what_is_done() -> None:
    events = [an_event("entries.found"), an_event("batch.staged"), an_event("alert.opened")]

    assert triggering(events, told_by="ingest") == frozenset()
    assert triggering(events, told_by="fetch") == {events[1].event_id, events[2].event_id}
    assert all(flow in HANDLES[flow] for flow in FLOWS if flow not in {"ingest", "backfill"})
