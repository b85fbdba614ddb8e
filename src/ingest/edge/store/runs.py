"""Runs, the sources they pass over, and the count of where entries ended."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime

from ...model import Source
from ...ports import Tally
from ...visiting import HostVisits
from ..stopwatch import ReadingTime
from .rows import Rows, noun


class RunRows(Rows):
    """What is kept of runs."""

    def begin_run(self, run_id: str, sources: Sequence[Source], now: datetime) -> None:
        """Open a run; entries that a killed run left under way come in again with this one."""
        columns = ("source_id", "name", "site_url", "feed_url", "language", "country", "timezone")
        with self._warehouse.write() as transaction:
            transaction.run("begin_run", run_id=run_id, now=now)
            transaction.run("carry_over_outcomes", run_id=run_id)
            transaction.merge(
                "published.sources",
                [{column: getattr(source, column) for column in columns} for source in sources],
                key=["source_id"],
                update=columns[1:],
            )

    def end_run(self, run_id: str, now: datetime, *, visited: Iterable[HostVisits] = ()) -> None:
        """Close a run, and keep what it asked of each host."""
        rows = [asdict(one) | {"run_id": run_id} for one in visited]
        with self._warehouse.write() as transaction:
            transaction.merge("ops.host_visits", rows, key=["run_id", "host"])
            transaction.run("end_run", run_id=run_id, now=now)

    def keep_reading_times(self, run_id: str, times: Iterable[ReadingTime]) -> None:
        """Keep how long the pages of a run took to be read."""
        with self._warehouse.write() as transaction:
            transaction.insert("ops.reading_times", [asdict(one) | {"run_id": run_id} for one in times])

    def arrivals(self, now: datetime) -> list[datetime]:
        """Give the last hours, up to now, in which any source had something new, newest first."""
        return [row["arrived_at"] for row in self._warehouse.read("arrivals", {"now": now})]

    def tallies(self, run_id: str) -> list[Tally]:
        """Count where the entries of a run ended."""
        return [noun(Tally, row) for row in self._warehouse.read("tallies", {"run_id": run_id})]
