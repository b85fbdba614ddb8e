"""The connections of `ingest listen`: how many, and how long one may take before a request of it has come."""

import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.h11_impl import H11Protocol

from ..core.errors import Misconfigured
from .endpoint import ListenLimits


def open_socket(host: str, port: int) -> socket.socket:
    """Bind the address to listen on; Misconfigured says why it can't be had."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=128)
    except (OSError, OverflowError) as error:
        raise Misconfigured(f"can't listen on {host}:{port}: {error}", about=f"{host}:{port}") from error


def serve(app: Starlette, opened: socket.socket, limits: ListenLimits) -> None:
    """Answer until told to stop, by SIGINT or SIGTERM; what is under way is answered first."""
    server(app, limits).run(sockets=[opened])


def server(app: Starlette, limits: ListenLimits) -> uvicorn.Server:
    """Make a server that holds to the bounds before a request has come to the app."""
    connections: dict[_BoundedProtocol, None] = {}

    class Bounded(_BoundedProtocol):
        """One connection, with these bounds."""

        bounds = limits
        everyone = connections

    return _Server(
        uvicorn.Config(
            app,
            http=Bounded,
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="error",  # of what strangers send that is no HTTP there would be no end
            access_log=False,
            server_header=False,
            proxy_headers=True,  # a reverse proxy on this machine says who calls; nobody else may
            forwarded_allow_ips="127.0.0.1,::1",
            limit_concurrency=limits.connections + 1,  # where none of them makes room
            timeout_keep_alive=1,
            timeout_graceful_shutdown=10,
            h11_max_incomplete_event_size=limits.header_bytes,
        )
    )


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop on a signal and be done with it: to uvicorn it would come again afterwards, and end the process."""
        is_ours = threading.current_thread() is threading.main_thread()
        heard = (signal.SIGINT, signal.SIGTERM) if is_ours else ()
        before = {number: signal.signal(number, self.handle_exit) for number in heard}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


class _BoundedProtocol(H11Protocol):
    """A connection that is cut when its headers, or all of it, take too long: uvicorn would wait for ever.

    Where there are too many, the one that has kept us waiting for its headers for longest makes room.
    """

    bounds: ListenLimits
    everyone: "dict[_BoundedProtocol, None]"  # all connections of a server, in the order in which they came

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._timers = [
            self.loop.call_later(self.bounds.header_seconds, self._cut_headers),
            self.loop.call_later(self.bounds.connection_seconds, transport.abort),
        ]
        self.everyone[self] = None
        if len(self.everyone) > self.bounds.connections:
            self._make_room()

    def connection_lost(self, exc: Exception | None) -> None:
        self.everyone.pop(self, None)
        for timer in self._timers:
            timer.cancel()
        super().connection_lost(exc)

    def _make_room(self) -> None:
        silent = next((one for one in self.everyone if one.cycle is None and one is not self), None)
        if silent is not None:
            del self.everyone[silent]
            silent.transport.abort()

    def _cut_headers(self) -> None:
        if self.cycle is None:
            self.transport.abort()
