"""The run as a Prefect flow: a task per source and stage, retried only where that is of use."""

import logging
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

import stamina
from prefect import State, Task, flow, runtime
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import TaskRun
from prefect.futures import PrefectFuture
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner
from prefect.utilities.annotations import unmapped
from pydantic.json_schema import SkipJsonSchema  # of a parameter that nobody is to fill in: no form shows it

from ingest.core.errors import IngestError, Misconfigured, Transient, WarehouseBusy
from ingest.core.fetch_state import Backfill
from ingest.observability import telemetry
from ingest.pipeline import wiring
from ingest.report.run_summary import Report

from . import stages
from .artifacts import leave_artifacts
from .run_order import failed_of, failure_by, go_back, run_stages
from .run_states import log_end, state_of
from .send_events import broken_automations, send_waiting_events
from .signals import stopped_by_signals
from .stage_spans import traced
from .stages import Given

log = logging.getLogger("ingest")

TURN_SECONDS = 600  # that a run waits for another process to let go of the warehouse; the next one takes all then


async def _is_transient(task: Task[Any, Any], run: TaskRun, state: State[Any]) -> bool:  # noqa: ARG001  Prefect's order
    error = await state.aresult(raise_on_failure=False)
    return isinstance(error, Transient)


TASKS: dict[str, Task[..., Any]] = {
    stage.__name__: Task(
        traced(stage),
        retries=2,
        retry_delay_seconds=[2, 10],
        retry_condition_fn=_is_transient,
        cache_policy=NO_CACHE,
        persist_result=False,
    )
    for stage in (
        stages.take_in_pushes,
        stages.offer_topics,
        stages.poll_source,
        stages.backfill_source,
        stages.fetch_and_stage,
        stages.stage_batch,
        stages.validate_batches,
        stages.publish_batches,
        stages.release_news,
        stages.audit_warehouse,
        stages.oversee,
        stages.notify_people,
    )
}


class Tasks:
    """Takes stages as Prefect tasks."""

    def __init__(self) -> None:
        self._begun: dict[str, PrefectFuture[Any]] = {}  # by key

    @property
    def under_way(self) -> Collection[str]:
        """Return the keys of what was begun and has not ended, as far as that was settled."""
        return self._begun.keys()

    def begin(self, stage: str, keys: Sequence[str], *arguments: object) -> None:
        """Submit the task of that name for every key, and wait for none."""
        if keys:
            self._begun |= zip(keys, TASKS[stage].map(list(keys), *map(unmapped, arguments)), strict=True)

    def settle(self, keys: Collection[str], seconds: float) -> list[tuple[str, IngestError]]:
        """Wait until what was begun for these keys has ended, or for so long; give all that has failed since."""
        until = time.monotonic() + seconds
        failed = []
        for key, future in sorted(self._begun.items(), key=lambda begun: begun[0] not in keys):
            left = max(until - time.monotonic(), 0) if key in keys else 0
            try:
                result = future.result(timeout=left, raise_on_failure=False)
            except TimeoutError:
                continue
            del self._begun[key]
            result = _told(result, key)
            if isinstance(result, IngestError):
                failed.append((key, result))
        return failed

    def each(self, stage: str, keys: Sequence[str], *arguments: object) -> list[tuple[str, IngestError]]:
        """Map the task of that name over the keys; give those that failed with an error of ours."""
        results = self._map(stage, keys, *arguments)
        return [(key, result) for key, result in zip(keys, results, strict=True) if isinstance(result, IngestError)]

    def together(
        self, stage: str, groups: Sequence[Sequence[str]], *arguments: object
    ) -> list[tuple[str, IngestError]]:
        """Map the task of that name over the groups; give the keys that failed with an error of ours."""
        return list(failed_of(groups, self._map(stage, groups, *arguments)))

    def once(self, stage: str, *arguments: object) -> None:
        """Run a task that has no keys."""
        TASKS[stage].submit(*arguments).result()

    def _map(self, stage: str, keys: Sequence[object], *arguments: object) -> list[Any]:
        if not keys:
            return []
        futures: list[PrefectFuture[Any]] = TASKS[stage].map(list(keys), *map(unmapped, arguments))
        results = [future.result(raise_on_failure=False) for future in futures]
        return [_told(result, key) for key, result in zip(keys, results, strict=True)]


def _told(result: Any, key: object) -> Any:
    """Return what a task gave; of a bug, the failure that it is for its key. What ends a process ends the run."""
    if isinstance(result, IngestError) or not isinstance(result, BaseException):
        return result
    if isinstance(result, Exception):
        return failure_by(result, key)
    raise result


# Prefect types the runner's futures too narrowly for its own decorator. Visits that hang may hold half of its threads.
side_by_side = cast("TaskRunner[PrefectFuture[Any]]", ThreadPoolTaskRunner[Any](max_workers=32))


@dataclass
class Work:
    """A run under way: its name, its settings, and in the end what it did and the state it is left in."""

    run_id: str
    given: Given
    report: Report
    state: State[Report] | None = None


@contextmanager
def at_work(flow_name: str, given: Mapping[str, object] | None, run_id: str | None = None) -> Iterator[Work]:
    """Hold the world open, once nobody else does, and tell Prefect of all that has come of it."""
    chosen: Given = given or {}
    with ExitStack() as opened:
        for attempt in stamina.retry_context(
            on=WarehouseBusy, attempts=None, timeout=TURN_SECONDS, wait_initial=0.1, wait_max=2.0
        ):
            with attempt:
                world = opened.enter_context(wiring.open_world(**chosen))
        opened.enter_context(stopped_by_signals())
        telemetry.log_as_set(world.settings)
        if __package__ != "ingest.flows":
            log.warning("%s has an entrypoint that the next release does not find: run prefect deploy again", flow_name)
        name = run_id or wiring.new_run_id(wiring.utc_now())
        work = Work(run_id=name, given=chosen, report=Report(run_id=name, polled=(), not_due=()))
        yield work
        send_waiting_events(flow_name, chosen)
        summary = stages.summary(work.report, chosen)
        work.state = state_of(summary, work.report)
        log_end(summary)
        leave_artifacts(flow_name, summary, chosen)


@flow(name="ingest", task_runner=side_by_side)
def ingest(
    keys: Sequence[str] = (),
    everything: bool = False,  # noqa: FBT001, FBT002  a parameter in Prefect's forms
    recheck: bool = False,  # noqa: FBT001, FBT002
    pinged: SkipJsonSchema[bool] = False,  # noqa: FBT002
    run_id: SkipJsonSchema[str | None] = None,
    given: SkipJsonSchema[Mapping[str, object] | None] = None,
) -> State[Report] | None:
    """Take one pass over the sources that are due, holding the world open throughout.

    Args:
        keys: Keys of the sources to visit, as the sources file names them; none: all of them.
        everything: Visit sources that are not due, too.
        recheck: Ask again for every page that feeds list now, whatever its age.
        pinged: These sources say that they have news, so they need not be due.
        run_id: Name of the run in the warehouse; by default a new one.
        given: Settings that win over the environment.
    """
    with at_work("ingest", given, run_id) as work:
        work.report = run_stages(
            Tasks(),
            work.run_id,
            keys=keys,
            everything=everything,
            given=work.given,
            recheck=recheck,
            pinged=pinged,
            broken=broken_automations() if runtime.deployment.id else None,
        )
    return work.state


@flow(name="backfill", task_runner=side_by_side)
def backfill(
    source: str,
    first_day: date,
    last_day: date,
    run_id: SkipJsonSchema[str | None] = None,
    given: SkipJsonSchema[Mapping[str, object] | None] = None,
) -> State[Report] | None:
    """Go back over a range of days of a source, holding the world open throughout.

    Args:
        source: Key of the source, as the sources file names it.
        first_day: First day to load, such as 2026-03-01.
        last_day: Last day to load; the first day again for a single one.
        run_id: Name of the run in the warehouse; by default a new one.
        given: Settings that win over the environment.
    """
    if last_day < first_day:
        raise Misconfigured(f"first_day {first_day} is after last_day {last_day}", about="first_day")
    wanted = Backfill(source_id=source, first_day=first_day, last_day=last_day)
    with at_work("backfill", given, run_id) as work:
        work.report = go_back(Tasks(), work.run_id, wanted, given=work.given)
    return work.state
