"""What a run says on standard error as JSON, with Prefect and without, and that no secret is in it."""

import json
from pathlib import Path
from typing import Any

import pytest

from ingest.demo import Newsroom
from tests.command import Ran, ingest, list_sources

SECRET = "hunter22hunter"
JSON = {"INGEST_LOG_FORMAT": "json", "INGEST_LOG_LEVEL": "info"}
ADDRESS = f'["json://desk:{SECRET}@127.0.0.1:9/?rto=0.1&cto=0.1"]'
LOUD = {"INGEST_LOG_LEVEL": "debug", "INGEST_ALERT_ADDRESSES": ADDRESS}
KEYS = {"time", "level", "logger", "message", "event", "stage", "run_id", "source_id", "batch_id"}


def run(folder: Path, *arguments: str, **settings: Any) -> Ran:
    """Take a pass over a newsroom, and over one that is away and whose address holds a password."""
    folder.mkdir(exist_ok=True)
    with Newsroom() as other:
        away = other.source
    with Newsroom() as newsroom:
        newsroom.publishes("pier", text="The pier will cost $12 million, the port said on Monday at its meeting.")
        sources = list_sources(folder / "sources.json", newsroom.source)
        listed = json.loads(sources.read_text(encoding="utf-8"))
        url = away.feed_url.replace("http://", f"http://desk:{SECRET}@") + f"?token={SECRET}"
        sources.write_text(json.dumps([*listed, {"key": "away", "feed_url": url}]), encoding="utf-8")
        return ingest("run", *arguments, "--sources", sources, "--warehouse", folder / "w", cwd=folder, **settings)


def lines(ran: Ran) -> list[dict[str, Any]]:
    return [json.loads(said) for said in ran.err.splitlines()]


@pytest.mark.gx
def test_every_line_is_json_with_the_run_and_what_it_is_about(tmp_path: Path) -> None:
    ran = run(tmp_path, "--direct", **{**JSON, **LOUD})
    said = lines(ran)
    by_event = {one["event"]: one for one in said if "event" in one}

    assert ran.code == 3
    assert SECRET not in ran.err
    assert {"polled", "fetched", "staged", "validated", "published", "audited", "run_ended"} <= set(by_event)
    assert len({one["run_id"] for one in said if "run_id" in one}) == 1
    assert by_event["staged"].keys() - {"counts", "details"} == KEYS
    assert by_event["staged"]["counts"] == {"articles": 1, "figures": 1, "unread": 0}
    assert {one["source_id"] for one in said if one.get("event") == "polled"} == {"gazette", "away"}


@pytest.mark.gx
def test_no_secret_is_in_any_line_for_people(tmp_path: Path) -> None:
    ran = run(tmp_path, "--direct", **LOUD)

    assert "polled source=away outcome=failed" in ran.err
    assert SECRET not in ran.err


@pytest.mark.gx
@pytest.mark.prefect
def test_prefect_says_the_same(tmp_path: Path) -> None:
    ran = run(tmp_path, PREFECT_HOME=str(tmp_path / "prefect"), **JSON)
    said = [one for one in lines(ran) if one["logger"].startswith("ingest")]
    by_event = {one["event"]: one for one in said if "event" in one}

    assert {"polled", "fetched", "staged", "validated", "published", "audited", "run_ended"} <= set(by_event)
    assert by_event["published"].keys() - {"counts", "details"} == KEYS
    assert len({one["run_id"] for one in said if "run_id" in one}) == 1
