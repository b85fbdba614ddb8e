"""Measures whole runs beside those of a pipeline without figures, checks, archive or alerts: the reference.

    python -m benchmarks.against [--turns N] [--reference-python PYTHON] [--entries N,N,...] [WHAT]...

The reference is ../shared/eval/speed/reference.py, or lies so in the folder of `--evaluation`; PYTHON has scrapy,
feedparser, trafilatura, lxml_html_clean and duckdb. WHAT are loads by their names, and unchanged, nothing-due, memory
and latency; all of them, for none, make a section of benchmarks/README.md. Verification that is due once a day is told
apart: a run over one other host comes first, into the same warehouse.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from pathlib import Path
from statistics import median

from .crowd import crowd
from .direct import list_sources, published_by, run_direct, verify_beforehand
from .measure import Measure, medians_of, shown_as_taken
from .page import put_section, table
from .process import run
from .real_input import EVALUATION, serve_pages
from .scale import AT_ONCE, measure_memory, measure_speed
from .units import measure_unchanged

AT_ONCE_THERE = "16"  # requests that the reference has under way
PAGES = 800
FEW, MANY = "200x2", "1000x2"  # whose difference is what one more article costs
ENTRIES = "1000,10000"
NOT_YET = {"INGEST_POLL_MIN_SECONDS": "3600"}  # else whoever calls a run decides, and all are due
NETWORKS = '["127.0.0.0/8"]'

TITLES = {
    FEW: "200 hosts, 2 articles each",
    "20x100": "20 hosts, 100 articles each",
    "pages": f"{PAGES} real pages",
    MANY: "1,000 hosts, 2 articles each",
}
NAMES = (*TITLES, "unchanged", "nothing-due", "memory", "latency")

Sources = Sequence[Mapping[str, str]]
Load = Callable[[], AbstractContextManager[Sources]]


@dataclass(frozen=True, slots=True)
class Reference:
    """The pipeline to compare with, and what runs it."""

    script: Path
    python: Path


@dataclass(frozen=True, slots=True)
class Spent:
    """What the runs over one load took, ours and the reference's: CPU seconds of each, and articles of the last."""

    ours: list[float] = field(default_factory=list)
    theirs: list[float] = field(default_factory=list)
    articles: dict[str, int] = field(default_factory=dict)


@contextmanager
def _made_up(hosts: int, each: int) -> Iterator[Sources]:
    with crowd(hosts, each, latency_seconds=0) as opened:
        yield opened.sources()


def list_loads(evaluation: Path) -> dict[str, Load]:
    """List what both pipelines run over, by name."""
    return {
        FEW: partial(_made_up, 200, 2),
        "20x100": partial(_made_up, 20, 100),
        "pages": partial(serve_pages, evaluation, PAGES),
        MANY: partial(_made_up, 1_000, 2),
    }


def measure_loads(loads: Mapping[str, Load], turns: int, reference: Reference) -> Iterator[Measure]:
    """Run over each load, the reference and ours in turns."""
    spent = {name: Spent() for name in loads}
    for _ in range(turns):
        for name, opened in loads.items():
            with opened() as sources, tempfile.TemporaryDirectory() as scratch:
                _run_both(sources, Path(scratch), reference, spent[name])
            ours, theirs = spent[name].ours[-1], spent[name].theirs[-1]
            print(f"{name:8} ours {ours:.2f} reference {theirs:.2f}", file=sys.stderr)
    for name in loads:
        yield from _compared(TITLES[name], spent[name], turns)
    if {FEW, MANY} <= spent.keys():
        yield from _one_more(spent[FEW], spent[MANY])


def measure_nothing_due(turns: int) -> Iterator[Measure]:
    """Run over sources that are not due."""
    with _made_up(20, 2) as sources, tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        list_sources(folder, sources)
        run_direct(folder, **NOT_YET)
        spent = median(run_direct(folder, **NOT_YET).cpu_seconds for _ in range(turns))
    how = f"`ingest run --direct`, whole process; {medians_of(turns)}"
    yield Measure(name="nothing due", value=spent, unit="CPU seconds", how=how)


def _run_both(sources: Sources, folder: Path, reference: Reference, spent: Spent) -> None:
    verify_beforehand(folder)
    list_sources(folder, sources)
    command = [str(reference.python), str(reference.script), "sources.json", "reference.duckdb", "0", AT_ONCE_THERE]
    theirs = run(command, folder=folder).checked()
    ours = run_direct(folder, INGEST_ALLOWED_NETWORKS=NETWORKS)
    spent.theirs.append(theirs.cpu_seconds)
    spent.ours.append(ours.cpu_seconds)
    spent.articles.update(ours=published_by(ours), theirs=int(theirs.said))


def _compared(title: str, spent: Spent, turns: int) -> Iterator[Measure]:
    ours, theirs = median(spent.ours), median(spent.theirs)
    how = (
        f"{ours:.1f} CPU s for {spent.articles['ours']:,} articles published, the reference {theirs:.1f} for "
        f"{spent.articles['theirs']:,} pages read; {medians_of(turns)}"
    )
    yield Measure(name=title, value=ours / theirs, unit="times the reference", how=how)


def _one_more(few: Spent, many: Spent) -> Iterator[Measure]:
    articles = many.articles["ours"] - few.articles["ours"]
    ours, theirs = (
        1000 * (median(more) - median(less)) / articles
        for less, more in ((few.ours, many.ours), (few.theirs, many.theirs))
    )
    how = f"{ours:.1f} CPU ms, the reference {theirs:.1f}; from the difference of 1,000 and 200 hosts"
    yield Measure(name="one more article", value=ours / theirs, unit="times the reference", how=how)
    yield Measure(name="one more article, alone", value=ours, unit="CPU ms", how="the same, with all that it takes")


def main() -> None:
    """Take the measures that are named."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.against", description=__doc__)
    parser.add_argument("what", nargs="*", metavar="WHAT", help=f"of {', '.join(NAMES)}")
    parser.add_argument("--turns", type=int, default=5, help="runs of each, of which the median counts")
    parser.add_argument("--reference-python", type=Path, default=Path(sys.executable), help="runs the reference")
    parser.add_argument("--evaluation", type=Path, default=EVALUATION, help="folder of the reference and real pages")
    parser.add_argument("--entries", default=ENTRIES, help="how many, for memory")
    asked = parser.parse_args()
    if unknown := set(asked.what) - set(NAMES):
        parser.error(f"there is no {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    names = asked.what or NAMES
    reference = Reference(asked.evaluation / "speed" / "reference.py", asked.reference_python)
    loads = {name: load for name, load in list_loads(asked.evaluation).items() if name in names}
    if loads and not reference.script.is_file():
        print(f"{reference.script} is not here: {', '.join(loads)} are skipped")
        loads = {}
    others: Mapping[str, Callable[[], Iterable[Measure]]] = {
        "unchanged": partial(measure_unchanged, turns=asked.turns),
        "nothing-due": partial(measure_nothing_due, asked.turns),
        "memory": partial(measure_memory, [int(count) for count in asked.entries.split(",")]),
        "latency": partial(measure_speed, at_once_each=AT_ONCE[:1]),
    }
    chosen = (take() for name, take in others.items() if name in names)
    taken = list(shown_as_taken(chain(measure_loads(loads, asked.turns, reference), *chosen)))
    if set(NAMES) == {*loads, *others}.intersection(names):
        put_section("Against the reference", table(taken))


if __name__ == "__main__":
    main()
