"""`ingest serve` on a real Prefect server: bells wake flows, what is missed is made up for once, nothing is lost.

It takes one minute on two cores that do nothing else.
"""

import itertools
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import psutil
import pytest
from prefect.client.orchestration import get_client
from prefect.settings import PREFECT_API_URL, PREFECT_HOME, temporary_settings

from flows.automations import set_up
from flows.serving import Serving
from flows.topology import PREFIX, SILENT, Bell, Woken, flows_of
from ingest.demo import OPENED_AT, Newsroom, demo_newsrooms
from ingest.edge.prefect_server import PrefectServer
from ingest.edge.warehouse import Warehouse
from ingest.wiring import utc_now
from tests.command import ingest, list_sources, surroundings
from tests.flows.serving import Served, serving, until
from tests.makers import a_source
from tests.receiver import Receiver

pytestmark = [pytest.mark.prefect, pytest.mark.gx]

# News in each of five hours, and then none: what was found is three days old.
THREE_DAYS_WITHOUT_NEWS = """
update ops.polls set polled_at = polled_at - interval 3 day where entries_found > 0;
insert into ops.polls by name
select polls.* replace (polled_at - interval 1 hour * hours as polled_at)
from (from ops.polls where entries_found > 0 order by polled_at limit 1) as polls, range(1, 5) as earlier(hours);
"""


@dataclass(frozen=True, kw_only=True)
class Town:
    """A gazette, a newsroom whose batches are stopped, somebody on call, and a service for all of them."""

    gazette: Newsroom
    receiver: Receiver
    served: Served

    def told(self, words: str) -> list[str]:
        return [one.title for one in self.receiver.taken if words in one.title]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("town")
    with Newsroom() as gazette, demo_newsrooms(OPENED_AT) as others, Receiver() as receiver:
        sources = list_sources(folder / "sources.json", gazette.source, others["impossible-times"].source)
        with serving(folder, sources, INGEST_ALERT_ADDRESSES=f'["{receiver.address}"]') as served:
            served.stop_clocks()
            yield Town(gazette=gazette, receiver=receiver, served=served)


def test_a_story_arrives_by_a_ping_alone(town: Town) -> None:
    town.gazette.publishes("flood")
    town.served.ping("gazette")
    until(lambda: "Flood" in town.served.articles())
    until(lambda: not town.served.is_busy())
    run = town.served.runs("ingest")[-1]
    left = {one["key"]: one["data"] for one in town.served.ask("POST", "/artifacts/filter", {})}

    assert (run["created_by"]["type"], run["parameters"]["keys"]) == ("AUTOMATION", ["gazette"])
    assert '"reason": "new_article"' in left["ingest-entries"]


def test_a_story_goes_from_flow_to_flow_by_events(town: Town) -> None:
    town.gazette.publishes("storm")
    town.served.run("poll", {"keys": ["gazette"]})
    until(lambda: "Storm" in town.served.articles())
    until(lambda: not town.served.is_busy())
    woken = {flow: town.served.runs(flow)[-1] for flow in ("read", "judge")}

    assert {run["created_by"]["type"] for run in woken.values()} == {"AUTOMATION"}
    assert {run["state_type"] for run in woken.values()} == {"COMPLETED"}


def test_a_stopped_batch_is_told_by_an_automation(town: Town) -> None:
    town.served.run("poll", {"keys": ["impossible-times"]})
    until(lambda: town.told("impossible-times: batch stopped"))
    until(lambda: town.served.events("ingest.batch.rejected"))
    (run,) = town.served.runs("alert")[-1:]

    assert run["created_by"]["type"] == "AUTOMATION"
    assert len(town.told("impossible-times: batch stopped")) == 1


def test_clocks_that_struck_while_nobody_answered_make_one_run(town: Town) -> None:
    answered_at = datetime.now(UTC) + timedelta(seconds=15)
    asked = [town.served.run("poll", {"every": 77}, at=answered_at + timedelta(milliseconds=n)) for n in range(8)]

    def ended() -> Counter[str]:
        return Counter(run["state_name"] for run in town.served.runs("poll") if run["id"] in asked)

    until(lambda: ended().total() == 8 and set(ended()) == {"Completed", "Merged"})

    assert ended() == {"Completed": 1, "Merged": 7}


def test_sources_that_ping_at_once_are_asked_by_one_run(town: Town) -> None:
    later = datetime.now(UTC) + timedelta(seconds=10)
    for key in ("gazette", "impossible-times", "gazette"):
        town.served.run("ingest", {"keys": [key], "pinged": True}, at=later)

    def both() -> list[object]:
        keys = ["gazette", "impossible-times"]
        return [run for run in town.served.runs("ingest") if sorted(run["parameters"].get("keys", ())) == keys]

    until(lambda: [run["state_type"] for run in both()] == ["COMPLETED"])  # type: ignore[index]


def test_an_automation_that_fails_is_one_alert_until_it_works(town: Town) -> None:
    broken = {
        "name": "ingest: something of ours",
        "trigger": {"type": "event", "expect": ["tests.broken"], "posture": "Reactive", "threshold": 1, "within": 0},
        "actions": [
            {
                "type": "run-deployment", "source": "selected", "deployment_id": town.served.deployment("read")["id"],
                "parameters": {"keys": ["{{ event.payload.there_is_none.at_all }}"]},
            }
        ],
    }  # fmt: skip
    automation = town.served.ask("POST", "/automations/", broken)["id"]
    town.served.ring("tests.broken", {})
    town.served.ring("tests.broken", {})
    until(lambda: town.told("automations fail: something of ours"))

    town.served.ask("DELETE", f"/automations/{automation}")
    town.served.run("alert", {})
    until(lambda: town.told("Resolved: automations fail"))

    assert town.told("automations fail") == [
        "automations fail: something of ours",
        "Resolved: automations fail: something of ours",
    ]


def test_a_time_without_anything_new_is_told_by_an_automation(town: Town) -> None:
    town.gazette.publishes("lull")
    town.served.ping("gazette")
    until(lambda: "Lull" in town.served.articles())
    until(lambda: not town.served.is_busy())
    with duckdb.connect(str(town.served.warehouse / "ingest.duckdb")) as warehouse:
        warehouse.execute(THREE_DAYS_WITHOUT_NEWS)
    bell = PREFIX + SILENT.name
    (silence,) = town.served.ask("POST", "/automations/filter", {"automations": {"name": {"any_": [bell]}}})
    impatient = {key: silence[key] for key in ("name", "actions")} | {"trigger": silence["trigger"] | {"within": 10}}

    town.served.ask("PUT", f"/automations/{silence['id']}", impatient)
    until(lambda: town.told("nothing new from any of 2 sources since"))
    town.served.ask("DELETE", f"/automations/{silence['id']}")

    assert bell in {run["created_by"]["display_value"] for run in town.served.runs("alert") if run["created_by"]}


def test_a_run_waits_for_whoever_holds_the_warehouse(town: Town) -> None:
    until(lambda: not town.served.is_busy())
    with closing(Warehouse(town.served.warehouse)):
        town.gazette.publishes("hail")
        town.served.ping("gazette")
        until(town.served.is_busy)
        time.sleep(2)
        early = town.served.articles()
    until(lambda: "Hail" in town.served.articles())

    assert "Hail" not in early


def test_nobody_serves_a_warehouse_twice(town: Town) -> None:
    second = ingest("serve", "--warehouse", town.served.warehouse, "--port", "0", cwd=town.served.warehouse)

    assert second.code == 1
    assert "is being served by another process" in second.complaint


def test_a_run_goes_on_while_the_server_is_away_and_is_told_when_it_is_back(town: Town) -> None:
    polls = town.served.logged().count("polled source=gazette")
    town.gazette.publishes("drought")
    town.served.ping("gazette")
    until(lambda: town.served.logged().count("polled source=gazette") > polls)
    town.served.server.kill()
    until(lambda: "Drought" in town.served.articles())
    before = len(town.served.runs("ingest")) if until(lambda: town.served.deployment("ingest")) else 0

    town.gazette.publishes("frost")
    until(lambda: town.served.ping("gazette"))
    until(lambda: "Frost" in town.served.articles())
    until(lambda: len(town.served.events("ingest.batch.published")) >= 2)

    assert len(town.served.runs("ingest")) == before + 1  # no storm of them
    assert "Traceback" not in town.served.logged()


def test_it_stops_cleanly_with_all_that_it_began(tmp_path: Path) -> None:
    with Newsroom() as gazette:
        sources = list_sources(tmp_path / "sources.json", gazette.source)
        with serving(tmp_path, sources) as served:
            served.stop_clocks()
            gazette.publishes("flood")
            served.ping("gazette")
            until(lambda: "polled source=gazette" in served.logged())
            family = served.family()
            served.process.send_signal(signal.SIGINT)
            code = served.process.wait(60)
    until(lambda: not any(one.is_running() for one in family), seconds=10)

    assert (code, len(family) >= 3) == (0, True)
    assert "Traceback" not in served.logged()


def test_its_server_ends_when_it_is_killed(tmp_path: Path) -> None:
    code = (
        "import os, sys, time; from pathlib import Path; from ingest.edge.prefect_server import PrefectServer\n"
        "place = {'host': '127.0.0.1', 'port': 0, 'folder': Path(sys.argv[1])}\n"
        "server = PrefectServer(**place, environment={**os.environ, 'PREFECT_HOME': sys.argv[1]}); server.begin()\n"
        "print(server.process_id, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code, tmp_path], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        server_id = int(process.stdout.readline())
        process.kill()

    assert until(lambda: not psutil.pid_exists(server_id), seconds=60) < 60


def test_what_is_set_up_again_is_there_once_and_a_clock_set_back_makes_no_storm(tmp_path: Path) -> None:
    stop, looks = threading.Event(), itertools.count()
    started_at = utc_now()

    def now() -> datetime:
        """Read a clock that is set back by an hour."""
        look = next(looks)
        if look > 8:
            stop.set()
        return started_at - timedelta(hours=look > 4)

    home = str(tmp_path / "prefect")
    surrounded = surroundings({"PREFECT_HOME": home, "PREFECT_SERVER_ANALYTICS_ENABLED": "false"})
    server = PrefectServer(host="127.0.0.1", port=0, folder=tmp_path, environment=surrounded)
    server.begin()
    try:
        assert server.wait_until_healthy(stop.wait)
        with (
            temporary_settings({PREFECT_API_URL: server.api_url, PREFECT_HOME: home}),
            get_client(sync_client=True) as client,
        ):
            poll = Woken(flow="poll", entrypoint="flows.woken.poll", says="", bells=(Bell(name="old", events=("x",)),))
            set_up(client, [poll, Woken(flow="gone", entrypoint="flows.woken.gone", says="")], {})
            given = {
                "warehouse": str(tmp_path / "warehouse"),
                "sources": str(list_sources(tmp_path / "s.json", a_source())),
            }
            announced: list[object] = []
            Serving(given=given, prepare=print, stop=stop, now=now).serve(announced.append)
            automations = Counter(one.name for one in client.read_automations())
            deployments = Counter(one.name for one in client.read_deployments())
            runs = client.read_flow_runs()
    finally:
        server.close()

    assert automations == Counter(f"ingest: {bell.name}" for woken in flows_of(()) for bell in woken.bells)
    assert deployments == Counter(woken.flow for woken in flows_of(()))
    assert len(announced) == 1
    assert {run.state_name for run in runs} <= {"Scheduled"}  # foreseen, and none of them taken
