"""A newsroom with a hub of its own on loopback: it verifies, signs and pushes by the W3C's text, or does not."""

import hashlib
import hmac
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx

from ingest.core.model import Source

CALLER = httpx.Client(timeout=60, verify=False, trust_env=False)  # to make one costs more than to use it


@dataclass
class Subscribed:
    """A subscription as the hub holds it."""

    callback: str
    topic: str
    secret: str
    lease_seconds: str


@dataclass
class Newsroom:
    """Feeds, pages and a hub under one port. What it is told to do, it does at the next request."""

    is_pushing: bool = True  # whether its feed says that a hub pushes it
    hub_path: str = "/hub"
    topic_path: str = "/feed"  # what the feed calls itself
    feed_path: str = "/feed"  # where it is served
    feed_moved_to: str | None = None
    lease_seconds: int | None = 3_600
    hub_status: int = 202
    dead_hubs: tuple[str, ...] = ()  # paths
    hub_moved: tuple[int, str] | None = None  # status and path
    stays_mute: bool = False  # it accepts, and never makes sure
    in_headers: bool = False  # hub and self are told in Link headers, not in the feed
    stories: list[str] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)  # what the hub was asked for
    asked_at: list[str] = field(default_factory=list)  # and under which path
    visits: list[str] = field(default_factory=list)
    answers: list[tuple[int, str]] = field(default_factory=list)  # of callbacks to the hub's checks
    subscribed: dict[str, Subscribed] = field(default_factory=dict)  # by callback

    def __enter__(self) -> "Newsroom":
        newsroom = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                newsroom.visits.append(self.path)
                newsroom._serve(self)

            def do_POST(self) -> None:
                newsroom._take_request(self)

            def log_message(self, *arguments: object) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def topic(self) -> str:
        return self.url + self.topic_path

    @property
    def hub(self) -> str:
        return self.url + self.hub_path

    @property
    def source(self) -> Source:
        return Source(source_id="gazette", name="Gazette", feed_url=f"{self.url}/feed", language="en", country="GB")

    @property
    def callback(self) -> str:
        """The one callback that is subscribed."""
        (callback,) = self.subscribed
        return callback

    def publishes(self, *slugs: str) -> None:
        self.stories += slugs

    def feed(self, *slugs: str) -> bytes:
        """Write the feed, or one of these articles alone."""
        links = ""
        if self.is_pushing and not self.in_headers:
            links = f"<atom:link rel='hub' href='{self.hub}'/><atom:link rel='self' href='{self.topic}'/>"
        listed = "".join(
            f"<item><guid>{self.url}/{slug}</guid><title>{slug}</title><link>{self.url}/{slug}</link></item>"
            for slug in slugs or self.stories
        )
        space = "xmlns:atom='http://www.w3.org/2005/Atom'"
        return f"<rss version='2.0' {space}><channel><title>Gazette</title>{links}{listed}</channel></rss>".encode()

    def push(
        self, *slugs: str, body: bytes | None = None, method: str = "sha256", links: str | None = None, **changes: str
    ) -> httpx.Response:
        """Push some articles to whoever subscribed, signed as agreed."""
        one = self.subscribed[self.callback]
        return self.deliver(
            one.callback,
            self.feed(*slugs) if body is None else body,
            secret=changes.get("secret", one.secret),
            method=method,
            links=links,
        )

    def deliver(
        self, callback: str, body: bytes, *, secret: str | None, method: str = "sha256", links: str | None = None
    ) -> httpx.Response:
        headers = {
            "Content-Type": "application/rss+xml",
            "Link": links or f'<{self.hub}>; rel="hub", <{self.topic}>; rel="self"',
        }
        if secret is not None:
            digest = hmac.new(secret.encode(), body, getattr(hashlib, method)).hexdigest()
            headers["X-Hub-Signature"] = f"{method}={digest}"
        return CALLER.post(callback, content=body, headers=headers)

    def verify(self, callback: str, told: Mapping[str, str]) -> tuple[int, str]:
        """Make sure of a request, or say something else to a callback."""
        answer = CALLER.get(f"{callback}?{urlencode(told)}")
        self.answers.append((answer.status_code, answer.text))
        return self.answers[-1]

    def _serve(self, handler: BaseHTTPRequestHandler) -> None:
        path = urlsplit(handler.path).path
        headers = {}
        if path == "/feed" and self.feed_moved_to:
            _answer(handler, 301, b"", {"Location": self.url + self.feed_moved_to})
            return
        if path in {"/feed", self.feed_moved_to}:
            if self.in_headers and self.is_pushing:
                headers["Link"] = f'<{self.hub}>; rel="hub", <{self.topic}>; rel="self"'
            _answer(handler, 200, self.feed(), headers | {"Content-Type": "application/rss+xml"})
        elif path.strip("/") in self.stories:
            _answer(handler, 200, page(path.strip("/")), {"Content-Type": "text/html"})
        else:
            _answer(handler, 404, b"missing", {})

    def _take_request(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers["Content-Length"]))
        told = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        self.asked.append(told)
        self.asked_at.append(handler.path)
        if self.hub_moved and handler.path == "/hub":
            _answer(handler, self.hub_moved[0], b"", {"Location": self.hub_moved[1]})
            return
        if handler.path in self.dead_hubs:
            _answer(handler, 500, b"", {})
            return
        if self.hub_status == 202 and not self.stays_mute:
            self._make_sure(told)
        _answer(handler, self.hub_status, b"", {})

    def _make_sure(self, told: Mapping[str, str]) -> None:
        mode, callback = told["hub.mode"], told["hub.callback"]
        query = {"hub.mode": mode, "hub.topic": told["hub.topic"], "hub.challenge": f"challenge of {mode}"}
        if self.lease_seconds is not None:
            query["hub.lease_seconds"] = str(self.lease_seconds)
        if self.verify(callback, query) == (200, f"challenge of {mode}"):
            if mode == "subscribe":
                lease = told["hub.lease_seconds"]
                self.subscribed[callback] = Subscribed(callback, told["hub.topic"], told["hub.secret"], lease)
            else:
                del self.subscribed[callback]


def page(slug: str) -> bytes:
    """Write a page that holds an article."""
    return f"""<!doctype html><html lang="en"><head><title>{slug}</title></head><body><article><h1>{slug}</h1>
<p>The harbour of {slug} was closed for 12 hours after the storm, and 340 people spent the night in the school.</p>
<p>Nobody was hurt, the mayor said at the town hall, where blankets and soup were handed out until late.</p>
<p>The ferries are expected to sail again on Tuesday, when the wind turns and the rain moves to the north.</p>
</article></body></html>""".encode()


def _answer(handler: BaseHTTPRequestHandler, status: int, body: bytes, headers: Mapping[str, str]) -> None:
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)
    handler.wfile.flush()
