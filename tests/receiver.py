"""A receiver of alerts on loopback: takes them, refuses them, or falls silent, as it is told to."""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

Mood = Literal["takes", "refuses", "hangs", "takes and hangs", "hangs up"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A message as it arrived."""

    key: str
    title: str
    body: str


@dataclass
class Receiver:
    """Answers webhooks by the next of its moods, and takes everything once they are used up."""

    moods: list[Mood] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)
    requests: int = 0
    read_seconds: float = 60.0  # how long whoever sends waits for an answer: short only where none ever comes
    on_arrival: Callable[[Taken], None] = lambda _: None

    def __enter__(self) -> "Receiver":
        self._stop = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def address(self) -> str:
        return f"json://127.0.0.1:{self._server.server_port}/?cto=60&rto={self.read_seconds:g}"

    @property
    def keys(self) -> list[str]:
        """What somebody who knows repetitions by their key has got, in order."""
        return list(dict.fromkeys(one.key for one in self.taken))

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                receiver.answer(self, told)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the library names it
                pass

        return Handler

    def answer(self, request: BaseHTTPRequestHandler, told: dict[str, str]) -> None:
        mood = self.moods.pop(0) if self.moods else "takes"
        message = Taken(key=request.headers["Idempotency-Key"], title=told["title"], body=told["message"])
        if mood.startswith("takes"):
            self.taken.append(message)
        self.requests += 1
        self.on_arrival(message)
        if mood.endswith("hangs"):
            self._stop.wait(1)  # then it hangs up: whoever is ready to wait for longer gets no answer either
        elif mood != "hangs up":
            request.send_response(200 if mood == "takes" else 500)
            request.end_headers()
        request.close_connection = True
