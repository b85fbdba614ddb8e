"""Leases of sources: which run may poll and fetch a source, of all that run at the same time."""

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

from .database import State
from .values import Row


class Leases:
    """The leases that one worker takes, for its runs.

    A lease lasts until its run ends or its worker is dead: nobody guesses by a time-out who is. Several workers may ask
    for the same sources at once: each is leased to one, and none of them waits for another.
    """

    def __init__(self, state: State, worker: int, living: Callable[[], Collection[int]]) -> None:
        """Lease as the worker of that number; `living` returns the numbers of all that live."""
        self._state = state
        self._worker = worker
        self._living = living

    def lease(self, run_id: str, source_ids: Iterable[str], now: datetime) -> set[str]:
        """Lease those of some sources that no other run has leased; return all that this run has, until it ends.

        Entries of them that an earlier run left under way are carried over to this one. A source that another worker is
        leasing just now is that one's.
        """
        return self._lease(run_id, set(source_ids), now, is_for_poll=False)

    @contextmanager
    def leased_to_poll(self, run_id: str, source_id: str, now: datetime) -> Iterator[bool]:
        """Lease a source while its feed is polled; yield whether that is for this run to do.

        What the feed lists is for whichever worker leases the source next.
        """
        if not self._state.read("unpolled_source", {"source_id": source_id, "run_id": run_id}):
            yield False
            return
        try:
            yield bool(self._lease(run_id, {source_id}, now, is_for_poll=True))
        finally:
            with self._state.write_lazily() as transaction:  # lost with the machine, it ends with its worker
                transaction.run("end_poll", source_id=source_id, run_id=run_id)

    def open_to(self, run_id: str, source_ids: Iterable[str]) -> set[str]:
        """Return those of some sources that no other run has leased whose worker lives: this one has, or could."""
        wanted = set(source_ids)
        return wanted.difference(self._elsewhere(run_id, self._leases(wanted)))

    def leased_from_another_at(self, source_id: str) -> datetime | None:
        """Return when a source was leased that another worker had before; None where the same had, or none."""
        rows = self._state.read("lease_from_another", {"source_id": source_id})
        return rows[0]["leased_at"] if rows else None

    def _lease(self, run_id: str, source_ids: set[str], now: datetime, *, is_for_poll: bool) -> set[str]:
        """Lease what is free of some sources, and what dead workers had; return all of these that the run has leased.

        A lease for a poll is not enough for a run that is to keep the source.
        """
        rows, ours = self._leases(source_ids), (run_id, self._worker)
        own = {
            row["source_id"]
            for row in rows
            if (row["run_id"], row["worker"]) == ours and row["is_for_poll"] <= is_for_poll
        }
        elsewhere = self._elsewhere(run_id, rows)
        wanted = sorted(source_ids - own - elsewhere.keys())
        if not wanted:
            return own
        others = {row["worker"] for row in rows if row["run_id"] != run_id}
        with self._state.write() as transaction:
            if any(row["run_id"] == run_id and row["worker"] != self._worker for row in rows):
                transaction.run("renew_leases", run_id=run_id, worker=self._worker)
            if dead := sorted(others.difference(elsewhere.values())):
                transaction.run("expire_leases", run_id=run_id, dead=dead)
            transaction.run("add_leases", source_ids=wanted)
            found = transaction.run(
                "lease_sources", run_id=run_id, worker=self._worker, is_for_poll=is_for_poll, source_ids=wanted, now=now
            )
            leased = sorted(row["source_id"] for row in found)
            under_way = transaction.run("under_way_of", source_ids=leased)
            transaction.run("carry_over", run_id=run_id, entry_ids=[row["entry_id"] for row in under_way])
        return own.union(leased)

    def _leases(self, source_ids: Iterable[str]) -> list[Row]:
        """Return what is leased of some sources."""
        return self._state.read("leases", {"source_ids": sorted(source_ids)})

    def _elsewhere(self, run_id: str, leases: Iterable[Row]) -> dict[str, int]:
        """Return the living workers that have leased sources for other runs, by source.

        Which workers live is read after the leases: a worker begins to live before it leases.
        """
        others = {row["source_id"]: row["worker"] for row in leases if row["run_id"] != run_id}
        living = self._living() if others else ()
        return {source_id: worker for source_id, worker in others.items() if worker in living}
