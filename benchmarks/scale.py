"""Many hosts, one host, many entries: what limits a run, and what grows with it.

python -m benchmarks.scale [speed|manners|memory]... [--hosts N] [--entries N,N,...]
"""

import argparse
import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import chain
from pathlib import Path

from ingest.core.settings import Settings

from .crowd import Crowd, crowd
from .direct import list_sources, published_by, run_direct, verify_beforehand
from .measure import Measure, shown_as_taken
from .page import put_section, table
from .process import Cost

HOSTS = 1_000
AT_ONCE = (int(Settings.model_fields["hosts_at_once"].default), 16)  # the default, and few
STORIES_EACH = 2
LATENCY_SECONDS = 0.1
GAP_SECONDS = 1.0  # what the world gets by default; this machine would get none
PATIENT_STORIES = 60
ENTRIES = (1_000, 10_000, 100_000)
READING_PROCESSES = 2
_LOGGED = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d),\d+ \w+ (polled|fetched|staged|validated|published) ")
FEEDS = 20  # over which many entries are spread


def measure_speed(hosts: int = HOSTS, at_once_each: Sequence[int] = AT_ONCE) -> Iterable[Measure]:
    """Run over a thousand hosts, as many at once as is the default, and few."""
    for at_once in at_once_each:
        settings = {"INGEST_HOSTS_AT_ONCE": str(at_once), "INGEST_HOST_DELAY_SECONDS": f"{GAP_SECONDS:g}"}
        with crowd(hosts, STORIES_EACH, latency_seconds=LATENCY_SECONDS) as opened:
            cost, published = _run(opened, settings, is_verified=True)
            yield Measure(
                name=f"{hosts:,} hosts, {at_once} at once", value=published / cost.wall_seconds,
                unit="articles per second",
                how=f"{published:,} short articles, {STORIES_EACH} a host, each answer after "
                f"{LATENCY_SECONDS * 1000:.0f} ms; {_shown(settings)}; {cost.wall_seconds:.0f} s, "
                f"{cost.cpu_seconds:.0f} s of them on the processors ({_stations(cost)}), beside "
                f"{opened.cpu_seconds():.0f} s of the pages' server; daily verification done before; "
                f"no host had more than {opened.most_at_once} request before it",
            )  # fmt: skip


def measure_manners() -> Iterable[Measure]:
    """Run over one host, where nothing but the pause between two requests may take time."""
    settings = {"INGEST_HOST_DELAY_SECONDS": f"{GAP_SECONDS:g}"}
    with crowd(1, PATIENT_STORIES, latency_seconds=0) as opened:
        cost, published = _run(opened, settings)
        asked = len(opened.asked_at)
        pauses = GAP_SECONDS * (asked - 1)
        spent = opened.asked_at[-1] - opened.asked_at[0]
    yield Measure(
        name="one host: time that is its pauses", value=100 * pauses / cost.wall_seconds, unit="% of the run",
        how=f"{published} articles by {asked} requests, {_shown(settings)}: {pauses:.0f} s of pauses in a run of "
        f"{cost.wall_seconds:.1f} s, which begins and publishes in the rest",
    )  # fmt: skip
    yield Measure(
        name="one host: while it is asked", value=100 * pauses / spent, unit="% of that time",
        how=f"the same pauses, in the {spent:.1f} s from the first request to the last",
    )  # fmt: skip


def measure_memory(entries: Sequence[int]) -> Iterable[Measure]:
    """Run over more and more entries, and measure how much memory all its processes held at once."""
    settings = {"INGEST_PARSE_PROCESSES": str(READING_PROCESSES)}
    for count in entries:
        with crowd(FEEDS, count // FEEDS, latency_seconds=0) as opened:
            cost, published = _run(opened, settings)
        yield Measure(
            name=f"peak memory, {count:,} entries", value=cost.peak_bytes / 1e6, unit="MB",
            how=f"of all its processes at once, as PSS; {published:,} short articles from {FEEDS} hosts, "
            f"{_shown(settings)}; {cost.wall_seconds:.0f} s, {cost.cpu_seconds:.0f} s of them on the processors",
        )  # fmt: skip


def _run(opened: Crowd, settings: Mapping[str, str], *, is_verified: bool = False) -> tuple[Cost, int]:
    with tempfile.TemporaryDirectory() as scratch:
        if is_verified:
            verify_beforehand(Path(scratch))
        list_sources(Path(scratch), opened.sources())
        cost = run_direct(Path(scratch), **settings)
    return cost, published_by(cost)


def _stations(cost: Cost) -> str:
    """Return how many seconds after its first line of log a run came to the end of each station."""
    logged = [found for line in cost.complained.splitlines() if (found := _LOGGED.match(line))]
    moments = {found[2]: datetime.fromisoformat(found[1]) for found in logged}
    began = datetime.fromisoformat(logged[0][1])
    return ", ".join(f"{station} by {(moment - began).seconds} s" for station, moment in moments.items())


def _shown(settings: Mapping[str, str]) -> str:
    return ", ".join(f"`{name.removeprefix('INGEST_').lower()}` {value}" for name, value in settings.items())


def main() -> None:
    """Take the measures that are named; all of them make a section of benchmarks/README.md."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    parser.add_argument("measures", nargs="*", help="speed, manners, memory, in any order; all, for none")
    parser.add_argument("--entries", default=",".join(map(str, ENTRIES)), help="how many, for memory")
    parser.add_argument("--hosts", type=int, default=HOSTS, help="how many, for speed")
    asked = parser.parse_args()
    kinds = {
        "speed": measure_speed(asked.hosts),
        "manners": measure_manners(),
        "memory": measure_memory([int(count) for count in asked.entries.split(",")]),
    }
    names = asked.measures or [*kinds]
    taken = list(shown_as_taken(chain.from_iterable(kinds[name] for name in names)))
    if set(names) == set(kinds):
        put_section("Many hosts, one host, many entries", table(taken))


if __name__ == "__main__":
    main()
