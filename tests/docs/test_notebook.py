"""The notebook runs from its first cell to its last on a warehouse of the demonstration's newsrooms."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command import surroundings
from tests.conftest import FirstPass
from tests.docs.console import ROOT

pytestmark = pytest.mark.integration

MARIMO = Path(sys.executable).with_name("marimo")


def run_notebook(warehouse: Path, folder: Path) -> "subprocess.CompletedProcess[str]":
    notebook = shutil.copy(ROOT / "docs" / "notebook.py", folder)  # marimo leaves what it found beside it
    command = [MARIMO, "export", "html", notebook, "-o", folder / "shown.html"]
    return subprocess.run(
        [*map(str, command), "--", "--warehouse", str(warehouse)],
        cwd=folder, env=surroundings({"HOME": str(folder)}), capture_output=True, text=True,
    )  # fmt: skip


def test_every_cell_runs_and_shows_what_was_published(first_pass: FirstPass, tmp_path: Path) -> None:
    ran = run_notebook(first_pass.warehouse, tmp_path)
    shown = (tmp_path / "shown.html").read_text(encoding="utf-8")

    assert ran.returncode == 0, ran.stderr
    assert "decimal128(38, 6)" in shown
    assert "Meridian Post" in shown


def test_a_cell_that_breaks_is_noticed(tmp_path: Path) -> None:
    assert run_notebook(tmp_path / "none", tmp_path).returncode != 0
