"""`ingest listen`: takes what hubs push, and pings. Off unless a public address is configured."""

import logging
import secrets
import signal
import sys
import threading
from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import closing
from types import TracebackType
from typing import TYPE_CHECKING, Self

from .options import SourcesOption, WarehouseOption, given

if TYPE_CHECKING:
    from ..core.model import Source
    from ..core.settings import Settings
    from ..state.inbox import StateInbox

log = logging.getLogger("ingest")

LOOK_SECONDS = 5.0  # between two looks at subscriptions, at the list of sources, and at what nobody has told of
RING_SECONDS = 1.0  # between two looks while something waits


def listen(sources: SourcesOption = None, warehouse: WarehouseOption = None) -> None:
    """Take what hubs push (W3C WebSub) and authenticated pings, until stopped; the next run takes it in."""
    from ..core.errors import Misconfigured
    from ..core.settings import load_settings, prefect_api_url
    from ..observability.telemetry import log_as_set
    from ..pipeline.open_stores import open_state
    from ..pipeline.wiring import utc_now
    from ..state.inbox import StateInbox
    from ..websub.connection_limits import open_socket, serve
    from ..websub.endpoint import ListenLimits, listener_app
    from ..websub.responses import Listener
    from .console import say

    settings = load_settings(**given(warehouse, sources))
    if settings.public_url is None:
        raise Misconfigured("not listening: INGEST_PUBLIC_URL is to say where hubs reach it", about="public_url")
    log_as_set(settings)
    listed = Listed(settings)
    host, _, port = settings.listen_on.rpartition(":")
    token = settings.ping_token.get_secret_value() if settings.ping_token else None
    limits = ListenLimits()
    with closing(open_state(settings)) as state, open_socket(host.strip("[]"), int(port)) as opened:
        inbox = StateInbox(state)
        with PingSender(inbox, emits=bool(prefect_api_url())) as pings, Keeper(settings, inbox, listed) as keeper:
            desk = Listener(inbox, sources=listed.now, ping_token=token, clock=utc_now, ring=pings.wake)
            at = ":".join(map(str, opened.getsockname()[:2]))
            who = "Prefect is told" if prefect_api_url() else "nobody is told: the next `ingest run` takes it in"
            say(f"listening on {at} as {settings.public_url}; {who}")
            sys.stdout.flush()
            serve(listener_app(desk, limits), opened, limits)
        for worker in (pings, keeper):
            if worker.bug is not None:
                raise worker.bug


class Listed:
    """The sources as they are listed now; read again when their file has changed."""

    def __init__(self, settings: "Settings") -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._seen: tuple[str, int, int] | None = None
        self._sources: Sequence[Source] = ()
        self.now()

    def now(self) -> "Sequence[Source]":
        """Return them; where the file can't be read any more, as they were."""
        from ..core.errors import Misconfigured
        from ..feeds.sources_file import load_sources, sources_file

        with self._lock:
            try:
                path = sources_file(self._settings)
                stat = path.stat() if path.exists() else None
                seen = (str(path), stat.st_mtime_ns, stat.st_size) if stat else (str(path), 0, 0)
                if seen != self._seen:
                    self._sources, self._seen = load_sources(self._settings), seen
            except Misconfigured as error:
                if self._seen is None:
                    raise
                log.warning("the sources stay as they were: %s", error)
            return self._sources


class Worker(ABC):
    """A thread that looks, waits and looks again. What goes wrong is told; a bug stops the listener."""

    name = "worker"

    def __init__(self) -> None:
        self.bug: Exception | None = None
        self._stops = threading.Event()
        self._wakes = threading.Event()
        self._thread = threading.Thread(target=self._work, name=self.name, daemon=True)

    @abstractmethod
    def look(self) -> float:
        """Do what is due; say after how many seconds to look again."""

    def wake(self) -> None:
        """Look now."""
        self._wakes.set()

    def _work(self) -> None:
        from ..core.errors import IngestError

        while not self._stops.is_set():
            self._wakes.clear()
            try:
                seconds = self.look()
            except IngestError as error:
                log.warning("%s: %s", self.name, error)
                seconds = LOOK_SECONDS
            except Exception as bug:  # noqa: BLE001 - raised again by whoever started us
                if self._stops.is_set():
                    return  # what it was using is closed
                self.bug = bug
                signal.raise_signal(signal.SIGTERM)
                return
            self._wakes.wait(seconds)

    def __enter__(self) -> Self:
        """Begin."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End with what is under way; a hub that hangs is not waited for."""
        self._stops.set()
        self._wakes.set()
        self._thread.join(5)


class Keeper(Worker):
    """Keeps us subscribed."""

    name = "subscriptions"

    def __init__(self, settings: "Settings", inbox: "StateInbox", listed: Listed) -> None:
        super().__init__()
        self._settings = settings
        self._inbox = inbox
        self._listed = listed
        self._seen: Sequence[Source] = ()

    def look(self) -> float:
        """Ask hubs for what is due."""
        from ..pipeline.web_settings import careful_hubs
        from ..pipeline.wiring import utc_now
        from ..websub.endpoint import CALLBACK
        from ..websub.subscriber import keep_subscribed

        sources = self._listed.now()
        if sources is not self._seen:
            self._seen, self._hubs = sources, careful_hubs(self._settings, sources)
        address = (self._settings.public_url or "").rstrip("/") + CALLBACK
        keep_subscribed(
            sources,
            inbox=self._inbox,
            hubs=self._hubs,
            callback_url=lambda token: address + token,
            new_secret=lambda: secrets.token_urlsafe(32),
            clock=utc_now,
        )
        return LOOK_SECONDS


class PingSender(Worker):
    """Records that we listen, and has Prefect run what waits."""

    name = "ping-sender"

    def __init__(self, inbox: "StateInbox", *, emits: bool) -> None:
        from ..websub.triggers import Rounds

        super().__init__()
        self._inbox = inbox
        self._emits = emits
        self._rounds = Rounds()

    def look(self) -> float:
        """Note that we are there; tell Prefect of what waits, if there is a Prefect."""
        from ..pipeline.wiring import utc_now

        self._inbox.keep_listening(utc_now())
        if not self._emits:
            return LOOK_SECONDS
        from ..flows.ping_event import emit_ping  # now rather than with the first push: Prefect takes seconds to import

        waiting = self._inbox.waiting_sources()
        for source_id, reason, received_at in self._rounds.due(waiting, utc_now()):
            emit_ping(source_id, reason, received_at)
            log.info("triggered source=%s reason=%s", source_id, reason)
        return RING_SECONDS if waiting else LOOK_SECONDS
