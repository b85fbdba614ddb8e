"""The real command, in a process of its own."""

import json
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from socket import socket, socketpair
from tempfile import TemporaryFile
from typing import Any

from ingest.core.model import Source
from tests.forkserver import ROOT, fork

INGEST = Path(sys.executable).with_name("ingest")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What a command said, where, and the number it ended with."""

    code: int
    out: str
    err: str

    @property
    def told(self) -> Any:
        """What it printed, read as JSON."""
        return json.loads(self.out)

    @property
    def complaint(self) -> str:
        """The one line on standard error that it gave up with."""
        lines = self.err.splitlines()
        assert len(lines) == 1, self.err
        return lines[0]


def surroundings(settings: Mapping[str, str]) -> dict[str, str]:
    """Return a command our environment without what would change its ways, and with these settings.

    A busy machine must not make it say how far it has come where a test wants silence, nor take a newsroom for one that
    does not answer: beside three suites the time limits of a request ended pages of servers that did. Prefect's server
    took more than two minutes there. However many cores there are, one process reads the few pages of a test: each
    takes longer to begin than they all to be read.
    """
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("INGEST_", "PREFECT_"))}
    ours = {
        "INGEST_PROGRESS_SECONDS": "0",
        "INGEST_PARSE_PROCESSES": "1",
        **{f"INGEST_{part}_SECONDS": "600" for part in ("REQUEST", "CONNECT", "FIRST_BYTE", "IDLE")},
        "INGEST_SLOWEST_BYTES_PER_SECOND": "0",
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "600",
    }
    return {**bare, **ours, **settings}


def ingest(*arguments: object, cwd: Path, stdin: bytes = b"", **settings: str) -> Ran:
    """Run `ingest` to its end, in a process that has imported the libraries already."""
    return ingest_of(ROOT, *arguments, cwd=cwd, stdin=stdin, settings=settings)


def ingest_of(
    project: Path,
    *arguments: object,
    cwd: Path,
    stdin: bytes = b"",
    settings: Mapping[str, str] | None = None,
    supervise: Callable[[socket], None] | None = None,
) -> Ran:
    """Run the `ingest` of a checkout of the project; `supervise` decides on its system calls (tests/syscalls.py)."""
    with TemporaryFile() as given, TemporaryFile() as out, TemporaryFile() as err:
        given.write(stdin)
        given.seek(0)
        streams = (given.fileno(), out.fileno(), err.fileno())
        asked, environment = [*map(str, arguments)], surroundings(settings or {})
        if supervise is None:
            code = fork(asked, cwd=cwd, environment=environment, streams=streams, project=project).wait()
        else:
            ours, theirs = socketpair()
            with theirs:
                process = fork(
                    asked, cwd=cwd, environment=environment, streams=streams, project=project, supervisor=theirs
                )
            try:
                supervise(ours)
            finally:
                code = process.wait()
        out.seek(0)
        err.seek(0)
        return Ran(code=code, out=out.read().decode(), err=err.read().decode())


def list_sources(path: Path, *sources: Source) -> Path:
    """Write a sources file, as a person would."""
    names = ("name", "feed_url", "site_url", "language", "country", "timezone", "article_id_pattern")
    listed = [
        {"key": source.source_id, **{name: value for name in names if (value := getattr(source, name))}}
        for source in sources
    ]
    path.write_text(json.dumps(listed), encoding="utf-8")
    return path
