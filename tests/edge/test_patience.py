"""Nobody waits for what has been found out, nor behind what is big; nothing that is slow holds us for long."""

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from ingest.edge.addresses import AddressPolicy
from ingest.edge.connection import Patience
from ingest.edge.room import Room, Stay
from ingest.errors import PageMissing, TimedOut, Unreachable

from .conftest import QUICK, OpenWeb, RawServer, answer

STORY = b"<p>The river rose by two metres.</p>" * 40


@pytest.fixture
def silent_port() -> Iterator[int]:
    """Listen, accept, and say nothing, not even in the handshake."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


def test_a_host_that_does_not_resolve_is_looked_up_once(open_web: OpenWeb) -> None:
    looked_up: list[str] = []

    def nobody(host: str, port: int) -> list[str]:
        looked_up.append(host)
        raise socket.gaierror(-2, "Name or service not known")

    web = open_web(resolver=nobody, gap_seconds=30.0)
    started = time.monotonic()
    for number in range(50):
        with pytest.raises(Unreachable, match=r"no address for dead\.example"):
            web.visit(f"https://dead.example/{number}", conditions=None)

    assert looked_up == ["dead.example"]
    assert time.monotonic() - started < 10


def test_a_host_that_was_never_reached_needs_no_pause(open_web: OpenWeb) -> None:
    def nobody(host: str, port: int) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    web = open_web(resolver=nobody, gap_seconds=30.0, limits=replace(QUICK, unreachable_seconds=0.0))
    started = time.monotonic()
    for _ in range(2):
        with pytest.raises(Unreachable):
            web.visit_feed("http://dead.example/", conditions=None)

    assert time.monotonic() - started < 10


def test_a_resolver_that_hangs_is_waited_for_once(open_web: OpenWeb) -> None:
    release = threading.Event()

    def hanging(host: str, port: int) -> list[str]:
        release.wait(20)
        return []

    web = open_web(resolver=hanging, limits=replace(QUICK, connect_seconds=0.3), gap_seconds=30.0)
    started = time.monotonic()
    for number in range(20):
        with pytest.raises(TimedOut):
            web.visit_feed(f"http://slow.example/{number}", conditions=None)
    release.set()

    assert time.monotonic() - started < 5


def test_a_host_that_was_not_there_is_tried_again_after_a_while(open_web: OpenWeb) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    policy = AddressPolicy(allowed_endpoints=frozenset({f"127.0.0.1:{port}"}))
    web = open_web(policy=policy, limits=replace(QUICK, unreachable_seconds=0.2))
    with pytest.raises(Unreachable):
        web.visit_feed(f"http://127.0.0.1:{port}/a", conditions=None)
    with pytest.raises(Unreachable, match="found out"):
        web.visit_feed(f"http://127.0.0.1:{port}/b", conditions=None)
    time.sleep(0.25)

    with pytest.raises(Unreachable) as raised:
        web.visit_feed(f"http://127.0.0.1:{port}/c", conditions=None)

    assert "found out" not in str(raised.value)


def test_a_page_that_fails_says_nothing_of_the_others(server: RawServer, open_web: OpenWeb) -> None:
    server.answers["/a"] = b""
    server.answers["/b"] = answer(STORY)
    web = open_web()
    with pytest.raises(Unreachable, match="before an answer"):
        web.visit_feed(f"{server.url}/a", conditions=None)

    assert web.visit_feed(f"{server.url}/b", conditions=None).body == STORY


def test_a_handshake_that_is_never_finished_is_left(open_web: OpenWeb, silent_port: int) -> None:
    policy = AddressPolicy(allowed_endpoints=frozenset({f"127.0.0.1:{silent_port}"}))
    web = open_web(policy=policy, limits=replace(QUICK, connect_seconds=0.4))
    started = time.monotonic()

    with pytest.raises(TimedOut, match="handshake"):
        web.visit_feed(f"https://127.0.0.1:{silent_port}/", conditions=None)

    assert time.monotonic() - started < 2


def test_a_handshake_that_drips_is_left(open_web: OpenWeb) -> None:
    stop = threading.Event()

    def drip(listening: socket.socket) -> None:
        connection, _ = listening.accept()
        with connection:
            for byte in b"\x16\x03\x03\x40\x00" + bytes(16_000):  # a record that takes its time
                if stop.wait(0.05):
                    return
                connection.sendall(bytes([byte]))

    with socket.create_server(("127.0.0.1", 0)) as listening, ThreadPoolExecutor(1) as threads:
        port = listening.getsockname()[1]
        threads.submit(drip, listening)
        policy = AddressPolicy(allowed_endpoints=frozenset({f"127.0.0.1:{port}"}))
        web = open_web(policy=policy, limits=replace(QUICK, connect_seconds=0.5))
        started = time.monotonic()

        with pytest.raises(TimedOut, match="handshake"):
            web.visit_feed(f"https://127.0.0.1:{port}/", conditions=None)

        stop.set()

    assert time.monotonic() - started < 3


def test_a_refusal_whose_words_drip_is_told_all_the_same(server: RawServer, open_web: OpenWeb) -> None:
    head = b"HTTP/1.1 404 Not Found\r\nContent-Length: 100000\r\n\r\n"

    def send(connection: socket.socket) -> None:
        connection.sendall(head)
        server.drips(b"sorry" * 1000, every_seconds=0.02)(connection)

    server.answers["/story"] = send
    limits = replace(QUICK, sample_seconds=0.3, total_seconds=20.0, slowest_bytes_per_second=0)
    started = time.monotonic()

    with pytest.raises(PageMissing):
        open_web(limits=limits).visit_feed(f"{server.url}/story", conditions=None)

    assert time.monotonic() - started < 3


def test_small_answers_never_wait_and_big_ones_wait_for_a_place() -> None:
    room = Room(places=1, small_bytes=100)
    with Stay(room) as big, Stay(room) as small, ThreadPoolExecutor(1) as threads:
        big.grow(101)
        small.grow(100)
        late = Stay(room)
        waiting = threads.submit(late.grow, 101)
        time.sleep(0.1)
        has_waited = not waiting.done()
        big.__exit__(None, None, None)
        waited_seconds = waiting.result(5)
        late.__exit__(None, None, None)

    assert has_waited
    assert waited_seconds > 0.05


def test_the_time_that_an_answer_waited_for_a_place_is_not_held_against_it() -> None:
    patience = Patience("http://gazette.example/", replace(QUICK, slow_grace_seconds=0.1), seconds=0.2)
    patience.has_received(b"HTTP/1.1 200 OK")
    time.sleep(0.3)

    patience.excuse(0.3)

    assert 0 < patience.seconds_to_read() <= 0.2


def test_a_place_is_given_back_by_a_bomb(server: RawServer, open_web: OpenWeb) -> None:
    web = open_web(limits=replace(QUICK, big_answers=1, small_bytes=10_000))
    bomb = gzip.compress(bytes(20_000_000))
    server.answers["/bomb"] = answer(bomb, headers=("Content-Encoding: gzip",))
    server.answers["/big"] = answer(b"a" * 50_000)

    for _ in range(3):
        with pytest.raises(Exception, match="unpacks to more"):
            web.visit_feed(f"{server.url}/bomb", conditions=None)

    assert len(web.visit_feed(f"{server.url}/big", conditions=None).body) == 50_000


def test_redirects_have_no_more_time_together_than_one_page(server: RawServer, open_web: OpenWeb) -> None:
    def late(sent: bytes) -> Callable[[socket.socket], None]:
        def send(connection: socket.socket) -> None:
            time.sleep(0.4)
            connection.sendall(sent)

        return send

    for hop in range(5):
        server.answers[f"/{hop}"] = late(answer(status="302 Found", headers=(f"Location: /{hop + 1}",)))
    server.answers["/5"] = answer(STORY)
    web = open_web(limits=replace(QUICK, total_seconds=1.0, connect_seconds=1.0, first_byte_seconds=1.0))
    started = time.monotonic()

    with pytest.raises(TimedOut) as raised:
        web.visit_feed(f"{server.url}/0", conditions=None)

    assert time.monotonic() - started < 1.5
    assert 900 < raised.value.elapsed_ms < 1400
    assert web.visit_feed(f"{server.url}/5", conditions=None).body == STORY  # the host is not held to be absent


def test_a_page_that_fails_tells_how_long_it_kept_us(server: RawServer, open_web: OpenWeb) -> None:
    server.answers["/story"] = server.falls_silent()

    with pytest.raises(TimedOut) as raised:
        open_web().visit_feed(f"{server.url}/story", conditions=None)

    assert 400 < raised.value.elapsed_ms < 1500
