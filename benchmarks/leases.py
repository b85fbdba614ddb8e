"""How fast eight processes lease what waits, none twice, on PostgreSQL and SQLite: `python -m benchmarks.leases`."""

import argparse
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from statistics import median

from ingest.state import Row, State
from ingest.state.leases import Leases
from ingest.state.postgres import PostgresEngine
from ingest.state.sqlite import STATE_FILE, SqliteEngine
from tests.postgres import Postgres, postgres

from .measure import Measure, shown_as_taken
from .page import put_section, table

CLIENTS = 8
AT_ONCE = 25  # entries a transaction
NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)


def main() -> None:
    """Measure both, where a source has 25 entries, and where it has one."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.leases", description=__doc__)
    parser.add_argument("--entries", type=int, default=6_000)
    parser.add_argument("--turns", type=int, default=5)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch, postgres() as pg:
        restart_flushing(pg)
        measured = shown_as_taken(measures(given.entries, given.turns, pg, Path(scratch)))
        put_section("Leases", table(list(measured)))


def measures(entries: int, turns: int, pg: Postgres, folder: Path) -> Iterator[Measure]:
    """Measure entries that are leased a second, the engines in turns."""
    with ProcessPoolExecutor(CLIENTS, mp_context=get_context("forkserver")) as clients:
        list(clients.map(time.sleep, [0.5] * CLIENTS))  # each has begun
        for each in (AT_ONCE, 1):
            rates: dict[str, list[float]] = {"PostgreSQL": [], "SQLite": []}
            for turn in range(turns):
                places = {"PostgreSQL": pg.address(pg.database()), "SQLite": str(folder / f"{each}-{turn}")}
                for engine, place in places.items():
                    rates[engine].append(rate(clients, place, entries // each, each))
            for engine, found in rates.items():
                spread = f"median of {turns}, {min(found):,.0f} to {max(found):,.0f}"
                how = f"{entries // each:,} sources, {AT_ONCE // each} a transaction, that {CLIENTS} processes want"
                name = f"{engine}, {each} waiting a source"
                yield Measure(
                    name=name, value=median(found), unit="entries leased per second", how=f"{how}, none twice; {spread}"
                )


def rate(clients: ProcessPoolExecutor, place: str, sources: int, each: int) -> float:
    """Lease all sources of a new state, each with some entries that wait; return how many entries a second."""
    keys = [f"source-{number:05}" for number in range(sources)]
    entries = [(key, f"{key}-{number}") for key in keys for number in range(each)]
    with closing(opened(place)) as state, state.write() as transaction:
        transaction.insert("entries", [waiting(*one) for one in entries])
        rows = [{"run_id": "earlier", "source_id": key, "entry_id": entry_id} for key, entry_id in entries]
        transaction.insert("entry_outcomes", rows)
        transaction.run("add_leases", source_ids=keys)
    begun = time.time() + 1.0
    shares = list(clients.map(lease_free, [(place, worker, keys, AT_ONCE // each, begun) for worker in range(CLIENTS)]))
    assert sorted(key for share, _ in shares for key in share) == keys, "a source was leased twice, or to nobody"
    with closing(opened(place)) as state:
        carried = [state.read("outcome_counts", {"run_id": f"run-{worker}"}) for worker in range(CLIENTS)]
    assert sum(row["entries"] for rows in carried for row in rows) == len(entries), "entries were left behind"
    return len(entries) / (max(ended for _, ended in shares) - begun)


def waiting(source_id: str, entry_id: str) -> Row:
    """Return the row of an entry whose page is to be fetched."""
    moments = {"found_at": NOW, "last_listed_at": NOW}
    texts = {"title": "A title", "authors": [], "tags": [], "listing_hash": "hash", "state": "found"}
    return {"source_id": source_id, "entry_id": entry_id} | texts | moments


def lease_free(task: tuple[str, int, list[str], int, float]) -> tuple[list[str], float]:
    """Lease what is free, from the first source to the last; return it, and when that was done."""
    place, worker, keys, at_once, begun = task
    taken: list[str] = []
    with closing(opened(place)) as state:
        leases = Leases(state, worker, lambda: range(CLIENTS))
        time.sleep(max(begun - time.time(), 0.0))
        for start in range(0, len(keys), at_once):
            taken += leases.lease(f"run-{worker}", keys[start : start + at_once], NOW)
    return taken, time.time()


def opened(place: str) -> State:
    """Open a state: an address of PostgreSQL, or a folder."""
    if "=" in place:
        return State(PostgresEngine(place))
    Path(place).mkdir(exist_ok=True)
    return State(SqliteEngine(Path(place) / STATE_FILE))


def restart_flushing(pg: Postgres) -> None:
    """Have the server flush each commit, which that of the tests does not."""
    pg.control("-m", "fast", "stop")
    pg.control("-l", str(pg.folder / "log"), "-o", f"-k {pg.folder} -c listen_addresses=''", "start")
    flushing = [pg.ask(pg.address("postgres"), f"show {name}") for name in ("fsync", "synchronous_commit")]
    assert flushing == ["on", "on"]


if __name__ == "__main__":
    main()
