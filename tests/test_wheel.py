"""The built wheel is whole: installed away from the checkout, it gives a working `ingest`."""

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from ingest import __version__
from ingest.flows.deployments import flows_of
from ingest.warehouse.warehouse import query
from tests.borrowed import lend_modules, locked, make_wheels

pytestmark = pytest.mark.integration

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
INSTALL = (ROOT / "docs" / "install.md").read_text(encoding="utf-8")
VERSION = f"ingest {__version__}\n"
INSTALLING = re.findall(r"^\| .* \| `(.* dist/news_ingest-.*)` \|$", INSTALL, re.MULTILINE)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


def own_flows(folder: Path, owner: str) -> Path:
    """Write a package named `flows`, as a project of Prefect's users has one."""
    package = folder / "flows"
    package.mkdir()
    for name in ("__init__", "pipeline", "triggered"):
        (package / f"{name}.py").write_text(f"OWNER = {owner!r}\n")
    return package


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """What a registry would have: a wheel for each package that running needs, and what is in it."""

    wheels: Path
    modules: Path

    def lend_to(self, environment: Path) -> Path:
        """Link the modules into an environment's path; return where its packages are installed."""
        (site,) = environment.glob("lib/python*/site-packages")
        (site / "lent.pth").write_text(f"{self.modules}\n")
        return site


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    shelf = Shelf(wheels=tmp_path_factory.mktemp("wheels"), modules=tmp_path_factory.mktemp("modules"))
    packages = locked(ROOT / "requirements.lock")
    make_wheels(packages, shelf.wheels)
    lend_modules(packages, shelf.modules)
    return shelf


def run_tool(command: list[str | Path], shelf: Shelf, folder: Path, **more: str) -> str:
    """Run a tool that installs, with all that it keeps in this folder and no registry; return what it printed."""
    places = {"UV_TOOL_DIR": folder, "UV_TOOL_BIN_DIR": folder / "bin", "UV_CACHE_DIR": folder / "cache"}
    places |= {"PIPX_HOME": folder, "PIPX_BIN_DIR": folder / "bin", "UV_PYTHON": Path(sys.executable)}
    offline = {"UV_OFFLINE": "1", "UV_NO_CONFIG": "1", "UV_NO_INDEX": "1", "PIP_NO_INDEX": "1", "PIP_NO_COMPILE": "1"}
    found = {"UV_FIND_LINKS": str(shelf.wheels), "PIP_FIND_LINKS": str(shelf.wheels)}
    environment = {**bare(), **offline, **found, **{name: str(path) for name, path in places.items()}, **more}
    done = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def installed(wheel: Path, shelf: Shelf, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel by `uv tool install`, and beside it somebody's own `flows`; nothing else than it asks for."""
    folder = tmp_path_factory.mktemp("installed")
    run_tool([BIN / "uv", "tool", "install", wheel], shelf, folder)
    own_flows(shelf.lend_to(folder / "news-ingest"), "another package")
    return folder / "news-ingest"


def bare() -> dict[str, str]:
    named = ("INGEST_", "PYTHON", "PREFECT_", "UV_", "PIP_", "PIPX_")
    return {name: value for name, value in os.environ.items() if not name.startswith(named)}


def run(installed: Path, cwd: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(installed / "bin" / "ingest"), *arguments]
    return subprocess.run(command, cwd=cwd, env=bare(), capture_output=True, text=True)


def packed(folder: str, pattern: str) -> list[str]:
    found = (path.relative_to(ROOT / folder) for path in (ROOT / folder).rglob(pattern))
    return sorted(str(path) for path in found if "__pycache__" not in path.parts)


@pytest.mark.parametrize(
    ("here", "there", "pattern"),
    [
        ("flows", "ingest/flows", "*.py"),
        ("expectations", "ingest/expectations", "*.json"),
        ("src/ingest/warehouse", "ingest/warehouse", "*.sql"),
        ("warehouse/seeds", "ingest/warehouse/seeds", "*.csv"),
        ("warehouse/views", "ingest/warehouse/views", "*.sql"),
        ("src/ingest", "ingest", "*.py"),
        ("src/ingest", "ingest", "*.toml"),
        ("src/ingest", "ingest", "*.html"),
        ("src/ingest/report", "ingest/report", "page.*"),
    ],
)
def test_the_wheel_carries_every_file(wheel: Path, here: str, there: str, pattern: str) -> None:
    carried = {name.removeprefix(f"{there}/") for name in zipfile.ZipFile(wheel).namelist() if name.startswith(there)}
    wanted = packed(here, pattern)

    assert wanted
    assert [name for name in wanted if name not in carried] == []


def test_the_wheel_carries_the_sources_and_nothing_of_the_workshop(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0].split("-")[0] for name in names}

    assert {"ingest/sources.toml", "ingest/py.typed"} <= set(names)
    assert tops == {"ingest", "news_ingest"}
    assert [name for name in names if name.endswith((".duckdb", ".pyc", ".gz"))] == []


def test_the_source_distribution_makes_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "--directory", str(tmp_path)]
    subprocess.run([*build, "--target", "sdist"], cwd=ROOT, check=True, capture_output=True)
    (source,) = tmp_path.glob("*.tar.gz")
    with tarfile.open(source) as archive:
        archive.extractall(tmp_path, filter="data")
    unpacked = tmp_path / source.name.removesuffix(".tar.gz")
    subprocess.run([*build, "--target", "wheel"], cwd=unpacked, check=True, capture_output=True)
    (rebuilt,) = tmp_path.glob("*.whl")

    assert sorted(zipfile.ZipFile(rebuilt).namelist()) == sorted(zipfile.ZipFile(wheel).namelist())


def test_the_command_is_declared(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    (entry_points,) = (name for name in archive.namelist() if name.endswith("entry_points.txt"))

    assert "ingest = ingest.cli:main" in archive.read(entry_points).decode()


def test_the_installed_package_is_not_the_checkout(installed: Path, tmp_path: Path) -> None:
    program = "import ingest, ingest.flows; print(ingest.__file__); print(ingest.flows.__file__)"
    said = subprocess.run(
        [installed / "bin" / "python", "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True
    ).stdout.split()

    assert all(Path(path).is_relative_to(installed) for path in said), said


@pytest.mark.slow
def test_its_flows_and_those_of_the_user_do_not_meet(installed: Path, tmp_path: Path) -> None:
    own_flows(tmp_path, "the folder worked in")
    entrypoints = sorted({one.entrypoint for one in flows_of(())})
    program = (
        "import json, sys; from prefect.flows import load_flow_from_entrypoint as load;"
        "ours = [load(name, use_placeholder_flow=False) for name in sys.argv[1:]];"
        "import flows.pipeline, flows.triggered;"
        "print(json.dumps([[sys.modules[one.fn.__module__].__file__ for one in ours],"
        " [flows.OWNER, flows.pipeline.OWNER, flows.triggered.OWNER]]))"
    )
    command = [str(installed / "bin" / "python"), "-c", program, *entrypoints]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    ours, theirs = json.loads(done.stdout.splitlines()[-1])

    assert all(Path(file).is_relative_to(installed) and "/ingest/flows/" in file for file in ours), ours
    assert set(theirs) == {"the folder worked in"}


def test_the_version_is_that_of_the_wheel(installed: Path, wheel: Path, tmp_path: Path) -> None:
    assert run(installed, tmp_path, "--version").stdout == VERSION
    assert f"-{__version__}-" in wheel.name


@pytest.mark.slow
@pytest.mark.parametrize("way", INSTALLING, ids=lambda way: way.partition(" dist/")[0])
def test_each_way_of_installing_that_the_guide_shows(way: str, wheel: Path, shelf: Shelf, tmp_path: Path) -> None:
    (tmp_path / "dist").mkdir()
    shutil.copy(wheel, tmp_path / "dist")
    shutil.copy(ROOT / "requirements.lock", tmp_path)
    found = {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    if way.startswith("uvx"):  # it installs and runs at once
        assert run_tool(["sh", "-ec", way], shelf, tmp_path, PYTHONPATH=str(shelf.modules), **found) == VERSION
        return
    run_tool(["sh", "-ec", way], shelf, tmp_path, **found)
    (command,) = {*tmp_path.glob("bin/ingest"), *tmp_path.glob(".venv/bin/ingest")}
    shelf.lend_to(command.resolve().parents[1])

    assert subprocess.check_output([command, "--version"], text=True) == VERSION


def test_help_works_where_it_is_installed(installed: Path, tmp_path: Path) -> None:
    done = run(installed, tmp_path, "--help")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Usage: ingest")


def test_the_demo_works_where_it_is_installed(installed: Path, tmp_path: Path) -> None:
    (own_flows(tmp_path, "whoever runs it") / "direct.py").write_text("raise RuntimeError('not for you')\n")
    done = run(installed, tmp_path, "demo", "--direct")
    counted = query(tmp_path / "warehouse" / "demo" / "news.duckdb", "select count(*) from articles")[1]

    assert done.returncode == 0, done.stderr
    assert "rejected    impossible-times" in done.stdout
    assert counted == [(50,)]


def test_the_sources_that_ship_are_found(installed: Path, tmp_path: Path) -> None:
    done = run(installed, tmp_path, "sources", "list")

    assert done.returncode == 0, done.stderr
    assert "latin-post" in done.stdout
