"""One request to one address and its response, whatever goes wrong told in our words. It follows nothing."""

import io
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import httpcore
import httpx

from ..archive.warc_records import NO_STATUS
from ..core.errors import (
    AddressRefused,
    HandshakeFailed,
    IngestError,
    ProtocolBroken,
    ResponseTooLarge,
    TimedOut,
    Truncated,
    Unreachable,
)
from .addresses import AddressPolicy, Resolver, refuse_inward
from .connection import CheckedBackend, Connection, Patience, connect
from .keep_alive import Session
from .limits import WebLimits
from .memory_budget import Slot
from .response import Headers, Response
from .source_credentials import OPEN, Access, Proxy

_CLOSE: Headers = (("Connection", "close"),)


class Caller:
    """Sends one request at a time, over the connection that a session keeps to its host.

    Without a session, or by a proxy, each request has a connection of its own that is closed afterwards. `tls` is
    called for the first connection that needs it.
    """

    def __init__(
        self, *, limits: WebLimits, policy: AddressPolicy, resolver: Resolver, tls: Callable[[], ssl.SSLContext]
    ) -> None:
        self._limits = limits
        self._policy = policy
        self._resolver = resolver
        self._tls = tls

    def ask(
        self,
        address: httpx.URL,
        headers: Headers,
        *,
        patience: Patience,
        slot: Slot,
        body_bytes: int,
        content: bytes | None = None,
        access: Access = OPEN,
        session: Session | None = None,
    ) -> Response:
        """Send a GET, or a POST of some content, and read the response: so many bytes of its body; of no 2xx, a sample.

        The response holds the request without the secret that `access` adds to it on its way.
        Raises what went wrong where nothing was heard at all.
        """
        url = str(address)
        kept_by = None if access.proxy else session
        sent = (("Host", address.netloc.decode("ascii")), *headers, *(() if kept_by else _CLOSE))
        if content is not None:
            sent = (*sent, ("Content-Length", str(len(content))))
        target = access.target_of(address)
        request = httpcore.Request(
            "GET" if content is None else "POST",
            httpcore.URL(scheme=address.raw_scheme, host=address.raw_host, port=address.port, target=target),
            headers=[
                (name.encode("ascii"), value.encode("latin-1", "replace"))
                for name, value in (*sent, *access.headers_of(address))
            ],
            content=content,
        )
        answered = partial(Response, url=url, target=address.raw_path.decode("ascii"), request_headers=sent)
        if access.proxy:
            exchange = self._by_proxy(request, patience, access.proxy)
        else:
            exchange = self._directly(request, patience, kept_by)
        try:
            with _translated(url, patience), exchange as response:
                patience.in_headers = False
                if sum(len(name) + len(value) + 4 for name, value in response.headers) > self._limits.header_bytes:
                    raise too_large(url, self._limits.header_bytes, "of headers")
                body, failure = self._body(response, patience, slot=slot, most_bytes=body_bytes)
        except IngestError as error:
            if not patience.heard:
                raise
            heard = bytes(patience.heard)
            return answered(status=NO_STATUS, reason="", headers=(), body=heard, failure=error)
        return answered(
            status=response.status,
            reason=response.extensions.get("reason_phrase", b"").decode("latin-1"),
            headers=tuple(
                (name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in response.headers
            ),
            body=body,
            failure=failure,
            ip_address=None if access.proxy else patience.ip_address,
        )

    @contextmanager
    def _directly(
        self, request: httpcore.Request, patience: Patience, session: Session | None
    ) -> Iterator[httpcore.Response]:
        """Yield the response to a request, over the connection that is kept to its host or over a new one."""
        origin = request.url.origin
        connection = session.take(origin) if session else None
        response = _sent_over(connection, request, patience) if connection else None
        if connection is None or response is None:
            connection = connect(origin, patience, policy=self._policy, resolver=self._resolver, tls=self._tls)
            response = connection.send(request, patience)
        try:
            yield response
        finally:
            response.close()  # and the connection, unless the response was read to its end
            if session and connection.is_reusable:
                session.put_back(origin, connection)
            else:
                connection.close()

    @contextmanager
    def _by_proxy(self, request: httpcore.Request, patience: Patience, proxy: Proxy) -> Iterator[httpcore.Response]:
        """Yield the response to a request that takes the proxy of its source."""
        origin = request.url.origin
        host, seconds = origin.host.decode("ascii"), patience.seconds_to_connect()
        refuse_inward(host, origin.port, policy=self._policy, resolver=self._resolver, seconds=seconds)
        named = AddressPolicy(allowed_endpoints=frozenset({proxy.endpoint}))  # by its owner, wherever it is
        with httpcore.HTTPProxy(
            proxy.url,
            proxy_auth=proxy.credentials,
            ssl_context=self._tls(),
            proxy_ssl_context=self._tls() if proxy.scheme == "https" else None,
            network_backend=CheckedBackend(patience, named, self._resolver),
        ) as opened:
            yield opened.handle_request(request)

    def _body(
        self, response: httpcore.Response, patience: Patience, *, slot: Slot, most_bytes: int
    ) -> tuple[bytes, IngestError | None]:
        """Read the body up to the bound, or a sample of what nobody wants; say why it ended before its end."""
        limit, refused = most_bytes, None
        if _announced_bytes(response) > self._limits.body_bytes <= most_bytes:
            refused = too_large(patience.url, most_bytes, "of body")
        if refused or not 200 <= response.status < 300:
            limit = min(self._limits.sample_bytes, most_bytes)
            patience.hurry(self._limits.sample_seconds)
        body = io.BytesIO()  # whose value is no copy
        try:
            with _translated(patience.url, patience):
                for piece in response.iter_stream():
                    body.write(piece)
                    if body.tell() > limit:
                        body.truncate(limit)
                        return body.getvalue(), too_large(patience.url, most_bytes, "of body")
                    patience.excuse(slot.grow(body.tell()))
        except IngestError as error:
            return body.getvalue(), refused or error
        return body.getvalue(), refused


def _sent_over(connection: Connection, request: httpcore.Request, patience: Patience) -> httpcore.Response | None:
    """Send a request over a kept connection; None where that ended before a byte came, and it may be sent again.

    Servers close idle connections when they please, perhaps while a request is on its way (RFC 9112, 9.3.1).
    """
    try:
        return connection.send(request, patience)
    except (httpcore.ReadError, httpcore.RemoteProtocolError):
        if request.method != b"GET" or patience.received_bytes:
            raise
        patience.restart()
        return None


def _announced_bytes(response: httpcore.Response) -> int:
    announced = next((value for name, value in response.headers if name.lower() == b"content-length"), b"0")
    return int(announced[:20]) if announced.isdigit() else 0


@contextmanager
def _translated(url: str, patience: Patience) -> Iterator[None]:
    """Tell httpcore's errors in our words, by how far the response had come."""
    try:
        yield
    except httpcore.ConnectTimeout as error:
        raise TimedOut(f"{url}: no handshake within {patience.limits.connect_seconds:g} s", about=url) from error
    except httpcore.TimeoutException as error:
        raise TimedOut(f"{url}: {patience.lapse()}", about=url) from error
    except httpcore.ProxyError as error:
        raise Unreachable(f"{url}: the proxy refuses: {error}", about=url) from error
    except httpcore.ConnectError as error:
        raise HandshakeFailed(f"{url}: no handshake ({error})", about=url) from error
    except (httpcore.ReadError, httpcore.WriteError) as error:
        raise _cut_off(url, patience, str(error)) from error
    except httpcore.RemoteProtocolError as error:
        if patience.ended:
            raise _cut_off(url, patience, str(error)) from error
        raise ProtocolBroken(f"{url} does not speak HTTP: {error}", about=url) from error
    except httpcore.LocalProtocolError as error:
        raise AddressRefused(f"{url} can't be asked for: {error}", about=url) from error


def _cut_off(url: str, patience: Patience, why: str) -> Unreachable | Truncated:
    if patience.in_headers:
        return Unreachable(f"{url}: the connection ended before a response ({why})", about=url)
    return Truncated(f"{url}: the body ended too soon ({why})", about=url)


def too_large(url: str, limit: int, what: str) -> ResponseTooLarge:
    """Return the error that headers or body go on beyond the bound."""
    return ResponseTooLarge(f"{url} sends more than {limit} bytes {what}", about=url)
