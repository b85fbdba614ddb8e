"""One host, one request at a time, with a pause; different hosts don't wait for each other."""

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from ingest.edge.pacing import HostTally, Pacer, is_loopback
from ingest.errors import PageMissing, Throttled
from ingest.model import Conditions

from .conftest import NOW, OpenWeb, RawServer, answer


def test_a_pause_is_left_after_the_end_of_an_answer(server: RawServer, open_web: OpenWeb) -> None:
    web = open_web(gap_seconds=0.3)
    ended: list[float] = []

    def slowly(connection: socket.socket) -> None:
        time.sleep(0.2)
        connection.sendall(answer(b"a"))
        ended.append(time.monotonic())

    server.answers["/a"] = slowly

    web.visit_feed(f"{server.url}/a", conditions=None)
    web.visit_feed(f"{server.url}/a", conditions=None)

    assert server.requests[1][0] - ended[0] >= 0.29


def test_one_host_is_asked_by_one_thread_at_a_time(server: RawServer, open_web: OpenWeb) -> None:
    web = open_web()
    lock = threading.Lock()
    at_once: list[int] = [0, 0]

    def counted(connection: socket.socket) -> None:
        with lock:
            at_once[0] += 1
            at_once[1] = max(at_once)
        time.sleep(0.03)
        with lock:
            at_once[0] -= 1
        connection.sendall(answer(b"a"))

    server.answers["/a"] = counted
    with ThreadPoolExecutor(6) as threads:
        pages = list(threads.map(lambda _: web.visit_feed(f"{server.url}/a", conditions=None), range(6)))

    assert len(pages) == 6
    assert at_once[1] == 1


def test_different_hosts_do_not_wait_for_each_other() -> None:
    pacer = Pacer(gap_seconds=5.0, host_gaps={})
    started = time.monotonic()

    def ask(host: str) -> None:
        with pacer.turn(host):
            time.sleep(0.2)

    with ThreadPoolExecutor(10) as threads:
        list(threads.map(ask, (f"host-{number}.example" for number in range(10))))

    assert time.monotonic() - started < 1.5


def test_a_host_may_have_a_pause_of_its_own(server: RawServer, open_web: OpenWeb) -> None:
    web = open_web(gap_seconds=30.0, host_gaps={f"127.0.0.1:{server.port}": 0.0})
    server.answers["/a"] = answer(b"a")
    started = time.monotonic()

    web.visit_feed(f"{server.url}/a", conditions=None)
    web.visit_feed(f"{server.url}/a", conditions=None)

    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("gazette.example", "www.gazette.example", True),
        ("m.gazette.example", "www.gazette.example", True),
        ("gazette.example:8080", "m.gazette.example:8080", True),
        ("gazette.example", "gazette.example:8080", False),
        ("gazette.example", "news.gazette.example", False),
        ("m.example", "www.example", False),
    ],
)
def test_the_twins_of_a_host_share_its_turn(one: str, other: str, *, is_same: bool) -> None:
    pacer = Pacer(gap_seconds=0.2, host_gaps={})
    with pacer.turn(one):
        pass
    started = time.monotonic()

    with pacer.turn(other):
        waited = time.monotonic() - started

    assert (waited > 0.1) is is_same


def test_a_pause_that_is_asked_for_later_counts_from_the_last_answer() -> None:
    pacer = Pacer(gap_seconds=0.0, host_gaps={})
    with pacer.turn("gazette.example"):
        pass
    pacer.obey_crawl_delay("gazette.example", 0.2)
    started = time.monotonic()

    with pacer.turn("gazette.example"):
        assert time.monotonic() - started > 0.1


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1:8000", True),
        ("127.0.0.1", True),
        ("[::1]:80", True),
        ("localhost:1", True),
        ("gazette.localhost", True),
        ("gazette.example", False),
        ("localhost.example", False),
        ("10.0.0.1", False),
    ],
)
def test_loopback_alone_needs_no_pause(host: str, *, expected: bool) -> None:
    assert is_loopback(host) is expected


def test_a_host_that_named_a_time_is_asked_nothing_before(server: RawServer, open_web: OpenWeb) -> None:
    now = NOW
    web = open_web(clock=lambda: now)
    server.answers["/feed"] = answer(status="429 Too Many Requests", headers=("Retry-After: 60",))
    server.answers["/other"] = answer(b"hello")
    named = []
    for path in ("/feed", "/other", "/story"):
        with pytest.raises(Throttled) as raised:
            web.visit_feed(f"{server.url}{path}", conditions=None)
        named.append((raised.value.retry_at, raised.value.capture is not None))
    now += timedelta(seconds=60)

    assert web.visit_feed(f"{server.url}/other", conditions=None).body == b"hello"
    assert server.paths() == ["/feed", "/other"]
    assert named == [(NOW + timedelta(seconds=60), path == "/feed") for path in ("/feed", "/other", "/story")]


def test_what_was_asked_of_a_host_is_counted(server: RawServer, open_web: OpenWeb) -> None:
    web = open_web()
    server.answers["/a"] = answer(b"0123456789")
    server.answers["/b"] = answer(status="304 Not Modified")
    server.answers["/c"] = answer(status="429 Too Many Requests")
    server.answers["/d"] = b""

    web.visit_feed(f"{server.url}/a", conditions=None)
    web.visit_feed(f"{server.url}/b", conditions=Conditions(etag='"1"'))
    with pytest.raises(Throttled):
        web.visit_feed(f"{server.url}/c", conditions=None)
    with pytest.raises(Exception, match="before an answer"):
        web.visit_feed(f"{server.url}/d", conditions=None)
    with pytest.raises(PageMissing):
        web.visit_feed(f"{server.url}/e", conditions=None)

    host = f"127.0.0.1:{server.port}"
    expected = HostTally(host=host, requests=5, not_modified=1, throttled=1, failed=1, received_bytes=17)
    assert web.tallies() == (expected,)
