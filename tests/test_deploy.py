"""prefect.yaml on a real Prefect server: deployed, run once by a worker, and its events heard."""

import shlex
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import httpx
import pytest

from ingest.demo import OPENED_AT, demo_newsrooms
from tests.command import list_sources, surroundings
from tests.flows.serving import CALLER, LOOK_SECONDS
from tests.prefect_server import QUIET
from tests.waiting import wait_until

pytestmark = [pytest.mark.integration, pytest.mark.slow, pytest.mark.integration]

ROOT = Path(__file__).parents[1]

# What docs/operate.md tells people to type, in this order; tests/docs holds it to that.
START_SERVER = "prefect server start"
MAKE_POOL = "prefect work-pool create --type process news"
ONE_AT_A_TIME = "prefect work-pool set-concurrency-limit news 1"
DEPLOY = "prefect deploy --all --no-prompt"
ASK_FOR_A_RUN = "prefect deployment run ingest/ingest"
START_WORKER = "prefect worker start --pool news"
COMMANDS = (START_SERVER, MAKE_POOL, ONE_AT_A_TIME, DEPLOY, ASK_FOR_A_RUN, START_WORKER)

SETTINGS = {
    "PREFECT_SERVER_SERVICES_SCHEDULER_ENABLED": "false",  # the one run is the one we ask for
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_FLUSH_INTERVAL": "1",
}


@dataclass(frozen=True, kw_only=True)
class Server:
    """A Prefect server of our own, and a folder to work in beside it."""

    api_url: str
    folder: Path
    environment: dict[str, str]

    def run(self, command: str, *more: str) -> str:
        done = subprocess.run(
            [*program(command), *more],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def count_events(self, name: str) -> int:
        """Count the events of a name on record: the server writes them down in bunches."""
        asked = {"filter": {"event": {"name": [name]}}}
        return int(CALLER.post(f"{self.api_url}/events/filter", json=asked).json()["total"])


@pytest.fixture
def server(tmp_path: Path, prefect_home: Path) -> Iterator[Server]:
    home = shutil.copytree(prefect_home, tmp_path / "home")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    api_url = f"http://127.0.0.1:{port}/api"
    environment = surroundings({**QUIET, **SETTINGS, "PREFECT_HOME": str(home), "PREFECT_API_URL": api_url})
    command = [*program(START_SERVER), "--host", "127.0.0.1", "--port", str(port)]
    with (
        (tmp_path / "server.log").open("w") as log,
        subprocess.Popen(command, env=environment, stdout=log, stderr=log) as process,
    ):
        try:
            wait_until(lambda: _is_healthy(api_url, process), pause_seconds=LOOK_SECONDS)
            yield Server(api_url=api_url, folder=tmp_path, environment=environment)
        finally:
            process.terminate()


def _is_healthy(api_url: str, process: "subprocess.Popen[bytes]") -> bool:
    assert process.poll() is None, "the server ended before it answered"
    try:
        return CALLER.get(f"{api_url}/health").is_success
    except httpx.HTTPError:
        return False


def program(command: str) -> list[str]:
    """Split a `prefect` command, and name the one that is installed beside us."""
    name, *arguments = shlex.split(command)
    return [str(Path(sys.executable).with_name(name)), *arguments]


def test_the_deployment_takes_a_pass_and_its_events_reach_the_server(server: Server) -> None:
    shutil.copy(ROOT / "prefect.yaml", server.folder)  # alone, as beside an installed wheel
    server.run(MAKE_POOL)
    server.run(ONE_AT_A_TIME)
    server.run(DEPLOY)
    server.run(ASK_FOR_A_RUN)

    with demo_newsrooms(OPENED_AT) as newsrooms:
        asked = [newsrooms[key].source for key in ("la-brujula", "impossible-times")]
        sources = list_sources(server.folder / "sources.json", *asked)
        server.environment["INGEST_SOURCES"] = str(sources)
        said = server.run(START_WORKER, "--run-once")
    with duckdb.connect(str(server.folder / "warehouse" / "news.duckdb"), read_only=True) as news:
        (articles,) = news.execute("select count(*) from articles").fetchone() or (0,)

    assert articles == 12, said
    wait_until(lambda: server.count_events("ingest.batch.published") == 1, pause_seconds=LOOK_SECONDS)
    wait_until(lambda: server.count_events("ingest.batch.rejected") == 1, pause_seconds=LOOK_SECONDS)
