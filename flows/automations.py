"""Sets up on a Prefect server what `deployments.py` says: deployments with their schedules, automations for triggers.

Everything is found again by its name, so to do it twice ends where doing it once did; what is no longer said is taken
away.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.actions import DeploymentScheduleCreate
from prefect.client.schemas.objects import ConcurrencyLimitStrategy, ConcurrencyOptions
from prefect.client.schemas.schedules import IntervalSchedule
from prefect.events.actions import RunDeployment
from prefect.events.schemas.automations import AutomationCore, EventTrigger, Posture
from prefect.flows import load_flow_from_entrypoint
from prefect.types._datetime import DateTime
from prefect.utilities.callables import parameter_schema

from .deployments import PREFIX, Deployment, Schedule, Trigger

FIRST_MIDNIGHT = datetime(2020, 1, 1, tzinfo=UTC)
TAG = "ingest serve"


def set_up(client: SyncPrefectClient, flows: Sequence[Deployment]) -> dict[UUID, Deployment]:
    """Set up every flow of ours with its schedules and triggers, and nothing else of ours; give deployments by id."""
    deployed = {_deploy(client, deployment): deployment for deployment in flows}
    for deployment in client.read_deployments():
        if TAG in deployment.tags and deployment.id not in deployed:
            client.delete_deployment(deployment.id)
    wanted = {
        automation.name: automation
        for deployment_id, deployment in deployed.items()
        for automation in (automation_of(trigger, deployment_id) for trigger in deployment.triggers)
    }
    _set_automations(client, wanted)
    return deployed


def automation_of(trigger: Trigger, deployment_id: UUID) -> AutomationCore:
    """Write a trigger as Prefect's automation."""
    is_silence = trigger.silent_seconds > 0
    return AutomationCore(
        name=PREFIX + trigger.name,
        description=trigger.says,
        trigger=EventTrigger(
            expect=set(trigger.events),
            match=dict(trigger.match),
            posture=Posture.Proactive if is_silence else Posture.Reactive,
            threshold=1,
            within=timedelta(seconds=trigger.silent_seconds or trigger.once_in_seconds),
        ),
        actions=[
            RunDeployment(
                source="selected",
                deployment_id=deployment_id,
                job_variables=None,
                parameters=dict(trigger.parameters) or None,
                schedule_after=timedelta(seconds=trigger.after_seconds),
            )
        ],
    )


def schedule_of(schedule: Schedule) -> IntervalSchedule:
    """Return Prefect's schedule for ours; it is due at the same times whenever it is set up."""
    anchor = FIRST_MIDNIGHT + timedelta(seconds=schedule.offset_seconds)
    interval = timedelta(seconds=schedule.every_seconds)
    return IntervalSchedule(interval=interval, anchor_date=DateTime.fromisoformat(anchor.isoformat()), timezone="UTC")


def _deploy(client: SyncPrefectClient, deployment: Deployment) -> UUID:
    schema = parameter_schema(load_flow_from_entrypoint(deployment.entrypoint))
    return client.create_deployment(
        flow_id=client.create_flow_from_name(deployment.flow),
        name=deployment.flow,
        description=deployment.says,
        entrypoint=deployment.entrypoint,
        path=str(Path.cwd()),
        tags=[TAG],
        parameter_openapi_schema=schema.model_dump_for_openapi(),
        enforce_parameter_schema=True,
        concurrency_limit=1,
        concurrency_options=ConcurrencyOptions(collision_strategy=ConcurrencyLimitStrategy.ENQUEUE),
        schedules=[
            DeploymentScheduleCreate(
                schedule=schedule_of(schedule),
                parameters=dict(schedule.parameters),
                slug=f"every-{schedule.every_seconds}",
                active=True,
            )
            for schedule in deployment.schedules
        ],
    )


def _set_automations(client: SyncPrefectClient, wanted: Mapping[str, AutomationCore]) -> None:
    kept = set()
    for there in client.read_automations():
        if not there.name.startswith(PREFIX):
            continue
        if there.name not in wanted or there.name in kept:
            client.delete_automation(there.id)
            continue
        kept.add(there.name)
        if not _says_the_same(there, wanted[there.name]):
            client.update_automation(there.id, wanted[there.name])
    for name, automation in wanted.items():
        if name not in kept:
            client.create_automation(automation)


def _says_the_same(there: AutomationCore, wanted: AutomationCore) -> bool:
    """Compare what we say alone: the server adds names and defaults of its own. One that was paused is set up anew."""

    def said(one: AutomationCore) -> dict[str, object]:
        trigger = one.trigger.model_dump(mode="json", include={"expect", "match", "posture", "threshold", "within"})
        include = {"type", "deployment_id", "parameters", "schedule_after"}
        actions = [action.model_dump(mode="json", include=include) for action in one.actions]
        trigger |= {"expect": sorted(trigger["expect"])}
        return {"says": one.description, "trigger": trigger, "actions": actions, "enabled": one.enabled}

    return said(there) == said(wanted)
