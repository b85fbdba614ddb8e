"""The whole command: a thousand articles end to end, and how long it takes to begin."""

import tempfile
from collections.abc import Iterable
from pathlib import Path

from .direct import published_by
from .generated import list_sources, newsrooms
from .measure import Measure
from .process import INGEST, run

ARTICLES = 1_000


def measure_whole() -> Iterable[Measure]:
    """Run over a thousand articles, then again with nothing due, then not at all."""
    with tempfile.TemporaryDirectory() as scratch, newsrooms(ARTICLES) as opened:
        folder = Path(scratch)
        sources = list_sources(folder / "sources.json", opened)
        command = [INGEST, "run", "--json", "--sources", str(sources), "--warehouse", str(folder / "warehouse")]
        first = run([*command, "--direct"], folder=folder).checked()
        published = published_by(first)
        how = (
            f"`ingest run --direct` over {published:,} generated articles of five newsrooms, first visit to last rename"
        )
        yield Measure(
            name="articles end to end", value=published / first.wall_seconds, unit="articles per second",
            how=f"{how}; {first.wall_seconds:.1f} s, {first.cpu_seconds:.1f} s of them on the processors; "
            "the server runs beside it on the same cores",
        )  # fmt: skip
        yield Measure(
            name="peak memory",
            value=first.peak_bytes / 1e6,
            unit="MB",
            how="of all processes of that run at once, as PSS",
        )
        run(command, folder=folder)  # Prefect makes its database the first time
        for name, asked, times in (
            ("`ingest --help`", [INGEST, "--help"], 5),
            ("`ingest run --direct`, nothing due", [*command, "--direct"], 3),
            ("`ingest run`, nothing due", command, 2),
        ):
            spent = [run(asked, folder=folder) for _ in range(times)]
            quickest = min(spent, key=lambda cost: cost.wall_seconds)
            how = f"quickest of {times}, start to exit; {quickest.cpu_seconds:.1f} s on the processors"
            yield Measure(name=name, value=quickest.wall_seconds, unit="seconds", how=how)
