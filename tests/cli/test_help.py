"""Help is quick, because nothing large is imported for it."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.command import INGEST, surroundings

pytestmark = pytest.mark.integration

# Typer itself asks pydantic to read a command's options, but not for the first page.
LARGE = {"prefect", "great_expectations", "duckdb", "rich", "sqlalchemy", "httpx", "bs4", "lxml", "feedparser"}


@pytest.mark.parametrize(
    ("arguments", "unwanted", "most"),
    [
        (["--help"], {"pydantic", *LARGE}, 225),
        (["run", "--help"], LARGE, 400),
        (["sources", "--help"], LARGE, 400),
        (["figures", "--help"], LARGE, 400),
    ],
)
def test_help_imports_nothing_large_and_not_much(
    arguments: list[str], unwanted: set[str], most: int, tmp_path: Path
) -> None:
    """What it takes is the time of its imports; `ingest run` imports some 2,000 modules."""
    program = f"""
import atexit, sys
atexit.register(lambda: print(len(sys.modules), *sorted({unwanted!r} & sys.modules.keys())))
sys.argv = ["ingest", *{arguments!r}]
from ingest.cli import main
main()
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=tmp_path)
    count, *found = done.stdout.splitlines()[-1].split()

    assert done.stdout.splitlines()[0].startswith("Usage: ")
    assert found == []
    assert int(count) <= most


def test_help_names_every_command(tmp_path: Path) -> None:
    done = subprocess.run([INGEST, "--help"], capture_output=True, text=True, cwd=tmp_path, env=surroundings({}))
    commands = done.stdout.split("Commands:\n")[1].splitlines()

    assert [line.split()[0] for line in commands if line.startswith("  ") and line[2] != " "] == [
        *("demo", "run", "serve", "backfill", "replay", "listen", "status", "report", "export", "explain", "sql"),
        *("doctor", "verify", "migrate", "prune", "remove", "backup", "restore", "parse", "figures"),
        *("quarantine", "sources", "suites"),
    ]
