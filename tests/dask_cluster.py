"""A real Dask cluster on this machine, begun as its owner would: a scheduler, and processes that work for it."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.command import surroundings
from tests.waiting import wait_until

ROOT = Path(__file__).parents[1]
DASK = str(Path(sys.executable).with_name("dask"))


@contextmanager
def dask_cluster(folder: Path, *, workers: int) -> Iterator[str]:
    """Run a scheduler with so many workers, of a process and a thread each; give its address."""
    with dask_scheduler(folder) as address, _dask_workers(folder, address, workers):
        yield address


@contextmanager
def dask_scheduler(folder: Path) -> Iterator[str]:
    """Run a scheduler without workers; give its address."""
    # A task whose worker has died is not tried again elsewhere, so that the tests are quick.
    settings = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0"}
    command = [DASK, "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-show"]
    with _running(command, folder / "scheduler.txt", settings) as said:
        yield said("Scheduler at:", times=1)[0]


@contextmanager
def _dask_workers(folder: Path, address: str, workers: int) -> Iterator[None]:
    """Run workers, and come back when all of them work."""
    command = [DASK, "worker", address, "--nworkers", str(workers), "--nthreads", "1", "--no-dashboard"]
    command += ["--host", "127.0.0.1", "--local-directory", str(folder)]
    with _running(command, folder / "workers.txt", {}) as said:
        said("Registered to:", times=workers)
        yield


Said = Callable[..., list[str]]


@contextmanager
def _running(command: Sequence[str], log: Path, settings: Mapping[str, str]) -> Iterator[Said]:
    """Run a program with our code at hand; give what waits for its words. It is ended when the block ends."""
    environment = surroundings({**settings, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])})
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=log.parent, stdout=out, stderr=out, env=environment)

    def said(words: str, *, times: int) -> list[str]:
        """Wait for so many lines with these words, and give what follows them."""
        found: list[str] = []

        def is_said() -> bool:
            lines = log.read_text(encoding="utf-8").splitlines()
            found[:] = [line.partition(words)[2].strip() for line in lines if words in line]
            return len(found) >= times or process.poll() is not None

        wait_until(is_said)
        assert len(found) >= times, log.read_text(encoding="utf-8")
        return found

    try:
        yield said
    finally:
        process.terminate()
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
