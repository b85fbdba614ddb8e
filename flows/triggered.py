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
    """Poll the feeds that are due, and leave what they list to `fetch`.

    Args:
        keys: Keys of the sources to poll, as the sources file names them; none: all of them.
        every: Only sources whose `every` in the sources file is so many seconds.
        given: Settings that win over the environment.
    """
    with at_work("poll", given) as work:
        work.report = poll_due(Tasks(), work.run_id, keys=keys, every=every, given=work.given)
    return work.state


@flow(name="fetch", task_runner=side_by_side)
def fetch(given: SkipJsonSchema[Mapping[str, object] | None] = None) -> State[Report] | None:
    """Fetch and parse what waits, and stage it."""
    with at_work("fetch", given) as work:
        work.report = read_waiting(Tasks(), work.run_id, given=work.given)
    return work.state


@flow(name="validate", task_runner=side_by_side)
def validate(given: SkipJsonSchema[Mapping[str, object] | None] = None) -> State[Report] | None:
    """Validate what is staged, publish what passes and release it."""
    with at_work("validate", given) as work:
        work.report = validate_staged(Tasks(), work.run_id, given=work.given)
    return work.state


@flow(name="notify", task_runner=side_by_side)
def notify(given: SkipJsonSchema[Mapping[str, object] | None] = None) -> State[Report] | None:
    """Notify people of what is due, also of what no run sees by itself."""
    with at_work("notify", given) as work:
        work.report = notify_due(Tasks(), work.run_id, broken=broken_automations(), given=work.given)
    return work.state
