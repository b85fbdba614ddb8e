"""A server on loopback that answers with exactly the bytes it was told to, at the pace it was told to."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path

import httpx
import pytest

from ingest.archive.archive import WarcArchive
from ingest.http.addresses import AddressPolicy, resolve
from ingest.http.client import PoliteWeb
from ingest.http.limits import WebLimits
from tests import fakes
from tests.state import state_in
from tests.waiting import LONGEST_SECONDS

TLS = cache(partial(httpx.create_ssl_context, trust_env=False))
NOW = datetime(2026, 11, 16, 12, 0, tzinfo=UTC)

Answering = Callable[[socket.socket], None]


@dataclass
class ManualClock:
    """A monotonic clock that goes on only when a test sets it, or somebody sleeps by it."""

    now: float = 0.0
    slept: list[float] = field(default_factory=list)

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def answer(body: bytes = b"", *, status: str = "200 OK", headers: tuple[str, ...] = ()) -> bytes:
    """Write a whole response, with its right length unless the headers say another."""
    length = () if any(line.lower().startswith(("content-length", "transfer-")) for line in headers) else (len(body),)
    lines = [f"HTTP/1.1 {status}", *headers, *(f"Content-Length: {size}" for size in length), "", ""]
    return "\r\n".join(lines).encode("latin-1") + body


PLAIN_HTTP_ONLY = answer(b"plain HTTP only", status="400 Bad Request")


@dataclass
class RawServer:
    """Answers by path, one request of each connection unless it keeps them alive; a path it does not know is a 404."""

    answers: dict[str, bytes | Answering] = field(default_factory=dict)
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)  # path, headers
    handshake: bytes | Answering = PLAIN_HTTP_ONLY  # to whoever tries TLS
    keeps_alive: bool = False
    tls: ssl.SSLContext | None = None
    connections: list[list[str]] = field(default_factory=list)  # the paths asked for over each
    ended: list[list[str]] = field(default_factory=list)  # those of them that are closed

    def __post_init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self._accepted: list[socket.socket] = []
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._acceptor = threading.Thread(target=self._accept, daemon=True)
        self._acceptor.start()

    def paths(self) -> list[str]:
        return [path for path, _ in self.requests]

    def drips(self, data: bytes, *, head: bytes = b"", bytes_at_once: int = 1) -> Answering:
        """Send the head at once, then fifty pieces a second, until nobody listens."""

        def send(connection: socket.socket) -> None:
            connection.sendall(head)
            for start in range(0, len(data), bytes_at_once):
                if self._stop.wait(0.02):
                    return
                connection.sendall(data[start : start + bytes_at_once])

        return send

    def answers_late(self, data: bytes, *, seconds: float) -> Answering:
        def send(connection: socket.socket) -> None:
            if not self._stop.wait(seconds):
                connection.sendall(data)

        return send

    def goes_on_for_ever(self, head: bytes, piece: bytes) -> Answering:
        def send(connection: socket.socket) -> None:
            connection.sendall(head)
            while not self._stop.is_set():
                connection.sendall(piece)

        return send

    def falls_silent(self, data: bytes = b"") -> Answering:
        def send(connection: socket.socket) -> None:
            connection.sendall(data)
            self._stop.wait()

        return send

    def close(self) -> None:
        self._stop.set()
        with suppress(OSError):  # some systems wake whoever accepts at the close alone
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for connection in self._accepted:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in (self._acceptor, *self._threads):
            thread.join(LONGEST_SECONDS)

    def _accept(self) -> None:
        while not self._stop.is_set():
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            self._threads.append(thread)
            self._accepted.append(connection)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        asked: list[str] = []
        try:
            with suppress(OSError):  # whoever asked may have gone
                if self.tls:
                    connection = self.tls.wrap_socket(connection, server_side=True)
                while self._answer_one(connection, asked) and self.keeps_alive:
                    pass
        finally:
            connection.close()
            self.ended.append(asked)

    def _answer_one(self, connection: socket.socket, asked: list[str]) -> bool:
        """Answer the next request of a connection; return whether there was one."""
        request = connection.recv(65536)
        if request[:1] == b"\x16":  # TLS
            self._send(connection, self.handshake)
            return False
        while b"\r\n\r\n" not in request:
            data = connection.recv(65536)
            if not data:
                return False
            request += data
        first, *lines = request.decode("latin-1").split("\r\n\r\n")[0].split("\r\n")
        path = first.split(" ")[1]
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        if not asked:
            self.connections.append(asked)
        asked.append(path)
        self.requests.append((path, headers))
        self._send(connection, self.answers.get(path, answer(b"missing", status="404 Not Found")))
        return True

    @staticmethod
    def _send(connection: socket.socket, answering: bytes | Answering) -> None:
        if isinstance(answering, bytes):
            connection.sendall(answering)
        else:
            answering(connection)


@pytest.fixture
def server() -> Iterator[RawServer]:
    server = RawServer()
    yield server
    server.close()


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[WarcArchive]:
    with closing(state_in(tmp_path)) as state:
        archive = WarcArchive(tmp_path / "archive", state, clock=lambda: NOW, software="tests")
        yield archive
        archive.close()


@pytest.fixture
def closed_port() -> Iterator[int]:
    with fakes.closed_port() as port:
        yield port


@pytest.fixture
def manual_clock() -> ManualClock:
    return ManualClock()


OpenWeb = Callable[..., PoliteWeb]

# No answer that comes is ever late by these, however busy the machine. A test of a server that lets us wait shortens
# the one that it is about.
GENEROUS = WebLimits(
    connect_seconds=60.0,
    first_byte_seconds=60.0,
    idle_seconds=60.0,
    total_seconds=600.0,
    slowest_bytes_per_second=0,
    body_bytes=1_000_000,
    sample_seconds=60.0,
)


@pytest.fixture
def open_web(server: RawServer, archive: WarcArchive, manual_clock: ManualClock) -> OpenWeb:
    """Open the web with generous limits and pauses that take no time.

    The server's own endpoint is the only address inside that is allowed.
    """

    def opened(**options: object) -> PoliteWeb:
        settings: dict[str, object] = {
            "user_agent": "news-tests/1.0 (+https://gazette.example/bot)",
            "archive": archive,
            "clock": lambda: NOW,
            "limits": GENEROUS,
            "policy": AddressPolicy(allowed_endpoints=frozenset({f"127.0.0.1:{server.port}"})),
            "resolver": resolve,
            "tls": TLS,
            "monotonic": manual_clock.monotonic,
            "sleep": manual_clock.sleep,
        }
        return PoliteWeb(**{**settings, **options})  # type: ignore[arg-type]

    return opened


@pytest.fixture
def web(open_web: OpenWeb) -> PoliteWeb:
    return open_web()
