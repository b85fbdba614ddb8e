"""Take every measure, print them, and write benchmarks/README.md: `make bench`."""

import argparse
import os
import platform
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import chain
from pathlib import Path

from .accuracy import score
from .measure import Measure
from .reading import measure_reading
from .real_input import EVALUATION, report, run_over
from .scale import measure_scale
from .whole import measure_whole

README = Path(__file__).with_name("README.md")
HOW_TO_READ = """# Measures

Made by `make bench`, which rewrites this page. Figures from one machine on one day: compare them with others of the
same run. A command's time is wall-clock time from its start to its exit; CPU seconds are those of the process that
reads, alone. Real feeds and pages, and the scorers, are used where `../shared/eval` is there; they are no part of the
project. `python -m benchmarks.scale` measures a thousand hosts, one host and up to 100,000 entries, which takes an
hour; `python -m benchmarks --scale` takes these measures in, too.
"""


def main() -> None:
    """Measure everything; what needs data that is not here is said to be skipped."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--evaluation", type=Path, default=EVALUATION, help="folder of real feeds, pages and scorers")
    parser.add_argument("--scale", action="store_true", help="also many hosts, one host and many entries: an hour")
    asked = parser.parse_args()
    evaluation: Path | None = asked.evaluation
    if evaluation and not (evaluation / "pages").is_dir():
        print(f"{evaluation} is not here: real input and accuracy are skipped")
        evaluation = None
    measures = []
    for measure in chain(measure_reading(evaluation), measure_whole(), measure_scale() if asked.scale else ()):
        print(f"{measure.name:40} {measure.shown:>10} {measure.unit}", flush=True)
        measures.append(measure)
    text = "\n".join(_page(measures, list(_beyond(evaluation))))
    README.write_text(text, encoding="utf-8")
    print(f"written to {README}")


def _beyond(evaluation: Path | None) -> Iterator[str]:
    """Tell what came of real input, where there is any."""
    yield "\n## Real feeds and pages\n"
    if evaluation is None:
        yield "Skipped: `../shared/eval` is not here."
        return
    with tempfile.TemporaryDirectory() as scratch:
        yield from report(run_over(evaluation, Path(scratch), direct=True))
    yield "\n## Accuracy\n"
    for what, said in score(evaluation):
        print(f"{what}:\n{said}", flush=True)
        yield f"{what}:\n\n```\n{said}\n```\n"


def _page(measures: Sequence[Measure], rest: Sequence[str]) -> Iterator[str]:
    yield HOW_TO_READ
    machine = f"{os.cpu_count()} cores, {_memory_bytes() / 1e9:.0f} GB, {platform.machine()}"
    yield f"Measured on {date.today()}: {machine}, Python {platform.python_version()}.\n"
    yield "| what | measured | unit | how |"
    yield "|---|---:|---|---|"
    for measure in measures:
        yield f"| {measure.name} | {measure.shown} | {measure.unit} | {measure.how} |"
    yield from rest
    yield ""


def _memory_bytes() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


if __name__ == "__main__":
    main()
