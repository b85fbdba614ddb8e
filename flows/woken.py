"""The flows that schedules and events trigger, one for each stretch of the way; `deployments.py` says which."""

from collections.abc import Mapping, Sequence

from prefect import State, flow
from pydantic.json_schema import SkipJsonSchema

from ingest.report.run_summary import Report

from .pipeline import Tasks, at_work, side_by_side
from .run_order import notify_due, poll_due, read_waiting, validate_staged
from .send_events import broken_automations


@flow(name="poll", task_runner=side_by_side)
def poll(
    keys: Sequence[str] = (),
    every: int | None = None,
    given: SkipJsonSchema[Mapping[str, object] | None] = None,
) -> State[Report] | None:
    """Visit the feeds that are due, and leave what they list to `read`.

    Args:
        keys: Keys of the sources to visit, as the sources file names them; none: all of them.
        every: Only sources whose `every` in the sources file is so many seconds.
        given: Settings that win over the environment.
    """
    with at_work("poll", given) as work:
        work.report = poll_due(Tasks(), work.run_id, keys=keys, every=every, given=work.given)
    return work.state


@flow(name="read", task_runner=side_by_side)
def read(given: SkipJsonSchema[Mapping[str, object] | None] = None) -> State[Report] | None:
    """Fetch and read what waits, and stage it."""
    with at_work("read", given) as work:
        work.report = read_waiting(Tasks(), work.run_id, given=work.given)
    return work.state


@flow(name="judge", task_runner=side_by_side)
def judge(given: SkipJsonSchema[Mapping[str, object] | None] = None) -> State[Report] | None:
    """Validate what is staged, publish what passes and release it."""
    with at_work("judge", given) as work:
        work.report = validate_staged(Tasks(), work.run_id, given=work.given)
    return work.state


@flow(name="alert", task_runner=side_by_side)
def alert(given: SkipJsonSchema[Mapping[str, object] | None] = None) -> State[Report] | None:
    """Notify people of what is due, also of what no run sees by itself."""
    with at_work("alert", given) as work:
        work.report = notify_due(Tasks(), work.run_id, broken=broken_automations(), given=work.given)
    return work.state
