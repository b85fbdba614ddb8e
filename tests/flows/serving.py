"""`ingest serve` in a process of its own, with all that tests and benchmarks want to ask of it."""

import re
import shutil
import signal
import subprocess
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import psutil

from ingest.core.errors import IngestError
from ingest.warehouse.warehouse import query
from tests.command import INGEST, surroundings
from tests.waiting import LONGEST_SECONDS, wait_until

LOOK_SECONDS = 0.5  # each look costs the server as much as it costs us
# To make a client costs more than to use it; a connection that is kept may be one that the server is about to close.
CALLER = httpx.Client(timeout=60, verify=False, trust_env=False, limits=httpx.Limits(max_keepalive_connections=0))
# One that can't be asked may be about to begin.
AWAY = (httpx.HTTPError, StopIteration, psutil.Error)
until = partial(wait_until, pause_seconds=LOOK_SECONDS, not_yet=AWAY)
ENDED = frozenset({"COMPLETED", "FAILED", "CRASHED", "CANCELLED"})


@dataclass
class Served:
    """A served warehouse, and Prefect's API beside it."""

    process: "subprocess.Popen[str]"
    warehouse: Path
    log: Path
    url: str
    said: list[str] = field(default_factory=list)

    @property
    def auth_string(self) -> str:
        """What the server asks for, as whoever operates it would look it up."""
        return (self.warehouse / "prefect.auth").read_text(encoding="utf-8").strip()

    @property
    def auth(self) -> tuple[str, str]:
        """User and password of it."""
        user, _, password = self.auth_string.partition(":")
        return user, password

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """Ask the API something."""
        give_up_at = time.monotonic() + LONGEST_SECONDS
        while True:
            answer = CALLER.request(method, f"{self.url}/api{path}", json=body, auth=self.auth)
            if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE or time.monotonic() > give_up_at:
                break
            time.sleep(0.1)  # its SQLite is busy
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
        """Return the runs of a flow that are not merely foreseen, oldest first."""
        asked = {"deployments": {"name": {"any_": [flow]}}, "sort": "START_TIME_ASC"}
        found: list[Any] = self.ask("POST", "/flow_runs/filter", asked)
        taken: list[Any] = [run for run in found if run["state_name"] != "Scheduled"]
        return taken

    def known_runs(self) -> frozenset[str]:
        """Return the ids of the runs that there are, so that a test can tell its own from them."""
        asked = {"sort": "EXPECTED_START_TIME_DESC"}
        return frozenset(run["id"] for run in self.ask("POST", "/flow_runs/filter", asked))

    def wait_for_run(self, flow: str, known: Collection[str], *, automation: str | None = None, **given: object) -> Any:
        """Wait for the end of a run that is not among the known, with these parameters.

        One merged does not count, but for an automation's: there, the run that does for it counts.
        """

        def is_done(run: Any, runs: Iterable[Any]) -> bool:
            if run["state_name"] != "Merged":
                return run["state_type"] in ENDED
            doing, _, said = run["state"]["message"].partition(" ")
            assert said == "takes what it would have taken", run
            return automation is not None and any(
                one["name"] == doing and one["state_type"] == "COMPLETED" for one in runs
            )

        def ended() -> list[Any]:
            runs = self.runs(flow)
            return [
                run
                for run in runs
                if run["id"] not in known
                and automation in (None, run["created_by"] and run["created_by"]["display_value"])
                and given.items() <= run["parameters"].items()
                and is_done(run, runs)
            ]

        until(ended, told=lambda: [run for run in self.runs(flow) if run["id"] not in known])
        return ended()[0]

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Stop the process that takes runs, but not Prefect's server: what is asked for meanwhile waits."""
        self.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGCONT)

    def is_busy(self) -> bool:
        """Return whether a run is under way."""
        asked = {"flow_runs": {"state": {"type": {"any_": ["PENDING", "RUNNING"]}}}}
        return bool(self.ask("POST", "/flow_runs/filter", asked))

    def events(self, name: str) -> list[Any]:
        return list(self.ask("POST", "/events/filter", {"filter": {"event": {"name": [name]}}})["events"])

    def articles(self) -> list[str]:
        """Return the headlines that an analyst finds at this moment."""
        try:
            return [title for (title,) in query(self.warehouse / "news.duckdb", "select title from articles")[1]]
        except IngestError:
            return []

    def logged(self) -> str:
        return self.log.read_text(encoding="utf-8")

    @property
    def server(self) -> psutil.Process:
        """Prefect's server."""
        return next(one for one in self.family() if "ingest.flows.prefect_server" in " ".join(one.cmdline()))

    def family(self) -> list[psutil.Process]:
        found: list[psutil.Process] = psutil.Process(self.process.pid).children(recursive=True)
        return found


@contextmanager
def serving(folder: Path, sources: Path, *, home: Path | None = None, **settings: str) -> Iterator[Served]:
    """Serve a warehouse in a folder, on any port; stopped in the end by a signal.

    Prefect's state is a copy of `home`, where that is given, and else made by its server.
    """
    if home:
        shutil.copytree(home, folder / "warehouse" / "prefect")
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
                process.wait(LONGEST_SECONDS)
