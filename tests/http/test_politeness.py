"""One host, one request at a time, with a pause; different hosts don't wait for each other."""

import socket
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from ingest.core.errors import PageMissing, Throttled
from ingest.core.model import Conditions
from ingest.http.politeness import HostCounts, Pacer, is_loopback
from tests.http.conftest import NOW, ManualClock, OpenWeb, RawServer, answer
from tests.waiting import LONGEST_SECONDS


def pacer_by(clock: ManualClock, *, gap_seconds: float | None, host_delays: Mapping[str, float] | None = None) -> Pacer:
    return Pacer(gap_seconds=gap_seconds, host_delays=host_delays or {}, monotonic=clock.monotonic, sleep=clock.sleep)


def ask(pacer: Pacer, host: str) -> None:
    with pacer.turn(host):
        pass


@pytest.mark.integration
def test_a_pause_is_left_after_the_end_of_an_answer(
    server: RawServer, open_web: OpenWeb, manual_clock: ManualClock
) -> None:
    web = open_web(gap_seconds=2.0)

    def slowly(connection: socket.socket) -> None:
        manual_clock.now += 10.0
        connection.sendall(answer(b"a"))

    server.answers["/a"] = slowly

    web.visit_feed(f"{server.url}/a", conditions=None)
    manual_clock.now += 0.5
    web.visit_feed(f"{server.url}/a", conditions=None)

    assert manual_clock.slept == [1.5]


def test_a_host_that_another_process_may_have_asked_gets_its_pause_from_then(manual_clock: ManualClock) -> None:
    manual_clock.now = 100.0
    pacer = pacer_by(manual_clock, gap_seconds=2.0)
    pacer.pause_since("gazette.example", 0.5)
    ask(pacer, "www.gazette.example")
    pacer.pause_since("gazette.example", 60.0)  # the request of this process ended later
    ask(pacer, "gazette.example")

    assert manual_clock.slept == [1.5, 2.0]


@pytest.mark.integration
def test_one_host_is_asked_by_one_thread_at_a_time(server: RawServer, open_web: OpenWeb) -> None:
    web = open_web()
    lock, are_two = threading.Lock(), threading.Event()
    at_once = 0

    def counted(connection: socket.socket) -> None:
        nonlocal at_once
        with lock:
            at_once += 1
            if at_once > 1:
                are_two.set()
        are_two.wait(0.02)  # time for another to come, which must not
        with lock:
            at_once -= 1
        connection.sendall(answer(b"a"))

    server.answers["/a"] = counted
    with ThreadPoolExecutor(6) as threads:
        pages = list(threads.map(lambda _: web.visit_feed(f"{server.url}/a", conditions=None), range(6)))

    assert len(pages) == 6
    assert not are_two.is_set()


def test_different_hosts_do_not_wait_for_each_other(manual_clock: ManualClock) -> None:
    pacer = pacer_by(manual_clock, gap_seconds=5.0)
    all_have_a_turn = threading.Barrier(10)

    def ask_together(host: str) -> None:
        with pacer.turn(host):
            all_have_a_turn.wait(LONGEST_SECONDS)

    with ThreadPoolExecutor(10) as threads:
        list(threads.map(ask_together, (f"host-{number}.example" for number in range(10))))

    assert manual_clock.slept == []


@pytest.mark.integration
def test_a_host_may_have_a_pause_of_its_own(server: RawServer, open_web: OpenWeb, manual_clock: ManualClock) -> None:
    web = open_web(gap_seconds=30.0, host_delays={f"127.0.0.1:{server.port}": 0.25})
    server.answers["/a"] = answer(b"a")

    web.visit_feed(f"{server.url}/a", conditions=None)
    web.visit_feed(f"{server.url}/a", conditions=None)

    assert manual_clock.slept == [0.25]


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
def test_the_twins_of_a_host_share_its_turn(one: str, other: str, manual_clock: ManualClock, *, is_same: bool) -> None:
    pacer = pacer_by(manual_clock, gap_seconds=2.0)

    ask(pacer, one)
    ask(pacer, other)

    assert manual_clock.slept == ([2.0] if is_same else [])


def test_a_pause_that_is_asked_for_later_counts_from_the_last_answer(manual_clock: ManualClock) -> None:
    pacer = pacer_by(manual_clock, gap_seconds=0.0)

    ask(pacer, "gazette.example")
    manual_clock.now += 1.0
    pacer.obey_crawl_delay("gazette.example", 5.0)
    ask(pacer, "gazette.example")

    assert manual_clock.slept == [4.0]


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


@pytest.mark.integration
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


@pytest.mark.integration
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
    with pytest.raises(Exception, match="before a response"):
        web.visit_feed(f"{server.url}/d", conditions=None)
    with pytest.raises(PageMissing):
        web.visit_feed(f"{server.url}/e", conditions=None)

    host = f"127.0.0.1:{server.port}"
    expected = HostCounts(host=host, requests=5, not_modified=1, throttled=1, failed=1, received_bytes=17)
    assert web.host_counts() == (expected,)
