"""What installing the wheel takes, and its demonstration: `python -m benchmarks.install PYTHON [PYTHON …]`.

Each Python gets an empty environment by `uv tool install`, with no cache; the packages come from the registry.
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from .measure import Measure, shown_as_taken
from .page import put_section, table
from .process import run

ROOT = Path(__file__).parents[1]
UV = Path(sys.executable).with_name("uv")
OTHERS = ("INGEST_", "PREFECT_", "PYTHON", "UV_")  # settings of whoever measures


def main() -> None:
    """Measure with each Python that is named."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.install", description=__doc__)
    parser.add_argument("pythons", nargs="+")
    found: list[Measure] = []
    for python in parser.parse_args().pythons:
        with tempfile.TemporaryDirectory() as folder:
            found += shown_as_taken(measure(python, Path(folder)))
    busy = "Where other work runs on the machine, as on that day, compare the seconds on the processors."
    put_section("Installing", [busy, "", *table(found)])


def measure(python: str, folder: Path) -> Iterator[Measure]:
    """Install, and run the demonstration twice: uv compiles nothing, so the first run compiles what it imports."""
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    command = [UV, "tool", "install", "--quiet", "--python", python, wheel]
    name = Path(python).name
    yield _timed(f"`uv tool install`, {name}", command, folder, "no cache; much of it waits for downloads")
    yield _size(f"installed, {name}", folder / "tools", "modules not compiled")
    for time in ("first", "second"):
        command = [folder / "bin" / "ingest", "demo", "--warehouse", folder / time]
        yield _timed(f"`ingest demo`, {name}, {time} time", command, folder, "start to exit, into an empty folder")
    yield _size(f"installed, {name}, after that", folder / "tools", "what was imported is compiled")


def _timed(name: str, command: Sequence[object], folder: Path, how: str) -> Measure:
    """Measure a command that keeps all in this folder; other work on the machine leaves its CPU seconds alone."""
    places = {"UV_TOOL_DIR": "tools", "UV_TOOL_BIN_DIR": "bin", "UV_CACHE_DIR": "cache", "PREFECT_HOME": "prefect"}
    settings = {variable: str(folder / place) for variable, place in places.items()} | {"UV_NO_CONFIG": "1"}
    cost = run([*map(str, command)], folder=folder, settings=settings, without=OTHERS)
    if cost.exit_code != 0:
        raise RuntimeError(f"{name} ended with {cost.exit_code}: {cost.complained[-2000:]}")
    how = f"{cost.cpu_seconds:.1f} s on the processors; {how}"
    return Measure(name=name, value=cost.wall_seconds, unit="seconds", how=how)


def _size(name: str, folder: Path, how: str) -> Measure:
    size = sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6
    return Measure(name=name, value=size, unit="MB", how=how)


if __name__ == "__main__":
    main()
