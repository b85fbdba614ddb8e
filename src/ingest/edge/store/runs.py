"""Runs, the sources they pass over, and the count of where entries ended."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime

from ...model import Source
from ...ports import Tally
from ...visiting import HostVisits
from ..stopwatch import ReadingTime
from ..warehouse import Row, Transaction
from .rows import Rows, noun


class RunRows(Rows):
    """What is kept of runs."""

    def begin_run(self, run_id: str, sources: Sequence[Source], now: datetime) -> None:
        """Open a run; entries that a killed run left under way come in again with this one."""
        columns = ("source_id", "name", "site_url", "feed_url", "language", "country", "timezone")
        with self._warehouse.write() as transaction:
            transaction.run("begin_run", run_id=run_id, now=now)
            transaction.run("forget_dead_claims", run_id=run_id, living=self._warehouse.living_workers())
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
            transaction.run("forget_claims", run_id=run_id)

    def claim_sources(self, run_id: str, source_ids: Iterable[str], now: datetime) -> set[str]:
        """Take those sources that no other run has in hand; name all of these that are this run's, now or before.

        What an earlier run left under way of them comes in with this one.
        """
        asked = set(source_ids)
        ours = {"run_id": run_id, "worker": self._warehouse.worker}
        claimed = {row["source_id"] for row in self._warehouse.read("claimed_sources", ours)}
        if missing := asked - claimed:
            with self._warehouse.write() as transaction:
                rows = [ours | {"source_id": source_id, "claimed_at": now} for source_id in sorted(missing)]
                claimed = _claim(transaction, rows, ours)
                if missing - claimed:
                    transaction.run("forget_dead_claims", run_id=run_id, living=self._warehouse.living_workers())
                    transaction.run("renew_claims", **ours)
                    claimed = _claim(transaction, rows, ours)
                transaction.run("carry_over_claimed", run_id=run_id, source_ids=sorted(missing & claimed))
        return asked & claimed

    def claim_to_visit(self, run_id: str, source_id: str, now: datetime) -> bool:
        """Take a source whose feed is to be visited; say whether that is for this run to do."""
        wanted = self._warehouse.read("unvisited_source", {"source_id": source_id, "run_id": run_id})
        return bool(wanted and self.claim_sources(run_id, [source_id], now))

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


def _claim(transaction: Transaction, rows: Sequence[Row], ours: Row) -> set[str]:
    """Take the sources that nobody has; name all that are ours."""
    transaction.merge("ops.claims", rows, key=["source_id"])
    return {row["source_id"] for row in transaction.run("claimed_sources", **ours)}
