"""Take the measures of every day, print them, and write their sections of benchmarks/README.md: `make bench`."""

import argparse
import tempfile
from collections.abc import Iterable
from itertools import chain
from pathlib import Path

from .accuracy import score
from .measure import Measure, shown_as_taken
from .page import README, put_section, table
from .reading import measure_reading
from .real_input import EVALUATION, report, run_over
from .whole import measure_whole


def main() -> None:
    """Measure everything; what needs data that is not here is said to be skipped."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--evaluation", type=Path, default=EVALUATION, help="folder of real feeds, pages and scorers")
    asked = parser.parse_args()
    evaluation: Path | None = asked.evaluation
    if evaluation and not (evaluation / "pages").is_dir():
        print(f"{evaluation} is not here: real input and accuracy are skipped, their sections stay as they are")
        evaluation = None
    measures: Iterable[Measure] = chain(measure_reading(evaluation), measure_whole())
    put_section("Speed", table(list(shown_as_taken(measures))))
    if evaluation:
        _measure_real_input(evaluation)
    print(f"written to {README}")


def _measure_real_input(evaluation: Path) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        put_section("Real feeds and pages", report(run_over(evaluation, Path(scratch), direct=True)))
    blocks = []
    for what, said in score(evaluation):
        print(f"{what}:\n{said}", flush=True)
        blocks.append(f"{what}:\n\n```\n{said}\n```\n")
    put_section("Accuracy", blocks)


if __name__ == "__main__":
    main()
