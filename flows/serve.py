"""Serves flows until told to stop: sets up schedules and triggers, and takes the runs they call for, one at a time.

One process writes the warehouse, so runs queue here and not at its lock. Runs that would take the same are taken once.
"""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from multiprocessing.process import BaseProcess
from threading import Event
from typing import Protocol
from uuid import UUID

from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterId,
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.client.schemas.responses import FlowRunResponse
from prefect.settings import PREFECT_CLIENT_MAX_RETRIES, temporary_settings
from prefect.states import Cancelled, Crashed

from ingest.feeds import sources_file
from ingest.pipeline import wiring

from .api import API_ERRORS
from .automations import set_up
from .coalesce import Merged, merged
from .deployments import Deployment, flows_of
from .forked_runs import begin_run, warm_up
from .signals import GRACE_SECONDS

AnyRun = FlowRun | FlowRunResponse

log = logging.getLogger("ingest")

LOOK_SECONDS = 0.5  # between two questions for runs that are due, while none is
AWAY_SECONDS = 2.0  # between two tries while the API is away
STOP_SECONDS = GRACE_SECONDS + 10  # that a run that was told to stop has to end; what it leaves, the next one takes
STEP_BACK = timedelta(minutes=1)  # of the clock: more than it is ever corrected by, less than anybody sets it back


class OwnServer(Protocol):
    """A Prefect server that is ours to keep alive."""

    @property
    def process_id(self) -> int | None:
        """Return its process, if it has one that lives."""
        ...

    def begin(self) -> None:
        """Start it, unless it is there."""
        ...


@dataclass(kw_only=True)
class Serving:
    """What is served to whom, and the run that is under way."""

    prepare: Callable[[], None]  # called in the process of each run
    stop: Event
    server: OwnServer | None = None
    now: Callable[[], datetime] = wiring.utc_now
    warm_up: Callable[[], None] = warm_up  # begins the process that runs are forked from
    deployed: dict[UUID, Deployment] = field(default_factory=dict)
    _last_look: datetime | None = None
    _is_away: bool = False

    def serve(self, announce: Callable[[Sequence[Deployment]], None]) -> None:
        """Set everything up, say so, and take runs until told to stop."""
        with temporary_settings({PREFECT_CLIENT_MAX_RETRIES: 0}), get_client(sync_client=True) as client:
            while not self.stop.is_set():
                try:
                    if not self.deployed or self._clock_stepped_back():
                        self._begin(client, announce)
                    if not self._take_next(client):
                        self.stop.wait(LOOK_SECONDS)
                    self._is_away = False
                except API_ERRORS as error:
                    self._bear_absence(error)

    def _begin(self, client: SyncPrefectClient, announce: Callable[[Sequence[Deployment]], None]) -> None:
        """Set up what is served, anew where it was: that also counts the schedules' next strikes from now on."""
        is_first = not self.deployed
        flows = flows_of(sources_file.listed_sources())
        self.deployed = set_up(client, flows)
        if is_first:
            self.warm_up()
            self._close_orphans(client)
            announce(flows)

    def _take_next(self, client: SyncPrefectClient) -> bool:
        """Take the run that is due first, with all that it does for; say whether there was one."""
        due = client.get_scheduled_flow_runs_for_deployments(list(self.deployed), scheduled_before=self.now())
        following = merged(due)
        if following is None:
            return False
        run: AnyRun = following.run
        if following.parameters is not None and run.deployment_id:
            run = client.create_flow_run_from_deployment(run.deployment_id, parameters=dict(following.parameters))
        self._cancel(client, following, run)
        deployment = self.deployed[run.deployment_id] if run.deployment_id else None
        if deployment:
            self._take(client, deployment, run)
        return True

    def _cancel(self, client: SyncPrefectClient, following: Merged, run: AnyRun) -> None:
        for other in following.others:
            told: State[None] = Cancelled(name="Merged", message=f"{run.name} takes what it would have taken")
            client.set_flow_run_state(other.id, told, force=True)
        if following.others:
            log.info("merged run=%s with=%d", run.name, len(following.others))

    def _take(self, client: SyncPrefectClient, deployment: Deployment, run: AnyRun) -> None:
        begun_at = time.monotonic()
        process = begin_run(deployment.flow, run.id, self.prepare)
        if not self._wait_for(client, process, run):
            return
        log.info("took flow=%s run=%s ms=%d", deployment.flow, run.name, (time.monotonic() - begun_at) * 1000)
        if process.exitcode:
            log.error("run=%s of %s ended by itself with %s", run.name, deployment.flow, process.exitcode)
            _end(client, run, Crashed(message=f"its process ended with {process.exitcode}"))

    def _wait_for(self, client: SyncPrefectClient, process: BaseProcess, run: AnyRun) -> bool:
        """Wait for a run's end; False when it was ended because we stop, or because somebody cancelled it."""
        looked_at = time.monotonic()
        while process.is_alive():
            process.join(0.1)
            if self.stop.is_set():
                _stop(process)
                if process.exitcode:
                    _end(client, run, Cancelled(message="we were to stop; the next run takes what it has left"))
                return False
            if time.monotonic() - looked_at > AWAY_SECONDS:
                looked_at = time.monotonic()
                if self._is_cancelling(client, run):
                    _stop(process)
                    _end(client, run, Cancelled())
                    return False
        return True

    def _is_cancelling(self, client: SyncPrefectClient, run: AnyRun) -> bool:
        try:
            state = client.read_flow_run(run.id).state
        except API_ERRORS as error:
            self._bear_absence(error)  # the run goes on
            return False
        return state is not None and state.type is StateType.CANCELLING

    def _close_orphans(self, client: SyncPrefectClient) -> None:
        """Close runs of one who served before us and was killed: nobody else takes runs of ours."""
        under_way = [StateType.RUNNING, StateType.PENDING, StateType.CANCELLING]
        for run in client.read_flow_runs(
            flow_run_filter=FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=under_way))),
            deployment_filter=DeploymentFilter(id=DeploymentFilterId(any_=list(self.deployed))),
        ):
            _end(client, run, Crashed(message="who served it was ended; a later run takes what it has left"))

    def _clock_stepped_back(self) -> bool:
        """Return whether the clock was set back: Prefect's next strikes then lie as far ahead."""
        now, last = self.now(), self._last_look
        self._last_look = now
        return last is not None and now < last - STEP_BACK

    def _bear_absence(self, error: Exception) -> None:
        """Wait for an API that is away; one that is ours is begun again where it has ended."""
        if not self._is_away:
            log.warning("Prefect's API does not answer; what happens now waits (%s)", error or type(error).__name__)
        self._is_away = True
        if self.server and self.server.process_id is None:
            self.server.begin()
        self.stop.wait(AWAY_SECONDS)


def _end(client: SyncPrefectClient, run: AnyRun, state: State[None]) -> None:
    """Tell Prefect how a run ended that can't say so itself."""
    try:
        there = client.read_flow_run(run.id).state
        if there is None or not there.is_final():
            client.set_flow_run_state(run.id, state, force=True)
    except API_ERRORS as error:
        log.info("run=%s stays as it is in Prefect: %s", run.name, error or type(error).__name__)


def _stop(process: BaseProcess) -> None:
    """Tell a run to end at its next safe point, and end it where it does not."""
    process.terminate()
    process.join(STOP_SECONDS)
    if process.is_alive():
        process.kill()
        process.join()
