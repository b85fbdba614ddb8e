"""How long an article takes from a ping to the analysts' file, hop by hop, and what a flow run costs.

python -m benchmarks.serving [--articles N]
"""

import argparse
import re
import sqlite3
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import psutil

from ingest.demo import Newsroom
from tests.command import list_sources
from tests.flows.serving import Served, serving, until

from .measure import Measure, shown_as_taken
from .page import put_section, table

STORIES = 10
IDLE_SECONDS = 60
WARM_UP = 2  # articles that nobody counts
HOPS = ("run asked for", "run begun", "polled", "fetched", "staged", "validated", "published", "readable")
_LOGGED = re.compile(r"^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+) \w+ (polled|fetched|staged|validated|published) ", re.M)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What the service has taken so far."""

    run_cpu: float  # in the processes of runs
    server_cpu: float  # Prefect's server
    own_cpu: float
    database_bytes: int

    def __sub__(self, other: "Spent") -> "Spent":
        return Spent(
            run_cpu=self.run_cpu - other.run_cpu,
            server_cpu=self.server_cpu - other.server_cpu,
            own_cpu=self.own_cpu - other.own_cpu,
            database_bytes=self.database_bytes - other.database_bytes,
        )


def measure_serving(stories: int) -> Iterable[Measure]:
    """Serve a newsroom that pings, then let it be quiet."""
    with tempfile.TemporaryDirectory() as scratch, Newsroom() as gazette:
        folder = Path(scratch)
        begun_at = time.monotonic()
        with serving(folder, list_sources(folder / "sources.json", gazette.source)) as served:
            yield Measure(
                name="until it serves", value=time.monotonic() - begun_at, unit="seconds",
                how="a Prefect server of its own, its database made anew",
            )  # fmt: skip
            served.stop_clocks()
            for number in range(WARM_UP):
                _arrive(served, gazette, f"early-{number}")
            before = spent(served)
            hops = [_arrive(served, gazette, f"story-{number}") for number in range(stories)]
            yield from _latencies(hops)
            time.sleep(10)  # until Prefect has written down what it heard
            yield from _costs(spent(served) - before, stories)
            yield from _chain(served, gazette, stories)
            yield from _idle(served)


def _arrive(served: Served, gazette: Newsroom, slug: str) -> Mapping[str, float]:
    """Publish an article and ping; say when it passed each hop, in seconds since."""
    gazette.publishes(slug)
    said = len(served.logged())
    rung_at = datetime.now(UTC)
    served.ping("gazette")
    title = slug.replace("-", " ").capitalize()
    until(lambda: title in served.articles(), pause_seconds=0.05)
    readable = (datetime.now(UTC) - rung_at).total_seconds()
    until(lambda: not served.is_busy())
    run = [run for run in served.runs("ingest") if run["parameters"].get("keys")][-1]
    moments = {"run asked for": run["created"], "run begun": run["start_time"]}
    passed = {hop: (_moment(moment) - rung_at).total_seconds() for hop, moment in moments.items()}
    for moment, station in _LOGGED.findall(served.logged()[said:]):
        at = datetime.strptime(moment, "%Y-%m-%d %H:%M:%S,%f").astimezone()
        passed.setdefault(station, (at - rung_at).total_seconds())
    return passed | {"readable": readable}


def _latencies(hops: list[Mapping[str, float]]) -> Iterator[Measure]:
    before = dict.fromkeys(range(len(hops)), 0.0)
    for hop in HOPS:
        took = [one[hop] - before[number] for number, one in enumerate(hops)]
        before = {number: one[hop] for number, one in enumerate(hops)}
        yield Measure(
            name=f"until {hop}",
            value=median(took),
            unit="seconds",
            how=f"since the hop before; at most {max(took):.2f}",
        )
    whole = sorted(one["readable"] for one in hops)
    yield Measure(
        name="from ping to article", value=median(whole), unit="seconds",
        how=f"median of {len(hops)} stories; {whole[0]:.2f} to {whole[-1]:.2f}; load {psutil.getloadavg()[0]:.1f}",
    )  # fmt: skip


def _costs(costs: Spent, runs: int) -> Iterator[Measure]:
    yield Measure(
        name="a flow run, on its own", value=costs.run_cpu / runs, unit="CPU seconds",
        how="one article from its feed to the analysts' file, the process that reads it included",
    )  # fmt: skip
    yield Measure(
        name="a flow run, in Prefect's server", value=costs.server_cpu / runs, unit="CPU seconds",
        how="with the event that woke it and those that it told",
    )  # fmt: skip
    yield Measure(
        name="a flow run, in Prefect's database", value=costs.database_bytes / runs / 1000, unit="kB",
        how=f"growth of its file over {runs} runs",
    )  # fmt: skip


def _chain(served: Served, gazette: Newsroom, stories: int) -> Iterator[Measure]:
    """Let a clock's poll find articles, that flow after flow then takes on."""
    took = []
    before = spent(served)
    for number in range(stories):
        gazette.publishes(f"chain-{number}")
        begun_at = time.monotonic()
        served.run("poll", {"keys": ["gazette"]})
        until(lambda: f"Chain {number}" in served.articles(), pause_seconds=0.05)  # noqa: B023  waited for here
        took.append(time.monotonic() - begun_at)
        until(lambda: not served.is_busy())
    costs = spent(served) - before
    yield Measure(
        name="from clock to article", value=median(took), unit="seconds",
        how=f"poll, fetch and validate, each triggered by the one before; {min(took):.2f} to {max(took):.2f}",
    )  # fmt: skip
    yield Measure(
        name="the three runs of it", value=(costs.run_cpu + costs.server_cpu) / stories, unit="CPU seconds",
        how=f"{costs.run_cpu / stories:.2f} on their own, {costs.server_cpu / stories:.2f} in Prefect's server",
    )  # fmt: skip


def _idle(served: Served) -> Iterator[Measure]:
    before = spent(served)
    time.sleep(IDLE_SECONDS)
    costs = spent(served) - before
    idle = 100 * (costs.server_cpu + costs.own_cpu) / IDLE_SECONDS
    yield Measure(
        name="nothing to do", value=idle, unit="% of a core",
        how=f"{100 * costs.server_cpu / IDLE_SECONDS:.1f} in Prefect's server, "
        f"{100 * costs.own_cpu / IDLE_SECONDS:.1f} in `ingest serve`",
    )  # fmt: skip
    held = {one.pid: one.memory_info().rss / 1e6 for one in [psutil.Process(served.process.pid), *served.family()]}
    yield Measure(
        name="memory while idle", value=sum(held.values()), unit="MB",
        how="`ingest serve`, Prefect's server, multiprocessing's own, and the process that runs are forked from: "
        + ", ".join(f"{value:.0f}" for value in held.values()),
    )  # fmt: skip


def spent(served: Served) -> Spent:
    """Add up what was taken so far."""
    server = served.server.cpu_times()
    serve = psutil.Process(served.process.pid)
    own = serve.cpu_times()
    (warm,) = [one for one in serve.children() if "multiprocessing.forkserver" in " ".join(one.cmdline())]
    runs = warm.cpu_times()
    database = f"file:{served.warehouse / 'prefect' / 'prefect.db'}?mode=ro"
    with closing(sqlite3.connect(database, uri=True)) as history:
        (pages,), (page_bytes,) = (history.execute(f"pragma {what}").fetchone() for what in ("page_count", "page_size"))
    return Spent(
        run_cpu=runs.children_user + runs.children_system,
        server_cpu=server.user + server.system,
        own_cpu=own.user + own.system,
        database_bytes=pages * page_bytes,
    )


def _moment(written: str) -> datetime:
    return datetime.fromisoformat(written)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.serving", description=__doc__)
    parser.add_argument("--stories", type=int, default=STORIES)
    asked = parser.parse_args()
    put_section("Serving", table(list(shown_as_taken(measure_serving(asked.stories)))))


if __name__ == "__main__":
    main()
