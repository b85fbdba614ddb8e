"""A run for whoever watches it: each stage with its keys in the log and with a span of its own, in this one place."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import wraps
from inspect import signature
from typing import Any, TypeVar

from ingest.core.errors import IngestError
from ingest.core.log_lines import in_the_course_of
from ingest.core.spans import Span
from ingest.observability import telemetry

from .stage_runner import StageRunner

Result = TypeVar("Result")

_under_way: dict[str, tuple[str, int]] = {}  # by run_id
_listeners: dict[str, Callable[[str], object]] = {}  # by run_id


def traced(stage: Callable[..., Result]) -> Callable[..., Result]:
    """Return a stage that says what it is about to the log and to the tracer while it is taken."""
    shape = signature(stage)

    @wraps(stage)
    def take(*arguments: Any, **named: Any) -> Result:
        keys = {"stage": stage.__name__, **_keys(shape.bind(*arguments, **named).arguments)}
        with in_the_course_of(**keys), telemetry.tracer().span(stage.__name__, keys):
            return stage(*arguments, **named)

    return take


@contextmanager
def traced_run(runner: StageRunner, run_id: str) -> Iterator[StageRunner]:
    """Yield the runner with a span around what it takes, and the run in every line of the log."""
    tracer = telemetry.tracer()
    watching = TracedRunner(runner, run_id)
    try:
        with in_the_course_of(run_id=run_id), tracer.span("run", {"run_id": run_id}), closing(watching):
            yield watching
    finally:
        tracer.deliver()


def under_way(run_id: str) -> tuple[str, int] | None:
    """Return the stage that a run of this process has begun last, with the number of its keys."""
    return _under_way.get(run_id)


@contextmanager
def stages_told(run_id: str, tell: Callable[[str], object]) -> Iterator[None]:
    """Call `tell` with the name of each stage that the run begins in this process while the block runs."""
    _listeners[run_id] = tell
    try:
        yield
    finally:
        del _listeners[run_id]


class TracedRunner:
    """Runs stages as another runner does, and tells what is under way."""

    def __init__(self, runner: StageRunner, run_id: str) -> None:
        self._runner = runner
        self._run_id = run_id
        self._open: list[tuple[Span, set[str]]] = []  # begun stages, with the keys they were begun for

    @property
    def under_way(self) -> Collection[str]:
        """Return the keys of what was begun and has not ended, as far as that was settled."""
        return self._runner.under_way

    def begin(self, stage: str, keys: Sequence[str], *arguments: object) -> None:
        """Begin the stage of that name for every key, and wait for none."""
        span = self._stage(stage, len(keys))
        with telemetry.tracer().within(span):
            self._runner.begin(stage, keys, *arguments)
        self._open.append((span, set(keys)))

    def settle(self, keys: Collection[str], seconds: float) -> list[tuple[str, IngestError]]:
        """Wait until what was begun for these keys has ended, or for so long; give all that has failed since."""
        failed = self._runner.settle(keys, seconds)
        under_way = set(self._runner.under_way)
        self._end([one for one in self._open if not one[1] & under_way])
        return failed

    def each(self, stage: str, keys: Sequence[str], *arguments: object) -> list[tuple[str, IngestError]]:
        """Run the stage of that name for every key; give those that failed with an error of ours."""
        with self._taking(stage, len(keys)):
            return self._runner.each(stage, keys, *arguments)

    def together(
        self, stage: str, groups: Sequence[Sequence[str]], *arguments: object
    ) -> list[tuple[str, IngestError]]:
        """Run a stage that takes a group of keys, and gives those that failed; all of them where itself it fails."""
        with self._taking(stage, sum(map(len, groups))):
            return self._runner.together(stage, groups, *arguments)

    def once(self, stage: str, *arguments: object) -> None:
        """Run a stage that has no keys."""
        with self._taking(stage, 1):
            self._runner.once(stage, *arguments)

    def close(self) -> None:
        """End what nobody settled."""
        _under_way.pop(self._run_id, None)
        self._end(list(self._open))

    def _stage(self, stage: str, keys: int) -> Span:
        if keys:
            _under_way[self._run_id] = (stage, keys)
            if tell := _listeners.get(self._run_id):
                tell(stage)
        return telemetry.tracer().begin(f"stage.{stage}", {"stage": stage, "ingest.keys": keys})

    @contextmanager
    def _taking(self, stage: str, keys: int) -> Iterator[None]:
        span = self._stage(stage, keys)
        try:
            with telemetry.tracer().within(span):
                yield
        finally:
            span.end()

    def _end(self, over: list[tuple[Span, set[str]]]) -> None:
        for one in over:
            one[0].end()
            self._open.remove(one)


def _keys(arguments: dict[str, Any]) -> dict[str, str]:
    """Return what a stage is about, by the names that stages.py gives its parameters."""
    keys = {name: str(arguments[name]) for name in ("run_id",) if name in arguments}
    if "key" in arguments:
        keys["source_id"] = arguments["key"]
    if "wanted" in arguments:
        keys["source_id"] = arguments["wanted"].source_id
    if len(arguments.get("batch_ids", ())) == 1:
        keys["batch_id"] = arguments["batch_ids"][0]
    return keys
