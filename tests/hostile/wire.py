"""What a server may put on the wire: a decent answer, exact bytes, or bytes at a pace of its own."""

import socket
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

Fill = Callable[[bytes], bytes]  # writes addresses, known only once the servers stand, into what is sent


class Answering(Protocol):
    """Something a server can do when it is asked."""

    def send(self, connection: socket.socket, fill: Fill, stop: threading.Event) -> None:
        """Do it; an OSError means that nobody listens any more."""
        ...


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer, with its right length unless the headers say another; `pack` compresses or spoils the body."""

    body: str | bytes = ""
    status: str = "200 OK"
    headers: tuple[str, ...] = ()
    charset: str = "utf-8"
    pack: Callable[[bytes], bytes] | None = None
    before: bytes = b""  # interim answers

    def send(self, connection: socket.socket, fill: Fill, stop: threading.Event) -> None:  # noqa: ARG002
        text = fill(self.body.encode("utf-8", "surrogatepass") if isinstance(self.body, str) else self.body)
        body = text if self.charset == "utf-8" else text.decode().encode(self.charset)
        body = self.pack(body) if self.pack else body
        lines = [f"HTTP/1.1 {self.status}", *self.headers]
        if not any(line.lower().startswith(("content-length", "transfer-")) for line in self.headers):
            lines.append(f"Content-Length: {len(body)}")
        head = fill("\r\n".join([*lines, "", ""]).encode("latin-1"))
        connection.sendall(self.before + head + body)


@dataclass(frozen=True, slots=True)
class Raw:
    """Exactly these bytes, then the end; with `resets`, no orderly one."""

    data: bytes = b""
    resets: bool = False

    def send(self, connection: socket.socket, fill: Fill, stop: threading.Event) -> None:  # noqa: ARG002
        connection.sendall(fill(self.data))
        if self.resets:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@dataclass(frozen=True, slots=True)
class Drip:
    """These bytes at once, then the others a few at a time."""

    first: bytes
    then: bytes
    every_seconds: float = 0.2
    piece: int = 1

    def send(self, connection: socket.socket, fill: Fill, stop: threading.Event) -> None:
        connection.sendall(fill(self.first))
        rest = fill(self.then)
        for start in range(0, len(rest), self.piece):
            if stop.wait(self.every_seconds):
                return
            connection.sendall(rest[start : start + self.piece])


@dataclass(frozen=True, slots=True)
class Endless:
    """These bytes, then a piece over and over."""

    first: bytes
    piece: bytes

    def send(self, connection: socket.socket, fill: Fill, stop: threading.Event) -> None:  # noqa: ARG002
        connection.sendall(self.first)
        while not stop.is_set():
            connection.sendall(self.piece)


@dataclass(frozen=True, slots=True)
class Silence:
    """These bytes, then nothing, with the line held open."""

    first: bytes = b""

    def send(self, connection: socket.socket, fill: Fill, stop: threading.Event) -> None:
        connection.sendall(fill(self.first))
        stop.wait(60)


@dataclass(frozen=True, slots=True)
class Late:
    """A whole answer, after a while."""

    reply: Reply
    seconds: float

    def send(self, connection: socket.socket, fill: Fill, stop: threading.Event) -> None:
        if not stop.wait(self.seconds):
            self.reply.send(connection, fill, stop)


class Pause:
    """Between two answers; whoever comes back before it is over is asked to come later."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._since = 0.0

    def opens(self, reply: Reply) -> "Paused":
        """Return an answer after which the pause begins."""
        return Paused(reply, self)

    def closes(self, reply: Reply) -> "Paused":
        """Return an answer that is given when it is over."""
        return Paused(reply, self, waits=True)

    def begin(self) -> None:
        self._since = time.monotonic()

    @property
    def is_over(self) -> bool:
        return time.monotonic() - self._since >= self._seconds


@dataclass(frozen=True, slots=True)
class Paused:
    """An answer at one end of a pause."""

    reply: Reply
    pause: Pause
    waits: bool = False

    def send(self, connection: socket.socket, fill: Fill, stop: threading.Event) -> None:
        if self.waits and not self.pause.is_over:
            Reply(status="429 Too Many Requests").send(connection, fill, stop)
            return
        self.pause.begin()
        self.reply.send(connection, fill, stop)


def redirect(location: str, status: str = "302 Found") -> Reply:
    """Send the reader elsewhere; an empty location is still a header."""
    return Reply(status=status, headers=(f"Location: {location}",))
