"""Runs `ingest run --direct` over sources that are made up."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from .crowd import crowd
from .process import INGEST, Cost, run

SETTINGS = {"INGEST_HOST_DELAY_SECONDS": "0", "INGEST_RUN_SECONDS": "86400", "INGEST_LOG_LEVEL": "info"}
WAREHOUSE = "warehouse"


def list_sources(folder: Path, sources: Sequence[Mapping[str, str]]) -> None:
    """Write the sources file of a folder."""
    (folder / "sources.json").write_text(json.dumps(sources), encoding="utf-8")


def run_direct(folder: Path, *arguments: str, **settings: str) -> Cost:
    """Run over the sources listed in a folder, which keeps its warehouse; without a pause between requests."""
    command = [INGEST, "run", "--direct", "--json", "--sources", "sources.json", "--warehouse", WAREHOUSE, *arguments]
    return run(command, folder=folder, settings=SETTINGS | settings).checked()


def verify_beforehand(folder: Path) -> None:
    """Run over one host of its own, so that the verification that is due once a day is no part of a later run."""
    with crowd(1, 2, latency_seconds=0) as opened:
        list_sources(folder, [{**source, "key": "beforehand"} for source in opened.sources()])
        run_direct(folder)


def published_by(cost: Cost) -> int:
    """Return how many articles a run has published."""
    return sum(source["published"] for source in json.loads(cost.said)["sources"])
