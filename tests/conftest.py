"""What tests of several folders share: one whole run over the bundled newsrooms, and the rules of `make quick`."""

import gc
import shutil
import sys
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import hypothesis
import pytest

from ingest.demo import Newsroom, demo_newsrooms
from ingest.demo.server import Site
from tests.command import Ran, ingest, list_sources
from tests.killing import STAGES, count_kills, stages_missed
from tests.postgres import ABSENT, Postgres, postgres, program
from tests.prefect_server import prefect_api, prefect_home

__all__ = ["prefect_api", "prefect_home"]  # fixtures

hypothesis.settings.register_profile("ours", deadline=None)  # an example may take long on a machine that is busy
hypothesis.settings.load_profile("ours")

OPENED_AT = datetime(2026, 11, 16, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def pg() -> Iterator[Postgres]:
    if program("initdb") is None:
        pytest.skip(ABSENT)
    with postgres() as server:
        server.make_pattern()
        yield server


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstPass:
    """The bundled newsrooms, still open, and a warehouse that one direct run over them has filled."""

    newsrooms: Mapping[str, Newsroom]
    sources: Path
    warehouse: Path
    ran: Ran

    def copy_warehouse(self, folder: Path) -> Path:
        """Return a copy that a test may change."""
        copied = Path(shutil.copytree(self.warehouse, folder / "copied"))
        (copied / "news.duckdb").chmod(0o640)
        return copied


@pytest.fixture(scope="session")
def first_pass(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FirstPass]:
    folder = tmp_path_factory.mktemp("first-pass")
    with demo_newsrooms(OPENED_AT) as newsrooms:
        sources = list_sources(folder / "sources.json", *(newsroom.source for newsroom in newsrooms.values()))
        warehouse = folder / "warehouse"
        ran = ingest("run", "--direct", "--json", "--sources", sources, "--warehouse", warehouse, cwd=folder)
        yield FirstPass(newsrooms=newsrooms, sources=sources, warehouse=warehouse, ran=ran)


@pytest.fixture
def site() -> Iterator[Site]:
    """A server on loopback with no page yet."""
    with Site() as opened:
        yield opened


class _Audit:
    """What the current test does that needs the mark `integration`, as Python's audit events tell it (PEP 578)."""

    NAMES = frozenset({"socket.bind", "subprocess.Popen", "os.fork", "os.posix_spawn"})
    found: list[str] | None = None  # None: the test has the mark, or there is no test

    def __call__(self, name: str, arguments: tuple[object, ...]) -> None:
        if self.found is None:
            return
        if name in self.NAMES or (name == "import" and arguments[0] == "great_expectations"):
            self.found.append(f"{name} {arguments[0]}")


_AUDIT = _Audit()
sys.addaudithook(_AUDIT)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, None, None]:
    _AUDIT.found = None if item.get_closest_marker("integration") else []
    return (yield)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown() -> Generator[None, None, None]:
    found, _AUDIT.found = _AUDIT.found, None
    yield
    assert not found, f"this test needs the mark `integration`: {', '.join(found)}"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that hold slow tests: what comes last is then short, and no core waits long for another."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


def pytest_collection_finish() -> None:
    """Exclude from garbage collection what stays as long as the tests: seven thousand of them and all libraries."""
    gc.freeze()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail where many runs were killed, and none in one of the stages."""
    if session.exitstatus == pytest.ExitCode.OK and stages_missed(count_kills(session.config)):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Tell in which stages runs were killed, and how to take the tests in this order once more."""
    if kills := count_kills(config):
        counts = ", ".join(f"{kills[stage]} while {stage}" for stage in STAGES)
        terminalreporter.write_line(f"killed {kills.total()} runs: {counts}", red=bool(stages_missed(kills)))
    terminalreporter.write_line(f"random order: --randomly-seed={config.getoption('randomly_seed', default=None)}")
