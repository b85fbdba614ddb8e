"""Help is quick, because nothing large is imported for it."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.command import INGEST, surroundings

# Typer itself asks pydantic to read a command's options, but not for the first page.
LARGE = {"prefect", "great_expectations", "duckdb", "rich", "sqlalchemy", "httpx", "bs4", "lxml", "feedparser"}


@pytest.mark.parametrize(
    ("arguments", "unwanted"),
    [
        (["--help"], {"pydantic", *LARGE}),
        (["run", "--help"], LARGE),
        (["sources", "--help"], LARGE),
        (["figures", "--help"], LARGE),
    ],
)
def test_help_imports_nothing_large(arguments: list[str], unwanted: set[str], tmp_path: Path) -> None:
    program = f"""
import atexit, sys
atexit.register(lambda: print(sorted({unwanted!r} & sys.modules.keys())))
sys.argv = ["ingest", *{arguments!r}]
from ingest.cli import main
main()
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=tmp_path)

    assert done.stdout.splitlines()[0].startswith("Usage: ")
    assert done.stdout.splitlines()[-1] == "[]"


def test_help_names_every_command(tmp_path: Path) -> None:
    done = subprocess.run([INGEST, "--help"], capture_output=True, text=True, cwd=tmp_path, env=surroundings({}))
    commands = done.stdout.split("Commands:\n")[1].splitlines()

    assert [line.split()[0] for line in commands if line.startswith("  ") and line[2] != " "] == [
        *("demo", "run", "serve", "backfill", "replay", "listen", "status", "report", "export", "explain", "sql"),
        *("doctor", "migrate", "prune", "parse", "figures", "quarantine", "sources", "suites"),
    ]


def test_help_is_quick(tmp_path: Path) -> None:
    spent = []
    for _ in range(3):
        started = time.monotonic()
        subprocess.run([INGEST, "--help"], capture_output=True, cwd=tmp_path, env=surroundings({}), check=True)
        spent.append(time.monotonic() - started)

    assert min(spent) < 1.5  # half a second, on a machine that does nothing else
