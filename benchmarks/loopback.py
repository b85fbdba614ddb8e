"""Many hosts on one machine: each has a loopback address of its own, and answers with files where they lie."""

import selectors
from collections.abc import Iterable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import TCPServer
from threading import Event, Thread
from typing import Self, cast


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a host says at a path: bytes, or what a file holds."""

    body: bytes | Path
    content_type: str
    encoding: str | None = None


class Hosts:
    """Named hosts, each on its own address (127.1.0.1 and on), all on one port."""

    def __init__(self, names: Iterable[str]) -> None:
        self._listeners: dict[str, _Listener] = {}
        self._names = list(dict.fromkeys(names))
        self._closing = Event()
        self._thread = Thread(target=self._listen, daemon=True)

    def __enter__(self) -> Self:
        port = 0
        for number, name in enumerate(self._names):
            address = f"127.1.{number // 250}.{number % 250 + 1}"
            self._listeners[name] = _Listener((address, port), _Handler)
            port = self._listeners[name].server_address[1]
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._thread.join()
        for listener in self._listeners.values():
            listener.server_close()

    def serve(self, name: str, target: str, answer: Answer) -> str:
        """Answer a path and query at a host like this, and give the whole address."""
        listener = self._listeners[name]
        listener.answers[target] = answer
        address, port = listener.server_address[:2]
        return f"http://{address!s}:{port}{target}"

    def _listen(self) -> None:
        with selectors.DefaultSelector() as selector:
            for listener in self._listeners.values():
                selector.register(listener, selectors.EVENT_READ, listener)
            while not self._closing.is_set():
                for ready, _ in selector.select(timeout=0.1):
                    cast("_Listener", ready.data).handle_request()


class _Listener(ThreadingHTTPServer):
    request_queue_size = 32

    def server_bind(self) -> None:
        TCPServer.server_bind(self)  # HTTPServer would ask the resolver for the machine's name
        self.answers: dict[str, Answer] = {}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    timeout = 10

    def do_GET(self) -> None:
        target = self.requestline.split(" ")[1]  # as sent: `path` has lost a doubled slash
        answer = cast("_Listener", self.server).answers.get(target)
        body = b"" if answer is None else answer.body
        data = body.read_bytes() if isinstance(body, Path) else body
        self.send_response_only(200 if answer else 404)
        self.send_header("Content-Type", answer.content_type if answer else "text/plain")
        if answer and answer.encoding:
            self.send_header("Content-Encoding", answer.encoding)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Stay quiet."""
