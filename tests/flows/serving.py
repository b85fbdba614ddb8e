"""`ingest serve` in a process of its own, with all that tests and benchmarks want to ask of it."""

import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import psutil

from ingest.edge.warehouse import query
from ingest.errors import IngestError
from tests.command import INGEST, surroundings

PATIENCE_SECONDS = 120.0  # on a machine that does much else


@dataclass
class Served:
    """A served warehouse, and Prefect's API beside it."""

    process: "subprocess.Popen[str]"
    warehouse: Path
    log: Path
    url: str
    said: list[str] = field(default_factory=list)

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """Ask the API something."""
        for _ in range(20):
            answer = httpx.request(method, f"{self.url}/api{path}", json=body, trust_env=False, timeout=60)
            if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:  # its SQLite is busy
                break
            time.sleep(0.5)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def deployment(self, name: str) -> Any:
        return self.ask("GET", f"/deployments/name/{name}/{name}")

    def stop_clocks(self) -> None:
        """Let bells alone wake flows."""
        for deployment in self.ask("POST", "/deployments/filter", {}):
            for schedule in deployment["schedules"]:
                path = f"/deployments/{deployment['id']}/schedules/{schedule['id']}"
                self.ask("PATCH", path, {"active": False})

    def ring(self, name: str, payload: Mapping[str, object], resource: str = "ingest.source.gazette") -> str:
        """Tell Prefect of an event, as whoever hears of it would."""
        event_id = str(uuid4())
        event = {
            "id": event_id, "event": name, "occurred": datetime.now(UTC).isoformat(), "payload": payload,
            "resource": {"prefect.resource.id": resource},
        }  # fmt: skip
        self.ask("POST", "/events", [event])
        return event_id

    def ping(self, source: str) -> str:
        payload = {"source_id": source, "reason": "test", "received_at": datetime.now(UTC).isoformat()}
        return self.ring("ingest.source.pinged", payload, f"ingest.source.{source}")

    def run(self, flow: str, parameters: Mapping[str, object], *, at: datetime | None = None) -> str:
        """Ask for a run, as a clock would."""
        details = {"scheduled_time": (at or datetime.now(UTC)).isoformat()}
        asked = {"parameters": parameters, "state": {"type": "SCHEDULED", "state_details": details}}
        deployment = self.deployment(flow)["id"]
        return str(self.ask("POST", f"/deployments/{deployment}/create_flow_run", asked)["id"])

    def runs(self, flow: str) -> list[Any]:
        """Give the runs of a flow that are not merely foreseen, oldest first."""
        asked = {"deployments": {"id": {"any_": [self.deployment(flow)["id"]]}}, "sort": "START_TIME_ASC"}
        found: list[Any] = self.ask("POST", "/flow_runs/filter", asked)
        taken: list[Any] = [run for run in found if run["state_name"] != "Scheduled"]
        return taken

    def is_busy(self) -> bool:
        """Say whether a run is under way."""
        asked = {"flow_runs": {"state": {"type": {"any_": ["PENDING", "RUNNING"]}}}}
        return bool(self.ask("POST", "/flow_runs/filter", asked))

    def events(self, name: str) -> list[Any]:
        return list(self.ask("POST", "/events/filter", {"filter": {"event": {"name": [name]}}})["events"])

    def articles(self) -> list[str]:
        """Give the headlines that an analyst finds at this moment."""
        try:
            return [title for (title,) in query(self.warehouse / "news.duckdb", "select title from articles")[1]]
        except IngestError:
            return []

    def logged(self) -> str:
        return self.log.read_text(encoding="utf-8")

    @property
    def server(self) -> psutil.Process:
        """Prefect's server."""
        return next(one for one in self.family() if "ingest.edge.prefect_server" in " ".join(one.cmdline()))

    def family(self) -> list[psutil.Process]:
        found: list[psutil.Process] = psutil.Process(self.process.pid).children(recursive=True)
        return found


def until(holds: Callable[[], object], *, seconds: float = PATIENCE_SECONDS) -> float:
    """Wait until something holds, and say how long that took; what can't be asked does not hold yet."""
    begun_at = time.monotonic()
    while time.monotonic() - begun_at < seconds:
        try:
            if holds():
                return time.monotonic() - begun_at
        except (httpx.HTTPError, StopIteration, psutil.Error):
            pass
        time.sleep(0.05)
    raise TimeoutError("it did not come to that")


@contextmanager
def serving(folder: Path, sources: Path, **settings: str) -> Iterator[Served]:
    """Serve a warehouse in a folder, on any port; stopped in the end by a signal."""
    log, out = folder / "serve.err", folder / "serve.out"
    command = [str(INGEST), "serve", f"--warehouse={folder / 'warehouse'}", f"--sources={sources}", "--port=0"]
    environment = surroundings({"INGEST_LOG_LEVEL": "info", **settings})
    with (
        log.open("a") as err,
        out.open("w") as said,
        subprocess.Popen(command, cwd=folder, env=environment, stdout=said, stderr=err, text=True) as process,
    ):
        try:

            def announced() -> "re.Match[str] | None":
                assert process.poll() is None, log.read_text()
                return re.search(r"^serving .*; runs and events: (\S+);", out.read_text(), re.MULTILINE)

            until(announced)
            found = announced()
            assert found
            yield Served(process=process, warehouse=folder / "warehouse", log=log, url=found[1])
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                process.wait(60)
