"""Whatever write fails and wherever a run dies around it, what was committed stays and the next run ends the same.

INGEST_TEST_FAULTS says how many moments of each kind to try; without it, one.
"""

import errno
import os
import random
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from pprint import pformat
from socket import socket
from typing import Any

import pytest

from ingest.demo import Newsroom
from tests.command import Ran, ingest, ingest_of, list_sources
from tests.comparing import archive_flaws, count_articles, differences, read_state, release_flaws
from tests.forkserver import ROOT
from tests.syscalls import RENAMES, SYNCS, WRITES, Fault, NotPossibleHere, supervise

pytestmark = [pytest.mark.integration, pytest.mark.slow]

MOMENTS = int(os.environ.get("INGEST_TEST_FAULTS", "1"))
INTO_RELEASE = "a write into the next release fails"
FAULTS = {
    "one write fails": Fault(calls=WRITES, error=errno.EIO),
    INTO_RELEASE: Fault(calls=WRITES, error=errno.EIO),
    "the disk is full from then on": Fault(calls=WRITES, error=errno.ENOSPC, lasts=True),
    "what was written cannot be flushed": Fault(calls=SYNCS, error=errno.EIO),
    "killed before a flush": Fault(calls=SYNCS),
    "killed before a rename": Fault(calls=RENAMES),
}
TEXT = "The town will pay ${cost} million for {number} boats, the mayor said on Monday at the harbor.\n\nIt rained."


@dataclass(frozen=True, slots=True)
class Town:
    """A site that has corrected an article and added one since a first run, and what a second run makes of it."""

    command: Sequence[str]
    before: Path
    state: Mapping[str, list[Any]]
    calls: Sequence[str]  # of the undisturbed run, in order, each with the file it is about

    def moments(self, name: str) -> Sequence[int]:
        """Return which of the calls that a fault is about it may hit."""
        calls = [call for call in self.calls if call.partition(" ")[0] in FAULTS[name].calls]
        into_release = [at for at, call in enumerate(calls) if " news.duckdb.partial" in call]
        return into_release if name == INTO_RELEASE else range(len(calls))


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("town")
    before, after = folder / "before", folder / "after"
    with Newsroom() as newsroom:
        sources = list_sources(folder / "sources.json", newsroom.source)
        command = ["run", "--direct", "--force", f"--sources={sources}"]
        for number in range(3):
            newsroom.publishes(f"boats-{number}", text=TEXT.format(cost=12, number=number + 2))
        assert ingest(*command, f"--warehouse={before}", cwd=folder).code == 0
        newsroom.publishes("boats-1", title="Boats again", text=TEXT.format(cost=21, number=3))
        newsroom.publishes("harbor")
        shutil.copytree(before, after)
        counted = Fault(calls=WRITES | SYNCS | RENAMES)
        assert run_with(counted, command, after).code == 0
        yield Town(command, before, read_state(after), counted.seen)


def run_with(fault: Fault, command: Sequence[str], warehouse: Path) -> Ran:
    """Run `ingest` on a disk, or in a life, with this fault."""

    def supervised(process: socket) -> None:
        try:
            supervise(process, fault, warehouse)
        except NotPossibleHere:
            pytest.skip("this machine does not let system calls be supervised")

    arguments = (*command, f"--warehouse={warehouse}")
    return ingest_of(ROOT, *arguments, cwd=warehouse.parent, supervise=supervised)


@pytest.mark.parametrize("seed", range(MOMENTS))
@pytest.mark.parametrize("name", FAULTS)
def test_the_next_run_ends_where_one_without_a_fault_does(town: Town, tmp_path: Path, name: str, seed: int) -> None:
    warehouse = tmp_path / "warehouse"
    at = random.Random(seed).choice(town.moments(name))
    fault = replace(FAULTS[name], at=at, seen=[])
    while not fault.has_come:  # how many calls there are varies a little
        shutil.rmtree(warehouse, ignore_errors=True)
        shutil.copytree(town.before, warehouse)
        fault = replace(fault, at=at, seen=[])
        disturbed = run_with(fault, town.command, warehouse)
        at = at * 3 // 4
    seen = count_articles(warehouse)
    ran = ingest(*town.command, f"--warehouse={warehouse}", cwd=tmp_path)

    about = f"seed {seed}: {fault.seen[fault.at or 0]}, call {fault.at}; then {disturbed.code}: {disturbed.err}"
    differing = differences(read_state(warehouse), dict(town.state))
    assert not differing, f"{about}: {pformat(differing)}"
    assert "Traceback" not in disturbed.err, about
    assert (seen or 0) >= (count_articles(town.before) or 0), about
    assert (ran.code, ran.err) == (0, ""), about
    assert archive_flaws(warehouse) == [], about
    assert release_flaws(warehouse) == (), about
    assert [path.name for path in warehouse.glob("*.partial*")] == [], about
