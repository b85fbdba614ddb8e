"""A real Dask cluster on this machine, begun as its owner would: a scheduler, and processes that work for it."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.command import surroundings

ROOT = Path(__file__).parents[1]
DASK = str(Path(sys.executable).with_name("dask"))
LONGEST_SECONDS = 60


@contextmanager
def dask_cluster(folder: Path, *, workers: int) -> Iterator[str]:
    """Run a scheduler with so many workers, of a process and a thread each; give its address."""
    with ExitStack() as stack:
        address = stack.enter_context(dask_scheduler(folder))
        for number in range(workers):
            stack.enter_context(dask_worker(folder, address, number))
        yield address


@contextmanager
def dask_scheduler(folder: Path) -> Iterator[str]:
    """Run a scheduler without workers; give its address."""
    # A task whose worker has died is not tried again elsewhere, so that the tests are quick.
    settings = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0"}
    command = [DASK, "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-show"]
    with _running(command, folder / "scheduler.txt", settings) as said:
        yield _named_in(said, "Scheduler at:")


@contextmanager
def dask_worker(folder: Path, address: str, number: int) -> Iterator[None]:
    """Run a worker, and come back when it works."""
    command = [DASK, "worker", address, "--nworkers", "1", "--nthreads", "1", "--no-dashboard", "--host", "127.0.0.1"]
    command += ["--local-directory", str(folder)]
    with _running(command, folder / f"worker-{number}.txt", {}) as said:
        _named_in(said, "Registered to:")
        yield


@contextmanager
def _running(command: Sequence[str], said: Path, settings: Mapping[str, str]) -> Iterator[Path]:
    """Run a program with our code at hand; end it when the block ends."""
    environment = surroundings({**settings, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])})
    with said.open("wb") as out:
        process = subprocess.Popen(command, cwd=said.parent, stdout=out, stderr=out, env=environment)
    try:
        yield said
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _named_in(said: Path, words: str) -> str:
    """Wait for a line with these words, and give what follows them."""
    until = time.monotonic() + LONGEST_SECONDS
    while time.monotonic() < until:
        for line in said.read_text(encoding="utf-8").splitlines():
            if words in line:
                return line.partition(words)[2].strip()
        time.sleep(0.05)
    raise AssertionError(f"no {words!r} in:\n{said.read_text(encoding='utf-8')}")
