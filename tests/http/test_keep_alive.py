"""A connection stays open from one request to the next, and is used again only where that is safe."""

import datetime as dt
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from ingest.core.errors import AddressRefused, IngestError, ResponseTooLarge, TimedOut, Unreachable
from ingest.http.addresses import AddressPolicy
from ingest.http.client import PoliteWeb, SourceWeb
from ingest.http.keep_alive import MOST_ORIGINS
from ingest.http.source_credentials import OPEN, Access, Proxy
from tests.http.conftest import GENEROUS, Answering, OpenWeb, RawServer, answer
from tests.waiting import LONGEST_SECONDS, wait_until
from tests.warc import read_archive

pytestmark = pytest.mark.integration

INWARD = AddressPolicy(allowed_networks=(IPv4Network("127.0.0.0/8"),))
PAGES = [f"/story/{number}" for number in range(1, 6)]

Session = Callable[[], AbstractContextManager[SourceWeb]]


@pytest.fixture
def server() -> Iterator[RawServer]:
    server = RawServer(keeps_alive=True)
    server.answers = {path: answer(path.encode()) for path in ("/feed", "/a", "/b", *PAGES)}
    yield server
    server.close()


@pytest.fixture
def session(web: PoliteWeb) -> Session:
    return lambda: web.for_source(OPEN)


def connections_of_two(server: RawServer, session: Session, first: bytes | Answering) -> list[list[str]]:
    """Request /a, which has this response, and then /b; return which paths were requested over each connection."""
    server.answers["/a"] = first
    with session() as web:
        ask(web, f"{server.url}/a")
        assert ask(web, f"{server.url}/b") == b"/b"
    return server.connections


def ask(web: SourceWeb | PoliteWeb, url: str) -> bytes | type[IngestError]:
    """Return the body of the response, or the kind of error."""
    try:
        return web.visit_feed(url, conditions=None).body
    except IngestError as error:
        return type(error)


def ends(connection: socket.socket, *, resets: bool = False) -> None:
    """Close a connection without a word; with `resets`, in no orderly way."""
    if resets:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def answers_and_ends(data: bytes) -> Answering:
    """Send these bytes and close the connection, whatever their headers announce."""

    def send(connection: socket.socket) -> None:
        connection.sendall(data)
        connection.close()

    return send


def test_a_feed_and_its_pages_take_one_connection(server: RawServer, session: Session) -> None:
    with session() as web:
        bodies = [web.visit_feed(f"{server.url}/feed", conditions=None).body]
        bodies += [web.visit(f"{server.url}{path}", conditions=None).body for path in PAGES]

    assert bodies == [path.encode() for path in ("/feed", *PAGES)]
    assert server.connections == [["/feed", "/robots.txt", *PAGES]]
    assert all("connection" not in headers for _, headers in server.requests)
    wait_until(lambda: server.ended == server.connections)  # with the session


def test_a_request_without_a_session_has_a_connection_of_its_own(server: RawServer, web: PoliteWeb) -> None:
    for path in PAGES:
        web.visit_feed(f"{server.url}{path}", conditions=None)

    assert server.connections == [[path] for path in PAGES]
    assert {headers["connection"] for _, headers in server.requests} == {"close"}
    wait_until(lambda: len(server.ended) == len(PAGES))


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    "sent",
    [
        CHUNKED + b"1\r\na\r\n0\r\nX-Trailer: b\r\n\r\n",
        answer(b"missing", status="404 Not Found"),
        answer(status="304 Not Modified", headers=("Content-Length: 900",)),
        answer(status="302 Found", headers=("Location: /b",)),
        answer(status="503 Service Unavailable"),
        answer(b"a", headers=("Content-Encoding: gzip",)),
        b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + answer(b"a"),
    ],
)
def test_a_response_that_was_read_to_its_end_leaves_its_connection(
    server: RawServer, session: Session, sent: bytes
) -> None:
    assert len(connections_of_two(server, session, sent)) == 1


@pytest.mark.parametrize(
    "sent",
    [
        answer(b"a", headers=("Connection: close",)),
        b"HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\na",
        b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\na",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: odd\r\n\r\n",
        CHUNKED + b"zz\r\na",
        answer(b"a" * GENEROUS.body_bytes + b"a"),
        answer(b"a" * (GENEROUS.sample_bytes + 1), headers=("Content-Length: 9999999999",)),
        answer(b"a" * (GENEROUS.sample_bytes + 1), status="404 Not Found"),
        answer(b"", headers=("X-Long: " + "a" * 90_000,)),
        answer(b"a") + answer(b"not asked for"),
        answer(b"a") + b"\r\n",
        CHUNKED + b"1\r\na\r\n0\r\n\r\n" + answer(b"not asked for"),
        answer(status="304 Not Modified") + b"a body all the same",
    ],
    ids=[
        *("close", "HTTP/1.0", "HTTP/1.0 that would go on", "another protocol", "a bad chunk", "too long"),
        *("too long by its head", "a long refusal", "a long head", "two responses", "an empty line more"),
        *("two responses in chunks", "a body of none"),
    ],
)
def test_a_connection_that_may_hold_more_of_a_response_is_not_used_again(
    server: RawServer, session: Session, sent: bytes
) -> None:
    assert connections_of_two(server, session, sent) == [["/a"], ["/b"]]


@pytest.mark.parametrize(
    "sent",
    [answer(b"a"), answer(b"a", headers=("Content-Length: 9",)), CHUNKED + b"1\r\na", b"HTTP/1.1 200 OK\r\n\r\na"],
)
def test_a_server_may_close_a_connection_between_two_requests(server: RawServer, session: Session, sent: bytes) -> None:
    assert connections_of_two(server, session, answers_and_ends(sent)) == [["/a"], ["/b"]]


@pytest.mark.parametrize("resets", [False, True])
def test_a_request_that_meets_a_closing_connection_is_sent_once_more(
    server: RawServer, session: Session, *, resets: bool
) -> None:
    def ends_the_first(connection: socket.socket) -> None:
        if server.connections == [["/a", "/b"]]:
            ends(connection, resets=resets)
        else:
            connection.sendall(answer(b"b"))

    server.answers["/b"] = ends_the_first

    with session() as web:
        ask(web, f"{server.url}/a")
        assert ask(web, f"{server.url}/b") == b"b"

    assert server.connections == [["/a", "/b"], ["/b"]]


def test_a_request_is_sent_no_third_time(server: RawServer, session: Session) -> None:
    server.answers["/b"] = ends

    with session() as web:
        ask(web, f"{server.url}/a")
        assert ask(web, f"{server.url}/b") is Unreachable

    assert server.connections == [["/a", "/b"], ["/b"]]


def test_a_request_that_had_a_byte_of_its_response_is_not_sent_again(server: RawServer, session: Session) -> None:
    server.answers["/b"] = answers_and_ends(b"HTTP/1.1 200 OK\r\nContent-Le")

    with session() as web:
        ask(web, f"{server.url}/a")
        assert ask(web, f"{server.url}/b") is Unreachable

    assert server.connections == [["/a", "/b"]]


def test_each_request_over_a_connection_has_limits_of_its_own(server: RawServer, open_web: OpenWeb) -> None:
    server.answers["/b"] = server.falls_silent()
    web = open_web(limits=replace(GENEROUS, first_byte_seconds=0.1))

    with web.for_source(OPEN) as source_web:
        for _ in range(3):
            source_web.visit_feed(f"{server.url}/feed", conditions=None)
        with pytest.raises(TimedOut, match=r"/b: no response within 0\.1 s"):
            source_web.visit_feed(f"{server.url}/b", conditions=None)

    assert server.connections == [["/feed"] * 3 + ["/b"]]


def test_headers_have_their_bound_in_each_response(server: RawServer, session: Session) -> None:
    server.answers["/a"] = answer(b"a", headers=("X-Long: " + "a" * (GENEROUS.header_bytes // 2),))
    server.answers["/b"] = server.goes_on_for_ever(b"HTTP/1.1 200 OK\r\n", b"X-More: and more\r\n" * 400)

    with session() as web:
        assert [ask(web, f"{server.url}/a") for _ in range(4)] == [b"a"] * 4
        assert ask(web, f"{server.url}/b") is ResponseTooLarge

    assert len(server.connections) == 1


def test_two_hosts_share_no_connection_though_their_address_is_one(server: RawServer, open_web: OpenWeb) -> None:
    web = open_web(policy=INWARD, resolver=lambda *_: ["127.0.0.1"], gap_seconds=0.0)
    server.answers["/a"] = answer(status="302 Found", headers=(f"Location: http://two.example:{server.port}/b",))

    with web.for_source(OPEN) as source_web:
        for _ in range(2):
            assert ask(source_web, f"http://one.example:{server.port}/a") == b"/b"

    assert server.connections == [["/a", "/a"], ["/b", "/b"]]


def test_a_name_is_checked_again_for_each_connection(server: RawServer, open_web: OpenWeb) -> None:
    """What a name leads to meanwhile touches no open connection: that goes on to the address that was checked."""
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    looked_up: list[str] = []

    def rebinding(host: str, port: int) -> list[str]:
        looked_up.append(host)
        return next(answers)

    web = open_web(policy=INWARD, resolver=rebinding, gap_seconds=0.0)
    server.answers["/b"] = ends
    base = f"http://rebind.example:{server.port}"

    with web.for_source(OPEN) as source_web:
        pages = [source_web.visit_feed(f"{base}/a", conditions=None) for _ in range(2)]
        assert len(looked_up) == 1
        assert ask(source_web, f"{base}/b") is AddressRefused

    assert len(looked_up) == 2
    assert {page.body for page in pages} == {b"/a"}
    assert server.connections == [["/a", "/a", "/b"]]


@pytest.mark.parametrize("inward", ["http://127.0.0.1:1/", "http://10.0.0.1/", "http://[::1]/"])
def test_an_open_connection_opens_no_way_inward(server: RawServer, session: Session, inward: str) -> None:
    server.answers["/b"] = answer(status="302 Found", headers=(f"Location: {inward}",))

    with session() as web:
        ask(web, f"{server.url}/a")
        assert ask(web, f"{server.url}/b") is AddressRefused


def test_few_connections_are_kept_however_many_hosts_pages_lead_to(server: RawServer, open_web: OpenWeb) -> None:
    web = open_web(policy=INWARD, resolver=lambda *_: ["127.0.0.1"], gap_seconds=0.0)
    hosts = MOST_ORIGINS + 2
    for number in range(hosts):
        server.answers[f"/{number}"] = answer(b"a")

    with web.for_source(OPEN) as source_web:
        for number in range(hosts):
            source_web.visit_feed(f"http://host-{number}.example:{server.port}/{number}", conditions=None)
        wait_until(lambda: len(server.ended) == 2)
        assert sorted(server.ended) == [["/0"], ["/1"]]

    wait_until(lambda: len(server.ended) == hosts)


def test_sources_of_one_host_take_turns_with_its_connection(server: RawServer, session: Session) -> None:
    together = threading.Barrier(4)

    def ask_for_all(number: int) -> list[bytes | type[IngestError]]:
        with session() as web:
            bodies = [ask(web, f"{server.url}/feed")]
            together.wait(LONGEST_SECONDS)
            bodies += [ask(web, f"{server.url}{path}") for path in PAGES]
            together.wait(LONGEST_SECONDS)
        return bodies

    with ThreadPoolExecutor(4) as threads:
        bodies = list(threads.map(ask_for_all, range(4)))

    assert bodies == [[path.encode() for path in ("/feed", *PAGES)]] * 4
    assert len(server.connections) == 1
    wait_until(lambda: len(server.ended) == 1)


def test_the_end_of_one_session_closes_nothing_of_another(server: RawServer, session: Session) -> None:
    with session() as web:
        ask(web, f"{server.url}/a")
        with session() as other:
            ask(other, f"{server.url}/a")
        ask(web, f"{server.url}/a")

    assert server.connections == [["/a", "/a", "/a"]]


def test_a_proxy_is_asked_over_a_new_connection_each_time(server: RawServer, web: PoliteWeb) -> None:
    server.answers["http://93.184.216.34/a"] = answer(b"a")
    proxied = Access(proxy=Proxy(scheme="http", host="127.0.0.1", port=server.port))

    with web.for_source(proxied) as source_web:
        for _ in range(2):
            ask(source_web, "http://93.184.216.34/a")

    assert server.connections == [["http://93.184.216.34/a"]] * 2
    assert {headers["connection"] for _, headers in server.requests} == {"close"}


def test_each_response_over_a_connection_is_on_record_with_its_address(
    server: RawServer, web: PoliteWeb, session: Session, tmp_path: Path
) -> None:
    with session() as source_web:
        for path in PAGES:
            source_web.visit_feed(f"{server.url}{path}", conditions=None)
    web.close()

    records = read_archive(tmp_path / "archive").values()
    responses = [record.headers for record in records if record.kind == "response"]
    assert [headers["warc-ip-address"] for headers in responses] == ["127.0.0.1"] * len(PAGES)
    assert len(server.connections) == 1


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """Return a file with a certificate of 127.0.0.1 that it signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "newsroom")])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(dt.datetime.now(dt.UTC) - dt.timedelta(days=1))
        .not_valid_after(dt.datetime.now(dt.UTC) + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "certificate.pem"
    form = serialization.Encoding.PEM
    written = key.private_bytes(form, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(written + made.public_bytes(form))
    return path


def test_one_handshake_serves_all_pages_of_a_visit(server: RawServer, open_web: OpenWeb, certificate: Path) -> None:
    server.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.tls.load_cert_chain(certificate)
    web = open_web(tls=lambda: ssl.create_default_context(cafile=str(certificate)))
    url = server.url.replace("http:", "https:")

    with web.for_source(OPEN) as source_web:
        bodies = [source_web.visit(f"{url}{path}", conditions=None).body for path in PAGES]

    assert bodies == [path.encode() for path in PAGES]
    assert server.connections == [["/robots.txt", *PAGES]]
