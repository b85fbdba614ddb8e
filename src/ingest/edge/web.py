"""The web as the steps see it: pages and feeds, asked for politely, within limits, redirects followed, all archived."""

import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import httpx

from ..errors import (
    AddressRefused,
    IngestError,
    RedirectsEndless,
    RobotsUnknown,
    Unreachable,
)
from ..model import Capture, Conditions, Page
from .addresses import AddressPolicy, Resolver
from .archive import Exchange, WarcArchive
from .decompress import ACCEPTED_ENCODINGS, decompress
from .exchange import Answer, Caller, Headers, too_large, web_address
from .limits import WebLimits
from .pacing import HostTally, Pacer
from .refusals import refusal
from .robots import RobotsBook

ACCEPTED = (
    "application/rss+xml, application/atom+xml, application/feed+json, text/html, application/xhtml+xml, "
    "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.5"
)
PERMANENT = frozenset({301, 308})
REDIRECTS = PERMANENT | {302, 303, 307}

Permit = Callable[[httpx.URL], None]  # raises where an address must not be asked for


@dataclass(frozen=True, slots=True)
class _Arrival:
    """The last answer on a way of redirects."""

    answer: Answer
    moved: bool  # every hop said that it was for good


class PoliteWeb:
    """Newsrooms' servers as they want to be asked: one request at a time per host, a pause, an honest name.

    Names are resolved here and the address that was checked is the one connected to, at every hop. No cookies are
    kept and no proxy is taken from the environment. Safe to use from several threads; hosts don't wait for each other.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        archive: WarcArchive,
        clock: Callable[[], datetime],
        limits: WebLimits,
        policy: AddressPolicy,
        resolver: Resolver,
        tls: ssl.SSLContext,
        gap_seconds: float | None = None,
        host_gaps: Mapping[str, float] | None = None,
    ) -> None:
        """Take the manners: `gap_seconds` None is a second for the world and nothing for loopback; hosts may differ."""
        self._headers: Headers = (("User-Agent", user_agent), ("Accept", ACCEPTED))
        self._archive = archive
        self._clock = clock
        self._limits = limits
        self._caller = Caller(limits=limits, policy=policy, resolver=resolver, tls=tls)
        self._pacer = Pacer(gap_seconds=gap_seconds, host_gaps=host_gaps or {})
        self._robots = RobotsBook(product=user_agent.partition("/")[0], limits=limits, ask=self._ask_for_robots)

    def visit(self, url: str, *, conditions: Conditions | None) -> Page:
        """Get a page if robots.txt lets us; 200 and 304 come back, all else is raised as one of our errors."""
        return self._page(url, conditions, self._permit_by_robots)

    def visit_feed(self, url: str, *, conditions: Conditions | None) -> Page:
        """Get a feed that its owner listed, whatever robots.txt says.

        RFC 9309 speaks to crawlers, which find addresses by themselves; this one was given to us by a person, and a
        feed is published for programs to read. Many newsrooms shut /rss to search engines and mean no reader by it.
        """
        return self._page(url, conditions, _permit_all)

    def recall(self, capture: Capture) -> Page:
        """Give back a page from the archive, as it was captured; the network is not touched."""
        return self._archive.recall(capture)

    def tallies(self) -> tuple[HostTally, ...]:
        """Give what was asked of each host since this process began."""
        return self._pacer.tallies()

    def close(self) -> None:
        """Close the archive's file."""
        self._archive.close()

    def _page(self, url: str, conditions: Conditions | None, permit: Permit) -> Page:
        arrival = self._follow(url, _conditional(conditions), permit, body_bytes=self._limits.received_bytes)
        answer, now = arrival.answer, self._clock()
        refused = refusal(answer, requested_url=url, asked_conditionally=bool(_conditional(conditions)), now=now)
        if refused is not None:
            raise refused
        if not answer.is_whole:
            raise too_large(answer.url, self._limits.received_bytes, "of body")
        encodings = answer.header("content-encoding")
        body = decompress(answer.body, encodings, limit=self._limits.decoded_bytes, url=answer.url)
        capture = self._archive.keep(_exchange(url, answer, body, now))
        return Page(
            requested_url=url,
            final_url=answer.url,
            moved_to=answer.url if arrival.moved else None,
            status=answer.status,
            headers=answer.headers,
            body=body,
            fetched_at=now,
            elapsed_ms=answer.elapsed_ms,
            received_bytes=len(answer.body),
            capture=capture,
        )

    def _follow(self, url: str, headers: Headers, permit: Permit, *, body_bytes: int) -> _Arrival:
        """Ask, and follow where the answers lead; each hop is checked, permitted and paced like the first."""
        address = web_address(url, base=None)
        been: list[str] = []
        moved = True
        while str(address) not in been and len(been) <= self._limits.redirects:
            permit(address)
            answer = self._ask(address, headers, body_bytes)
            location = answer.header("location")
            if answer.status not in REDIRECTS or location is None:
                return _Arrival(answer, moved and bool(been))
            been.append(str(address))
            moved = moved and answer.status in PERMANENT
            address = web_address(_as_written(location), base=address)
        how = "in a circle" if str(address) in been else f"more than {self._limits.redirects} times"
        raise RedirectsEndless(f"{url} redirects {how}, last to {address}", about=url)

    def _ask(self, address: httpx.URL, headers: Headers, body_bytes: int) -> Answer:
        """Ask one address when it is its host's turn, and count how it went."""
        host = address.netloc.decode("ascii")
        encodings = (("Accept-Encoding", ACCEPTED_ENCODINGS),)
        with self._pacer.turn(host):
            try:
                answer = self._caller.ask(address, (*self._headers, *encodings, *headers), body_bytes=body_bytes)
            except IngestError:
                self._pacer.count(host, status=None, received_bytes=0, throttled=False)
                raise
        throttled = answer.status == 429 or (answer.status == 503 and answer.header("retry-after") is not None)
        self._pacer.count(host, status=answer.status, received_bytes=len(answer.body), throttled=throttled)
        return answer

    def _permit_by_robots(self, address: httpx.URL) -> None:
        origin = f"{address.scheme}://{address.netloc.decode('ascii')}"
        pause_seconds = self._robots.check(origin, str(address))
        self._pacer.obey_crawl_delay(address.netloc.decode("ascii"), pause_seconds)

    def _ask_for_robots(self, url: str) -> tuple[int, bytes]:
        """Get a robots.txt; a host that can't be reached or must not be is told as such, all else is RobotsUnknown."""
        try:
            answer = self._follow(url, (), _permit_all, body_bytes=self._limits.robots_bytes).answer
            encodings = answer.header("content-encoding")
            return answer.status, decompress(answer.body, encodings, limit=self._limits.decoded_bytes, url=url)
        except RedirectsEndless:
            return 404, b""  # RFC 9309, 2.3.1.2: after five redirects it may be taken to be missing
        except (Unreachable, AddressRefused):
            raise
        except IngestError as error:
            raise RobotsUnknown(str(error), about=url) from error


def _as_written(location: str) -> str:
    """Read a Location as browsers do: bytes beyond ASCII are UTF-8, wherever they can be."""
    try:
        return location.encode("latin-1").decode("utf-8")
    except ValueError:
        return location


def _permit_all(address: httpx.URL) -> None:
    """Let every address be asked for."""


def _conditional(conditions: Conditions | None) -> Headers:
    """Repeat both validators: a server that knows one of them may answer 304 (RFC 9110, 13.1)."""
    if conditions is None:
        return ()
    both = (("If-None-Match", conditions.etag), ("If-Modified-Since", conditions.last_modified))
    return tuple((name, value) for name, value in both if value and value.isprintable())


def _exchange(requested_url: str, answer: Answer, body: bytes, now: datetime) -> Exchange:
    return Exchange(
        requested_url=requested_url,
        url=answer.url,
        fetched_at=now,
        request_target=answer.target,
        request_headers=answer.request_headers,
        status=answer.status,
        reason=answer.reason,
        headers=answer.headers,
        sent_body=answer.body,
        body=body,
    )
