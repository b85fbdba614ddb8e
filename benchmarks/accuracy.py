"""How right the readers are, by the scorers that come with the evaluation data."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from .process import INGEST


def score(evaluation: Path) -> Iterator[tuple[str, str]]:
    """Give what each scorer prints, by what it judges."""
    yield "Pages", _said(evaluation / "pages", "--data", ".", "--command", "ingest parse --jsonl")
    gold = [path.name for path in sorted((evaluation / "figures").glob("*dev.jsonl"))]
    yield "Figures", _said(evaluation / "figures", "--gold", *gold, "--command", "ingest figures --jsonl")


def _said(folder: Path, *arguments: str) -> str:
    """Run the scorer of a folder; the examples of what went wrong, which quote newsrooms, are left out."""
    path = os.pathsep.join((str(Path(INGEST).parent), os.environ.get("PATH", "")))
    done = subprocess.run(
        [sys.executable, "-B", "score.py", *arguments],
        cwd=folder,
        env={**os.environ, "PATH": path},
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        return f"failed: {done.stderr.strip()[-500:]}"
    return "\n".join(line.partition(" e.g. ")[0].rstrip() for line in done.stdout.strip().splitlines())
