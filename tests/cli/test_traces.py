"""Traces to a receiver that is away, or to none, and of what fails; test_watched.py has a whole one."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from ingest.demo import Newsroom
from tests.command import INGEST, ingest, list_sources, surroundings
from tests.traces import TraceReceiver

pytestmark = pytest.mark.integration


def test_a_stage_that_fails_is_traced_with_its_reason(tmp_path: Path) -> None:
    with TraceReceiver() as receiver, Newsroom() as newsroom:
        newsroom.publishes("pier", text="The pier will cost $12 million, the port said on Monday at its meeting.")
        sources = list_sources(tmp_path / "sources.json", newsroom.source)
        (tmp_path / "w").mkdir()
        (tmp_path / "w" / "archive").write_text("in the way")
        at = ("--sources", sources, "--warehouse", tmp_path / "w")
        ran = ingest("run", "--direct", *at, cwd=tmp_path, OTEL_EXPORTER_OTLP_ENDPOINT=receiver.endpoint)
    failed = [span for span in receiver.spans if span.failed]

    assert ran.code == 1
    assert [(span.name, span.attributes["error.type"]) for span in failed] == [("poll_source", "warehouse_unusable")]


@pytest.mark.timeout(120)  # seconds; a run that waits for a receiver that hangs does not end
@pytest.mark.parametrize("hangs", [True, False])
def test_a_receiver_that_is_away_holds_up_a_run_for_seconds_and_is_told(tmp_path: Path, hangs: bool) -> None:
    with TraceReceiver(hangs=hangs) as receiver:  # one that hangs answers once the run is over, or never
        endpoint = receiver.endpoint if hangs else "http://127.0.0.1:9"
        ran = ingest(
            *("run", "--direct", "--sources", _away(tmp_path), "--warehouse", tmp_path / "w"),
            cwd=tmp_path,
            OTEL_EXPORTER_OTLP_ENDPOINT=endpoint,
            OTEL_EXPORTER_OTLP_TIMEOUT="600" if hangs else "1",  # seconds, in which the exporter tries again
        )

    assert ran.code == 3
    assert ("WARNING traces_late seconds=5.0" if hangs else "WARNING traces_") in ran.complaint


def test_nothing_of_it_is_imported_when_it_is_off(tmp_path: Path) -> None:
    said = imported(tmp_path)

    assert said == []


def test_a_run_says_which_extra_is_missing(tmp_path: Path) -> None:
    (tmp_path / "opentelemetry").mkdir()
    (tmp_path / "opentelemetry" / "__init__.py").touch()
    settings = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9", "PYTHONPATH": str(tmp_path)}
    command: list[str | Path] = [INGEST, "run", "--direct"]
    command += ["--sources", _away(tmp_path), "--warehouse", tmp_path / "w"]
    ran = subprocess.run(command, cwd=tmp_path, env=surroundings(settings), capture_output=True, text=True)

    assert ran.returncode == 2
    assert "pip install 'news-ingest[telemetry]'" in ran.stderr
    assert len(ran.stderr.splitlines()) == 1


def imported(folder: Path) -> list[str]:
    """Return what a run without the setting imports of OpenTelemetry."""
    script = (
        "import sys, atexit\n"
        "atexit.register(lambda: print(sorted(m for m in sys.modules if m.startswith('opentelemetry')), flush=True))\n"
        "from ingest.cli import main\nmain()\n"
    )
    arguments = ["run", "--direct", "--json", "--sources", str(_away(folder)), "--warehouse", str(folder / "w")]
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments], cwd=folder, env=surroundings({}), capture_output=True
    )
    return list(json.loads(done.stdout.splitlines()[-1].replace(b"'", b'"')))


def _away(folder: Path) -> Path:
    with Newsroom() as newsroom:
        return list_sources(folder / "sources.json", newsroom.source)
