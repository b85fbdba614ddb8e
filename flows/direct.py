"""A run in this process alone, without Prefect: the same stages in the same order."""

import logging
from collections.abc import Collection, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import closing
from contextvars import copy_context
from typing import Any

import stamina

from ingest.core.errors import IngestError, Transient
from ingest.core.fetch_state import Backfill
from ingest.core.log_lines import line
from ingest.pipeline import wiring
from ingest.report.run_summary import Report

from . import due_work, stages
from .run_order import failed_of, failure_by, go_back, run_stages
from .signals import stopped_by_signals
from .stage_spans import traced
from .stages import Given

log = logging.getLogger("ingest")


class Here:
    """Takes stages on a few threads; what is transient is tried again, as Prefect would."""

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._pools: list[ThreadPoolExecutor] = []
        self._begun: dict[str, Future[Any]] = {}  # by key

    @property
    def under_way(self) -> Collection[str]:
        """Return the keys of what was begun and has not ended, as far as that was settled."""
        return self._begun.keys()

    def begin(self, stage: str, keys: Sequence[str], *arguments: object) -> None:
        """Begin the stage of that name for every key, on threads of its own: whoever hangs holds up nobody later."""
        pool = ThreadPoolExecutor(self._threads, thread_name_prefix=stage)
        self._pools.append(pool)
        self._begun |= {key: pool.submit(copy_context().run, self._attempt, stage, key, *arguments) for key in keys}
        pool.shutdown(wait=False)

    def settle(self, keys: Collection[str], seconds: float) -> list[tuple[str, IngestError]]:
        """Wait until what was begun for these keys has ended, or for so long; give all that has failed since."""
        wait([future for key, future in self._begun.items() if key in keys], timeout=seconds)
        ended = {key: future.result() for key, future in self._begun.items() if future.done()}
        for key in ended:
            del self._begun[key]
        return [(key, result) for key, result in ended.items() if isinstance(result, IngestError)]

    def close(self) -> None:
        """Begin nothing more, and wait for what is under way: it must not outlive the world."""
        for pool in self._pools:
            pool.shutdown(cancel_futures=True)

    def each(self, stage: str, keys: Sequence[str], *arguments: object) -> list[tuple[str, IngestError]]:
        """Run the stage of that name for every key; give those that failed with an error of ours."""

        results = self._map(stage, keys, *arguments)
        return [(key, result) for key, result in zip(keys, results, strict=True) if isinstance(result, IngestError)]

    def together(
        self, stage: str, groups: Sequence[Sequence[str]], *arguments: object
    ) -> list[tuple[str, IngestError]]:
        """Run the stage of that name for every group; give the keys that failed with an error of ours."""
        return list(failed_of(groups, self._map(stage, groups, *arguments)))

    def once(self, stage: str, *arguments: object) -> Any:
        """Run a stage; give what it gives."""
        for attempt in stamina.retry_context(on=Transient, attempts=3, timeout=30):
            with attempt:
                return traced(getattr(stages, stage))(*arguments)
        return None

    def _map(self, stage: str, keys: Sequence[object], *arguments: object) -> list[Any]:
        with ThreadPoolExecutor(self._threads, thread_name_prefix=stage) as pool:
            begun = [pool.submit(copy_context().run, self._attempt, stage, key, *arguments) for key in keys]
            return [future.result() for future in begun]

    def _attempt(self, stage: str, key: object, *arguments: object) -> Any:
        try:
            return self.once(stage, key, *arguments)
        except IngestError as error:
            return error
        except Exception as bug:  # noqa: BLE001 - told, counted, and kept from the others
            return failure_by(bug, key)


def run_directly(run_id: str, *, keys: Sequence[str], everything: bool, given: Given, recheck: bool = False) -> Report:
    """Take one pass over the sources, holding the world open throughout."""
    with (
        stopped_by_signals(),
        wiring.open_world(**given) as world,
        closing(Here(world.settings.hosts_at_once)) as runner,
    ):
        report = run_stages(runner, run_id, keys=keys, everything=everything, given=given, recheck=recheck)
        _tell_the_log(given)
    return report


def backfill_directly(run_id: str, wanted: Backfill, *, given: Given) -> Report:
    """Go back over a range of days, holding the world open throughout."""
    with (
        stopped_by_signals(),
        wiring.open_world(**given) as world,
        closing(Here(world.settings.hosts_at_once)) as runner,
    ):
        report = go_back(runner, run_id, wanted, given=given)
        _tell_the_log(given)
    return report


def _tell_the_log(given: Given) -> None:
    events = due_work.waiting_events(given)
    for event in events:
        log.info(line(event.name, **event.payload))
    due_work.mark_told(events, given)
