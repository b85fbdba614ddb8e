"""Which of the runs that wait is taken next, and which others it does for: an event sent twice triggers one run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from prefect.client.schemas.responses import FlowRunResponse


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """A run to take, the others it does for, and the parameters for all of them where none of them has these."""

    run: FlowRunResponse
    others: tuple[FlowRunResponse, ...] = ()
    parameters: Mapping[str, object] | None = None


def merged(due: Sequence[FlowRunResponse]) -> Merged | None:
    """Choose the run that waits longest, of its deployment all that would take the same; None when none is due.

    So schedules that came due while nothing ran, and events that came while a run was under way, make one run.
    Sources that pinged us are asked by one run, all of them.
    """
    if not due:
        return None
    first, *others = sorted(due, key=_waits_since)
    alike = [run for run in others if _is_alike(run, first)]
    keys = list(dict.fromkeys(key for run in (first, *alike) for key in _keys(run)))
    is_more = keys != _keys(first)
    return Merged(
        run=first,
        others=(*([first] if is_more else []), *alike),
        parameters=dict(first.parameters) | {"keys": keys} if is_more else None,
    )


def _waits_since(run: FlowRunResponse) -> tuple[bool, object, str]:
    since = run.next_scheduled_start_time or run.expected_start_time
    return since is None, since, str(run.id)


def _is_alike(run: FlowRunResponse, first: FlowRunResponse) -> bool:
    """Return whether two runs of a deployment differ in the sources that they are about at most."""
    if run.deployment_id != first.deployment_id or bool(_keys(run)) != bool(_keys(first)):
        return False
    return _others(run) == _others(first)


def _keys(run: FlowRunResponse) -> list[str]:
    listed = run.parameters.get("keys")
    return [str(key) for key in listed] if isinstance(listed, list | tuple) else []


def _others(run: FlowRunResponse) -> dict[str, object]:
    return {name: value for name, value in run.parameters.items() if name != "keys"}
