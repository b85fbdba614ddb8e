"""Many newsrooms that take their time: each has a loopback address, a feed and articles made up when asked for."""

import asyncio
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from html import escape
from threading import Event, Thread

from .generated import told

TOP = '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Crowd</title>'


class Crowd:
    """Hosts at 127.1.0.1 and on, all on one port, each answering so many seconds after it was asked."""

    def __init__(self, hosts: int, stories_each: int, *, latency_seconds: float) -> None:
        self.addresses = [f"127.1.{number // 250}.{number % 250 + 1}" for number in range(hosts)]
        self.port = 0
        self.asked_at: list[float] = []  # when each request came in, in seconds of the server's own clock
        self.most_at_once = 0  # requests that one host had before it at the same time
        self._places = {address: place for place, address in enumerate(self.addresses)}
        self._stories_each = stories_each
        self._latency_seconds = latency_seconds
        self._waiting: dict[str, int] = {}
        self.loop = asyncio.new_event_loop()
        self.thread = Thread(target=self.loop.run_forever)
        self._answers = asyncio.Event()
        self._answers.set()
        self._held, self._most_held = Event(), 0

    def sources(self) -> list[Mapping[str, str]]:
        """List every host as a source."""
        return [
            {"key": f"host-{place:04}", "feed_url": f"http://{address}:{self.port}/feed.xml", "language": "en"}
            for place, address in enumerate(self.addresses)
        ]

    def hold(self, requests: int) -> Event:
        """Answer nothing, until `release`; the event is set once so many requests wait for an answer."""
        self._held, self._most_held = Event(), requests
        self.loop.call_soon_threadsafe(self._answers.clear)
        return self._held

    def release(self) -> None:
        """Answer what waits, and whatever comes."""
        self.loop.call_soon_threadsafe(self._answers.set)

    async def open(self) -> list[asyncio.Server]:
        """Begin to listen."""
        first = await asyncio.start_server(self._serve, self.addresses[0], 0, backlog=64)
        self.port = first.sockets[0].getsockname()[1]
        return [first, *[await asyncio.start_server(self._serve, one, self.port) for one in self.addresses[1:]]]

    def cpu_seconds(self) -> float:
        """Return what serving has cost, apart from everything else in this process."""
        return time.clock_gettime(time.pthread_getcpuclockid(self.thread.ident or 0))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        address = str(writer.get_extra_info("sockname")[0])
        try:
            is_kept = True
            while is_kept:
                head = await reader.readuntil(b"\r\n\r\n")
                is_kept = b"\r\nconnection: close\r\n" not in head.lower()
                await self._wait_before_answering(address)
                writer.write(self._answer(address, head.split(b" ", 2)[1].decode()))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            return  # the client has closed the connection
        finally:
            writer.close()

    async def _wait_before_answering(self, address: str) -> None:
        self.asked_at.append(self.loop.time())
        self._waiting[address] = self._waiting.get(address, 0) + 1
        self.most_at_once = max(self.most_at_once, self._waiting[address])
        if sum(self._waiting.values()) >= self._most_held:
            self._held.set()
        await asyncio.sleep(self._latency_seconds)
        await self._answers.wait()
        self._waiting[address] -= 1

    def _answer(self, address: str, path: str) -> bytes:
        place = self._places[address]
        if path == "/feed.xml":
            return _said("200 OK", "application/rss+xml", self._feed(address, place))
        if path.startswith("/story/"):
            return _said("200 OK", "text/html", _page(place * self._stories_each + int(path[7:])))
        return _said("404 Not Found", "text/plain", "")

    def _feed(self, address: str, place: int) -> str:
        listed = "".join(
            f"<item><title>{escape(told(place * self._stories_each + number)[0])}</title>"
            f"<link>http://{address}:{self.port}/story/{number}</link></item>"
            for number in range(self._stories_each)
        )
        return f"{TOP}{listed}</channel></rss>"


@contextmanager
def crowd(hosts: int, stories_each: int, *, latency_seconds: float) -> Iterator[Crowd]:
    """Open so many hosts, and close them afterwards."""
    opened = Crowd(hosts, stories_each, latency_seconds=latency_seconds)
    loop = opened.loop
    servers = loop.run_until_complete(opened.open())
    opened.thread.start()
    try:
        yield opened
    finally:
        loop.call_soon_threadsafe(loop.stop)
        opened.thread.join()
        for server in servers:
            server.close()
        loop.run_until_complete(_cancel_all())  # connections that a client still keeps open
        loop.close()


async def _cancel_all() -> None:
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _page(number: int) -> str:
    title, *paragraphs = told(number)
    text = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta property="article:published_time" content="2026-11-02T08:30:00Z"></head>'
        f"<body><main><article><h1>{escape(title)}</h1>{text}</article></main></body></html>"
    )


def _said(status: str, content_type: str, text: str) -> bytes:
    body = text.encode()
    head = f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body
