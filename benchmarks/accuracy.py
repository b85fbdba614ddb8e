"""How right the readers are, by the scorers that come with the evaluation data."""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from .process import INGEST


def score(evaluation: Path) -> Iterator[tuple[str, str]]:
    """Yield what each scorer prints, by what it scores."""
    yield "Pages", _said(evaluation / "pages", "--data", ".", "--command", "ingest parse --jsonl")
    folder = evaluation / "figures"
    gold = sorted(folder.glob("*dev.jsonl"))
    yield "Figures", _said(folder, "--gold", *map(str, gold), "--command", "ingest figures --jsonl")
    with tempfile.TemporaryDirectory() as scratch:
        part = Path(scratch) / "half.jsonl"
        for half, name in enumerate(("one half", "the other half")):
            part.write_text("".join(_half(gold, half)), encoding="utf-8")
            said = _said(folder, "--gold", str(part), "--command", "ingest figures --jsonl")
            yield f"Figures, {name} of the paragraphs", said


def _half(gold: Sequence[Path], half: int) -> Iterator[str]:
    """Yield the lines of one half of the paragraphs, parted by their ids: what is tuned on one is told on the other."""
    for path in gold:
        for line in path.read_text(encoding="utf-8").splitlines(keepends=True):
            digest = hashlib.sha256(json.loads(line)["id"].encode()).digest()
            if digest[0] % 2 == half:
                yield line


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
