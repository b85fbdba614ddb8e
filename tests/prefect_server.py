"""One Prefect server for all tests that need an API, and Prefect's database made once: that takes four CPU seconds."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from ingest.flows.prefect_server import PrefectServer
from tests.command import surroundings
from tests.once import made_once
from tests.waiting import LONGEST_SECONDS

QUIET = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_LOGGING_LEVEL": "ERROR",
    "PREFECT_SERVER_UI_ENABLED": "false",
}


@pytest.fixture(scope="session")
def prefect_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder to copy: Prefect's, with a database that nobody has used; all workers share it."""

    def make(home: Path) -> None:
        with prefect_server(home):
            pass

    return made_once(tmp_path_factory, "prefect-home", make)


@pytest.fixture(scope="session")
def prefect_api(prefect_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Return the environment that lets a command use a Prefect server, which other tests use, too."""
    folder = tmp_path_factory.mktemp("prefect-api")
    with prefect_server(Path(shutil.copytree(prefect_home, folder / "server"))) as api_url:
        yield {"PREFECT_API_URL": api_url, "PREFECT_HOME": str(folder / "client")}


@contextmanager
def prefect_server(home: Path) -> Iterator[str]:
    """Run a Prefect server with its state in a folder; yield the address of its API."""
    environment = surroundings({**QUIET, "PREFECT_HOME": str(home)})
    server = PrefectServer(
        host="127.0.0.1", port=0, log=home / "server.log", environment=environment, seconds=LONGEST_SECONDS
    )
    with closing(server):
        server.begin()
        assert server.wait_until_healthy(threading.Event().wait)
        yield server.api_url
