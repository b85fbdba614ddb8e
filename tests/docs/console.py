"""Runs what the documentation shows: the commands of its fenced blocks, as a reader would, in a folder of their own.

What differs from a reader's machine, and nothing else:
- `ingest` is the one under test; `source .venv/bin/activate` has therefore nothing left to do. A line that is one
  command `ingest`, without anything that a shell is needed for, is run in a process that has imported the libraries
  already; the demonstration is typed as it stands.
- INGEST_SOURCES names the bundled newsrooms, so that what visits live feeds visits them; `my-feeds.opml` lists the
  same ones, and `latin-post` stands for the one with pages like its. The list that ships is only ever listed.
- A run is taken with `--direct`: the demonstration has shown Prefect, whose start would be paid once more.
- `make` is asked what it would run; of that, the demonstration is really run, once for all documents.
- `prefect` commands must be the ones that tests/test_deploy.py runs on a real server.
"""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.command import ingest, surroundings
from tests.test_deploy import COMMANDS as DEPLOYED

ROOT = Path(__file__).parents[2]
# How the line begins that a target must run.
MADE = {"demo": ".venv/bin/ingest demo", "test": ".venv/bin/pytest"}
KNOWN_PROGRAMS = {"ingest", "echo", "cp", "mkdir", "python", "tar", "rm", "warcio"}
STANDS_FOR = ("latin-post", "meridian-post")

_QUOTED = re.compile(r"""'[^']*'|"[^"$`\\]*["]""")  # which shlex reads as a shell does
_FOR_A_SHELL = re.compile(r"[|&;<>()$`*?~{}\\#]")
_FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_KEY = re.compile(r"\b[0-9a-f]{8,32}\b")
_NUMBER = re.compile(r"\d(?:[\d.,:/-]*\d)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A fenced block of a document: its language and its lines."""

    document: str
    language: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A command as a document shows it, with the lines that it says come back."""

    line: str
    output: tuple[str, ...] = ()


@dataclass(kw_only=True)
class Reader:
    """Someone who types what a document shows, from its top to its end."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    demo_output: str = ""

    def type(self, shown: Shown) -> str:
        """Run a command as said above and give what it wrote; whatever is not known how to run is an error."""
        words = shlex.split(shown.line, comments=True)
        match words:
            case ["source", ".venv/bin/activate"]:
                return ""
            case ["export", *pairs]:
                self.environment |= dict(pair.split("=", 1) for pair in pairs)
                return ""
            case ["make", target]:
                return self._make(target)
            case ["prefect", *_]:
                assert shown.line in DEPLOYED, f"tests/test_deploy.py does not run: {shown.line}"
                return ""
            case [program, *_] if program in KNOWN_PROGRAMS:
                return self.run(shown.line)
        raise AssertionError(f"the test does not know how to run: {shown.line}")

    def _make(self, target: str) -> str:
        assert target in MADE, f"the test does not know what `make {target}` must run"
        planned = subprocess.run(["make", "-C", str(ROOT), "-n", target], capture_output=True, text=True, check=True)
        steps = [line.strip() for line in planned.stdout.splitlines() if not line.startswith("make")]
        assert [step for step in steps if f"{step} ".startswith(f"{MADE[target]} ")], planned.stdout
        return self.demo_output if target == "demo" else ""

    def run(self, line: str) -> str:
        """Run a line of a shell and give what it wrote to standard output."""
        environment = reader_surroundings(self.environment)
        if "ingest sources list" in line:
            environment.pop("INGEST_SOURCES", None)
        if line.startswith("ingest run") and "--direct" not in line:
            line = f"{line} --direct"
        if is_plain(line):
            ran = ingest(*shlex.split(line)[1:], cwd=self.folder, stdin=b"", **environment)
            assert ran.code == 0, f"{line}\n{ran.out}{ran.err}"
            return ran.out
        done = subprocess.run(["bash", "-ec", line], cwd=self.folder, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
        return done.stdout


def is_plain(line: str) -> bool:
    """Return whether a line is one command `ingest` that needs no shell, except for its quotes."""
    return line.startswith("ingest ") and not _FOR_A_SHELL.search(_QUOTED.sub("", line))


def reader_surroundings(settings: Mapping[str, str]) -> dict[str, str]:
    """Give a command our environment without what would change its ways, our programs first on its path."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return surroundings({"PATH": path, **settings})


def documents() -> list[Path]:
    """List the README and the guides, decisions left out."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def blocks(path: Path) -> Iterator[Block]:
    """Give the fenced blocks of a document, in order."""
    for language, text in _FENCE.findall(path.read_text(encoding="utf-8")):
        yield Block(document=path.name, language=language, text=text)


def commands(path: Path) -> list[Shown]:
    """Give the commands a document shows: after `$ ` in console blocks, every line of sh blocks."""
    found: list[Shown] = []
    for block in blocks(path):
        if block.language == "sh":
            found += [Shown(line=line) for line in block.text.splitlines() if line.strip()]
        if block.language == "console":
            found += _console(block.text)
    return [shown if "sources list" in shown.line else _meant(shown) for shown in found]


def _meant(shown: Shown) -> Shown:
    output = tuple(line.replace(*STANDS_FOR) for line in shown.output)
    return Shown(line=shown.line.replace(*STANDS_FOR), output=output)


def _console(text: str) -> list[Shown]:
    found: list[Shown] = []
    for line in text.splitlines():
        if line.startswith("$ "):
            found.append(Shown(line=line.removeprefix("$ ")))
        else:
            last = found.pop()
            found.append(Shown(line=last.line, output=(*last.output, line)))
    return found


def missing_lines(shown: Shown, written: str) -> list[str]:
    """Give the lines that a document shows and the command did not write.

    `…` stands for anything. Numbers, times and keys may differ, words may not: readers get better, runs get older.
    """
    lines = [_shape(line) for line in written.splitlines()]
    return [
        line
        for line in shown.output
        if line.strip() and not any(re.fullmatch(_pattern(line), written_line) for written_line in lines)
    ]


def _pattern(line: str) -> str:
    return ".*".join(re.escape(_shape(part).strip()) for part in line.split("…"))


def _shape(line: str) -> str:
    return _NUMBER.sub("0", _KEY.sub("0", " ".join(line.split())))
