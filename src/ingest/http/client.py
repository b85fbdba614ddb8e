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
from .memory_budget import MemoryBudget, Slot
from .politeness import HostCounts, Pacer
from .redirects import RedirectChain
from .request import Caller
from .response import Headers, Response, web_address
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

Permit = Callable[[RedirectChain, httpx.URL], None]  # raises where an address must not be requested


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
        host_delays: Mapping[str, float] | None = None,
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
        self._room = MemoryBudget(places=limits.big_answers, small_bytes=limits.small_bytes)
        self._absent = AbsentHosts(seconds=limits.unreachable_seconds)
        self._let_in: set[str] = set()  # hosts that gave a page
        self._pacer = Pacer(gap_seconds=gap_seconds, host_delays=host_delays or {}, monotonic=monotonic, sleep=sleep)
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
        return self._page(RedirectChain(url, self._limits, access, session), conditions, self._permit_by_robots)

    def visit_feed(
        self, url: str, *, conditions: Conditions | None, access: Access = OPEN, session: Session | None = None
    ) -> Page:
        """Get a feed that its owner listed, whatever robots.txt says.

        RFC 9309 speaks to crawlers, which find addresses by themselves; this one was given to us by a person, and a
        feed is published for programs to read. Many newsrooms shut /rss to search engines and mean no reader by it.
        """
        return self._page(RedirectChain(url, self._limits, access, session), conditions, _permit_all)

    def recall(self, capture: Capture) -> Page:
        """Return a page from the archive, as it was captured; the network is not touched."""
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

    def _page(self, chain: RedirectChain, conditions: Conditions | None, permit: Permit) -> Page:
        """Follow to the page, unpack it and put it on record; what is no page is on record as a sample."""
        with Slot(self._room) as slot, chain:
            response = self._follow(chain, conditions, permit, slot=slot, body_bytes=self._limits.body_bytes)
            now = self._clock()
            body, failure = self._opened(response, slot, has_door=permit is not _permit_all, now=now)
            if failure is not None:
                chain.captures.append(self._archive.keep(sample(chain.url, response, now, self._limits.sample_bytes)))
                raise failure
            capture = self._archive.keep(exchange(chain.url, response, body, now))
            return Page(
                requested_url=chain.url,
                final_url=response.url,
                moved_to=response.url if chain.is_permanent else None,
                status=response.status,
                headers=response.headers,
                body=body,
                fetched_at=now,
                elapsed_ms=chain.elapsed_ms,
                received_bytes=len(response.body),
                capture=capture,
            )

    def _opened(
        self, response: Response, slot: Slot, *, has_door: bool, now: datetime
    ) -> tuple[bytes, IngestError | None]:
        """Return a response's body unpacked, or what it fails of; a host that gave a page is known from then on."""
        host = urlsplit(response.url).netloc
        failure = refusal(response, let_in_before=has_door and host in self._let_in, now=now) or response.failure
        if failure is not None:
            return b"", failure
        encodings = response.header("content-encoding")
        try:
            body = decompress(response.body, encodings, limit=self._limits.body_bytes, url=response.url, grow=slot.grow)
        except IngestError as error:
            return b"", error
        if not body and response.status in PAGES:
            return b"", ResponseEmpty(f"{response.url} answers {response.status}, but with nothing", about=response.url)
        if has_door:
            self._let_in.add(host)
        return body, None

    def _follow(
        self, chain: RedirectChain, conditions: Conditions | None, permit: Permit, *, slot: Slot, body_bytes: int
    ) -> Response:
        """Ask, and follow where the responses lead; each hop is checked, permitted, paced and archived like the first.

        Validators belong to the address that told them (RFC 9110, 8.8), and are repeated to no other.
        """
        address = web_address(chain.url, base=None)
        told_by = str(web_address(conditions.url, base=None)) if conditions and conditions.url else str(address)
        been: list[str] = []
        while str(address) not in been and len(been) <= self._limits.redirects:
            chain.hop = str(address)
            permit(chain, address)
            headers = _conditional(conditions) if str(address) == told_by else ()
            response = self._ask(address, headers, chain=chain, slot=slot, body_bytes=body_bytes)
            places = {value.strip() for name, value in response.headers if name == "location"}
            if response.status not in REDIRECTS or not places:
                return response
            chain.captures.append(
                self._archive.keep(sample(chain.url, response, self._clock(), self._limits.sample_bytes))
            )
            been.append(str(address))
            chain.is_permanent = response.status in PERMANENT and (chain.is_permanent or len(been) == 1)
            if len(places) > 1:
                raise ProtocolBroken(f"{address} redirects to {len(places)} addresses at once", about=str(address))
            address = web_address(_as_written(places.pop()), base=address)
        how = "in a circle" if str(address) in been else f"more than {self._limits.redirects} times"
        raise RedirectsEndless(f"{chain.url} redirects {how}, last to {address}", about=chain.url)

    def _ask(
        self, address: httpx.URL, headers: Headers, *, chain: RedirectChain, slot: Slot, body_bytes: int
    ) -> Response:
        """Ask one address when it is its host's turn, and count how it went and how long it took."""
        host = address.netloc.decode("ascii")
        access, session, url = chain.access, chain.session, str(address)
        origin = f"{address.scheme}://{host}{access.way_out}"
        sent = (*self._headers, ("Accept-Encoding", ACCEPTED_ENCODINGS), *headers)
        self._refuse_early(host, origin, url)
        with self._pacer.turn(host) as turn:
            patience = chain.patience(url)
            try:
                self._refuse_early(host, origin, url)  # others found out while we waited
                response = self._caller.ask(
                    address, sent, patience=patience, slot=slot, body_bytes=body_bytes, access=access, session=session
                )
                response = access.hidden(response, limit=self._limits.body_bytes, grow=slot.grow)
            except IngestError as error:
                access.hide_in(error)
                self._pacer.count(host, status=None, received_bytes=0, throttled=False)
                if isinstance(error, Unreachable | TimedOut) and not patience.has_asked and not chain.hastens:
                    self._absent.remember(origin, error)
                raise
            finally:
                chain.seconds_spent += patience.seconds_spent()
                if patience.ip_address is None:
                    turn.give_back()
        status = None if response.failure and response.status in {NO_STATUS, *PAGES} else response.status
        asked = asked_for_time(response, now=self._clock())
        self._pacer.count(host, status=status, received_bytes=len(response.body), throttled=asked is not None)
        if asked and asked.retry_at:
            self._pacer.leave_alone(host, asked.retry_at)
        return response

    def _refuse_early(self, host: str, origin: str, url: str) -> None:
        """Ask nothing of a host that was not there just now, or named a time to come back."""
        self._absent.refuse(origin, url=url)
        self._pacer.refuse_early(host, self._clock(), url=url)

    def _permit_by_robots(self, chain: RedirectChain, address: httpx.URL) -> None:
        origin = f"{address.scheme}://{address.netloc.decode('ascii')}"
        ask, proxied = partial(self._ask_for_robots, chain), chain.access.proxied
        pause_seconds = self._robots_book(proxied).check(origin, str(address), ask=ask)
        self._pacer.obey_crawl_delay(address.netloc.decode("ascii"), pause_seconds)

    def _ask_for_robots(self, page: RedirectChain, url: str) -> tuple[int, bytes]:
        """Get a robots.txt; a host that can't be reached or must not be is told as such, all else is RobotsUnknown."""
        limit = self._limits.robots_bytes
        try:
            with Slot(self._room) as slot, RedirectChain(url, self._limits, page.access.proxied, page.session) as chain:
                response = self._follow(chain, None, _permit_all, slot=slot, body_bytes=limit)
                chain.captures.append(self._archive.keep(sample(url, response, self._clock(), limit)))
                is_long = isinstance(response.failure, ResponseTooLarge) and response.status != NO_STATUS
                if response.failure and not is_long and response.status in {NO_STATUS, *PAGES}:
                    raise response.failure
                if (failure := robots_refusal(response, now=self._clock())) is not None:
                    raise failure
                return response.status, _whole_lines(response, limit)
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


def _whole_lines(response: Response, limit: int) -> bytes:
    """Return a robots.txt as far as it is read, without the line that is cut off; a refusal's words are no rules."""
    if response.status >= 400:
        return b""
    body = decompress_start(response.body, response.header("content-encoding"), limit=limit, url=response.url)
    is_whole = response.failure is None and len(body) < limit
    return body if is_whole else body[: max(body.rfind(b"\n"), body.rfind(b"\r"))]


def _permit_all(chain: RedirectChain, address: httpx.URL) -> None:
    """Permit every address."""


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
