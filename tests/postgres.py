"""The machine's own PostgreSQL, run for a while in a folder of its own, and lakes in it."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from ingest.warehouse.lake import Lake
from ingest.warehouse.warehouse import Warehouse

GUARDED = "guarded"  # a user that nobody is let in as without a password
MADE = "made"  # the database of a lake that has been through all migrations, of which the others are copies
_PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
ABSENT = "PostgreSQL is not on this machine: `apt-get install postgresql`"


def program(name: str) -> str | None:
    """Find one of PostgreSQL's programs; Debian keeps those of the server off the path."""
    return shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", ""), *map(str, _PROGRAMS)]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Postgres:
    """A server that listens on a socket in its folder alone."""

    folder: Path
    _numbers: Iterator[int] = field(default_factory=count)

    def lake(self) -> Lake:
        """Return a lake of our shape, with nothing in it."""
        name = f"lake{next(self._numbers)}"
        self.run("createdb", "--template", MADE, name)
        return self._lake(name)

    def empty_lake(self) -> Lake:
        """Return a lake that nobody has opened before."""
        name = f"lake{next(self._numbers)}"
        self.run("createdb", name)
        return self._lake(name)

    def database(self, *options: str) -> str:
        """Make a database that orders letters as people do, not by their bytes; return its name."""
        name = f"database{next(self._numbers)}"
        as_people = ("--locale-provider=icu", "--icu-locale=en")
        self.run("createdb", "--template=template0", *(options or as_people), name)
        return name

    def address(self, database: str, user: str = "ingest") -> str:
        """Return a database's address, as libpq is told of it."""
        return f"host={self.folder} user={user} dbname={database}"

    def make_pattern(self) -> None:
        """Make the lake that others are copies of."""
        self.run("createdb", MADE)
        Warehouse(self.folder / "warehouse", lake=self._lake(MADE)).close()

    def ask(self, address: str, sql: str) -> str:
        """Run a statement on a database."""
        return self.run("psql", "--no-psqlrc", "--tuples-only", "--no-align", "--command", sql, address).strip()

    def run(self, name: str, *arguments: str) -> str:
        """Run one of PostgreSQL's programs."""
        surroundings = os.environ | {"PGHOST": str(self.folder), "PGUSER": "ingest"}
        done = subprocess.run([program(name) or name, *arguments], capture_output=True, env=surroundings)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode()

    def control(self, *arguments: str) -> None:
        """Start or stop the server."""
        data = str(self.folder / "data")
        said = subprocess.run(_as_nobody(["pg_ctl", "-D", data, "-w", *arguments]), capture_output=True, text=True)
        assert said.returncode == 0, said.stdout + said.stderr

    def start(self) -> None:
        """Start the server, which need not survive the machine: what is committed is not forced to disk."""
        options = f"-k {self.folder} -c listen_addresses='' -c fsync=off -c max_connections=200"
        self.control("-l", str(self.folder / "log"), "-o", options, "start")

    def _lake(self, name: str) -> Lake:
        # One folder for all: the files of a lake have names that nobody else's have.
        return Lake(catalog=self.address(name), data=str(self.folder / "files"))


@contextmanager
def postgres() -> Iterator[Postgres]:
    """Run a server, and clear it away in the end."""
    with tempfile.TemporaryDirectory(prefix="pg-") as place:  # a socket's path is short
        folder = Path(place)
        if os.geteuid() == 0:  # as which PostgreSQL does not run
            shutil.chown(folder, "nobody")
            folder.chmod(0o755)
        data = str(folder / "data")
        made = subprocess.run(
            _as_nobody(["initdb", "-D", data, "--auth", "trust", "--username", "ingest", "--no-sync"]),
            capture_output=True,
            text=True,
        )
        assert made.returncode == 0, made.stderr
        access = folder / "data" / "pg_hba.conf"
        access.write_text(f"local all {GUARDED} scram-sha-256\n{access.read_text()}")
        server = Postgres(folder=folder)
        server.start()
        try:
            yield server
        finally:
            server.control("-m", "immediate", "stop")


def _as_nobody(command: Sequence[str]) -> list[str]:
    found = program(command[0])
    assert found is not None, ABSENT
    user = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"] if os.geteuid() == 0 else []
    return [*user, found, *command[1:]]
