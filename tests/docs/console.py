"""Runs what the documentation shows: the commands of its fenced blocks, as a reader would, in a folder of their own.

What differs from a reader's machine, and nothing else:
- `ingest` is the one under test; `source .venv/bin/activate` has therefore nothing left to do. A line that is one
  command `ingest`, without anything that a shell is needed for, is run in a process that has imported the libraries
  already; the demonstration is typed as it stands.
- INGEST_SOURCES names the bundled newsrooms, so that what visits live feeds visits them; `my-feeds.opml` lists the
  same ones, and `latin-post` stands for the one with pages like its. The list that ships is only ever listed.
- `make` is asked what it would run; of that, the demonstration is really run, once for all documents.
- `/srv/ingest` is the reader's folder; the group `analysts` is one of the user's, and `sudo` runs what it is given.
- `ingest listen` answers at a free port in place of 8640.
- What ELSEWHERE lists is run by another test, or can't be run here, for the reason that stands there.
"""

import os
import re
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.command import ingest, surroundings
from tests.waiting import wait_until

ROOT = Path(__file__).parents[2]
# How the line begins that a target must run.
MADE = {"demo": ".venv/bin/ingest demo", "test": ".venv/bin/pytest"}
KNOWN_PROGRAMS = {"ingest", "echo", "mkdir", "python", "rm", "warcio", "curl", "sudo"}
DEPLOYED = "tests/test_deploy.py runs it on a Prefect server that is begun by the line shown"
SERVED = "tests/flows/test_serve.py runs it on a served warehouse"
REMOVED = "tests/cli/test_remove.py removes an article that is there"
LAKED = "tests/pipeline/test_lake.py runs it on a PostgreSQL of its own, as the first of several machines"
# Lines of README and guides that no reader types here, and why.
ELSEWHERE = {
    "prefect server start": DEPLOYED,
    "export PREFECT_API_URL=http://127.0.0.1:4200/api": DEPLOYED,
    "prefect work-pool create --type process news": DEPLOYED,
    "prefect work-pool set-concurrency-limit news 1": DEPLOYED,
    "prefect deploy --all --no-prompt": DEPLOYED,
    "prefect worker start --pool news": DEPLOYED,
    "prefect deployment run ingest/ingest": DEPLOYED,
    'ingest remove https://gazette.example/flood --why "A court ordered it." --dry-run': REMOVED,
    "ingest serve": SERVED,
    'export PREFECT_API_URL=http://127.0.0.1:4200/api PREFECT_API_AUTH_STRING="$(cat warehouse/prefect.auth)"': SERVED,
    "prefect deployment run notify/notify": SERVED,
    "prefect deployment run backfill/backfill -p source=latin-post -p first_day=2026-03-01 -p last_day=2026-03-07": (
        SERVED
    ),
    "pip install 'news-ingest[lake]'       # DuckDB's extensions and psycopg: nothing is downloaded later": (
        "tests ask no package registry; requirements.lock holds what it installs"
    ),
    "createdb lake                         # PostgreSQL 12 or newer": LAKED,
    "export INGEST_LAKE='host=db.example.org dbname=lake user=ingest'": LAKED,
    "export INGEST_LAKE_DATA=/srv/shared/lake": LAKED,
    "export INGEST_WAREHOUSE=/srv/shared/warehouse": LAKED,
    "ingest run --direct                   # the first one makes the tables; start as many as you like": LAKED,
}
LISTENING = "127.0.0.1:8640"
# The guides for whoever sets the pipeline up, runs it and is on call.
OPERATOR_GUIDES = [
    ROOT / "docs" / f"{name}.md" for name in ("install", "configuration", "operate", "runbook", "several-machines")
]
LISTED = "ingest sources list"  # of the list that ships: nothing stands for what it shows

_QUOTED = re.compile(r"""'[^']*'|"[^"$`\\]*["]""")  # which shlex reads as a shell does
_FOR_A_SHELL = re.compile(r"[|&;<>()$`*?~{}\\#]")
_FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_KEY = re.compile(r"\b[0-9a-f]{8,32}\b")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d|\d\d:\d\d(?::\d\d)?")


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
    stands_for: dict[str, str] = field(default_factory=dict)  # what is shown, in lines and outputs: what it is here
    left_running: ExitStack = field(default_factory=ExitStack)  # the caller closes it

    def wrong_lines(self, path: Path) -> list[str]:
        """Type what a document shows, ELSEWHERE excepted; return the lines that did not come back."""
        wrong = []
        for shown in commands(path):
            if shown.line not in ELSEWHERE:
                written = self.type(shown)
                output = shown.output if shown.line == LISTED else tuple(map(self._here, shown.output))
                meant = Shown(line=shown.line, output=output)
                wrong += [f"{shown.line}: {line}" for line in missing_lines(meant, written)]
        return wrong

    def type(self, shown: Shown) -> str:
        """Run a command as said above and give what it wrote; whatever is not known how to run is an error."""
        words = shlex.split(shown.line, comments=True)
        match words:
            case ["source", ".venv/bin/activate"]:
                return ""
            case ["export", *pairs]:
                self._export(shown.line, [pair.partition("=")[0] for pair in pairs])
                return ""
            case ["make", target]:
                return self._make(target)
            case ["ingest", "listen"]:
                self._listen(shown.line)
                return ""
            case [program, *_] if program in KNOWN_PROGRAMS or shown.line in ELSEWHERE:
                return self.run(shown.line)
        raise AssertionError(f"the test does not know how to run: {shown.line}")

    def _make(self, target: str) -> str:
        assert target in MADE, f"the test does not know what `make {target}` must run"
        planned = subprocess.run(["make", "-C", str(ROOT), "-n", target], capture_output=True, text=True, check=True)
        steps = [line.strip() for line in planned.stdout.splitlines() if not line.startswith("make")]
        assert [step for step in steps if f"{step} ".startswith(f"{MADE[target]} ")], planned.stdout
        return self.demo_output if target == "demo" else ""

    def _export(self, line: str, names: list[str]) -> None:
        exported = self._bash(f"{line}; env --null").split("\0")
        found = dict(one.split("=", 1) for one in exported if one)
        self.environment |= {name: found[name] for name in names}

    def _listen(self, line: str) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            address = ("127.0.0.1", int(free.getsockname()[1]))
        self.stands_for[LISTENING] = self.environment["INGEST_LISTEN_ON"] = f"{address[0]}:{address[1]}"
        process = self.leave_running(line)

        def listens() -> bool:
            assert process.poll() is None, "it ended before it listened"
            with suppress(ConnectionError), socket.create_connection(address):
                return True
            return False

        wait_until(listens)

    def leave_running(self, line: str) -> "subprocess.Popen[bytes]":
        """Run a line that runs until it is stopped, as in a terminal of its own; what it says is in a file."""
        with (self.folder / f"{'-'.join(shlex.split(line)[:2])}.log").open("wb") as log:
            process = subprocess.Popen(
                shlex.split(line), cwd=self.folder, env=reader_surroundings(self.environment), stdout=log, stderr=log
            )
        self.left_running.enter_context(process)
        self.left_running.callback(_interrupt, process)
        return process

    def run(self, line: str) -> str:
        """Run a line of a shell and return what it wrote to standard output."""
        if not is_plain(line):
            return self._bash(line)
        environment = reader_surroundings(self.environment)
        if line == LISTED:
            environment.pop("INGEST_SOURCES", None)
        ran = ingest(*shlex.split(self._here(line))[1:], cwd=self.folder, stdin=b"", **environment)
        assert ran.code == 0, f"{line}\n{ran.out}{ran.err}"
        return ran.out

    def _bash(self, line: str) -> str:
        done = subprocess.run(
            ["bash", "-ec", f'sudo() {{ "$@"; }}\n{self._here(line)}'],
            cwd=self.folder, env=reader_surroundings(self.environment), capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
        return done.stdout

    def _here(self, text: str) -> str:
        for shown, here in self.stands_for.items():
            text = text.replace(shown, here)
        return text


def _interrupt(process: "subprocess.Popen[bytes]") -> None:
    """End a program as whoever sits at its terminal does: a worker of Prefect 3.9.1 that ran a flow needs it twice."""
    while process.poll() is None:
        process.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            process.wait(10)


def is_plain(line: str) -> bool:
    """Return whether a line is one command `ingest` that needs no shell, except for its quotes."""
    return line.startswith("ingest ") and not _FOR_A_SHELL.search(_QUOTED.sub("", line))


def reader_surroundings(settings: Mapping[str, str]) -> dict[str, str]:
    """Return a command our environment without what would change its ways, our programs first on its path."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return surroundings({"PATH": path, **settings})


def documents() -> list[Path]:
    """List the README and the guides, decisions left out."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def blocks(path: Path) -> Iterator[Block]:
    """Yield the fenced blocks of a document, in order."""
    for language, text in _FENCE.findall(path.read_text(encoding="utf-8")):
        yield Block(document=path.name, language=language, text=text)


def commands(path: Path) -> list[Shown]:
    """Return the commands a document shows: after `$ ` in console blocks, every line of sh blocks."""
    found: list[Shown] = []
    for block in blocks(path):
        if block.language == "sh":
            found += [Shown(line=line) for line in block.text.splitlines() if line.strip()]
        if block.language == "console":
            found += _console(block.text)
    return found


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
    """Return the lines that a document shows and the command did not write.

    `…` stands for anything. Moments and keys may differ, because runs get older; words and other numbers may not.
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
    return _KEY.sub("0", _MOMENT.sub("0", " ".join(line.split())))
