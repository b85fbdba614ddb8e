"""Tells Prefect of what happened. An event counts as told once the API has it; until then it waits in the warehouse."""

import logging
from collections.abc import Sequence
from datetime import UTC
from uuid import UUID

from prefect import runtime
from prefect.client.orchestration import get_client
from prefect.events.filters import EventFilter, EventNameFilter, EventOrder, EventResourceFilter
from prefect.events.schemas.events import Event as PrefectEvent
from prefect.events.schemas.events import RelatedResource, Resource
from prefect.types._datetime import DateTime

from ingest.core.model import Event
from ingest.pipeline.watchdog import Broken

from . import due_work
from .api import API_ERRORS
from .deployments import ACTION_DONE, ACTION_FAILED, PREFIX, TRIGGERS, triggering
from .stages import Given

log = logging.getLogger("ingest")

EVENTS_AT_ONCE = 200  # half a megabyte at most


def send_waiting_events(told_by: str, given: Given) -> None:
    """Tell Prefect's API of every event that was recorded and not told yet; what it has not taken waits for the next.

    They go by one request after another and not through Prefect's queue, whose end nobody hears of.
    """
    events = due_work.waiting_events(given)
    triggering_ids = triggering(events, told_by=told_by)
    while events:
        some, events = events[:EVENTS_AT_ONCE], events[EVENTS_AT_ONCE:]
        try:
            _tell(some, triggering_ids)
        except API_ERRORS as error:
            log.warning("events=%d wait for Prefect's API: %s", len(some) + len(events), error or type(error).__name__)
            return
        due_work.mark_told(some, given)


def broken_automations() -> list[Broken] | None:
    """Return our automations whose last action failed, and why; None when the API cannot be asked."""
    broken = []
    try:
        with get_client(sync_client=True) as client:
            for automation in client.read_automations():
                if not automation.name.startswith(PREFIX):
                    continue
                page = client.read_events(_last_actions(f"prefect.automation.{automation.id}"), limit=1)
                broken += [
                    Broken(
                        name=automation.name.removeprefix(PREFIX), reason=str(event.payload.get("reason", "unknown"))
                    )
                    for event in page.events
                    if event.event == ACTION_FAILED
                ]
    except API_ERRORS as error:
        log.info("automations could not be looked at: %s", error or type(error).__name__)
        return None
    return broken


def _last_actions(automation: str) -> EventFilter:
    """Ask for what an automation did, the last first."""
    return EventFilter(
        event=EventNameFilter(name=[ACTION_FAILED, ACTION_DONE]),
        resource=EventResourceFilter(id=[automation]),
        order=EventOrder.DESC,
    )


def _tell(events: Sequence[Event], triggering_ids: frozenset[str]) -> None:
    run_id = runtime.flow_run.id
    related = [
        RelatedResource({"prefect.resource.id": f"prefect.flow-run.{run_id}", "prefect.resource.role": "flow-run"})
    ]
    written = [
        PrefectEvent(
            id=UUID(event.event_id),  # told twice, it is still one event
            event=f"ingest.{event.name}",
            resource=Resource(
                {"prefect.resource.id": f"ingest.source.{event.source_id}"}
                | (TRIGGERS if event.event_id in triggering_ids else {"ingest.bell": "is silent"})
            ),
            related=related if run_id else [],
            payload=dict(event.payload),
            occurred=DateTime.fromtimestamp(event.occurred_at.timestamp(), UTC),
        ).model_dump(mode="json")
        for event in events
    ]
    with get_client(sync_client=True) as client:
        client.request("POST", "/events", json=written)
