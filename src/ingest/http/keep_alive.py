"""Connections that stay open between two requests to a host, while a source is polled or its pages are fetched."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import httpcore

from .connection import Connection

MOST_ORIGINS = 4  # of one session whose connections are kept: pages may lead to as many hosts as there are pages

_Key = tuple[bytes, bytes, int]  # scheme, host, port


class KeptConnections:
    """Idle connections, one for each origin at most. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._idle: dict[_Key, Connection] = {}
        self._sessions: Counter[_Key] = Counter()  # that use an origin

    @contextmanager
    def session(self) -> Iterator["Session"]:
        """Keep connections for the requests of the block; each is closed with the last session that uses its origin."""
        session = Session(self)
        try:
            yield session
        finally:
            session.close()

    def enter(self, key: _Key) -> None:
        """Count one more session that uses an origin."""
        with self._lock:
            self._sessions[key] += 1

    def leave(self, key: _Key) -> None:
        """Count one session less, and close the connection that was kept for it alone."""
        with self._lock:
            self._sessions[key] -= 1
            if self._sessions[key]:
                return
            del self._sessions[key]
            left = self._idle.pop(key, None)
        if left:
            left.close()

    def take(self, key: _Key) -> Connection | None:
        """Return an origin's connection for one request, unless the server has closed it meanwhile."""
        with self._lock:
            connection = self._idle.pop(key, None)
        if connection is None or connection.is_reusable:
            return connection
        connection.close()
        return None

    def put_back(self, key: _Key, connection: Connection) -> None:
        """Keep a connection for an origin's next request, in place of the one that is kept."""
        with self._lock:
            surplus = self._idle.pop(key, None)
            self._idle[key] = connection
        if surplus:
            surplus.close()


class Session:
    """The origins whose connections are kept while one source is polled or its pages are fetched."""

    def __init__(self, kept: KeptConnections) -> None:
        self._kept = kept
        self._keys: dict[_Key, None] = {}  # the one used last at the end

    def take(self, origin: httpcore.Origin) -> Connection | None:
        """Return the connection that is kept for an origin, if there is one; of too many the oldest is closed."""
        key = _key(origin)
        if key not in self._keys:
            self._kept.enter(key)
        self._keys[key] = self._keys.pop(key, None)
        if len(self._keys) > MOST_ORIGINS:
            oldest = next(iter(self._keys))
            del self._keys[oldest]
            self._kept.leave(oldest)
        return self._kept.take(key)

    def put_back(self, origin: httpcore.Origin, connection: Connection) -> None:
        """Keep a connection whose response was read to its end."""
        self._kept.put_back(_key(origin), connection)

    def close(self) -> None:
        """Close what no other session uses."""
        while self._keys:
            key, _ = self._keys.popitem()
            self._kept.leave(key)


def _key(origin: httpcore.Origin) -> _Key:
    return origin.scheme, origin.host, origin.port
