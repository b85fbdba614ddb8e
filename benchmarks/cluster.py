"""What reading pages on a Dask cluster of two processes gains over one process: `python -m benchmarks.cluster`."""

import argparse
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from statistics import median

from ingest.articles.executors import ExecutorParser
from ingest.articles.parse_task import ParseTask, parse_one
from ingest.articles.process_pool import ProcessParser
from ingest.core.model import Entry, Page
from ingest.core.parse_times import Timed
from ingest.core.parsed_articles import Fetched, ParsedArticle
from ingest.pipeline.steps import ARTICLES_PER_WRITE
from ingest.pipeline.wiring import SOURCES_STAGED_AT_ONCE
from tests.dask_cluster import dask_cluster

from .measure import Measure, shown_as_taken
from .page import put_section, table
from .reading import SOURCE, generated_pages

ROUNDS = 10


def main() -> None:
    """Read the same pages in turns by one process here, and by clusters of one and two."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cluster", description=__doc__)
    parser.add_argument("--pages", type=int, default=10_000)
    tasks = [_reading(page) for page in generated_pages(parser.parse_args().pages)]
    with tempfile.TemporaryDirectory() as scratch:
        put_section("Reading on a cluster", table(list(shown_as_taken(measure(tasks, Path(scratch))))))


def measure(tasks: Sequence[ParseTask], folder: Path) -> Iterable[Measure]:
    """Take turns, so that other work on the machine slows all alike."""
    folders = [folder / "one", folder / "two"]
    for each in folders:
        each.mkdir()
    with (
        dask_cluster(folders[0], workers=1) as one,
        dask_cluster(folders[1], workers=2) as two,
        closing(ProcessParser(Timed(parse_one), processes=1)) as here,
        closing(ExecutorParser(here, one)) as on_one,
        closing(ExecutorParser(here, two)) as on_two,
    ):
        for parser in (here, on_one, on_two):
            parser.parse_all(tasks[:40])  # its processes begin
        taken: dict[str, list[float]] = {"here": [], "one": [], "two": []}
        for start in range(0, len(tasks), len(tasks) // ROUNDS):
            some = tasks[start : start + len(tasks) // ROUNDS]
            told = [_timed(here.parse_all, some, taken["here"])]
            told += [_timed(on_one.parse_all, some, taken["one"]), _timed(on_two.parse_all, some, taken["two"])]
            assert told[0] == told[1] == told[2]
            assert len(told[0]) == len(some)
    how = f"{len(tasks):,} generated pages with their figures, in {ROUNDS} rounds in turns, all read alike"
    rate = len(tasks) / ROUNDS / median(taken["here"])
    yield Measure(name="one process here", value=rate, unit="pages per second", how=f"{how}; median of rounds")
    for way, name in (("one", "a Dask cluster of one process"), ("two", "a Dask cluster of two processes")):
        ratios = [here_took / took for here_took, took in zip(taken["here"], taken[way], strict=True)]
        spread = f"median of the same rounds, {min(ratios):.2f} to {max(ratios):.2f}"
        yield Measure(name=name, value=median(ratios), unit="times one process here", how=spread)


def _timed(
    parse_all: Callable[[Sequence[ParseTask]], Sequence[object]], tasks: Sequence[ParseTask], taken: list[float]
) -> list[str]:
    """Read as a run does: so many sources at a time, so many pages of each at once; keep how long it took."""
    shares = [tasks[start : start + ARTICLES_PER_WRITE] for start in range(0, len(tasks), ARTICLES_PER_WRITE)]
    started = time.perf_counter()
    with ThreadPoolExecutor(SOURCES_STAGED_AT_ONCE) as sources:
        read = list(sources.map(parse_all, shares))
    taken.append(time.perf_counter() - started)
    return [
        str(one[0]) for share in read for one in share if isinstance(one, tuple) and isinstance(one[0], ParsedArticle)
    ]


def _reading(page: Page) -> ParseTask:
    entry = Entry(
        entry_id=page.requested_url, source_id=SOURCE.source_id, guid=None, url=page.requested_url,
        title="A story of a district", listing_hash="",
    )  # fmt: skip
    return ParseTask(source=SOURCE, fetched=Fetched(entry=entry, capture=None, fetched_at=page.fetched_at), page=page)


if __name__ == "__main__":
    main()
