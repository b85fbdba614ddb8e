"""A run in this process alone, without Prefect: the same stages in the same order."""

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import stamina

from ingest import wiring
from ingest.errors import IngestError, Transient
from ingest.visiting import Backfill

from . import stages
from .route import Report, failed_of, go_back, pass_over
from .stages import Given

log = logging.getLogger("ingest")


class Here:
    """Takes stages on a few threads; what is transient is tried again, as Prefect would."""

    def __init__(self, threads: int) -> None:
        self._threads = threads

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
                return getattr(stages, stage)(*arguments)
        return None

    def _map(self, stage: str, keys: Sequence[object], *arguments: object) -> list[Any]:
        def attempt(key: object) -> Any:
            try:
                return self.once(stage, key, *arguments)
            except IngestError as error:
                return error

        with ThreadPoolExecutor(self._threads, thread_name_prefix=stage) as pool:
            return list(pool.map(attempt, keys))


def run_directly(run_id: str, *, keys: Sequence[str], everything: bool, given: Given, recheck: bool = False) -> Report:
    """Take one pass over the sources, holding the world open throughout."""
    with wiring.open_world(**given) as world:
        mover = Here(world.settings.hosts_at_once)
        report = pass_over(mover, run_id, keys=keys, everything=everything, given=given, recheck=recheck)
        _tell_the_log(given)
    return report


def backfill_directly(run_id: str, wanted: Backfill, *, given: Given) -> Report:
    """Go back over a range of days, holding the world open throughout."""
    with wiring.open_world(**given) as world:
        report = go_back(Here(world.settings.hosts_at_once), run_id, wanted, given=given)
        _tell_the_log(given)
    return report


def _tell_the_log(given: Given) -> None:
    events = stages.waiting_events(given)
    for event in events:
        log.info("event %s %s", event.name, event.payload)
    stages.mark_told(events, given)
