"""What is installed: for running no more than it needs, each package by its hash, from wherever pip is told to look."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from tests.borrowed import PINNED

ROOT = Path(__file__).parent.parent
RUNNING, LAKE, DEVELOPING = (ROOT / f"requirements{part}.lock" for part in ("", "-lake", "-dev"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
EXTRAS = PROJECT["project"]["optional-dependencies"]
GROUPS = PROJECT["dependency-groups"]


def pinned(lock: Path) -> set[str]:
    return set(PINNED.findall(lock.read_text("utf-8")))


def named(requirements: list[object]) -> set[str]:
    return {re.split(r"[\[=<>~]", one)[0] for one in requirements if isinstance(one, str)}


def test_each_lock_holds_what_is_asked_for() -> None:
    assert named([*PROJECT["project"]["dependencies"], *GROUPS["build"]]) <= pinned(RUNNING)
    assert named(EXTRAS["lake"]) <= pinned(LAKE)
    assert named([*GROUPS["dev"], *EXTRAS["lake"], *EXTRAS["dask"], *EXTRAS["telemetry"]]) <= pinned(DEVELOPING)


def test_running_needs_no_browser_notebook_cluster_or_database_of_others() -> None:
    assert pinned(RUNNING) & named([*GROUPS["dev"], *EXTRAS["lake"], *EXTRAS["dask"], *EXTRAS["telemetry"]]) == set()
    assert pinned(RUNNING) & {"dask", "tornado", "pyarrow", "jedi"} == set()


@pytest.mark.parametrize("lock", [LAKE, DEVELOPING], ids=lambda lock: lock.name)
def test_what_is_added_leaves_what_runs_as_it_is(lock: Path) -> None:
    assert lock.read_text("utf-8").startswith("-r requirements.lock\n")
    assert pinned(lock) & pinned(RUNNING) == set()


@pytest.mark.parametrize("lock", [RUNNING, LAKE, DEVELOPING], ids=lambda lock: lock.name)
def test_a_lock_has_a_hash_for_each_package_and_no_address(lock: Path) -> None:
    text = lock.read_text("utf-8")

    assert "://" not in text
    assert all("--hash=sha256:" in block for block in re.split(r"^(?=[a-z])", text, flags=re.MULTILINE)[1:])


@pytest.mark.integration
@pytest.mark.parametrize(
    ("target", "locks"), [("demo", [RUNNING]), ("run", [RUNNING]), ("test", [RUNNING, DEVELOPING])]
)
def test_make_installs_no_more_than_its_target_needs(target: str, locks: list[Path]) -> None:
    steps = subprocess.check_output(["make", "--dry-run", "--always-make", target], cwd=ROOT, text=True)

    assert re.findall(r"install .*-r (\S+)", steps) == [lock.name for lock in locks]
