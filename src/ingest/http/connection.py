"""One connection to an address that was checked, with time and size limits that a dripping server can't stretch."""

import ssl
import time
from collections.abc import Callable, Iterable

import httpcore

from ..core.errors import ConnectionRefused, ProtocolBroken, ResponseTooLarge, TimedOut
from .addresses import AddressPolicy, Resolver, checked_addresses
from .limits import WebLimits


class Patience:
    """How long one request may still take; it runs out whatever the server sends."""

    def __init__(
        self, url: str, limits: WebLimits, *, seconds: float, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self.url = url
        self.limits = limits
        self.received_bytes = 0
        self.heard = bytearray()  # as much of what came as is kept of a response that is no page
        self.in_headers = True
        self.ip_address: str | None = None  # we are connected to
        self.has_asked = False  # the handshake is over, and the request on its way
        self.ended = False  # the server has closed the connection
        self._monotonic = monotonic
        self._started = monotonic()
        self._deadline = self._started + seconds
        self._first_byte: float | None = None

    def excuse(self, seconds: float) -> None:
        """Leave out of account what we kept the server waiting."""
        self._started += seconds
        self._deadline += seconds
        if self._first_byte is not None:
            self._first_byte += seconds

    def hurry(self, seconds: float) -> None:
        """Leave no more time than this: the rest is not worth waiting for."""
        self._deadline = min(self._deadline, self._monotonic() + seconds)

    def restart(self) -> None:
        """Reset what came of a kept connection that the server closed; the request is sent again in the time left."""
        self.has_asked = self.ended = False
        self._first_byte = None

    def seconds_spent(self) -> float:
        """Return how long the server has kept us waiting so far."""
        return self._monotonic() - self._started

    def seconds_to_connect(self) -> float:
        """Return how long a handshake may take."""
        return max(min(self.limits.connect_seconds, self._deadline - self._monotonic()), 0.001)

    def seconds_to_read(self) -> float:
        """Return how long the next read may take; raises TimedOut when none is left, or it went by for little."""
        now = self._monotonic()
        remaining = self._deadline - now
        if remaining <= 0:
            raise TimedOut(f"{self.url}: {self.lapse()}", about=self.url)
        if self._first_byte is None:
            return min(remaining, self.limits.first_byte_seconds)
        self._refuse_drip(now - self._first_byte)
        return min(remaining, self.limits.idle_seconds)

    def bytes_to_read(self, most: int) -> int:
        """Return how much the next read may bring: headers never pass their bound, where h11 would speak before us."""
        return max(min(most, self.limits.header_bytes - self.received_bytes), 1) if self.in_headers else most

    def has_received(self, data: bytes) -> None:
        """Count what came; raise ProtocolBroken where it begins like no response, ResponseTooLarge for long headers."""
        self.ended = not data
        if self.in_headers:
            self.heard += data[: self.limits.sample_bytes - len(self.heard)]
        if self._first_byte is None:
            self._first_byte = self._monotonic()
            if not b"HTTP/".startswith(data.lstrip()[:5]):
                raise ProtocolBroken(f"{self.url} does not speak HTTP: it begins {data[:40]!r}", about=self.url)
        if self.in_headers and self.received_bytes >= self.limits.header_bytes:
            raise ResponseTooLarge(
                f"{self.url} sends more than {self.limits.header_bytes} bytes of headers", about=self.url
            )
        self.received_bytes += len(data)

    def lapse(self) -> str:
        """Return which time ran out."""
        if self._monotonic() >= self._deadline:
            return f"more than {self.limits.total_seconds:g} s in all"
        if self._first_byte is None:
            return f"no response within {self.limits.first_byte_seconds:g} s"
        return f"nothing for {self.limits.idle_seconds:g} s after {self.received_bytes} bytes"

    def _refuse_drip(self, seconds: float) -> None:
        least = self.limits.slowest_bytes_per_second
        if seconds > self.limits.slow_grace_seconds and self.received_bytes < seconds * least:
            rate = self.received_bytes / seconds
            raise TimedOut(f"{self.url} sends {rate:.0f} bytes a second; we wait for {least} at least", about=self.url)


class PatientStream(httpcore.NetworkStream):
    """A network stream that asks its patience before and after each read."""

    def __init__(self, inner: httpcore.NetworkStream, patience: Patience) -> None:
        self._inner = inner
        self.patience = patience  # of the request that is under way

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 - ours is stricter
        """Read what has come, within the time that is left."""
        most_bytes = self.patience.bytes_to_read(max_bytes)
        data = self._inner.read(most_bytes, self.patience.seconds_to_read())
        self.patience.has_received(data)
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        """Write all of it, within the time that is left."""
        self.patience.has_asked = True
        self._inner.write(buffer, self.patience.seconds_to_read())

    def close(self) -> None:
        """Close the connection."""
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> "PatientStream":
        """Shake hands under the host's name, though the connection went to its address."""
        seconds = self.patience.seconds_to_connect()
        return PatientStream(self._inner.start_tls(ssl_context, server_hostname, seconds), self.patience)

    def get_extra_info(self, info: str) -> object:
        """Return what httpcore wants to know of the socket."""
        return self._inner.get_extra_info(info)


class CheckedBackend(httpcore.NetworkBackend):
    """Connects to the very addresses that were found public, in turn, and to nothing else."""

    def __init__(self, patience: Patience, policy: AddressPolicy, resolver: Resolver) -> None:
        self._patience = patience
        self._policy = policy
        self._resolver = resolver
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - ours is stricter
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> PatientStream:
        """Resolve, check, connect; the first address that answers wins."""
        seconds = self._patience.seconds_to_connect()
        found = checked_addresses(host, port, policy=self._policy, resolver=self._resolver, seconds=seconds)
        failures: list[Exception] = []
        for address in found[:4]:
            try:
                stream = self._sockets.connect_tcp(
                    address, port, seconds / min(len(found), 4), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failures.append(error)
            else:
                self._patience.ip_address = address
                return PatientStream(stream, self._patience)
        timed_out = all(isinstance(failure, httpcore.ConnectTimeout) for failure in failures)
        refusal = TimedOut if timed_out else ConnectionRefused
        why = f"in {seconds:g} s" if timed_out else f"({failures[-1]})"
        raise refusal(f"no connection to {host}:{port} {why}", about=self._patience.url) from failures[-1]


class Connection(httpcore.HTTP11Connection):
    """A connection to one origin, at an address that was checked; it takes one request after another."""

    def __init__(self, origin: httpcore.Origin, stream: PatientStream) -> None:
        super().__init__(origin, stream)
        self._stream = stream
        self._ip_address = stream.patience.ip_address

    def send(self, request: httpcore.Request, patience: Patience) -> httpcore.Response:
        """Send a request, and read the head of its response."""
        self._stream.patience = patience
        patience.ip_address = self._ip_address
        return self.handle_request(request)

    @property
    def is_reusable(self) -> bool:
        """Return whether the last response was read to its end, and neither more bytes nor the connection's end came.

        What follows a response unasked must not be taken for the next one (RFC 9112, 6.3); httpcore would.
        """
        return self.is_idle() and not self.has_expired() and self._h11_state.trailing_data == (b"", False)


def connect(
    origin: httpcore.Origin,
    patience: Patience,
    *,
    policy: AddressPolicy,
    resolver: Resolver,
    tls: Callable[[], ssl.SSLContext],
) -> Connection:
    """Open a connection to one of an origin's addresses, each of which may be connected to."""
    host = origin.host.decode("ascii")
    stream = CheckedBackend(patience, policy, resolver).connect_tcp(host, origin.port)
    if origin.scheme == b"https":
        stream = stream.start_tls(tls(), host)
    return Connection(origin, stream)
