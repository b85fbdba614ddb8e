"""What grows while `ingest serve` is pinged all the time, its clocks striking beside: `python -m benchmarks.hour`."""

import argparse
import json
import sqlite3
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path

import psutil

from ingest.demo import Newsroom
from tests.command import list_sources
from tests.flows.serving import Served, serving, until

from .measure import Measure, shown_as_taken
from .page import put_section, table

LISTED = 20  # articles that the feed holds
PAUSE_SECONDS = 10
Look = Mapping[str, float]
GROWS = (
    ("memory of `ingest serve`", "own"),
    ("memory of Prefect's server", "server"),
    ("memory of the process that runs are forked from", "warm"),
    ("`published.duckdb`", "database"),
    ("`state.db`", "state"),
    ("`news.duckdb`", "news"),
    ("archive", "archive"),
    ("Prefect's database", "prefect"),
)


def main() -> None:
    """Serve for so many minutes, and write what grew between a third of them and the end."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.hour", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    looks = []
    for look in served_for(60 * parser.parse_args().minutes):
        looks.append(look)
        print(json.dumps({name: round(value, 1) for name, value in look.items()}), flush=True)
    put_section("An hour of being served", table(list(shown_as_taken(measures(looks)))))


def served_for(seconds: float) -> Iterator[Look]:
    """Publish an article and ping, again and again; look whenever it has arrived."""
    with tempfile.TemporaryDirectory() as scratch, Newsroom() as gazette:
        folder = Path(scratch)
        with serving(folder, list_sources(folder / "sources.json", gazette.source)) as served:
            begun_at = time.monotonic()
            number = 0
            while time.monotonic() - begun_at < seconds:
                number += 1
                gazette.publishes(f"story-{number}")
                for old in list(gazette.publications)[:-LISTED]:
                    del gazette.publications[old]
                gazette.requests.clear()
                served.ping("gazette")
                until(lambda: f"Story {number}" in served.articles())  # noqa: B023  waited for here
                until(lambda: not served.is_busy())
                yield {"stories": number, "minutes": (time.monotonic() - begun_at) / 60, **_look(served)}
                time.sleep(PAUSE_SECONDS)


def measures(looks: list[Look]) -> Iterable[Measure]:
    """Return what grew from a third of the time on, by when everything has been used once."""
    early, late = looks[len(looks) // 3], looks[-1]
    stories = late["stories"] - early["stories"]
    yield Measure(
        name="stories that came in", value=stories, unit="stories",
        how=f"each by a ping and a run of its own; from minute {early['minutes']:.0f} to {late['minutes']:.0f}",
    )  # fmt: skip
    for name, what in GROWS:
        most = max(look[what] for look in looks)
        said = f"{early[what]:,.1f} before, {late[what]:,.1f} after; {most:,.1f} at most"
        yield Measure(name=f"{name}, growth", value=late[what] - early[what], unit="MB", how=said)


def _look(served: Served) -> dict[str, float]:
    serve = psutil.Process(served.process.pid)
    (warm,) = [one for one in serve.children() if "multiprocessing.forkserver" in " ".join(one.cmdline())]
    held = {"own": serve, "server": served.server, "warm": warm}
    files = {"database": "published.duckdb", "state": "state.db", "news": "news.duckdb"}
    history = f"file:{served.warehouse / 'prefect' / 'prefect.db'}?mode=ro"
    with closing(sqlite3.connect(history, uri=True)) as database:
        (pages,), (free,), (page_bytes,) = (
            database.execute(f"pragma {what}").fetchone() for what in ("page_count", "freelist_count", "page_size")
        )
    return {
        **{name: process.memory_info().rss / 1e6 for name, process in held.items()},
        **{name: (served.warehouse / file).stat().st_size / 1e6 for name, file in files.items()},
        "archive": sum(file.stat().st_size for file in (served.warehouse / "archive").iterdir()) / 1e6,
        "prefect": (pages - free) * page_bytes / 1e6,
    }


if __name__ == "__main__":
    main()
