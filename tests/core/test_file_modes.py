"""Analysts read by their group what is made for them, and nobody but its owner anything else of the warehouse."""

import shutil
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from ingest.demo import Newsroom
from tests.command import INGEST, list_sources, surroundings

pytestmark = [pytest.mark.integration, pytest.mark.slow]

FOR_GROUP = {"news.duckdb": 0o440, "report.html": 0o640}


def run(umask: int, *arguments: object, cwd: Path) -> None:
    """Run the command as somebody with this umask would."""
    command = [str(INGEST), *map(str, arguments)]
    settings = {"INGEST_METRICS_PORT": "0"}
    subprocess.run(command, cwd=cwd, env=surroundings(settings), umask=umask, check=True, capture_output=True)


def modes(folder: Path) -> dict[str, int]:
    """Return the mode of everything in a folder, by its place, and of the folder itself."""
    found = {str(path.relative_to(folder)): stat.S_IMODE(path.lstat().st_mode) for path in folder.rglob("*")}
    return {".": stat.S_IMODE(folder.stat().st_mode), **found}


def too_open(folder: Path) -> dict[str, str]:
    """Return what is not as it should be, with its mode."""
    wrong = {}
    for name, mode in modes(folder).items():
        is_folder, is_page = (folder / name).is_dir(), name.startswith("checks")
        if name == "." or (is_page and is_folder):
            wanted = 0o750
        elif is_page:
            wanted = 0o640
        else:
            wanted = 0o700 if is_folder else FOR_GROUP.get(name, 0o600)
        if mode & 0o777 != wanted:
            wrong[name] = f"{mode:o}, not {wanted:o}"
    return wrong


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with Newsroom() as newsroom:
        newsroom.publishes("flood")
        yield list_sources(tmp_path_factory.mktemp("listed") / "sources.json", newsroom.source)


@pytest.fixture(scope="module")
def warehouse(sources: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a warehouse that somebody has run, and made a report of, who lets everybody write everything."""
    folder = tmp_path_factory.mktemp("open")
    run(0o000, "run", "--direct", "--sources", sources, "--warehouse", "data/warehouse", cwd=folder)
    run(0o000, "report", "--warehouse", "data/warehouse", cwd=folder)
    return folder / "data" / "warehouse"


def test_a_run_leaves_a_warehouse_that_others_cannot_read(warehouse: Path) -> None:
    made = {
        "news.duckdb",
        "published.duckdb",
        "state.db",
        "report.html",
        "checks",
        "metrics.prom",
    }

    assert made <= set(modes(warehouse))
    assert too_open(warehouse) == {}
    assert stat.S_IMODE(warehouse.parent.stat().st_mode) == 0o777  # whose folder is its maker's affair


def test_the_next_run_brings_an_older_warehouse_to_it_and_keeps_the_group_of_its_folder(
    sources: Path, warehouse: Path, tmp_path: Path
) -> None:
    older = Path(shutil.copytree(warehouse, tmp_path / "older"))
    (older / "prefect").mkdir()
    for name in ("prefect/prefect.db", "mine.txt"):
        (older / name).touch()
    for path in (older, *older.rglob("*")):
        path.chmod(0o2775 if path.is_dir() else 0o666)
    (tmp_path / "elsewhere").touch()
    (tmp_path / "elsewhere").chmod(0o644)
    (older / "archive" / "link").symlink_to(tmp_path / "elsewhere")

    run(0o277, "run", "--direct", "--sources", sources, "--warehouse", older, cwd=tmp_path)  # who may write nothing

    assert set(too_open(older)) == {"mine.txt", "archive/link"}
    assert stat.S_IMODE(older.stat().st_mode) == 0o2750
    assert stat.S_IMODE((tmp_path / "elsewhere").stat().st_mode) == 0o644
    with duckdb.connect(str(older / "news.duckdb"), read_only=True) as news:
        assert news.sql("select count(*) from articles").fetchall() == [(1,)]


def test_what_is_written_elsewhere_is_as_open_as_whoever_asked_for_it_lets_it(warehouse: Path, tmp_path: Path) -> None:
    run(0o022, "export", "out", "--warehouse", warehouse, cwd=tmp_path)
    run(0o022, "report", "page.html", "--warehouse", warehouse, cwd=tmp_path)

    written = list((tmp_path / "out").rglob("*"))
    assert {stat.S_IMODE(path.stat().st_mode) for path in written if path.is_dir()} == {0o755}
    assert {stat.S_IMODE(path.stat().st_mode) for path in written if path.is_file()} == {0o644}
    assert stat.S_IMODE((tmp_path / "page.html").stat().st_mode) == 0o644
