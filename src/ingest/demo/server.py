"""A small honest web server on loopback: validators, 304, redirects, gzip, and a log of what was asked."""

import gzip
import hashlib
import socketserver
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Self, cast

_WORTH_COMPRESSING = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a client asked, and how it was answered."""

    method: str
    path: str  # with its query
    headers: dict[str, str] = field(repr=False)  # names in lower case
    status: int
    port: int  # the client's, another for each connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What the site says at an address."""

    status: int
    body: bytes = field(repr=False)
    content_type: str
    headers: tuple[tuple[str, str], ...]
    modified_at: datetime | None

    @property
    def etag(self) -> str:
        """Change with the body; weak, because one tag covers the plain and the compressed form (RFC 9110, 8.8.1)."""
        return f'W/"{hashlib.sha256(self.body).hexdigest()[:16]}"'


class Site:
    """A web site on loopback that says what it was told to, from `with` to its end."""

    def __init__(self, *, host: str = "127.0.0.1", port: int = 0) -> None:
        self.requests: list[Request] = []
        self._address = (host, port)
        self._answers: dict[str, Response] = {}
        self._listener: _Listener | None = None
        self._thread: Thread | None = None

    def __enter__(self) -> Self:
        self._listener = _Listener(self._address, _Handler)
        self._listener.site = self
        self._thread = Thread(target=self._listener.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._listener and self._thread:
            self._listener.shutdown()
            self._listener.server_close()
            self._thread.join()

    @property
    def url(self) -> str:
        """The site's root, without a slash at its end; known once the site is open."""
        if self._listener is None:
            raise RuntimeError("the site has no address before it is opened: use it in a `with`")
        host, port = self._listener.server_address[:2]
        return f"http://{host!s}:{port}"

    def serve(
        self,
        path: str,
        body: bytes | str,
        *,
        content_type: str = "text/html; charset=utf-8",
        status: int = 200,
        headers: Sequence[tuple[str, str]] = (),
        modified_at: datetime | None = None,
    ) -> None:
        """Response `path` like this from now on; a path without a query answers for every query."""
        self._answers[path] = Response(
            status=status,
            body=body.encode() if isinstance(body, str) else body,
            content_type=content_type,
            headers=tuple(headers),
            modified_at=modified_at,
        )

    def redirect(self, path: str, to: str, *, status: int = 301) -> None:
        """Send whoever asks for `path` to another address."""
        self.serve(path, b"", status=status, headers=[("Location", to)])

    def remove(self, path: str) -> None:
        """Response 404 at `path` from now on."""
        del self._answers[path]

    def answer(self, target: str) -> Response | None:
        """Find what is said at an address, with or without its query."""
        return self._answers.get(target) or self._answers.get(target.partition("?")[0])


class _Listener(ThreadingHTTPServer):
    site: Site
    request_queue_size = 128

    def server_bind(self) -> None:
        # HTTPServer asks the resolver for the machine's name here, which can take seconds where there is no network.
        socketserver.TCPServer.server_bind(self)

    def handle_error(self, request: object, client_address: object) -> None:
        """Ignore that a client hangs up without a traceback: fetchers do, when a page is too large."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "demo"
    sys_version = ""
    timeout = 10
    wbufsize = -1  # head and body leave together
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self._reply(with_body=True)

    def do_HEAD(self) -> None:
        self._reply(with_body=False)

    def log_message(self, *_: object) -> None:
        """Stay quiet: the log is `Site.requests`."""

    def _reply(self, *, with_body: bool) -> None:
        listener = cast("_Listener", self.server)
        if listener.fileno() < 0:
            self.close_connection = True  # the site has closed, though this connection was kept alive
            return
        site = listener.site
        asked = {name.lower(): value for name, value in self.headers.items()}
        answer = site.answer(self.path) or _MISSING
        status = 304 if _is_known(asked, answer) else answer.status
        port = self.client_address[1]
        site.requests.append(Request(method=self.command, path=self.path, headers=asked, status=status, port=port))
        self.send_response_only(status)
        for name, value in answer.headers:
            self.send_header(name, value)
        if answer.status == 200:
            self.send_header("ETag", answer.etag)
        if answer.modified_at:
            self.send_header("Last-Modified", format_datetime(answer.modified_at.astimezone(UTC), usegmt=True))
        if status == 304:
            self.end_headers()
            return
        body = self._compress(answer.body, asked)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if with_body:
            self.wfile.write(body)

    def _compress(self, body: bytes, asked: dict[str, str]) -> bytes:
        self.send_header("Vary", "Accept-Encoding")
        if "gzip" not in asked.get("accept-encoding", "") or len(body) < _WORTH_COMPRESSING:
            return body
        self.send_header("Content-Encoding", "gzip")
        return gzip.compress(body, mtime=0)


_MISSING = Response(
    status=404, body=b"<h1>Not found</h1>", content_type="text/html; charset=utf-8", headers=(), modified_at=None
)


def _is_known(asked: dict[str, str], answer: Response) -> bool:
    """Tell whether the client's copy still stands (RFC 9110, 13.2.2: a tag, when sent, decides alone)."""
    if answer.status != 200:
        return False
    if tags := asked.get("if-none-match"):
        return answer.etag in [tag.strip() for tag in tags.split(",")]
    since = asked.get("if-modified-since")
    if not since or not answer.modified_at:
        return False
    return answer.modified_at.replace(microsecond=0) <= parsedate_to_datetime(since)
