"""prefect.yaml deployed to a Prefect server and run by a worker, by the lines that README and the guide show."""

import shlex
import shutil
import socket
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from ingest.demo import OPENED_AT, demo_newsrooms
from ingest.warehouse.warehouse import query
from tests.command import list_sources
from tests.docs.console import DEPLOYED, ELSEWHERE, ROOT, Reader, Shown, commands
from tests.flows.serving import CALLER, until
from tests.prefect_server import QUIET

pytestmark = [pytest.mark.integration, pytest.mark.slow]

# The README's lines, then those that the guide has beside them.
SHOWN = [shown.line for page in ("README.md", "docs/install.md") for shown in commands(ROOT / page)]
LINES = list(dict.fromkeys(line for line in SHOWN if ELSEWHERE.get(line) == DEPLOYED))
SERVER = "127.0.0.1:4200"  # where the guides have it

SETTINGS = {
    "PREFECT_SERVER_SERVICES_SCHEDULER_ENABLED": "false",  # the one run is the one we ask for
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_FLUSH_INTERVAL": "1",
    "PREFECT_WORKER_QUERY_SECONDS": "1",
}


def test_the_deployment_takes_a_pass_and_its_events_reach_the_server(tmp_path: Path, prefect_home: Path) -> None:
    shutil.copy(ROOT / "prefect.yaml", tmp_path)  # alone, as beside an installed wheel
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    home = {"PREFECT_HOME": str(shutil.copytree(prefect_home, tmp_path / "home"))}
    with demo_newsrooms(OPENED_AT) as newsrooms, ExitStack() as left_running:
        asked = [newsrooms[key].source for key in ("la-brujula", "impossible-times")]
        sources = {"INGEST_SOURCES": str(list_sources(tmp_path / "sources.json", *asked))}
        operator = Reader(
            folder=tmp_path,
            environment={**QUIET, **SETTINGS, **home, **sources, "PREFECT_SERVER_API_PORT": str(port)},
            stands_for={SERVER: f"127.0.0.1:{port}"},
            left_running=left_running,
        )
        api_url = f"http://127.0.0.1:{port}/api"
        for line in LINES:
            type_line(operator, line, api_url)
        until(lambda: states_of_runs(api_url) == ["Rejected"])
        until(lambda: count_events(api_url, "ingest.batch.published") == 1)
        until(lambda: count_events(api_url, "ingest.batch.rejected") == 1)

    assert query(tmp_path / "warehouse" / "news.duckdb", "select count(*) from articles")[1] == [(12,)]


def type_line(operator: Reader, line: str, api_url: str) -> None:
    """Run a line as it stands; the server and the worker go on meanwhile, each in a terminal of its own."""
    match shlex.split(line):
        case ["prefect", _, "start", *_]:
            process = operator.leave_running(line)
            until(lambda: process.poll() is not None or CALLER.get(f"{api_url}/health").is_success)
            assert process.poll() is None, f"{line} ended"
        case _:
            operator.type(Shown(line=line))


def states_of_runs(api_url: str) -> list[str]:
    return [str(run["state_name"]) for run in asked_of(api_url, "flow_runs/filter", {})]


def count_events(api_url: str, name: str) -> int:
    """Count the events of a name on record: the server writes them down in bunches."""
    return int(asked_of(api_url, "events/filter", {"filter": {"event": {"name": [name]}}})["total"])


def asked_of(api_url: str, path: str, body: object) -> Any:
    return CALLER.post(f"{api_url}/{path}", json=body).raise_for_status().json()
