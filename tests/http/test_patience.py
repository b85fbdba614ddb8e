"""Nobody waits for what has been found out, nor behind what is big; nothing that is slow holds us for long."""

import gzip
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import chain, repeat

import pytest

from ingest.core.errors import PageMissing, ResponseTooLarge, TimedOut, Unreachable
from ingest.http.addresses import AddressPolicy
from ingest.http.connection import Patience
from ingest.http.memory_budget import MemoryBudget, Slot
from tests.http.conftest import GENEROUS, ManualClock, OpenWeb, RawServer, answer
from tests.waiting import LONGEST_SECONDS, wait_until

pytestmark = pytest.mark.integration

URL = "http://gazette.example/"
STORY = b"<p>The river rose by two metres.</p>" * 40


def test_a_host_that_does_not_resolve_is_looked_up_once(open_web: OpenWeb, manual_clock: ManualClock) -> None:
    looked_up: list[str] = []

    def nobody(host: str, port: int) -> list[str]:
        looked_up.append(host)
        raise socket.gaierror(-2, "Name or service not known")

    web = open_web(resolver=nobody, gap_seconds=30.0)
    for number in range(50):
        with pytest.raises(Unreachable, match=r"no address for dead\.example"):
            web.visit(f"https://dead.example/{number}", conditions=None)

    assert looked_up == ["dead.example"]
    assert manual_clock.slept == []


def test_a_host_that_was_never_reached_needs_no_pause(open_web: OpenWeb, manual_clock: ManualClock) -> None:
    looked_up: list[str] = []

    def nobody(host: str, port: int) -> list[str]:
        looked_up.append(host)
        raise socket.gaierror(-2, "Name or service not known")

    web = open_web(resolver=nobody, gap_seconds=30.0, limits=replace(GENEROUS, unreachable_seconds=0.0))
    for _ in range(2):
        with pytest.raises(Unreachable):
            web.visit_feed("http://dead.example/", conditions=None)

    assert looked_up == ["dead.example"] * 2
    assert manual_clock.slept == []


def test_a_resolver_that_hangs_is_waited_for_once(open_web: OpenWeb, manual_clock: ManualClock) -> None:
    release = threading.Event()
    looked_up: list[str] = []

    def hanging(host: str, port: int) -> list[str]:
        looked_up.append(host)
        release.wait()
        return []

    web = open_web(resolver=hanging, limits=replace(GENEROUS, connect_seconds=0.1), gap_seconds=30.0)
    try:
        for number in range(20):
            with pytest.raises(TimedOut, match=r"no address for slow\.example within 0\.1 s"):
                web.visit_feed(f"http://slow.example/{number}", conditions=None)
        wait_until(lambda: looked_up)  # its thread may come late to it
    finally:
        release.set()

    assert looked_up == ["slow.example"]
    assert manual_clock.slept == []


@pytest.mark.parametrize(("for_seconds", "is_remembered"), [(3600.0, True), (0.0, False)])
def test_a_host_that_was_not_there_is_tried_again_after_a_while_and_not_before(
    open_web: OpenWeb, closed_port: int, *, for_seconds: float, is_remembered: bool
) -> None:
    policy = AddressPolicy(allowed_endpoints=frozenset({f"127.0.0.1:{closed_port}"}))
    web = open_web(policy=policy, limits=replace(GENEROUS, unreachable_seconds=for_seconds))
    with pytest.raises(Unreachable):
        web.visit_feed(f"http://127.0.0.1:{closed_port}/a", conditions=None)

    with pytest.raises(Unreachable) as raised:
        web.visit_feed(f"http://127.0.0.1:{closed_port}/b", conditions=None)

    assert ("found out" in str(raised.value)) is is_remembered


def test_a_page_that_fails_says_nothing_of_the_others(server: RawServer, open_web: OpenWeb) -> None:
    server.answers["/a"] = b""
    server.answers["/b"] = answer(STORY)
    web = open_web()
    with pytest.raises(Unreachable, match="before a response"):
        web.visit_feed(f"{server.url}/a", conditions=None)

    assert web.visit_feed(f"{server.url}/b", conditions=None).body == STORY


@pytest.mark.parametrize("how", ["silent", "drips"])
def test_a_handshake_that_is_never_finished_is_left(server: RawServer, open_web: OpenWeb, how: str) -> None:
    record = b"\x16\x03\x03\x40\x00" + bytes(16_000)  # it takes its time
    server.handshake = server.drips(record) if how == "drips" else server.falls_silent()
    web = open_web(limits=replace(GENEROUS, connect_seconds=0.2))

    with pytest.raises(TimedOut, match=r"in 0\.2 s$"):  # not even a connection, on a very busy machine
        web.visit_feed(f"https://127.0.0.1:{server.port}/", conditions=None)


def test_a_refusal_whose_words_drip_is_told_all_the_same(server: RawServer, open_web: OpenWeb) -> None:
    words = b"sorry" * 1_000
    server.answers["/story"] = server.drips(words, head=b"HTTP/1.1 404 Not Found\r\nContent-Length: 100000\r\n\r\n")
    web = open_web(limits=replace(GENEROUS, sample_seconds=0.1))

    with pytest.raises(PageMissing) as raised:
        web.visit_feed(f"{server.url}/story", conditions=None)

    (kept,) = raised.value.captures
    assert len(web.recall(kept).body) < len(words)  # it was not waited for


def test_small_answers_never_wait_and_big_ones_wait_for_a_place(manual_clock: ManualClock) -> None:
    has_come = threading.Event()

    def clock() -> float:
        has_come.set()
        return manual_clock.now

    room = MemoryBudget(places=1, small_bytes=100, monotonic=clock)

    def come_late() -> float:
        with Slot(room) as late:
            return late.grow(101)

    with ThreadPoolExecutor(1) as threads:
        with Slot(room) as big, Slot(room) as small:
            assert big.grow(101) == 0.0
            assert small.grow(100) == 0.0
            has_come.clear()
            waiting = threads.submit(come_late)
            assert has_come.wait(LONGEST_SECONDS)
            assert not waiting.done()
            manual_clock.now += 7.0

        assert waiting.result(LONGEST_SECONDS) == 7.0


def test_the_time_that_an_answer_waited_for_a_place_is_not_held_against_it(manual_clock: ManualClock) -> None:
    limits = replace(GENEROUS, slowest_bytes_per_second=1_000, slow_grace_seconds=1.0)
    patience = Patience(URL, limits, seconds=2.0, monotonic=manual_clock.monotonic)
    patience.has_received(b"HTTP/1.1 200 OK")
    manual_clock.now += 3.0

    patience.excuse(3.0)

    assert patience.seconds_to_read() == 2.0
    assert patience.seconds_spent() == 0.0


def test_a_request_that_is_sent_once_more_waits_for_its_first_byte_again(manual_clock: ManualClock) -> None:
    limits = replace(GENEROUS, first_byte_seconds=3.0, idle_seconds=2.0)
    patience = Patience(URL, limits, seconds=60.0, monotonic=manual_clock.monotonic)
    patience.has_asked = True
    patience.has_received(b"")

    patience.restart()

    assert (patience.seconds_to_read(), patience.has_asked, patience.ended) == (3.0, False, False)


def test_a_time_limit_is_told_by_what_ran_out_first(manual_clock: ManualClock) -> None:
    limits = replace(GENEROUS, first_byte_seconds=3.0, idle_seconds=2.0, total_seconds=9.0)
    patience = Patience(URL, limits, seconds=9.0, monotonic=manual_clock.monotonic)
    waits = [patience.seconds_to_read()]
    told = [patience.lapse()]
    patience.has_received(b"HTTP/1.1 200 OK")
    waits += [patience.seconds_to_read()]
    told += [patience.lapse()]
    manual_clock.now = 8.0
    waits += [patience.seconds_to_read()]
    manual_clock.now = 9.0

    with pytest.raises(TimedOut, match=r"more than 9 s in all"):
        patience.seconds_to_read()
    assert waits == [3.0, 2.0, 1.0]
    assert told == ["no response within 3 s", "nothing for 2 s after 15 bytes"]


@pytest.mark.parametrize("first_bytes", [1, 60_000, GENEROUS.header_bytes])
def test_headers_that_never_end_are_refused_at_the_limit_however_they_are_cut(first_bytes: int) -> None:
    patience = Patience(URL, GENEROUS, seconds=60.0)
    head = b"HTTP/1.1 200 OK\r\nX-A: ".ljust(first_bytes, b"a")[:first_bytes]
    passed_on: list[int] = []

    def read_pieces() -> None:
        for piece in chain([head], repeat(b"a" * 200_000)):
            data = piece[: patience.bytes_to_read(65_536)]
            patience.has_received(data)
            passed_on.append(len(data))

    with pytest.raises(ResponseTooLarge):
        read_pieces()

    assert sum(passed_on) == GENEROUS.header_bytes


def test_a_place_is_given_back_by_a_bomb(server: RawServer, open_web: OpenWeb) -> None:
    web = open_web(limits=replace(GENEROUS, big_answers=1, small_bytes=10_000))
    bomb = gzip.compress(bytes(20_000_000))
    server.answers["/bomb"] = answer(bomb, headers=("Content-Encoding: gzip",))
    server.answers["/big"] = answer(b"a" * 50_000)

    for _ in range(3):
        with pytest.raises(Exception, match="unpacks to more"):
            web.visit_feed(f"{server.url}/bomb", conditions=None)

    assert len(web.visit_feed(f"{server.url}/big", conditions=None).body) == 50_000


def test_redirects_have_no_more_time_together_than_one_page(server: RawServer, open_web: OpenWeb) -> None:
    for hop in range(5):
        redirect = answer(status="302 Found", headers=(f"Location: /{hop + 1}",))
        server.answers[f"/{hop}"] = server.answers_late(redirect, seconds=0.1)
    server.answers["/5"] = answer(STORY)
    web = open_web(limits=replace(GENEROUS, total_seconds=0.3))

    for _ in range(2):  # the host is not held to be absent
        with pytest.raises(TimedOut) as raised:
            web.visit_feed(f"{server.url}/0", conditions=None)

        assert "found out" not in str(raised.value)
        assert raised.value.elapsed_ms >= 300


def test_a_page_that_fails_tells_how_long_it_kept_us(server: RawServer, open_web: OpenWeb) -> None:
    server.answers["/story"] = server.falls_silent()

    with pytest.raises(TimedOut) as raised:
        open_web(limits=replace(GENEROUS, first_byte_seconds=0.1)).visit_feed(f"{server.url}/story", conditions=None)

    assert raised.value.elapsed_ms >= 100  # what we waited by our own clock
