"""`ingest listen` in this process, for tests: the real server and inbox, on a clock that a test moves."""

import asyncio
import secrets
import socket
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import timedelta
from pathlib import Path
from types import TracebackType

import httpx
import uvicorn

from ingest.core.model import Source
from ingest.core.pushes import Subscription
from ingest.core.settings import Settings, load_settings
from ingest.pipeline import wiring
from ingest.pipeline.open_stores import open_state
from ingest.pipeline.web_settings import careful_hubs
from ingest.state.inbox import StateInbox
from ingest.websub.connection_limits import open_socket, server
from ingest.websub.endpoint import CALLBACK, ListenLimits, listener_app
from ingest.websub.hubs import CarefulHubs
from ingest.websub.responses import Listener
from ingest.websub.subscriber import keep_subscribed
from tests.hub import CALLER

TOKEN = "a token for the tests alone"


class Listen:
    """The listener of some sources and the state of a folder; `look` does what its keeper does every few seconds."""

    def __init__(self, folder: Path, sources: Sequence[Source], *, limits: ListenLimits | None = None) -> None:
        folder.mkdir(exist_ok=True)
        self.sources = list(sources)
        self.now = wiring.utc_now()
        self.rings = 0
        self.limits = limits or ListenLimits()
        self._hubs: CarefulHubs | None = None
        self.settings: Settings = load_settings(allowed_networks=["127.0.0.0/8"], warehouse=folder)
        self._state = open_state(self.settings)
        self.inbox = StateInbox(self._state)

    def __enter__(self) -> "Listen":
        opened = open_socket("127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{opened.getsockname()[1]}"
        desk = Listener(
            self.inbox, sources=lambda: self.sources, ping_token=TOKEN, clock=lambda: self.now, ring=self._ring
        )
        self._server: uvicorn.Server = server(listener_app(desk, self.limits), self.limits)
        self._end: Future[Callable[[], object]] = Future()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve(opened)), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end.result()()
        self._thread.join()
        self._state.close()

    def look(self, *, after: timedelta = timedelta(0)) -> int:
        """Let time pass, and do what is due about subscriptions."""
        self.now += after
        self._hubs = self._hubs or careful_hubs(self.settings, self.sources)
        return keep_subscribed(
            self.sources,
            inbox=self.inbox,
            hubs=self._hubs,
            callback_url=lambda token: f"{self.url}{CALLBACK}{token}",
            new_secret=lambda: secrets.token_urlsafe(32),
            clock=lambda: self.now,
        )

    @property
    def subscription(self) -> Subscription:
        """The one subscription there is."""
        (one,) = self.inbox.subscriptions()
        return one

    def ping(self, told: object, *, token: str | None = TOKEN) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}"} if token is not None else {}
        return CALLER.post(f"{self.url}/ping", json=told, headers=headers)

    async def _serve(self, opened: socket.socket) -> None:
        """Serve until the end, at once then: the server alone would look ten times a second whether it should."""
        is_over, loop = asyncio.Event(), asyncio.get_running_loop()
        self._end.set_result(lambda: loop.call_soon_threadsafe(is_over.set))
        serving = asyncio.create_task(self._server.serve(sockets=[opened]))
        await is_over.wait()
        serving.cancel()
        await asyncio.wait([serving])
        for connection in list(self._server.server_state.connections):
            connection.transport.abort()
        for one in self._server.servers:
            one.close()

    def _ring(self) -> None:
        self.rings += 1
