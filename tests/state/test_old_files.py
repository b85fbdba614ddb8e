"""What earlier versions kept in `listen.db` and `payloads.sqlite` is in the state after the first opening, once."""

import json
import logging
import shutil
import signal
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from ingest.archive.archive import WarcArchive
from ingest.core.model import Capture
from ingest.core.pushes import Delivery, Listening, Ping, Subscription, Topic
from ingest.core.settings import Settings, load_settings
from ingest.pipeline.open_stores import open_both, open_state
from ingest.state import State
from ingest.state.inbox import StateInbox
from ingest.state.old_files import LISTEN_FILE, PAYLOADS_FILE
from tests.archive.test_archive import STORY, exchange, payload_key
from tests.command import ingest_of
from tests.forkserver import ROOT
from tests.makers import NOON
from tests.postgres import Postgres
from tests.state import select, state_in
from tests.syscalls import SYNCS, Fault, NotPossibleHere, supervise
from tests.warc import read_archive

# As the version before made them.
LISTEN = """
    create table topics (source_id text primary key, topic text not null);
    create table subscriptions (number integer primary key, token text not null unique, told text not null);
    create table deliveries (
      delivery_id text primary key,
      token text not null,
      source_id text not null,
      topic_url text not null,
      content_type text,
      body blob,
      bytes integer not null,
      received_at text not null,
      attempts integer not null default 0,
      taken_at text
    );
    create table pings (
      source_id text primary key, reason text not null, first_at text not null, received_at text not null
    );
    create table awaited (
      token text not null, entry_id text not null, found_at text not null, primary key (token, entry_id)
    );
    create table listening (one integer primary key check (one = 1), since text not null, seen_at text not null);
"""
PAYLOADS = """
    create table places (key blob primary key, file text, offset integer) without rowid;
    create table to_file (
      number integer primary key autoincrement,
      capture_id, url, captured_at, status, payload_hash, warc_file, warc_offset, warc_length
    );
"""
AT = "2026-03-01T12:00:00.000000+00:00"  # NOON, as they wrote it
ADDRESS = "https://gazette.example/feed"
TOPIC = {"source_id": "gazette", "listed_url": ADDRESS, "topic_url": ADDRESS, "hub_urls": ["https://hub.example/"]}
TOLD = {  # of a subscription, as an even earlier version wrote it: fields that came later are missing
    "token": "second", "source_id": "gazette", "topic_url": ADDRESS, "hub_url": "https://hub.example/",
    "secret": "hush", "state": "active", "lease_ends_at": AT, "pushes": 3, "retry_at": None, "is_trusted": True,
}  # fmt: skip


def make_listen_file(path: Path) -> None:
    with opened(path, LISTEN) as old:
        old.execute("insert into topics values ('gazette', ?)", [json.dumps(TOPIC)])
        for number, token in ((7, "first"), (9, "second")):
            told = json.dumps(TOLD | {"token": token})
            old.execute("insert into subscriptions values (?, ?, ?)", [number, token, told])
        pushes = [
            ("waits", "second", "gazette", ADDRESS, "text/xml", b"<rss/>", 6, AT, 2, None),
            ("taken", "second", "gazette", ADDRESS, None, None, 6, AT, 0, AT),
        ]
        old.executemany("insert into deliveries values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", pushes)
        old.execute("insert into pings values ('other', 'ping', ?, ?)", [AT, AT])
        old.execute("insert into awaited values ('second', 'entry', ?)", [AT])
        old.execute("insert into listening values (1, ?, ?)", [AT, AT])


def make_payloads_file(path: Path, capture: Capture) -> None:
    """Make the index of an archive in which an article is, and a capture that no run has recorded."""
    with opened(path, PAYLOADS) as old:
        key = bytes.fromhex(payload_key(STORY))
        old.execute("insert into places values (?, ?, ?)", [key, capture.warc_file, capture.warc_offset])
        values = [getattr(capture, name) for name in Capture.__slots__]
        row = [value.isoformat() if isinstance(value, datetime) else value for value in values]
        old.execute("insert into to_file values (null, ?, ?, ?, ?, ?, ?, ?, ?)", row)


@contextmanager
def opened(path: Path, tables: str) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(path, isolation_level=None)) as old:
        old.execute("pragma journal_mode = wal")
        old.executescript(tables)
        yield old


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.integration)])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Return the settings of a state that is not there yet, beside which an old file is."""
    make_listen_file(tmp_path / LISTEN_FILE)
    if request.param == "sqlite":
        return load_settings(warehouse=tmp_path)
    pg: Postgres = request.getfixturevalue("pg")
    return load_settings(warehouse=tmp_path, state=pg.address(pg.database()))


def content(state: State) -> dict[str, Any]:
    """Return all that an inbox holds."""
    inbox = StateInbox(state)
    return {
        "topics": inbox.topics(),
        "subscriptions": inbox.subscriptions(),
        "waiting": inbox.waiting(9),
        "pings": inbox.pings(),
        "listening": inbox.listening(),
    }


def test_all_that_listen_db_held_arrives_and_the_file_goes(settings: Settings) -> None:
    about: dict[str, Any] = {"source_id": "gazette", "topic_url": ADDRESS}
    with closing(open_state(settings)) as state:
        assert content(state) == {
            "topics": [Topic(**about, listed_url=ADDRESS, hub_urls=("https://hub.example/",))],
            "subscriptions": [
                Subscription(
                    **about,
                    token=token,
                    hub_url="https://hub.example/",
                    secret="hush",
                    state="active",
                    lease_ends_at=NOON,
                    pushes=3,
                    is_trusted=True,
                )
                for token in ("first", "second")
            ],
            "waiting": [
                Delivery(
                    **about,
                    delivery_id="waits",
                    token="second",
                    content_type="text/xml",
                    body=b"<rss/>",
                    received_at=NOON,
                    attempts=2,
                )
            ],
            "pings": [Ping(source_id="other", reason="ping", received_at=NOON)],
            "listening": Listening(since=NOON, seen_at=NOON),
        }
        assert not StateInbox(state).deliver(a_delivery("taken"))
        assert StateInbox(state).overdue(NOON) == {"second": 1}
    assert list(settings.warehouse.glob("listen.db*")) == []


def a_delivery(delivery_id: str) -> Delivery:
    told: dict[str, Any] = {"token": "second", "source_id": "gazette", "topic_url": ADDRESS, "content_type": None}
    return Delivery(**told, delivery_id=delivery_id, body=b"<rss/>", received_at=NOON)


def test_a_file_that_was_imported_and_not_deleted_changes_nothing_when_it_is_imported_again(
    settings: Settings, tmp_path: Path
) -> None:
    left = shutil.copy(tmp_path / LISTEN_FILE, tmp_path / "left")
    with closing(open_state(settings)) as state:
        before = content(state)
    shutil.copy(left, tmp_path / LISTEN_FILE)
    with closing(open_state(settings)) as state:
        assert content(state) == before
        StateInbox(state).keep_taken("waits", NOON)
    shutil.copy(left, tmp_path / LISTEN_FILE)
    with closing(open_state(settings)) as state:
        assert StateInbox(state).waiting(9) == []  # it was taken in, and is not once more
    assert not (tmp_path / LISTEN_FILE).exists()


def test_a_file_that_an_older_listener_has_open_stays_until_it_ends(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    make_listen_file(tmp_path / LISTEN_FILE)
    settings = load_settings(warehouse=tmp_path)
    with opened(tmp_path / LISTEN_FILE, "") as old:
        old.execute("select * from pings").fetchall()
        with closing(open_state(settings)) as state, caplog.at_level(logging.ERROR, "ingest"):
            assert content(state)["waiting"] == []
        old.execute("insert into pings values ('late', 'ping', ?, ?)", [AT, AT])
    assert "listen.db is open in another process" in caplog.text
    with closing(open_state(settings)) as state:
        assert [ping.source_id for ping in StateInbox(state).pings()] == ["late", "other"]
    assert not (tmp_path / LISTEN_FILE).exists()


@pytest.mark.parametrize("data", [b"no database at all, but long enough to look like one" * 100, b""])
def test_a_file_that_is_damaged_is_told_of_and_an_empty_one_goes(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, data: bytes
) -> None:
    (tmp_path / LISTEN_FILE).write_bytes(data)
    open_state(load_settings(warehouse=tmp_path)).close()

    assert (tmp_path / LISTEN_FILE).exists() == bool(data) == ("listen.db is damaged" in caplog.text)


def test_what_an_archive_holds_is_referred_to_and_what_was_not_recorded_is(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    with closing(state_in(tmp_path / "earlier")) as state:
        archive = opened_archive(folder, state)
        whole = archive.keep(exchange("https://gazette.example/a", STORY))
        archive.close()
    make_payloads_file(folder / PAYLOADS_FILE, whole)
    warehouse, state = open_both(load_settings(warehouse=tmp_path))
    archive = opened_archive(folder, state)
    again = archive.keep(exchange("https://gazette.example/b", STORY))
    archive.close()
    state.close()
    warehouse.close()

    assert read_archive(folder)[again.warc_file, again.warc_offset].kind == "revisit"
    assert select(tmp_path, "select capture_id from captures order by rowid") == [
        (whole.capture_id,),
        (again.capture_id,),
    ]
    assert list(folder.glob(f"{PAYLOADS_FILE}*")) == []


def opened_archive(folder: Path, state: State) -> WarcArchive:
    return WarcArchive(folder, state, clock=lambda: NOON, software="tests")


@pytest.mark.integration
@pytest.mark.slow
def test_killed_before_any_flush_it_is_imported_by_the_next_opening(tmp_path: Path) -> None:
    (tmp_path / "before").mkdir()
    make_listen_file(tmp_path / "before" / LISTEN_FILE)
    counted = Fault(calls=SYNCS)
    expected = listened(tmp_path, "whole", counted)

    for at in range(len(counted.seen)):
        assert listened(tmp_path, f"killed-{at}", Fault(calls=SYNCS, at=at)) == expected, counted.seen[at]
    assert len(expected["waiting"]) == 1


def listened(place: Path, name: str, fault: Fault) -> dict[str, Any]:
    """Begin to listen with a fault, on an address that is taken; return what is in the state after another opening."""
    folder = Path(shutil.copytree(place / "before", place / name))

    def supervised(process: socket.socket) -> None:
        try:
            supervise(process, fault, folder)
        except NotPossibleHere:
            pytest.skip("this machine does not let system calls be supervised")

    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        told = {"INGEST_PUBLIC_URL": "http://127.0.0.1", "INGEST_LISTEN_ON": address}
        ran = ingest_of(ROOT, "listen", f"--warehouse={folder}", cwd=place, settings=told, supervise=supervised)
    assert ran.code == (2 if fault.at is None else -signal.SIGKILL)
    with closing(open_state(load_settings(warehouse=folder))) as state:
        return content(state)
