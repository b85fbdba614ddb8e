"""What a run tells whoever watches it, with Prefect and without: JSON lines and one trace, and no secret in either."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from ingest.demo import Newsroom
from tests.command import Ran, ingest, list_sources
from tests.traces import TraceReceiver

pytestmark = pytest.mark.integration

SECRET = "hunter22hunter"
KEYS = {"time", "level", "logger", "message", "event", "stage", "run_id", "source_id", "batch_id"}
STEPS = {"polled", "fetched", "staged", "validated", "published", "audited", "run_ended"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A run over a newsroom, and over one that is away and asks for a password."""

    ran: Ran
    lines: list[dict[str, Any]]
    traces: TraceReceiver

    @property
    def by_event(self) -> dict[str, dict[str, Any]]:
        return {one["event"]: one for one in self.lines if "event" in one}


@pytest.fixture(
    scope="module", params=[("--direct",), pytest.param((), marks=pytest.mark.integration)], ids=["direct", "prefect"]
)
def seen(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    folder = tmp_path_factory.mktemp("watched")
    with Newsroom() as other:
        away = other.source
    with Newsroom() as newsroom, TraceReceiver() as traces:
        newsroom.publishes("pier", text="The pier will cost $12 million, the port said on Monday at its meeting.")
        sources = list_sources(folder / "sources.json", newsroom.source)
        listed = json.loads(sources.read_text(encoding="utf-8"))
        closed = {"key": "away", "feed_url": away.feed_url, "secret": "INGEST_SECRET_AWAY", "secret_as": "basic"}
        sources.write_text(json.dumps([*listed, closed]), encoding="utf-8")
        settings: dict[str, Any] = {
            "INGEST_LOG_FORMAT": "json",
            "INGEST_LOG_LEVEL": "debug",
            "INGEST_SECRET_AWAY": f"desk:{SECRET}",
            "INGEST_ALERT_ADDRESSES": f'["json://desk:{SECRET}@127.0.0.1:9/?rto=0.1&cto=0.1"]',
            "OTEL_EXPORTER_OTLP_ENDPOINT": traces.endpoint,
            "OTEL_SERVICE_NAME": "desk-7",
        }
        if not request.param:
            settings |= request.getfixturevalue("prefect_api")
        where = ("--sources", sources, "--warehouse", folder / "w")
        ran = ingest("run", *request.param, *where, cwd=folder, **settings)
        said = [json.loads(line) for line in ran.err.splitlines()]
        yield Seen(ran=ran, lines=[one for one in said if one["logger"].startswith("ingest")], traces=traces)


def test_every_line_is_json_with_the_run_and_what_it_is_about(seen: Seen) -> None:
    staged, published = seen.by_event["staged"], seen.by_event["published"]

    assert seen.ran.code == 3
    assert set(seen.by_event) >= STEPS
    assert len({one["run_id"] for one in seen.lines if "run_id" in one}) == 1
    assert staged.keys() - {"counts", "details"} == published.keys() - {"counts", "details"} == KEYS
    assert staged["counts"] == {"articles": 1, "figures": 1, "unread": 0}
    assert {one["source_id"] for one in seen.lines if one.get("event") == "polled"} == {"gazette", "away"}


def test_a_run_is_one_trace_from_the_run_to_each_source(seen: Seen) -> None:
    (whole,) = seen.traces.named("run")
    polled = {span.attributes["source_id"]: span for span in seen.traces.named("poll_source")}
    (staged,) = seen.traces.named("stage_batch")
    (published,) = seen.traces.named("publish_batches")

    assert seen.traces.resource["service.name"] == "desk-7"
    assert {span.trace_id for span in seen.traces.spans} == {whole.trace_id}
    assert seen.traces.path(polled["away"]) == ["run", "stage.poll_source", "poll_source"]
    assert seen.traces.path(published) == ["run", "stage.publish_batches", "publish_batches"]
    assert {span.attributes["run_id"] for span in polled.values()} == {whole.attributes["run_id"]}
    assert polled["gazette"].attributes["ingest.found"] == 1
    assert (staged.attributes["ingest.articles"], staged.attributes["ingest.figures"]) == (1, 1)
    assert staged.events == ("staged",)
    assert published.attributes["batch_id"]
    assert whole.attributes["ingest.polled"] == 2
    assert all(whole.began <= span.began <= span.ended <= whole.ended for span in seen.traces.spans)


def test_no_secret_is_in_any_line_or_span(seen: Seen) -> None:
    assert SECRET not in seen.ran.err + seen.ran.out
    assert SECRET.encode() not in seen.traces.raw
