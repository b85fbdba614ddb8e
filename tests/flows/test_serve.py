"""`ingest serve` on a real Prefect server: triggers wake flows, what is missed is made up for once, nothing is lost.

The tests of a town share what serves it, in any order: each looks at the runs and messages it has caused itself.
"""

import itertools
import logging
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterId
from prefect.settings import PREFECT_API_URL, PREFECT_HOME, temporary_settings
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from ingest.demo import OPENED_AT, Newsroom, demo_newsrooms
from ingest.flows.automations import set_up
from ingest.flows.deployments import ACTION_FAILED, NOTIFY, PINGED, PREFIX, SILENT, Deployment, Trigger, flows_of
from ingest.flows.serve import Serving
from ingest.pipeline.wiring import utc_now
from ingest.warehouse.warehouse import Warehouse
from tests import hub
from tests.browser import chromium, needs_chromium
from tests.command import ingest, list_sources, surroundings
from tests.docs.console import ELSEWHERE, ROOT, SERVED, Reader, commands, missing_lines
from tests.flows.held import Held
from tests.flows.serving import CALLER, Served, serving, until
from tests.forkserver import fork
from tests.makers import a_source
from tests.receiver import Receiver
from tests.state import change
from tests.waiting import LONGEST_SECONDS

pytestmark = [pytest.mark.integration, pytest.mark.slow]

SHOWN_URL = "http://127.0.0.1:4200"  # of the server, in the guide
# News in each of five hours, and then none: what was found is three days old.
THREE_DAYS_WITHOUT_NEWS = (
    "update polls set polled_at = polled_at - 3 * 24 * 3600 * 1000000 where entries_found > 0",
    """
    insert into polls (
      source_id, polled_at, outcome, feed_url, entries_listed, entries_found, received_bytes, elapsed_ms,
      failures_in_a_row
    )
    select
      source_id, polled_at - hours.value * 3600 * 1000000, outcome, feed_url, entries_listed, entries_found,
      received_bytes, elapsed_ms, failures_in_a_row
    from (select * from polls where entries_found > 0 order by polled_at limit 1)
    cross join json_each('[1, 2, 3, 4]') as hours
    """,
)


A_DAY = {"source": "gazette", "first_day": "2026-11-16", "last_day": "2026-11-16"}


@dataclass(frozen=True, kw_only=True)
class Town:
    """A gazette, a herald that a hub pushes, one whose batches are rejected, somebody on call, and who serves them."""

    gazette: Newsroom
    herald: hub.Newsroom
    sources: Path
    receiver: Receiver
    served: Served

    def told(self, words: str) -> list[str]:
        return [one.title for one in self.receiver.taken if words in one.title]

    def failed_actions(self) -> list[tuple[str, str, object]]:
        """Return when which automation's action failed, and why, newest first."""
        return [
            (one["occurred"], one["resource"]["prefect.resource.name"], one["payload"].get("reason"))
            for one in self.served.events(ACTION_FAILED)
        ]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory, prefect_home: Path) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("town")
    with (
        Newsroom() as gazette,
        hub.Newsroom(lease_seconds=864_000) as herald,
        demo_newsrooms(OPENED_AT) as others,
        Receiver() as receiver,
    ):
        pushed = replace(herald.source, source_id="herald", name="Herald")
        sources = list_sources(folder / "s.json", gazette.source, pushed, others["impossible-times"].source)
        addresses = f'["{receiver.address}"]'
        with serving(folder, sources, home=prefect_home, INGEST_ALERT_ADDRESSES=addresses) as served:
            served.stop_clocks()
            yield Town(gazette=gazette, herald=herald, sources=sources, receiver=receiver, served=served)
            family = served.family()
            served.process.send_signal(signal.SIGINT)
            assert served.process.wait(LONGEST_SECONDS) == 0, served.logged()
            wait_until_gone(family)


@pytest.fixture(autouse=True)
def shown_where_a_test_fails(request: pytest.FixtureRequest) -> Iterator[None]:
    """Print what was logged and delivered meanwhile; pytest shows it of a test that failed."""
    if "town" not in request.fixturenames:
        yield
        return
    town: Town = request.getfixturevalue("town")
    logged, told = len(town.served.logged()), len(town.receiver.taken)
    yield
    sys.stdout.write("\n".join([town.served.logged()[logged:], *(one.title for one in town.receiver.taken[told:])]))


@pytest.fixture(scope="module")
def triggered(town: Town) -> dict[str, Any]:
    """Return the runs that one poll of the gazette and of the newsroom whose batches are rejected has woken, by flow.

    No other test polls the latter.
    """
    known = town.served.known_runs()
    town.gazette.publishes("storm")
    town.served.run("poll", {"keys": ["gazette", "impossible-times"]})
    until(lambda: "Storm" in town.served.articles(), told=town.served.articles)
    runs = {flow: town.served.wait_for_run(flow, known) for flow in ("fetch", "validate")}
    return runs | {"notify": town.served.wait_for_run("notify", known, automation=PREFIX + NOTIFY.name)}


@pytest.mark.parametrize(("method", "path"), [("POST", "/flow_runs/filter"), ("DELETE", "/deployments/{id}")])
def test_the_server_answers_nobody_who_does_not_know_what_it_asks_for(town: Town, method: str, path: str) -> None:
    address = f"{town.served.url}/api{path.format(id=town.served.deployment('notify')['id'])}"

    answers = [
        CALLER.request(method, address, headers={"Content-Type": "application/json"}, content=b"{}", auth=auth)
        for auth in (None, ("ingest", "guessed"))
    ]

    assert [answer.status_code for answer in answers] == [401, 401]
    assert town.served.deployment("notify")


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Host": "evil.example"},
        {"Host": "evil.example:{port}", "Origin": "http://evil.example:{port}"},  # DNS rebinding
    ],
    ids=" ".join,
)
def test_a_page_of_another_origin_does_nothing_even_if_it_knows(town: Town, headers: dict[str, str]) -> None:
    port = town.served.url.rpartition(":")[2]
    sent = {name: value.format(port=port) for name, value in headers.items()}
    address = f"{town.served.url}/api/deployments/{town.served.deployment('notify')['id']}"

    answers = [
        CALLER.request("DELETE", address, headers=sent, auth=town.served.auth),
        CALLER.request("POST", f"{town.served.url}/api/flow_runs/filter", headers=sent, auth=town.served.auth),
        CALLER.request("OPTIONS", address, headers={**sent, "Access-Control-Request-Method": "DELETE"}),
    ]

    assert [answer.status_code for answer in answers] == [403] * 3
    assert not any("access-control-allow-origin" in answer.headers for answer in answers)
    assert town.served.deployment("notify")


def test_the_page_of_the_server_itself_may_ask_it(town: Town) -> None:
    settings = CALLER.get(f"{town.served.url}/ui-settings").json()
    port = town.served.url.rpartition(":")[2]
    origins = (town.served.url, f"http://localhost:{port}")

    answers = [
        CALLER.post(f"{town.served.url}/api/flow_runs/filter", headers={"Origin": one}, json={}, auth=town.served.auth)
        for one in origins
    ]

    assert "<html" in CALLER.get(town.served.url, headers={"Accept": "text/html"}, follow_redirects=True).text
    assert (settings["auth"], settings["api_url"]) == ("BASIC", "/api")  # so on any port, and behind any proxy
    assert list((town.served.warehouse / "prefect" / "page").rglob("index.html"))  # and none in site-packages
    assert [(one.status_code, one.headers.get("access-control-allow-origin")) for one in answers] == [
        (200, origin) for origin in origins
    ]


def test_events_are_taken_from_no_page_and_nobody_who_does_not_know(town: Town) -> None:
    address = f"{town.served.url}/api/events/in".replace("http:", "ws:")

    spoken = [Subprotocol("prefect")]
    foreign = Origin("https://evil.example")

    with pytest.raises(InvalidStatus, match="403"), connect(address, origin=foreign, subprotocols=spoken):
        pass
    with connect(address, subprotocols=spoken) as opened:
        opened.send('{"type": "auth", "token": "guessed"}')
        with pytest.raises(ConnectionClosed, match="Invalid token"):
            opened.recv()


def test_what_the_server_asks_for_is_its_owners_alone_and_in_no_log(town: Town) -> None:
    file, folder = town.served.warehouse / "prefect.auth", town.served.warehouse.parent
    password = town.served.auth[1].encode()
    logs = [folder / "serve.out", folder / "serve.err", town.served.warehouse / "prefect" / "server.log"]

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(password) >= 32
    assert str(file) in logs[0].read_text()
    assert [path.name for path in logs if password in path.read_bytes()] == []


def test_serving_says_what_the_guide_shows_and_a_run_is_asked_for_as_it_says(town: Town) -> None:
    folder, url = town.served.warehouse.parent, town.served.url
    serve, *asking = [shown for shown in commands(ROOT / "docs" / "install.md") if ELSEWHERE.get(shown.line) == SERVED]
    said = (folder / "serve.out").read_text(encoding="utf-8").replace(url, SHOWN_URL)
    said = said.replace(f"from {folder}/", "from ").replace(str(folder), "/srv/ingest")  # a town names its folder whole
    known = town.served.known_runs()
    caller = Reader(
        folder=folder,
        environment={"PREFECT_HOME": str(folder / "home")},
        stands_for={SHOWN_URL: url, "latin-post": "gazette"},
    )
    for one in asking:
        caller.type(one)

    assert missing_lines(serve, said) == []
    assert town.served.wait_for_run("notify", known)["state_type"] == "COMPLETED"
    assert town.served.wait_for_run("backfill", known, source="gazette")["state_type"] == "COMPLETED"


def test_an_article_goes_from_flow_to_flow_by_events(triggered: dict[str, Any]) -> None:
    runs = [triggered[flow] for flow in ("fetch", "validate")]

    assert [run["created_by"]["type"] for run in runs] == ["AUTOMATION", "AUTOMATION"]
    assert [run["state_name"] for run in runs] == ["Completed", "Rejected"]


def test_a_rejected_batch_is_in_the_state_the_log_and_the_artifacts_of_the_run_that_rejected_it(
    town: Town, triggered: dict[str, Any]
) -> None:
    run, said = (
        triggered["validate"],
        "impossible-times: 8 articles, 56 figures: figures.impossible_share: 52 of 56 rows",
    )
    asked = {"artifacts": {"flow_run_id": {"any_": [run["id"]]}}}
    left = {one["key"]: one["data"] for one in town.served.ask("POST", "/artifacts/filter", asked)}
    logs = town.served.ask("POST", "/logs/filter", {"logs": {"flow_run_id": {"any_": [run["id"]]}}})

    assert run["state_type"] == "FAILED"
    assert f"batch rejected: {said}" in run["state"]["message"]
    assert [one["level"] for one in logs if one["message"].startswith(f"batch rejected: {said}")] == [logging.ERROR]
    assert "## Rejected batches" in left["validate-troubles"]


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"first_day": "2026-13-01"}, "first_day: Input should be a valid date"),
        ({"source": "gazete"}, "no source has the key 'gazete'; the keys are gazette, herald, impossible-times"),
        ({"last_day": "2026-11-15"}, "first_day 2026-11-16 is after last_day 2026-11-15"),
    ],
    ids=str,
)
def test_a_run_with_a_wrong_parameter_fails_and_names_it(town: Town, wrong: dict[str, object], named: str) -> None:
    known = town.served.known_runs()
    town.served.run("backfill", A_DAY | wrong)
    run = town.served.wait_for_run("backfill", known)

    assert (run["state_name"], named in run["state"]["message"]) == ("Failed", True), run["state"]["message"]


@pytest.mark.parametrize(("wrong", "named"), [({"source": 5}, "'source'"), ({"last_day": None}, "'last_day'")], ids=str)
def test_what_is_no_parameter_of_this_kind_is_refused_and_named(
    town: Town, wrong: dict[str, object], named: str
) -> None:
    asked = {name: value for name, value in (A_DAY | wrong).items() if value is not None}
    address = f"{town.served.url}/api/deployments/{town.served.deployment('backfill')['id']}/create_flow_run"
    answer = CALLER.post(address, json={"parameters": asked}, auth=town.served.auth)

    assert (answer.status_code, named in answer.text) == (409, True), answer.text


@needs_chromium
def test_a_backfill_is_started_from_prefects_page(town: Town, triggered: dict[str, Any]) -> None:
    known = town.served.known_runs()
    with chromium() as browser:
        page = browser.new_page()
        page.set_default_timeout(LONGEST_SECONDS * 1000)
        page.goto(town.served.url)
        page.get_by_placeholder("admin:pass").fill(town.served.auth_string)
        page.get_by_role("button", name="Login").click()
        page.get_by_role("link", name="Deployments").click()
        page.get_by_role("link", name="backfill").first.click()
        until(lambda: choose_custom_run(page), told=lambda: (page.url, page.inner_text("body")))
        page.get_by_label("source").fill("gazette")
        for day in ("first_day", "last_day"):
            page.get_by_label(day).click()
            page.get_by_role("dialog").get_by_role("textbox").fill(A_DAY[day])
            page.keyboard.press("Escape")
            page.get_by_role("dialog").wait_for(state="hidden")
        until(lambda: submit(page))
        run = town.served.wait_for_run("backfill", known)
        page.goto(f"{town.served.url}/v2/runs/flow-run/{triggered['validate']['id']}")
        page.get_by_text("Rejected", exact=True).first.wait_for()
        page.get_by_text("batch rejected: impossible-times").first.wait_for()

    assert (run["state_name"], run["parameters"]) == ("Completed", A_DAY)


def choose_custom_run(page: Any) -> bool:
    """Open the menu of a deployment and choose in it; return whether it was there: under load it closes by itself."""
    from playwright.sync_api import TimeoutError as TookTooLong

    page.get_by_role("button", name="Run", exact=True).click()
    try:
        page.get_by_role("menuitem", name="Custom run").click(timeout=5_000)
    except TookTooLong:
        return False
    return True


def submit(page: Any) -> bool:
    """Press the button of a custom run, and return whether that made one: the server is 503 while SQLite is busy."""
    with page.expect_response("**/create_flow_run") as answer:
        page.get_by_role("button", name="Submit").click()
    assert answer.value.status in {httpx.codes.CREATED, httpx.codes.SERVICE_UNAVAILABLE}, answer.value.text()
    return bool(answer.value.status == httpx.codes.CREATED)


def test_a_stopped_batch_is_told_by_an_automation(town: Town, triggered: dict[str, Any]) -> None:
    until(lambda: town.served.events("ingest.batch.rejected"))

    assert triggered["notify"]["created_by"]["type"] == "AUTOMATION"
    assert len(town.told("impossible-times: batch rejected")) == 1


def test_clocks_that_struck_while_nobody_answered_make_one_run(town: Town) -> None:
    with town.served.paused():
        asked = [town.served.run("poll", {"every": 77}) for _ in range(8)]

    def ended() -> Counter[str]:
        return Counter(run["state_name"] for run in town.served.runs("poll") if run["id"] in asked)

    until(lambda: ended().total() == 8 and set(ended()) == {"Completed", "Merged"}, told=ended)

    assert ended() == {"Completed": 1, "Merged": 7}


def test_sources_that_ping_at_once_are_asked_by_one_run(town: Town) -> None:
    known = town.served.known_runs()
    with town.served.paused():
        for key in ("gazette", "herald", "gazette"):
            town.served.run("ingest", {"keys": [key], "pinged": True})

    def taken() -> list[tuple[str, list[str]]]:
        runs = [run for run in town.served.runs("ingest") if run["id"] not in known]
        return sorted((run["state_name"], sorted(run["parameters"]["keys"])) for run in runs)

    one_run = [("Completed", ["gazette", "herald"]), *[("Merged", ["gazette"])] * 2, ("Merged", ["herald"])]
    until(lambda: taken() == one_run, told=taken)


@contextmanager
def listening(town: Town) -> Iterator[None]:
    """Run `ingest listen` for the town, until the block ends."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    command = ("listen", "--sources", str(town.sources), "--warehouse", str(town.served.warehouse))
    environment = surroundings(
        {
            "INGEST_PUBLIC_URL": f"http://{address}",
            "INGEST_LISTEN_ON": address,
            "INGEST_PING_TOKEN": "a token of the tests",
            "PREFECT_API_URL": f"{town.served.url}/api",
            "PREFECT_API_AUTH_STRING": town.served.auth_string,
        }
    )
    said, out = os.pipe()
    folder = town.sources.parent
    with Path(os.devnull).open() as nothing, (folder / "listen.log").open("w") as log:
        process = fork(command, cwd=folder, environment=environment, streams=(nothing.fileno(), out, log.fileno()))
    os.close(out)
    try:
        with os.fdopen(said) as lines:
            assert "listening on" in lines.readline(), (folder / "listen.log").read_text(encoding="utf-8")
            yield
    finally:
        process.kill()
        process.wait()


def test_an_article_arrives_by_a_ping_alone_and_one_that_is_pushed_though_no_clock_strikes(town: Town) -> None:
    herald, served = town.herald, town.served
    herald.publishes("tide")
    with listening(town):
        known = served.known_runs()
        served.ping("herald")
        pinged = served.wait_for_run("ingest", known, keys=["herald"])  # and so it is known which hub pushes it
        found = served.articles()
        until(lambda: herald.subscribed)
        before = served.known_runs()
        herald.publishes("pushed")
        herald.push("pushed")
        pushed = served.wait_for_run("ingest", before, keys=["herald"])
    asked = {"artifacts": {"flow_run_id": {"any_": [pinged["id"]]}}}
    left = {one["key"]: one["data"] for one in served.ask("POST", "/artifacts/filter", asked)}

    assert "tide" in found
    assert {"tide", "pushed"} <= set(served.articles())
    assert [run["created_by"]["display_value"] for run in (pinged, pushed)] == [PREFIX + PINGED.name] * 2
    assert '"reason": "new_article"' in left["ingest-entries"]


def test_an_automation_that_fails_is_one_alert_until_it_works(town: Town) -> None:
    broken = {
        "name": "ingest: something of ours",
        "trigger": {"type": "event", "expect": ["tests.broken"], "posture": "Reactive", "threshold": 1, "within": 0},
        "actions": [
            {
                "type": "run-deployment", "source": "selected", "deployment_id": town.served.deployment("fetch")["id"],
                "parameters": {"keys": ["{{ event.payload.there_is_none.at_all }}"]},
            }
        ],
    }  # fmt: skip
    automation = town.served.ask("POST", "/automations/", broken)["id"]

    def is_alerted_after_one_more_failure() -> list[str]:
        """Fail once more: Prefect may miss an event while it is busy, and a failing automation fails each time."""
        town.served.ring("tests.broken", {})
        return town.told("automations fail: something of ours")

    until(is_alerted_after_one_more_failure, pause_seconds=2, told=town.failed_actions)

    town.served.ask("DELETE", f"/automations/{automation}")
    town.served.run("notify", {})
    until(lambda: town.told("Resolved: automations fail: something of ours"))

    assert town.told("something of ours") == [
        "automations fail: something of ours",
        "Resolved: automations fail: something of ours",
    ]


def test_a_time_without_anything_new_is_told_by_an_automation(town: Town, triggered: dict[str, Any]) -> None:
    known = town.served.known_runs()
    for statement in THREE_DAYS_WITHOUT_NEWS:
        change(town.served.warehouse, statement)
    trigger = PREFIX + SILENT.name
    (silence,) = town.served.ask("POST", "/automations/filter", {"automations": {"name": {"any_": [trigger]}}})
    # Ten seconds are the shortest silence that Prefect listens for.
    impatient = {key: silence[key] for key in ("name", "actions")} | {"trigger": silence["trigger"] | {"within": 10}}

    town.served.ask("PUT", f"/automations/{silence['id']}", impatient)
    town.served.wait_for_run("notify", known, automation=trigger)
    town.served.ask("DELETE", f"/automations/{silence['id']}")

    assert len(town.told("nothing new from any of 3 sources since")) == 1


def test_a_run_waits_for_whoever_holds_the_warehouse(town: Town) -> None:
    until(lambda: not town.served.is_busy())
    known = town.served.known_runs()
    logged = len(town.served.logged())
    with closing(Warehouse(town.served.warehouse)):
        town.gazette.publishes("hail")
        town.served.ping("gazette")
        until(lambda: town.served.logged()[logged:].count("retry_scheduled") >= 4, told=town.served.logged)
        early = town.served.articles()
    run = town.served.wait_for_run("ingest", known, keys=["gazette"])

    assert "Hail" not in early
    assert run["state_type"] == "COMPLETED"
    assert "Hail" in town.served.articles()


def test_nobody_serves_a_warehouse_twice(town: Town) -> None:
    second = ingest("serve", "--warehouse", town.served.warehouse, "--port", "0", cwd=town.served.warehouse)

    assert second.code == 1
    assert "is being served by another process" in second.complaint


def test_a_run_goes_on_while_the_server_is_away_and_is_told_when_it_is_back(town: Town) -> None:
    served, logged = town.served, len(town.served.logged())
    known = served.known_runs()
    town.gazette.publishes("drought")
    served.ping("gazette")
    until(lambda: "polled source=gazette" in served.logged()[logged:], pause_seconds=0.05)
    served.server.kill()
    until(lambda: "Drought" in served.articles())
    until(lambda: served.deployment("ingest"))
    town.gazette.publishes("frost")
    until(lambda: served.ping("gazette"))
    until(lambda: "Frost" in served.articles())
    published = re.findall(r"published source=gazette batch=(\w+)", served.logged()[logged:])
    until(lambda: set(published) <= set(batches_on_record(served)), told=lambda: (published, batches_on_record(served)))

    assert [batches_on_record(served).count(batch) for batch in published] == [1, 1]
    assert len([run for run in served.runs("ingest") if run["id"] not in known]) == 2  # no storm of them
    assert "Traceback" not in served.logged()[logged:]


def batches_on_record(served: Served) -> list[str]:
    """Return the batches that Prefect was told of as published: it writes down every five seconds what it was told."""
    return [event["payload"]["batch"] for event in served.events("ingest.batch.published")]


def test_a_run_publishes_what_it_has_when_it_is_to_stop_and_nothing_is_left(tmp_path: Path, prefect_home: Path) -> None:
    with Held() as gazette:
        sources = list_sources(tmp_path / "sources.json", gazette.source)
        with serving(tmp_path, sources, home=prefect_home) as served:
            served.stop_clocks()
            for slug in ("flood", "storm"):
                gazette.publishes(slug)
            gazette.held = gazette.publications["flood"].path
            served.ping("gazette")
            assert gazette.is_asked.wait(LONGEST_SECONDS)
            family = served.family()
            served.process.send_signal(signal.SIGTERM)
            until(lambda: "ingest: SIGTERM: ending" in served.logged(), pause_seconds=0.05)
            gazette.goes_on.set()
            code = served.process.wait(LONGEST_SECONDS)
            articles = served.articles()
    wait_until_gone(family)

    assert (code, len(family) >= 3, "Flood" in articles) == (0, True, True)
    assert "Traceback" not in served.logged()


def wait_until_gone(family: list[psutil.Process]) -> None:
    until(lambda: not any(one.is_running() for one in family), told=lambda: [one for one in family if one.is_running()])


def test_its_server_ends_when_it_is_killed(tmp_path: Path) -> None:
    code = (
        "import os, sys, time; from pathlib import Path; from ingest.flows.prefect_server import PrefectServer\n"
        "place = {'host': '127.0.0.1', 'port': 0, 'log': Path(sys.argv[1], 'server.log')}\n"
        "server = PrefectServer(**place, environment={**os.environ, 'PREFECT_HOME': sys.argv[1]}); server.begin()\n"
        "print(server.process_id, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code, tmp_path], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        server_id = int(process.stdout.readline())
        process.kill()

    until(lambda: not psutil.pid_exists(server_id))


def test_what_is_set_up_again_is_there_once_and_a_clock_set_back_makes_no_storm(
    tmp_path: Path, prefect_api: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    stop, looks = threading.Event(), itertools.count()
    started_at = utc_now()

    def now() -> datetime:
        """Read a clock that is set back by an hour."""
        look = next(looks)
        if look > 8:
            stop.set()
        return started_at - timedelta(hours=look > 4)

    announced: list[object] = []
    served = {PREFECT_API_URL: prefect_api["PREFECT_API_URL"], PREFECT_HOME: prefect_api["PREFECT_HOME"]}
    with temporary_settings(served), get_client(sync_client=True) as client:
        old = Trigger(name="old", says="", events=("x",))
        poll = Deployment(flow="poll", entrypoint="ingest.flows.triggered.poll", says="", triggers=(old,))
        set_up(client, [poll, replace(poll, flow="gone", triggers=())])
        monkeypatch.setenv("INGEST_WAREHOUSE", str(tmp_path / "warehouse"))
        monkeypatch.setenv("INGEST_SOURCES", str(list_sources(tmp_path / "s.json", a_source())))
        Serving(prepare=print, stop=stop, now=now, warm_up=lambda: None).serve(announced.append)
        automations = Counter(one.name for one in client.read_automations())
        deployments = {one.id: one.name for one in client.read_deployments()}
        ours = DeploymentFilter(id=DeploymentFilterId(any_=list(deployments)))
        runs = client.read_flow_runs(deployment_filter=ours)
        set_up(client, [])  # others use the server, too

    assert automations == Counter(f"ingest: {trigger.name}" for one in flows_of(()) for trigger in one.triggers)
    assert Counter(deployments.values()) == Counter(one.flow for one in flows_of(()))
    assert len(announced) == 1
    assert {run.state_name for run in runs} <= {"Scheduled"}  # foreseen, and none of them taken
