"""Runs, the sources they pass over, and the count of where entries ended."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from ..core.fetch_state import HostVisits
from ..core.model import Source
from ..core.parse_times import ParseTime
from ..core.ports import OutcomeCount
from ..state import State, row_of
from ..state.leases import Leases
from ..state.rows import noun
from .warehouse import Lock, Row, Warehouse

SOURCE_COLUMNS = ("source_id", "name", "site_url", "feed_url", "language", "country", "timezone")


def begin_run(state: State, warehouse: Warehouse, run_id: str, sources: Sequence[Source], now: datetime) -> None:
    """Open a run; what an earlier one left under way is carried over to it with the leases of its sources."""
    with state.write() as transaction:
        transaction.lock("runs")  # else two that begin at once would have one number
        transaction.run("begin_run", run_id=run_id, now=now)
    listed = [{column: getattr(source, column) for column in SOURCE_COLUMNS} for source in sources]
    if _changed_sources(warehouse, listed):
        with warehouse.alone(Lock.COPYING):  # else two that begin at once would both add them
            changed = _changed_sources(warehouse, listed)
            with warehouse.write() as in_warehouse:
                in_warehouse.merge("published.sources", changed, key=["source_id"], update=SOURCE_COLUMNS[1:])


def _changed_sources(warehouse: Warehouse, listed: Sequence[Row]) -> list[Row]:
    """Return which sources are not published yet as they are listed."""
    known = warehouse.read("known_sources")
    return [row for row in listed if row not in known]


def end_run(state: State, run_id: str, now: datetime, *, visited: Iterable[HostVisits] = ()) -> None:
    """Close a run, and keep what it requested of each host."""
    rows = [row_of(one) | {"run_id": run_id} for one in visited]
    with state.write() as transaction:
        transaction.merge("host_visits", rows, key=["run_id", "host"])
        transaction.run("end_run", run_id=run_id, now=now)
        transaction.run("end_leases", run_id=run_id)


def worker_leases(state: State, warehouse: Warehouse) -> Leases:
    """Return the leases of this worker."""
    return Leases(state, warehouse.worker, warehouse.living_workers)


def keep_parse_times(state: State, run_id: str, times: Iterable[ParseTime]) -> None:
    """Keep how long the pages of a run took to be read."""
    with state.write() as transaction:
        transaction.insert("reading_times", [row_of(one) | {"run_id": run_id} for one in times])


def arrivals(state: State, now: datetime) -> list[datetime]:
    """Return the last hours, up to now, in which any source had something new, newest first."""
    return [row["arrived_at"] for row in state.read("arrivals", {"now": now})]


def outcome_counts(state: State, run_id: str) -> list[OutcomeCount]:
    """Count where the entries of a run ended."""
    return [noun(OutcomeCount, row) for row in state.read("outcome_counts", {"run_id": run_id})]
