"""A server on loopback that answers with exactly the bytes it was told to, at the pace it was told to."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from ingest.edge.addresses import AddressPolicy, resolve
from ingest.edge.archive import WarcArchive
from ingest.edge.limits import WebLimits
from ingest.edge.web import PoliteWeb

NOW = datetime(2026, 11, 16, 12, 0, tzinfo=UTC)

Answering = Callable[[socket.socket], None]


def answer(body: bytes = b"", *, status: str = "200 OK", headers: tuple[str, ...] = ()) -> bytes:
    """Write a whole response, with its right length unless the headers say another."""
    length = () if any(line.lower().startswith(("content-length", "transfer-")) for line in headers) else (len(body),)
    lines = [f"HTTP/1.1 {status}", *headers, *(f"Content-Length: {size}" for size in length), "", ""]
    return "\r\n".join(lines).encode("latin-1") + body


@dataclass
class RawServer:
    """Answers by path; a path it does not know is a 404."""

    answers: dict[str, bytes | Answering] = field(default_factory=dict)
    requests: list[tuple[float, str, dict[str, str]]] = field(default_factory=list)  # when, path, headers

    def __post_init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._acceptor = threading.Thread(target=self._accept, daemon=True)
        self._acceptor.start()

    def paths(self) -> list[str]:
        return [path for _, path, _ in self.requests]

    def drips(self, data: bytes, *, every_seconds: float) -> Answering:
        """Send one byte at a time, until nobody listens."""

        def send(connection: socket.socket) -> None:
            for byte in data:
                if self._stop.wait(every_seconds):
                    return
                connection.sendall(bytes([byte]))

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
            self._stop.wait(30)

        return send

    def close(self) -> None:
        self._stop.set()
        self._socket.close()
        for thread in self._threads:
            thread.join(5)

    def _accept(self) -> None:
        while not self._stop.is_set():
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            request = connection.recv(65536)
            if request[:1] == b"\x16":  # somebody tries TLS
                connection.sendall(answer(b"plain HTTP only", status="400 Bad Request"))
                return
            while b"\r\n\r\n" not in request:
                data = connection.recv(65536)
                if not data:
                    return
                request += data
            first, *lines = request.decode("latin-1").split("\r\n\r\n")[0].split("\r\n")
            path = first.split(" ")[1]
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
            self.requests.append((time.monotonic(), path, headers))
            answering = self.answers.get(path, answer(b"missing", status="404 Not Found"))
            try:
                if isinstance(answering, bytes):
                    connection.sendall(answering)
                else:
                    answering(connection)
            except OSError:
                return


@pytest.fixture
def server() -> Iterator[RawServer]:
    server = RawServer()
    yield server
    server.close()


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[WarcArchive]:
    archive = WarcArchive(tmp_path / "archive", clock=lambda: NOW, software="tests")
    yield archive
    archive.close()


OpenWeb = Callable[..., PoliteWeb]

QUICK = WebLimits(
    connect_seconds=2.0,
    first_byte_seconds=0.5,
    idle_seconds=0.5,
    total_seconds=2.0,
    slowest_bytes_per_second=1_000,
    slow_grace_seconds=0.4,
    body_bytes=1_000_000,
    sample_seconds=0.5,
)


@pytest.fixture
def open_web(server: RawServer, archive: WarcArchive) -> OpenWeb:
    """Open the web with short limits, the server's own endpoint being the only address inside that is allowed."""

    def opened(**options: object) -> PoliteWeb:
        settings: dict[str, object] = {
            "user_agent": "news-tests/1.0 (+https://gazette.example/bot)",
            "archive": archive,
            "clock": lambda: NOW,
            "limits": QUICK,
            "policy": AddressPolicy(allowed_endpoints=frozenset({f"127.0.0.1:{server.port}"})),
            "resolver": resolve,
            "tls": httpx.create_ssl_context(trust_env=False),
        }
        return PoliteWeb(**{**settings, **options})  # type: ignore[arg-type]

    return opened


@pytest.fixture
def web(open_web: OpenWeb) -> PoliteWeb:
    return open_web()
