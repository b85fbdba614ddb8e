"""The web as the steps see it: pages and feeds, asked for politely, within limits, redirects followed, all archived."""

import re
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import cache, partial
from urllib.parse import urlsplit

import httpx

from ..archive.archive import WarcArchive
from ..archive.warc_records import NO_STATUS
from ..core.decompression import ACCEPTED_ENCODINGS, decompress, decompress_start
from ..core.errors import (
    AddressRefused,
    IngestError,
    ProtocolBroken,
    RedirectsEndless,
    ResponseEmpty,
    ResponseTooLarge,
    RobotsUnknown,
    TimedOut,
    Transient,
    Unreachable,
    WarehouseUnusable,
)
from ..core.model import Capture, Conditions, Page
from .addresses import AddressPolicy, Resolver
from .captures import exchange, pushed, sample
from .keep_alive import KeptConnections, Session
from .limits import WebLimits
from .memory_budget import Room, Stay
from .politeness import HostCounts, Pacer
from .redirects import Way
from .request import Answer, Caller, Headers, web_address
from .robots import RobotsBook
from .source_credentials import OPEN, Access
from .statuses import PAGES, asked_for_time, refusal, robots_refusal
from .unreachable import AbsentHosts

ACCEPTED = (
    "application/rss+xml, application/atom+xml, application/feed+json, text/html, application/xhtml+xml, "
    "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.5"
)
PERMANENT = frozenset({301, 308})
_VALIDATOR = re.compile(r"[ -~\x80-\xff]{1,2000}")  # RFC 9110, 5.5; servers refuse requests with long headers
REDIRECTS = PERMANENT | {302, 303, 307}

Permit = Callable[[Way, httpx.URL], None]  # raises where an address must not be requested


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
        tls: Callable[[], ssl.SSLContext],
        gap_seconds: float | None = None,
        host_gaps: Mapping[str, float] | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Take the manners: `gap_seconds` None is a second for the world and nothing for loopback; hosts may differ.

        `monotonic` and `sleep` are those of pauses, and of how long a robots.txt is remembered.
        """
        self._headers: Headers = (("User-Agent", user_agent), ("Accept", ACCEPTED))
        self._archive = archive
        self._clock = clock
        self._limits = limits
        self._caller = Caller(limits=limits, policy=policy, resolver=resolver, tls=tls)
        self._connections = KeptConnections()
        self._room = Room(places=limits.big_answers, small_bytes=limits.small_bytes)
        self._absent = AbsentHosts(seconds=limits.unreachable_seconds)
        self._let_in: set[str] = set()  # hosts that gave a page
        self._pacer = Pacer(gap_seconds=gap_seconds, host_gaps=host_gaps or {}, monotonic=monotonic, sleep=sleep)
        self._robots_book = cache(  # of each proxy: what one reaches says nothing of another
            lambda _proxied: RobotsBook(product=user_agent.partition("/")[0], limits=limits, monotonic=monotonic)
        )
        self._robots_book(OPEN)

    @contextmanager
    def for_source(self, access: Access) -> Iterator["SourceWeb"]:
        """Yield the web for one source's requests; a host's connection stays open from one of them to the next."""
        with self._connections.session() as session:
            yield SourceWeb(self, access, session)

    def visit(
        self, url: str, *, conditions: Conditions | None, access: Access = OPEN, session: Session | None = None
    ) -> Page:
        """Get a page if robots.txt lets us; 200 and 304 come back, all else is raised as one of our errors."""
        return self._page(Way(url, self._limits, access, session), conditions, self._permit_by_robots)

    def visit_feed(
        self, url: str, *, conditions: Conditions | None, access: Access = OPEN, session: Session | None = None
    ) -> Page:
        """Get a feed that its owner listed, whatever robots.txt says.

        RFC 9309 speaks to crawlers, which find addresses by themselves; this one was given to us by a person, and a
        feed is published for programs to read. Many newsrooms shut /rss to search engines and mean no reader by it.
        """
        return self._page(Way(url, self._limits, access, session), conditions, _permit_all)

    def recall(self, capture: Capture) -> Page:
        """Give back a page from the archive, as it was captured; the network is not touched."""
        return self._archive.recall(capture)

    def pause_since(self, url: str, at: datetime) -> None:
        """Leave a pause at an address's host since a time at which another process may have sent it a request."""
        host = web_address(url, base=None).netloc.decode("ascii")
        self._pacer.pause_since(host, (self._clock() - at).total_seconds())

    def keep_pushed(self, url: str, body: bytes, received_at: datetime) -> Capture:
        """Put on record what a hub pushed of the feed at an address."""
        address = str(web_address(url, base=None))
        return self._archive.keep(pushed(address, body, received_at))

    def host_counts(self) -> tuple[HostCounts, ...]:
        """Return what was asked of each host since this process began."""
        return self._pacer.host_counts()

    def close(self) -> None:
        """Close the archive's file."""
        self._archive.close()

    def _page(self, way: Way, conditions: Conditions | None, permit: Permit) -> Page:
        """Follow to the page, unpack it and put it on record; what is no page is on record as a sample."""
        with Stay(self._room) as stay, way:
            answer = self._follow(way, conditions, permit, stay=stay, body_bytes=self._limits.body_bytes)
            now = self._clock()
            body, failure = self._opened(answer, stay, has_door=permit is not _permit_all, now=now)
            if failure is not None:
                way.captures.append(self._archive.keep(sample(way.url, answer, now, self._limits.sample_bytes)))
                raise failure
            capture = self._archive.keep(exchange(way.url, answer, body, now))
            return Page(
                requested_url=way.url,
                final_url=answer.url,
                moved_to=answer.url if way.is_permanent else None,
                status=answer.status,
                headers=answer.headers,
                body=body,
                fetched_at=now,
                elapsed_ms=way.elapsed_ms,
                received_bytes=len(answer.body),
                capture=capture,
            )

    def _opened(self, answer: Answer, stay: Stay, *, has_door: bool, now: datetime) -> tuple[bytes, IngestError | None]:
        """Return an answer's body unpacked, or what it fails of; a host that gave a page is known from then on."""
        host = urlsplit(answer.url).netloc
        failure = refusal(answer, let_in_before=has_door and host in self._let_in, now=now) or answer.failure
        if failure is not None:
            return b"", failure
        encodings = answer.header("content-encoding")
        try:
            body = decompress(answer.body, encodings, limit=self._limits.body_bytes, url=answer.url, grow=stay.grow)
        except IngestError as error:
            return b"", error
        if not body and answer.status in PAGES:
            return b"", ResponseEmpty(f"{answer.url} answers {answer.status}, but with nothing", about=answer.url)
        if has_door:
            self._let_in.add(host)
        return body, None

    def _follow(
        self, way: Way, conditions: Conditions | None, permit: Permit, *, stay: Stay, body_bytes: int
    ) -> Answer:
        """Ask, and follow where the answers lead; each hop is checked, permitted, paced and archived like the first.

        Validators belong to the address that told them (RFC 9110, 8.8), and are repeated to no other.
        """
        address = web_address(way.url, base=None)
        told_by = str(web_address(conditions.url, base=None)) if conditions and conditions.url else str(address)
        been: list[str] = []
        while str(address) not in been and len(been) <= self._limits.redirects:
            way.hop = str(address)
            permit(way, address)
            headers = _conditional(conditions) if str(address) == told_by else ()
            answer = self._ask(address, headers, way=way, stay=stay, body_bytes=body_bytes)
            places = {value.strip() for name, value in answer.headers if name == "location"}
            if answer.status not in REDIRECTS or not places:
                return answer
            way.captures.append(self._archive.keep(sample(way.url, answer, self._clock(), self._limits.sample_bytes)))
            been.append(str(address))
            way.is_permanent = answer.status in PERMANENT and (way.is_permanent or len(been) == 1)
            if len(places) > 1:
                raise ProtocolBroken(f"{address} redirects to {len(places)} addresses at once", about=str(address))
            address = web_address(_as_written(places.pop()), base=address)
        how = "in a circle" if str(address) in been else f"more than {self._limits.redirects} times"
        raise RedirectsEndless(f"{way.url} redirects {how}, last to {address}", about=way.url)

    def _ask(self, address: httpx.URL, headers: Headers, *, way: Way, stay: Stay, body_bytes: int) -> Answer:
        """Ask one address when it is its host's turn, and count how it went and how long it took."""
        host = address.netloc.decode("ascii")
        access, session, url = way.access, way.session, str(address)
        origin = f"{address.scheme}://{host}{access.way_out}"
        sent = (*self._headers, ("Accept-Encoding", ACCEPTED_ENCODINGS), *headers)
        self._refuse_early(host, origin, url)
        with self._pacer.turn(host) as turn:
            patience = way.patience(url)
            try:
                self._refuse_early(host, origin, url)  # others found out while we waited
                answer = self._caller.ask(
                    address, sent, patience=patience, stay=stay, body_bytes=body_bytes, access=access, session=session
                )
                answer = access.hidden(answer, limit=self._limits.body_bytes, grow=stay.grow)
            except IngestError as error:
                access.hide_in(error)
                self._pacer.count(host, status=None, received_bytes=0, throttled=False)
                if isinstance(error, Unreachable | TimedOut) and not patience.has_asked and not way.hastens:
                    self._absent.remember(origin, error)
                raise
            finally:
                way.seconds_spent += patience.seconds_spent()
                if patience.ip_address is None:
                    turn.give_back()
        status = None if answer.failure and answer.status in {NO_STATUS, *PAGES} else answer.status
        asked = asked_for_time(answer, now=self._clock())
        self._pacer.count(host, status=status, received_bytes=len(answer.body), throttled=asked is not None)
        if asked and asked.retry_at:
            self._pacer.leave_alone(host, asked.retry_at)
        return answer

    def _refuse_early(self, host: str, origin: str, url: str) -> None:
        """Ask nothing of a host that was not there just now, or named a time to come back."""
        self._absent.refuse(origin, url=url)
        self._pacer.refuse_early(host, self._clock(), url=url)

    def _permit_by_robots(self, way: Way, address: httpx.URL) -> None:
        origin = f"{address.scheme}://{address.netloc.decode('ascii')}"
        ask, proxied = partial(self._ask_for_robots, way), way.access.proxied
        pause_seconds = self._robots_book(proxied).check(origin, str(address), ask=ask)
        self._pacer.obey_crawl_delay(address.netloc.decode("ascii"), pause_seconds)

    def _ask_for_robots(self, page: Way, url: str) -> tuple[int, bytes]:
        """Get a robots.txt; a host that can't be reached or must not be is told as such, all else is RobotsUnknown."""
        limit = self._limits.robots_bytes
        try:
            with Stay(self._room) as stay, Way(url, self._limits, page.access.proxied, page.session) as way:
                answer = self._follow(way, None, _permit_all, stay=stay, body_bytes=limit)
                way.captures.append(self._archive.keep(sample(url, answer, self._clock(), limit)))
                is_long = isinstance(answer.failure, ResponseTooLarge) and answer.status != NO_STATUS
                if answer.failure and not is_long and answer.status in {NO_STATUS, *PAGES}:
                    raise answer.failure
                if (failure := robots_refusal(answer, now=self._clock())) is not None:
                    raise failure
                return answer.status, _whole_lines(answer, limit)
        except RedirectsEndless:
            return 404, b""  # RFC 9309, 2.3.1.2: after five redirects it may be taken to be missing
        except (Unreachable, AddressRefused, WarehouseUnusable):
            raise
        except IngestError as error:
            named = error.retry_at if isinstance(error, Transient) else None
            unknown = RobotsUnknown(str(error), about=url, retry_at=named)
            unknown.hop, unknown.captures = error.hop, error.captures
            raise unknown from error


class SourceWeb:
    """The web for one source's requests: with the secret and the proxy that are its own, and the connections kept."""

    def __init__(self, web: PoliteWeb, access: Access, session: Session | None = None) -> None:
        self._web, self._access, self._session = web, access, session

    def visit(self, url: str, *, conditions: Conditions | None) -> Page:
        """Get a page if robots.txt lets us."""
        return self._web.visit(url, conditions=conditions, access=self._access, session=self._session)

    def visit_feed(self, url: str, *, conditions: Conditions | None) -> Page:
        """Get a feed that its owner listed."""
        return self._web.visit_feed(url, conditions=conditions, access=self._access, session=self._session)

    def recall(self, capture: Capture) -> Page:
        """Return a page from the archive."""
        return self._web.recall(capture)


def _as_written(location: str) -> str:
    """Read a Location as browsers do: bytes beyond ASCII are UTF-8, wherever they can be."""
    try:
        return location.encode("latin-1").decode("utf-8")
    except ValueError:
        return location


def _whole_lines(answer: Answer, limit: int) -> bytes:
    """Return a robots.txt as far as it is read, without the line that is cut off; a refusal's words are no rules."""
    if answer.status >= 400:
        return b""
    body = decompress_start(answer.body, answer.header("content-encoding"), limit=limit, url=answer.url)
    is_whole = answer.failure is None and len(body) < limit
    return body if is_whole else body[: max(body.rfind(b"\n"), body.rfind(b"\r"))]


def _permit_all(way: Way, address: httpx.URL) -> None:
    """Let every address be asked for."""


def _conditional(conditions: Conditions | None) -> Headers:
    """Repeat both validators: a server that knows one of them may answer 304 (RFC 9110, 13.1).

    A tag that is a star, repeated, would ask for any page but none (13.1.2).
    """
    if conditions is None:
        return ()
    both = (("If-None-Match", conditions.etag), ("If-Modified-Since", conditions.last_modified))
    return tuple((name, value) for name, value in both if value and _is_repeatable(value))


def _is_repeatable(value: str) -> bool:
    return _VALIDATOR.fullmatch(value) is not None and value.strip() != "*"
