"""One request to one address and its answer, whatever goes wrong told in our words. It follows nothing."""

import re
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpcore
import httpx

from ..errors import AddressRefused, ResponseCorrupt, ResponseTooLarge, TimedOut, Truncated, Unreachable
from .addresses import AddressPolicy, Resolver
from .connection import CheckedBackend, Patience
from .limits import WebLimits

Headers = tuple[tuple[str, str], ...]

_HOST = re.compile(rb"[a-z0-9_:][a-z0-9._:-]*", re.IGNORECASE)  # names, after IDNA, and addresses


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back for one request; the body as it was sent, and only where there is one to read."""

    url: str
    target: str
    request_headers: Headers
    status: int
    reason: str
    headers: Headers  # names in lower case
    body: bytes
    is_whole: bool  # False: the body went on beyond what was wanted
    elapsed_ms: int

    def header(self, name: str) -> str | None:
        """Give the values of a header, joined as RFC 9110, 5.3, allows."""
        values = [value for key, value in self.headers if key == name]
        return ", ".join(values) if values else None


class Caller:
    """Asks one address at a time, over a connection of its own that is closed afterwards.

    A fresh connection for each request costs a handshake, which is little beside the pause between two requests to a
    host; in return no request ever meets a connection that the server has given up, nor an address checked long ago.
    """

    def __init__(self, *, limits: WebLimits, policy: AddressPolicy, resolver: Resolver, tls: ssl.SSLContext) -> None:
        self._limits = limits
        self._policy = policy
        self._resolver = resolver
        self._tls = tls

    def ask(self, address: httpx.URL, headers: Headers, *, body_bytes: int) -> Answer:
        """Send a GET and read the answer, at most so many bytes of its body; only a 2xx has a body worth reading."""
        url = str(address)
        patience = Patience(url, self._limits)
        seconds = self._limits.connect_seconds
        sent = (("Host", address.netloc.decode("ascii")), *headers, ("Connection", "close"))
        request = httpcore.Request(
            "GET",
            httpcore.URL(scheme=address.raw_scheme, host=address.raw_host, port=address.port, target=address.raw_path),
            headers=[(name.encode("ascii"), value.encode("latin-1", "replace")) for name, value in sent],
            extensions={"timeout": {"connect": seconds}},
        )
        backend = CheckedBackend(patience, self._policy, self._resolver)
        started = time.monotonic()
        with (
            _translated(url, patience),
            httpcore.HTTPConnection(request.url.origin, ssl_context=self._tls, network_backend=backend) as connection,
        ):
            response = connection.handle_request(request)
            patience.in_headers = False
            if sum(len(name) + len(value) + 4 for name, value in response.headers) > self._limits.header_bytes:
                raise too_large(url, self._limits.header_bytes, "of headers")
            body, is_whole = self._body(response, body_bytes) if 200 <= response.status < 300 else (b"", True)
        return Answer(
            url=url,
            target=address.raw_path.decode("ascii"),
            request_headers=sent,
            status=response.status,
            reason=response.extensions.get("reason_phrase", b"").decode("latin-1"),
            headers=tuple(
                (name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in response.headers
            ),
            body=body,
            is_whole=is_whole,
            elapsed_ms=round((time.monotonic() - started) * 1000),
        )

    def _body(self, response: httpcore.Response, most_bytes: int) -> tuple[bytes, bool]:
        """Read the body up to the bound; one that announces more than anybody wants is not even begun."""
        announced = next((value for name, value in response.headers if name.lower() == b"content-length"), b"0")
        if announced.isdigit() and int(announced[:20]) > max(most_bytes, self._limits.received_bytes):
            return b"", False
        body = bytearray()
        for piece in response.iter_stream():
            body += piece
            if len(body) > most_bytes:
                return bytes(body[:most_bytes]), False
        return bytes(body), True


def web_address(url: str, *, base: httpx.URL | None) -> httpx.URL:
    """Read an address, perhaps relative to another; raises AddressRefused unless it is http or https and has a host."""
    try:
        address = base.join(url) if base else httpx.URL(url)
    except (httpx.InvalidURL, ValueError) as error:
        raise AddressRefused(f"{url!r} is not an address: {error}", about=url) from error
    if address.scheme not in {"http", "https"} or not _HOST.fullmatch(address.raw_host) or address.port == 0:
        raise AddressRefused(f"{url!r} is not an http or https address with a host", about=url)
    return address.copy_with(fragment=None, userinfo=b"")


@contextmanager
def _translated(url: str, patience: Patience) -> Iterator[None]:
    """Tell httpcore's errors in our words, by how far the answer had come."""
    try:
        yield
    except httpcore.ConnectTimeout as error:
        raise TimedOut(f"{url}: no handshake within {patience.limits.connect_seconds:g} s", about=url) from error
    except httpcore.TimeoutException as error:
        raise TimedOut(f"{url}: {patience.lapse()}", about=url) from error
    except httpcore.ConnectError as error:
        raise Unreachable(f"{url}: no handshake ({error})", about=url) from error
    except (httpcore.ReadError, httpcore.WriteError) as error:
        raise _cut_off(url, patience, str(error)) from error
    except httpcore.RemoteProtocolError as error:
        if patience.ended:
            raise _cut_off(url, patience, str(error)) from error
        raise ResponseCorrupt(f"{url} does not speak HTTP: {error}", about=url) from error
    except httpcore.LocalProtocolError as error:
        raise AddressRefused(f"{url} can't be asked for: {error}", about=url) from error


def _cut_off(url: str, patience: Patience, why: str) -> Unreachable | Truncated:
    if patience.in_headers:
        return Unreachable(f"{url}: the connection ended before an answer ({why})", about=url)
    return Truncated(f"{url}: the body ended too soon ({why})", about=url)


def too_large(url: str, limit: int, what: str) -> ResponseTooLarge:
    """Say that headers or body go on beyond the bound."""
    return ResponseTooLarge(f"{url} sends more than {limit} bytes {what}", about=url)
