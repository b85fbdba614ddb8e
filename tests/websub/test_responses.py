"""What `ingest listen` takes and refuses: deliveries, pings, and whatever else comes to a public address."""

import json
import select
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.core.pushes import Topic
from ingest.state.sqlite import STATE_FILE
from ingest.websub.endpoint import ListenLimits
from ingest.websub.rate_limits import Buckets, Rate
from tests.hub import CALLER, Newsroom
from tests.listening import TOKEN, Listen
from tests.state import select_rows
from tests.waiting import LONGEST_SECONDS, wait_until

pytestmark = pytest.mark.integration

HOUR = 3_600.0  # seconds, in which no test comes to its end by waiting
# However slow the machine is, no request is cut for its slowness, and who has called too often has done so.
LIMITS = ListenLimits(
    header_seconds=HOUR, body_seconds=HOUR, connection_seconds=HOUR, push_bytes=200_000,
    client=Rate(burst=30, per_second=0), subscription=Rate(burst=60, per_second=0),
    everybody=Rate(burst=500, per_second=0),
)  # fmt: skip
MANY = replace(LIMITS, client=Rate(burst=1_000, per_second=0), everybody=Rate(burst=1_000, per_second=0))


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    with Newsroom() as newsroom:
        yield newsroom


@pytest.fixture
def listen(newsroom: Newsroom, tmp_path: Path) -> Iterator[Listen]:
    with subscribed(newsroom, tmp_path) as listen:
        yield listen


@pytest.fixture
def unlimited(newsroom: Newsroom, tmp_path: Path) -> Iterator[Listen]:
    with subscribed(newsroom, tmp_path, MANY) as listen:
        yield listen


@contextmanager
def subscribed(newsroom: Newsroom, folder: Path, limits: ListenLimits = LIMITS) -> Iterator[Listen]:
    """Listen to the newsroom, whose hub has been told so."""
    with Listen(folder, [newsroom.source], limits=limits) as listen:
        listed, hubs = newsroom.source.feed_url, (newsroom.hub,)
        listen.inbox.keep_topics(
            [Topic(source_id="gazette", listed_url=listed, topic_url=newsroom.topic, hub_urls=hubs)]
        )
        listen.look()
        yield listen


def connect(listen: Listen) -> socket.socket:
    host, _, port = listen.url.removeprefix("http://").partition(":")
    return socket.create_connection((host, int(port)), timeout=LONGEST_SECONDS)


def raw(listen: Listen, data: bytes) -> bytes:
    """Send bytes as they are; give what comes back until the connection ends."""
    with connect(listen) as connection:
        with suppress(ConnectionError):
            connection.sendall(data)
        return heard(connection)


def drip(listen: Listen, data: bytes) -> bytes:
    """Send bytes, and one more again and again; give what comes back until the connection ends."""
    with connect(listen) as connection:
        connection.sendall(data)
        for _ in range(3_000):  # a minute
            if answered([connection], 0.02):
                return heard(connection)
            with suppress(ConnectionError):
                connection.sendall(b"x")
        raise TimeoutError("the connection was not cut")


@contextmanager
def held(listen: Listen, count: int, data: bytes) -> Iterator[list[socket.socket]]:
    """Hold connections on which this was sent, and nothing more comes."""
    with ExitStack() as stack:
        opened = [stack.enter_context(connect(listen)) for _ in range(count)]
        for one in opened:
            with suppress(ConnectionError):
                one.sendall(data)
        yield opened


def heard(connection: socket.socket) -> bytes:
    """Return what comes back until the connection ends."""
    data = b""
    with suppress(ConnectionError):
        while more := connection.recv(65_536):
            data += more
    return data


def answered(connections: list[socket.socket], seconds: float = 0) -> list[socket.socket]:
    """Return those that were answered or ended."""
    return select.select(connections, [], [], seconds)[0]


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
def test_what_is_signed_as_agreed_is_kept(newsroom: Newsroom, listen: Listen, method: str) -> None:
    assert newsroom.push("flood", method=method).status_code == 202

    (delivery,) = listen.inbox.waiting(10)
    assert (delivery.source_id, delivery.body) == ("gazette", newsroom.feed("flood"))
    assert (listen.subscription.pushes, listen.rings) == (1, 1)


def test_what_is_signed_wrongly_is_answered_alike_thrown_away_and_counted(newsroom: Newsroom, listen: Listen) -> None:
    wrong = newsroom.push("flood", secret="another")
    missing = newsroom.deliver(newsroom.callback, newsroom.feed("flood"), secret=None)
    right = newsroom.push("fire")

    assert {wrong.status_code, missing.status_code, right.status_code} == {202}
    assert wrong.text == missing.text == right.text
    assert (listen.subscription.refused, listen.subscription.pushes, len(listen.inbox.waiting(10))) == (2, 1, 1)


@pytest.mark.parametrize("header", ["", "=", "md5=abc", "sha256", "sha256=", "sha256=ünï", "none=", "SHA1=" + "0" * 40])
def test_a_header_that_is_no_signature_signs_nothing(newsroom: Newsroom, listen: Listen, header: str) -> None:
    headers = [(b"X-Hub-Signature", header.encode())]
    answer = CALLER.post(newsroom.callback, content=newsroom.feed("flood"), headers=headers)

    assert answer.status_code == 202
    assert listen.inbox.waiting(10) == []


def test_a_delivery_that_comes_again_is_kept_once(newsroom: Newsroom, listen: Listen) -> None:
    answers = [newsroom.push("flood").status_code for _ in range(3)]
    (delivery,) = listen.inbox.waiting(10)
    listen.inbox.keep_taken(delivery.delivery_id, listen.now)
    answers.append(newsroom.push("flood").status_code)

    assert answers == [202] * 4
    assert listen.inbox.waiting(10) == []


@pytest.mark.parametrize("body", [b"", b" \n "])
def test_a_push_of_nothing_makes_the_source_due(newsroom: Newsroom, listen: Listen, body: bytes) -> None:
    newsroom.push(body=body)

    assert [(one.source_id, one.reason) for one in listen.inbox.pings()] == [("gazette", "thin_push")]
    assert listen.inbox.waiting(10) == []


@pytest.mark.parametrize(
    "links",
    ['<https://hub.example/>; rel="hub", <{0}>; rel="self"', "<{1}>; rel=hub, <https://new.example/>; rel=self"],
)
def test_a_delivery_that_names_another_hub_or_topic_has_the_feed_asked(
    newsroom: Newsroom, listen: Listen, links: str
) -> None:
    newsroom.push("flood", links=links.format(newsroom.topic, newsroom.hub))

    assert [one.source_id for one in listen.inbox.pings()] == ["gazette"]
    assert len(listen.inbox.waiting(10)) == 1


def test_a_delivery_that_is_too_large_is_refused_and_the_feed_asked(newsroom: Newsroom, listen: Listen) -> None:
    assert newsroom.push(body=b"x" * 300_000).status_code == 413
    assert [one.source_id for one in listen.inbox.pings()] == ["gazette"]


def test_a_body_without_an_announced_length_is_bounded_too(newsroom: Newsroom, listen: Listen) -> None:
    pieces = (b"x" * 10_000 for _ in range(100))

    assert CALLER.post(newsroom.callback, content=pieces).status_code == 413


def test_a_packed_body_is_not_taken(newsroom: Newsroom, listen: Listen) -> None:
    answer = CALLER.post(newsroom.callback, content=b"x", headers={"Content-Encoding": "gzip"})

    assert answer.status_code == 415


def test_a_full_inbox_is_no_loss(newsroom: Newsroom, listen: Listen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.state.inbox.MOST_WAITING_OF_ONE", 2)
    answers = [newsroom.push(slug).status_code for slug in ("a", "b", "c")]

    assert answers == [202, 202, 503]
    assert len(listen.inbox.waiting(10)) == 2


def test_a_hub_that_pushes_without_end_leaves_room_in_the_inbox(
    newsroom: Newsroom, listen: Listen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.state.inbox.MOST_WAITING_BYTES", 100_000)
    monkeypatch.setattr("ingest.state.inbox.MOST_WAITING_BYTES_OF_ONE", 50_000)
    listen.inbox.open(replace(listen.subscription, token="another", secret="another"))
    answers = [newsroom.push(body=newsroom.feed("a") + b" " * 20_000 + word).status_code for word in (b"1", b"2", b"3")]
    other = newsroom.deliver(f"{listen.url}/websub/another", newsroom.feed("b") + b" " * 30_000, secret="another")

    assert answers == [202, 202, 503]
    assert other.status_code == 202


def test_an_answer_waits_for_the_disk(newsroom: Newsroom, tmp_path: Path) -> None:
    with subscribed(newsroom, tmp_path):
        newsroom.push("flood")
        assert select_rows(tmp_path, "select source_id from pushes") == [{"source_id": "gazette"}]


def test_nobody_else_reads_the_secrets(newsroom: Newsroom, listen: Listen, tmp_path: Path) -> None:
    assert {oct(path.stat().st_mode & 0o777) for path in tmp_path.glob(f"{STATE_FILE}*")} == {"0o600"}


def test_a_ping_makes_a_listed_source_due(newsroom: Newsroom, listen: Listen) -> None:
    by_key, by_feed = listen.ping({"source": "gazette"}), listen.ping({"feed_url": newsroom.source.feed_url})

    assert (by_key.status_code, by_feed.status_code, by_feed.text) == (202, 202, "gazette")
    assert [(one.source_id, one.reason) for one in listen.inbox.pings()] == [("gazette", "ping")]


@pytest.mark.parametrize("told", [{"source": "nobody"}, {"feed_url": "https://elsewhere.example/feed"}, {"source": 3}])
def test_nothing_is_due_that_is_not_listed(newsroom: Newsroom, listen: Listen, told: object) -> None:
    before = len(newsroom.visits)

    assert listen.ping(told).status_code == 404
    assert (listen.inbox.pings(), newsroom.visits[before:]) == ([], [])


@pytest.mark.parametrize("told", [[], "gazette", {}, {"source": "gazette", "feed_url": "x"}, None, 1])
def test_a_ping_that_names_nothing_is_told_so(listen: Listen, told: object) -> None:
    assert listen.ping(told).status_code == 400


def test_a_ping_wants_its_token(listen: Listen) -> None:
    answers = [listen.ping({"source": "gazette"}, token=token) for token in (None, "x", "guess", TOKEN + "x")]

    assert [one.status_code for one in answers] == [401] * 4
    assert TOKEN not in "".join(one.text for one in answers)
    assert listen.inbox.pings() == []


def test_who_guesses_at_the_token_has_few_guesses(listen: Listen) -> None:
    answers = [listen.ping({}, token=f"guess {number}").status_code for number in range(20)]

    assert set(answers[:4]) == {401}
    assert answers[-1] == 429


def test_without_a_token_there_is_no_ping(newsroom: Newsroom, listen: Listen) -> None:
    from ingest.websub.responses import Listener

    desk = Listener(listen.inbox, sources=lambda: listen.sources, ping_token=None, clock=lambda: listen.now, ring=print)

    assert desk.ping("Bearer ", b'{"source": "gazette"}').status == 404
    assert desk.ping("Bearer None", b'{"source": "gazette"}').status == 404


def test_health_is_told_and_nothing_beside_it(listen: Listen) -> None:
    health = CALLER.get(f"{listen.url}/health")

    assert (health.status_code, health.text) == (200, "ok, 0 sources wait")
    assert CALLER.get(f"{listen.url}/").status_code == 404
    assert CALLER.get(f"{listen.url}/docs").status_code == 404
    assert CALLER.delete(f"{listen.url}/ping").status_code == 405


def test_who_calls_too_often_waits_and_hubs_do_not_wait_for_them(newsroom: Newsroom, listen: Listen) -> None:
    answers = [CALLER.get(f"{listen.url}/websub/guess{number}").status_code for number in range(40)]

    assert answers[0] == 404
    assert answers[-1] == 429
    assert newsroom.push("flood").status_code == 202


@pytest.mark.parametrize("path", ["/websub/guess", "/health", "/nothing"])
def test_a_flood_from_one_address_takes_nothing_from_hubs(newsroom: Newsroom, tmp_path: Path, path: str) -> None:
    with subscribed(newsroom, tmp_path, replace(LIMITS, everybody=Rate(burst=60, per_second=0))) as listen:
        floods = [CALLER.get(listen.url + path).status_code for _ in range(100)]
        another = CALLER.get(f"{listen.url}/health", headers={"X-Forwarded-For": "203.0.113.7"})

        assert floods[30:] == [429] * 70
        assert another.status_code == 200
        assert newsroom.push("flood").status_code == 202


def test_a_flood_from_everywhere_takes_nothing_from_hubs(newsroom: Newsroom, tmp_path: Path) -> None:
    with subscribed(newsroom, tmp_path, replace(LIMITS, everybody=Rate(burst=20, per_second=0))) as listen:
        for number in range(30):
            told = {"X-Forwarded-For": f"203.0.113.{number}"}
            last = CALLER.get(f"{listen.url}/websub/guess", headers=told).status_code

        assert last == 429
        assert newsroom.push("flood").status_code == 202


@pytest.mark.parametrize("data", [b"", b"GET /health HTTP/1.1\r\nHost: x\r\n"], ids=["silent", "half a request"])
def test_who_holds_connections_and_asks_nothing_makes_room_for_who_does(
    newsroom: Newsroom, tmp_path: Path, data: bytes
) -> None:
    limits = replace(LIMITS, connections=5)
    with subscribed(newsroom, tmp_path, limits) as listen, held(listen, 20, data) as idle:
        assert newsroom.push("flood").status_code == 202
        assert newsroom.push("fire").status_code == 202
        wait_until(lambda: len(answered(idle)) >= 15)


def test_who_may_not_ping_is_told_before_the_body_has_come(listen: Listen) -> None:
    assert b" 401 " in raw(listen, b"POST /ping HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")


@pytest.mark.parametrize(
    "bounds", [{"held_bytes_of_one": 5_000}, {"bodies_of_one": 5}], ids=["much of a body", "many bodies"]
)
def test_a_hub_that_is_slow_takes_nothing_from_others(
    newsroom: Newsroom, tmp_path: Path, bounds: dict[str, int]
) -> None:
    limits = replace(LIMITS, connections=15, held_bytes=10_000, **bounds)  # type: ignore[arg-type]
    with subscribed(newsroom, tmp_path, limits) as listen:
        path = newsroom.callback.removeprefix(listen.url)
        head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 2000\r\n\r\n".encode()
        listen.inbox.open(replace(listen.subscription, token="another", secret="another"))
        with held(listen, 14, head + b"x" * 1_000) as slow:
            wait_until(lambda: len(answered(slow)) >= 9)
            other = newsroom.deliver(f"{listen.url}/websub/another", newsroom.feed("flood"), secret="another")

            assert other.status_code == 202
            assert [b" 429 " in heard(one) for one in answered(slow)] == [True] * 9


@pytest.mark.parametrize("line", ["GET /nothing", "DELETE /ping", "GET /websub/guess/", "GET /health"])
def test_a_connection_serves_one_request_whatever_it_asks(listen: Listen, line: str) -> None:
    answers = raw(listen, f"{line} HTTP/1.1\r\nHost: x\r\n\r\n".encode() * 3)

    assert answers.count(b"HTTP/1.1 ") == 1
    assert b" 307 " not in answers


def test_a_proxy_on_this_machine_says_who_calls(listen: Listen) -> None:
    def calls(client: str) -> int:
        return CALLER.get(f"{listen.url}/health", headers={"X-Forwarded-For": client}).status_code

    for number in range(40):
        calls(f"2001:db8::{number + 1:x}")

    assert calls("2001:db8::ffff") == 429  # one network is one caller
    assert calls("203.0.113.7") == 200


def test_buckets_fill_again_and_are_not_kept_without_end() -> None:
    now = 7.0
    buckets = Buckets(Rate(burst=2, per_second=50), most=3, clock=lambda: now)

    assert [buckets.take("a"), buckets.take("a"), buckets.take("a")] == [True, True, False]
    now += 0.03
    assert [buckets.take("a"), buckets.take("a")] == [True, False]
    for key in "bcdefg":
        buckets.take(key)
    assert len(buckets._buckets) == 3


@pytest.mark.parametrize("bound", ["header_seconds", "connection_seconds"])
def test_slow_headers_are_cut(newsroom: Newsroom, tmp_path: Path, bound: str) -> None:
    limits = replace(LIMITS, **{bound: 0.1})  # type: ignore[arg-type]
    with Listen(tmp_path, [newsroom.source], limits=limits) as listen:
        assert drip(listen, b"GET /health HTTP/1.1\r\nHost: x\r\nX-Slow: ") == b""


@pytest.mark.parametrize("bound", ["header_seconds", "connection_seconds"])
def test_a_connection_that_says_nothing_is_cut(newsroom: Newsroom, tmp_path: Path, bound: str) -> None:
    limits = replace(LIMITS, **{bound: 0.1})  # type: ignore[arg-type]
    with Listen(tmp_path, [newsroom.source], limits=limits) as listen:
        assert raw(listen, b"G") == b""


def test_a_slow_body_is_cut(newsroom: Newsroom, tmp_path: Path) -> None:
    with subscribed(newsroom, tmp_path, replace(LIMITS, body_seconds=0.1)) as listen:
        path = newsroom.callback.removeprefix(listen.url).encode()
        head = b"POST " + path + b" HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n"

        assert b" 408 " in drip(listen, head)


def test_too_many_headers_are_refused(listen: Listen) -> None:
    assert b" 400 " in raw(listen, b"GET /health HTTP/1.1\r\nHost: x\r\nX-Long: " + b"x" * 200_000 + b"\r\n\r\n")


def test_many_bodies_at_once_are_bounded(newsroom: Newsroom, tmp_path: Path) -> None:
    with subscribed(newsroom, tmp_path, replace(LIMITS, held_bytes=100_000)) as listen:
        assert newsroom.push(body=b"x" * 150_000).status_code == 503
        assert newsroom.push("flood").status_code == 202
        assert len(listen.inbox.waiting(10)) == 1


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=300) | st.recursive(st.none() | st.text() | st.floats(), st.lists).map(json.dumps))
def test_whatever_is_sent_to_ping_is_answered(unlimited: Listen, body: bytes | str) -> None:
    data = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
    headers = {"Authorization": f"Bearer {TOKEN}"}

    assert CALLER.post(f"{unlimited.url}/ping", content=data, headers=headers).status_code == 400


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=400))
def test_whatever_is_no_http_ends_and_harms_nobody(unlimited: Listen, data: bytes) -> None:
    with connect(unlimited) as connection:
        connection.sendall(data + b"\r\n\r\n")
        connection.shutdown(socket.SHUT_WR)  # of half a request, nothing more comes
        heard(connection)

    assert CALLER.get(f"{unlimited.url}/health").status_code == 200


def test_a_body_nested_without_end_is_only_not_json(listen: Listen) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}"}

    assert CALLER.post(f"{listen.url}/ping", content=b"[" * 4_000, headers=headers).status_code == 400
    assert CALLER.post(f"{listen.url}/ping", content=b"[" * 5_000, headers=headers).status_code == 413


def test_time_goes_on_for_a_listener_without_a_pause(listen: Listen) -> None:
    start = listen.now
    for minutes in (0, 4, 8):
        listen.inbox.keep_listening(start + timedelta(minutes=minutes))
    there = listen.inbox.listening()
    listen.inbox.keep_listening(start + timedelta(minutes=30))
    again = listen.inbox.listening()

    assert there is not None
    assert again is not None
    assert (there.since, again.since) == (start, start + timedelta(minutes=30))
