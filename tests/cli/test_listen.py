"""The real `ingest listen`, in a process of its own: between a hub and the runs that take in what it pushes."""

import os
import random
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from ingest.cli import inspection
from ingest.core.pushes import Subscription, Topic
from ingest.core.settings import load_settings
from ingest.pipeline.open_stores import open_state
from ingest.state.inbox import StateInbox
from ingest.warehouse.warehouse import query
from tests.command import ingest, list_sources, surroundings
from tests.forkserver import Forked, fork
from tests.hub import CALLER, Newsroom
from tests.makers import NOON
from tests.postgres import Postgres
from tests.waiting import wait_until

pytestmark = pytest.mark.integration

KILLS = int(os.environ.get("INGEST_TEST_KILLS", "6"))
SETTINGS = {"INGEST_LOG_LEVEL": "info", "INGEST_PING_TOKEN": "a token of the tests"}


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    with Newsroom(lease_seconds=864_000) as newsroom:
        yield newsroom


@contextmanager
def listening(folder: Path, newsroom: Newsroom, *, port: int, state: str = "") -> Iterator[Forked]:
    """Run `ingest listen` until the block ends, or it is killed."""
    sources = list_sources(folder / "sources.json", newsroom.source)
    told = {
        "INGEST_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "INGEST_LISTEN_ON": f"127.0.0.1:{port}",
        "INGEST_STATE": state,
    }
    command = ["listen", "--sources", str(sources), "--warehouse", str(folder / "warehouse")]
    ours, theirs = os.pipe()
    with (folder / "listen.log").open("a") as log, Path(os.devnull).open() as nothing, os.fdopen(ours) as said:
        streams = (nothing.fileno(), theirs, log.fileno())
        process = fork(command, cwd=folder, environment=surroundings({**SETTINGS, **told}), streams=streams)
        os.close(theirs)
        try:
            assert "listening on" in said.readline(), (folder / "listen.log").read_text()
            yield process
        finally:
            process.kill()
            process.wait()


def free_port() -> int:
    """Find a port below those that the system gives to whoever asks for any, so that nobody else gets it meanwhile."""
    for port in random.sample(range(30_000, 32_000), k=100):
        try:
            with socket.create_server(("127.0.0.1", port)):
                return port
        except OSError:
            continue
    raise AssertionError("no port is free")


def test_without_a_public_address_nobody_listens(tmp_path: Path) -> None:
    ran = ingest("listen", cwd=tmp_path)

    assert (ran.code, ran.out) == (2, "")
    assert "INGEST_PUBLIC_URL" in ran.complaint
    assert not (tmp_path / "warehouse").exists()


def test_an_address_that_is_taken_is_told(tmp_path: Path, newsroom: Newsroom) -> None:
    taken = newsroom.url.removeprefix("http://")
    ran = ingest("listen", cwd=tmp_path, INGEST_PUBLIC_URL=newsroom.url, INGEST_LISTEN_ON=taken)

    assert ran.code == 2
    assert taken in ran.complaint


def test_the_listener_imports_no_library_of_runs(tmp_path: Path, newsroom: Newsroom) -> None:
    program = """
import atexit, sys
atexit.register(lambda: print({"duckdb", "great_expectations", "prefect", "sqlalchemy", "bs4"} & sys.modules.keys()))
sys.argv = ["ingest", "listen"]
from ingest.cli import main
main()
"""
    told = {"INGEST_PUBLIC_URL": newsroom.url, "INGEST_LISTEN_ON": newsroom.url.removeprefix("http://")}  # it is taken
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=surroundings(told))

    assert (done.returncode, done.stdout) == (2, "set()\n")
    assert (tmp_path / "warehouse" / "state.db").exists()


def test_a_token_that_is_too_short_is_refused_and_not_shown(tmp_path: Path) -> None:
    ran = ingest("listen", cwd=tmp_path, INGEST_PING_TOKEN="hunter2")

    assert ran.code == 2
    assert "ping_token" in ran.complaint
    assert "hunter2" not in ran.err


def test_what_a_hub_pushes_is_an_article_after_the_next_run(tmp_path: Path, newsroom: Newsroom) -> None:
    is_pushed_and_published(newsroom, tmp_path, tmp_path / "warehouse", "")


def test_the_listener_may_be_on_another_machine_where_the_state_is_in_postgresql(
    tmp_path: Path, newsroom: Newsroom, pg: Postgres
) -> None:
    is_pushed_and_published(newsroom, tmp_path, tmp_path / "elsewhere", pg.address(pg.database()))


def is_pushed_and_published(newsroom: Newsroom, tmp_path: Path, warehouse: Path, state: str) -> None:
    """Listen beside a warehouse folder, which may be another than that of runs, and publish what is pushed."""
    newsroom.publishes("old")
    port = free_port()
    with listening(tmp_path, newsroom, port=port, state=state) as process:
        run_pipeline = ("run", "--direct", "--sources", tmp_path / "sources.json", "--warehouse", warehouse)
        assert ingest(*run_pipeline, cwd=tmp_path, INGEST_STATE=state).code == 0
        wait_until(lambda: newsroom.subscribed)  # it looks every few seconds
        newsroom.publishes("flood")
        newsroom.push("flood")
        ping = CALLER.post(f"http://127.0.0.1:{port}/ping", json={"source": "gazette"}, headers=bearer())
        assert ping.status_code == 202
        visits = newsroom.visits.count("/feed")
        assert ingest(*run_pipeline, cwd=tmp_path, INGEST_STATE=state).code == 0

        assert query(warehouse / "news.duckdb", "select title from articles order by title")[1] == [
            ("flood",),
            ("old",),
        ]
        assert newsroom.visits.count("/feed") == visits + 1  # for the ping
        told = ingest("status", "--json", "--warehouse", warehouse, cwd=tmp_path, INGEST_STATE=state).told[0]["push"]
        assert (told["hub_url"], told["state"], told["is_trusted"], told["pushes"]) == (newsroom.hub, "active", True, 1)
        os.kill(process.pid, signal.SIGTERM)
        assert process.wait() == 0
    said = (tmp_path / "listen.log").read_text()
    assert "Traceback" not in said
    assert SETTINGS["INGEST_PING_TOKEN"] not in said


def test_what_was_answered_outlives_a_kill_at_any_moment(tmp_path: Path, newsroom: Newsroom) -> None:
    """Push as fast as it goes and kill the listener meanwhile; each that was answered 2xx is in the inbox, once."""
    port = free_port()
    state = open_state(load_settings(warehouse=tmp_path / "warehouse"))
    inbox = StateInbox(state)
    listed = newsroom.source.feed_url
    inbox.keep_topics(
        [Topic(source_id="gazette", listed_url=listed, topic_url=newsroom.topic, hub_urls=(newsroom.hub,))]
    )
    answered: set[bytes] = set()
    number = 0
    for kill in range(KILLS):
        with listening(tmp_path, newsroom, port=port) as process:
            wait_until(lambda: newsroom.subscribed)
            answers: list[int] = []
            enough = 5 + 5 * (kill % 6)
            with suppress(httpx.HTTPError):  # once it was killed
                while True:
                    number += 1
                    if len(answers) == enough:
                        threading.Timer(0.001 * (kill % 6), process.kill).start()  # while it takes the next ones
                    answers.append(newsroom.push(f"story-{number}").status_code)
                    answered.add(newsroom.feed(f"story-{number}"))
            assert (set(answers), len(answers) >= enough) == ({202}, True)
            assert process.wait() == -signal.SIGKILL
    kept = [delivery.body for delivery in inbox.waiting(100_000)]
    state.close()

    assert answered <= set(kept)
    assert len(kept) == len(set(kept))
    assert len(answered) > KILLS


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"state": "new"}, "does not push it (not confirmed yet); visited as before"),
        ({"state": "refused", "reason": "denied: no"}, "does not push it (denied: no); visited as before"),
        ({}, "pushes it until 2026-03-02 12:00, no push yet; visited as before"),
        ({"is_trusted": True, "last_push_at": NOON}, "last push 2026-03-01 12:00; visited once a day for safety"),
        ({"distrusted_at": NOON, "missed": 2}, "not believed since 2026-03-01 12:00, when it had missed 2;"),
    ],
)
def test_status_says_how_it_stands_with_a_hub(tmp_path: Path, changes: dict[str, Any], said: str) -> None:
    fields: dict[str, Any] = {"state": "active", "lease_ends_at": NOON + timedelta(days=1)}
    about: dict[str, Any] = {"token": "t", "source_id": "gazette", "topic_url": "https://gazette.example/feed"}
    settings = load_settings(warehouse=tmp_path)
    with closing(open_state(settings)) as state:
        subscription = Subscription(**about, hub_url="https://hub.example/", secret="hush", **(fields | changes))
        StateInbox(state).open(subscription)
    told = inspection._pushed(settings)["gazette"]

    assert said in inspection._push_remark(told)
    assert "hush" not in str(told)


def bearer() -> dict[str, str]:
    return {"Authorization": f"Bearer {SETTINGS['INGEST_PING_TOKEN']}"}
