"""Runs, the sources they pass over, and the count of where entries ended."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime

from ...model import Source
from ...ports import Tally
from ...state import Row, StateTransaction
from ...visiting import HostVisits
from ..stopwatch import ReadingTime
from .rows import Rows, noun

SOURCE_COLUMNS = ("source_id", "name", "site_url", "feed_url", "language", "country", "timezone")


class RunRows(Rows):
    """What is kept of runs."""

    def begin_run(self, run_id: str, sources: Sequence[Source], now: datetime) -> None:
        """Open a run; entries that a killed run left under way come in again with this one."""
        with self._state.write() as transaction:
            transaction.lock("runs")  # else two that begin at once would have one number
            transaction.lock("leases")
            transaction.run("begin_run", run_id=run_id, now=now)
            transaction.run("expire_leases", run_id=run_id, living=self._warehouse.living_workers())
            transaction.run("carry_over_outcomes", run_id=run_id)
        listed = [{column: getattr(source, column) for column in SOURCE_COLUMNS} for source in sources]
        known = self._warehouse.read("known_sources")
        if changed := [row for row in listed if row not in known]:
            with self._warehouse.write() as warehouse:
                warehouse.merge("published.sources", changed, key=["source_id"], update=SOURCE_COLUMNS[1:])

    def end_run(self, run_id: str, now: datetime, *, visited: Iterable[HostVisits] = ()) -> None:
        """Close a run, and keep what it asked of each host."""
        rows = [asdict(one) | {"run_id": run_id} for one in visited]
        with self._state.write() as transaction:
            transaction.merge("host_visits", rows, key=["run_id", "host"])
            transaction.run("end_run", run_id=run_id, now=now)
            transaction.run("end_leases", run_id=run_id)

    def claim_sources(self, run_id: str, source_ids: Iterable[str], now: datetime) -> set[str]:
        """Take those sources that no other run has in hand; name all of these that are this run's, now or before.

        What an earlier run left under way of them comes in with this one.
        """
        asked = set(source_ids)
        ours = {"run_id": run_id, "worker": self._warehouse.worker}
        wanted = ours | {"source_ids": sorted(asked)}
        leased = {row["source_id"] for row in self._state.read("leased_sources", wanted)}
        if missing := asked - leased:
            with self._state.write() as transaction:
                transaction.lock("leases")  # a worker that begins meanwhile is not known to live
                rows = [ours | {"source_id": source_id, "leased_at": now} for source_id in sorted(missing)]
                leased = _lease(transaction, rows, wanted)
                if missing - leased:
                    transaction.run("expire_leases", run_id=run_id, living=self._warehouse.living_workers())
                    transaction.run("renew_leases", **ours)
                    leased = _lease(transaction, rows, wanted)
                transaction.run("carry_over_leased", run_id=run_id, source_ids=sorted(missing & leased))
        return leased

    def claim_to_visit(self, run_id: str, source_id: str, now: datetime) -> bool:
        """Take a source whose feed is to be visited; say whether that is for this run to do."""
        wanted = self._state.read("unpolled_source", {"source_id": source_id, "run_id": run_id})
        return bool(wanted and self.claim_sources(run_id, [source_id], now))

    def keep_reading_times(self, run_id: str, times: Iterable[ReadingTime]) -> None:
        """Keep how long the pages of a run took to be read."""
        with self._state.write() as transaction:
            transaction.insert("reading_times", [asdict(one) | {"run_id": run_id} for one in times])

    def arrivals(self, now: datetime) -> list[datetime]:
        """Give the last hours, up to now, in which any source had something new, newest first."""
        return [row["arrived_at"] for row in self._state.read("arrivals", {"now": now})]

    def tallies(self, run_id: str) -> list[Tally]:
        """Count where the entries of a run ended."""
        return [noun(Tally, row) for row in self._state.read("tallies", {"run_id": run_id})]


def _lease(transaction: StateTransaction, rows: Sequence[Row], wanted: Row) -> set[str]:
    """Lease the sources that no run holds; return those of the wanted ones that are ours."""
    transaction.merge("leases", rows, key=["source_id"])
    return {row["source_id"] for row in transaction.run("leased_sources", **wanted)}
