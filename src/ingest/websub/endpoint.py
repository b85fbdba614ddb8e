"""`ingest listen` to those who call: which addresses there are, and how much of each body is let in.

What it means is decided elsewhere.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from typing import Any, Protocol

from anyio.to_thread import run_sync
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from ..core.errors import IngestError, ResponseTooLarge, Throttled, TimedOut
from ..core.pushes import Reply
from .rate_limits import Buckets, Load, Rate

log = logging.getLogger("ingest")

CALLBACK = "/websub/"
PER_CLIENT = Rate(burst=30, per_second=1)  # by address, for all but known callbacks
PER_SUBSCRIPTION = Rate(burst=60, per_second=2)  # for a known one: hubs push many feeds from one address
ALL_TOGETHER = Rate(burst=500, per_second=100)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListenLimits:
    """How much whoever calls may take of us; units are in the names."""

    header_seconds: float = 10.0  # from the connection to the end of a request's headers
    body_seconds: float = 20.0  # and from there to the end of its body
    connection_seconds: float = 60.0  # in all; each serves one request
    header_bytes: int = 16_384
    push_bytes: int = 5_000_000  # a feed; what is larger is asked for by us
    ping_bytes: int = 4_096
    held_bytes: int = 30_000_000  # of bodies, over all requests that are under way
    held_bytes_of_one: int = 10_000_000  # over those to one callback: a hub that is slow must not take it all
    bodies_of_one: int = 20
    connections: int = 200
    client: Rate = PER_CLIENT
    subscription: Rate = PER_SUBSCRIPTION
    everybody: Rate = ALL_TOGETHER  # but for known callbacks
    wrong_token_cost: float = 5.0  # requests


class Desk(Protocol):
    """Who answers."""

    def knows(self, token: str) -> bool:
        """Return whether a callback is one of ours."""
        ...

    def confirm(self, token: str, query: Mapping[str, str]) -> Reply:
        """Answer a hub that makes sure."""
        ...

    def deliver(self, token: str, headers: Sequence[tuple[str, str]], body: bytes) -> Reply:
        """Answer a hub that pushes."""
        ...

    def overflow(self, token: str) -> None:
        """Take that a hub pushes more than we take."""
        ...

    def refuse_ping(self, authorization: str | None) -> Reply | None:
        """Answer who may not ping; None for whoever may."""
        ...

    def ping(self, authorization: str | None, body: bytes) -> Reply:
        """Answer whoever says that a source has news."""
        ...

    def health(self) -> Reply:
        """Answer whoever asks how we are."""
        ...


class _Door:
    """The routes, and the bounds on what comes in through them."""

    def __init__(self, desk: Desk, limits: ListenLimits) -> None:
        self._desk = desk
        self._limits = limits
        self._load = Load(limits.held_bytes, of_one=limits.held_bytes_of_one, bodies_of_one=limits.bodies_of_one)
        self._clients, self._subscriptions = Buckets(limits.client), Buckets(limits.subscription)
        self._everybody = Buckets(limits.everybody)

    async def confirm(self, request: Request) -> Response:
        """Verify a hub's request (W3C WebSub, 5.3)."""
        token = str(request.path_params["token"])
        return await self._for_callback(request, token, self._confirm)

    async def deliver(self, request: Request) -> Response:
        """Take what a hub pushes."""
        token = str(request.path_params["token"])
        return await self._for_callback(request, token, self._deliver)

    async def ping(self, request: Request) -> Response:
        """Take that a source has news."""
        client = _client(request)
        if not self._lets_in(client):
            return _slow_down()
        authorization = request.headers.get("authorization")
        refusal = self._desk.refuse_ping(authorization)
        if refusal is not None:  # before the body has come: nobody holds a connection without the token
            if refusal.status == 401:
                self._clients.take(client, self._limits.wrong_token_cost)
            return _response(refusal)
        async with self._body(request, client, self._limits.ping_bytes) as body:
            return _response(await run_sync(self._desk.ping, authorization, body))

    async def health(self, request: Request) -> Response:
        """Return how we are."""
        return _response(await run_sync(self._desk.health)) if self._lets_in(_client(request)) else _slow_down()

    async def elsewhere(self, request: Request, error: Exception) -> Response:
        """Return 404, or 405 for another method."""
        if not self._lets_in(_client(request)):
            return _slow_down()
        told = error if isinstance(error, HTTPException) else HTTPException(404)
        return PlainTextResponse(told.detail, told.status_code, headers=_HEADERS | dict(told.headers or {}))

    def _lets_in(self, client: str) -> bool:
        return self._clients.take(client) and self._everybody.take("")

    async def _for_callback(self, request: Request, token: str, answer: Callable[[Request, str], Any]) -> Response:
        """Measure a known callback by itself, and everybody else by where they call from."""
        if not await run_sync(self._desk.knows, token):
            return _response(Reply(status=404, text="not found")) if self._lets_in(_client(request)) else _slow_down()
        if not self._subscriptions.take(token):
            return _slow_down()
        response: Response = await answer(request, token)
        return response

    async def _confirm(self, request: Request, token: str) -> Response:
        return _response(await run_sync(self._desk.confirm, token, dict(request.query_params)))

    async def _deliver(self, request: Request, token: str) -> Response:
        if request.headers.get("content-encoding", "identity").lower() != "identity":
            return _response(Reply(status=415, text="send it as it is"))
        headers = [(name.lower(), value) for name, value in request.headers.items()]
        try:
            async with self._body(request, token, self._limits.push_bytes) as body:
                return _response(await run_sync(self._desk.deliver, token, headers, body))
        except ResponseTooLarge:
            await run_sync(self._desk.overflow, token)
            raise

    @asynccontextmanager
    async def _body(self, request: Request, key: str, most_bytes: int) -> AsyncIterator[bytes]:
        """Read a body within its bounds, and count it for as long as it is held."""
        announced = request.headers.get("content-length", "")
        if announced.isascii() and announced.isdecimal() and int(announced[:20]) > most_bytes:
            raise ResponseTooLarge(f"more than {most_bytes} bytes", about=_client(request))
        pieces = bytearray()
        with self._load.of(key) as load:
            try:
                async with asyncio.timeout(self._limits.body_seconds):
                    async for piece in request.stream():
                        load.add(len(piece))
                        pieces += piece
                        if len(pieces) > most_bytes:
                            raise ResponseTooLarge(f"more than {most_bytes} bytes", about=_client(request))
            except TimeoutError as error:
                seconds = self._limits.body_seconds
                raise TimedOut(f"no whole request in {seconds:g} s", about=_client(request)) from error
            yield bytes(pieces)


def listener_app(desk: Desk, limits: ListenLimits) -> Starlette:
    """Join the desk to its addresses; there are no others."""
    door = _Door(desk, limits)
    app = Starlette(
        routes=[
            Route(CALLBACK + "{token}", door.confirm, methods=["GET"]),
            Route(CALLBACK + "{token}", door.deliver, methods=["POST"]),
            Route("/ping", door.ping, methods=["POST"]),
            Route("/health", door.health, methods=["GET"]),
        ],
        exception_handlers={IngestError: _refuse, ClientDisconnect: _refuse, HTTPException: door.elsewhere},
    )
    app.router.redirect_slashes = False
    return app


async def _refuse(request: Request, error: Exception) -> Response:
    """Answer what can't be taken: whoever sent too much, or too slowly, is told so; else it may do later."""
    if isinstance(error, ResponseTooLarge):
        return _response(Reply(status=413, text="too large"))
    if isinstance(error, Throttled):
        return _slow_down()
    if isinstance(error, TimedOut | ClientDisconnect):
        return _response(Reply(status=408, text="too slow"))
    log.error("not taken method=%s: %s", request.method, error)
    return PlainTextResponse("try again later", 503, headers=_HEADERS | {"Retry-After": "60"})


# Each connection serves one request, and what is echoed to a hub is text to whoever else may see it.
_HEADERS = {"Connection": "close", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}


def _response(reply: Reply) -> Response:
    headers = _HEADERS | ({"WWW-Authenticate": "Bearer"} if reply.status == 401 else {})
    return PlainTextResponse(reply.text, reply.status, headers=headers)


def _slow_down() -> Response:
    return PlainTextResponse("too many requests", 429, headers=_HEADERS | {"Retry-After": "30"})


def _client(request: Request) -> str:
    """Return who calls; of an IPv6 address its network, for its owner has them all."""
    host = request.client.host if request.client else ""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    return str(ip_network((address, 64), strict=False)) if address.version == 6 else host
