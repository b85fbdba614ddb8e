"""Newsrooms on loopback, each on an address or a port of its own, that do on the wire what their case says."""

import contextlib
import selectors
import socket
import threading
from collections import Counter
from collections.abc import Mapping

from tests.hostile.wire import Answering, Reply

MISSING = Reply("missing", status="404 Not Found")
LONGEST_REQUEST = 65_536


class Site:
    """One server: what it answers by path, and how often each path was asked for."""

    def __init__(self, answers: Mapping[str, Answering], address: str) -> None:
        self.answers: dict[str, Answering] = dict(answers)
        self.asked: Counter[str] = Counter()
        self.socket = socket.create_server((address, 0), backlog=64)
        self.port: int = self.socket.getsockname()[1]
        self.host = f"{address}:{self.port}"
        self.url = f"http://{self.host}"


class Street:
    """All servers of a run. `{here}` and `{host}` in what they send become their own address and its host.

    `{trap}` becomes a port of 127.0.0.1 that nobody may visit.
    """

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._selector = selectors.DefaultSelector()
        self._sites: list[Site] = []
        self.trap = self.open({})
        self._acceptor = threading.Thread(target=self._accept, daemon=True)
        self._acceptor.start()

    def open(self, answers: Mapping[str, Answering], address: str = "127.0.0.1") -> Site:
        """Open one more server."""
        site = Site(answers, address)
        self._sites.append(site)
        self._selector.register(site.socket, selectors.EVENT_READ, site)
        return site

    def filled(self, text: str, site: Site) -> str:
        """Return what a server would send, with its own address in it."""
        for name, value in self._names(site).items():
            text = text.replace(name, value)
        return text

    def _names(self, site: Site) -> Mapping[str, str]:
        return {"{here}": site.url, "{host}": site.host, "{trap}": str(self.trap.port)}

    def close(self) -> None:
        """Close every server; whoever still drips or waits is let go."""
        self._stop.set()
        self._acceptor.join(5)
        for site in self._sites:
            site.socket.close()
        self._selector.close()

    def _accept(self) -> None:
        while not self._stop.is_set():
            for key, _ in self._selector.select(timeout=0.1):
                connection, _ = key.fileobj.accept()  # type: ignore[union-attr]
                threading.Thread(target=self._serve, args=(connection, key.data), daemon=True).start()

    def _serve(self, connection: socket.socket, site: Site) -> None:
        def fill(data: bytes) -> bytes:
            for name, value in self._names(site).items():
                data = data.replace(name.encode(), value.encode())
            return data

        with connection, contextlib.suppress(OSError):
            path = self._path_asked(connection)
            if path is not None:
                site.asked[path] += 1
                site.answers.get(path, MISSING).send(connection, fill, self._stop)
                connection.shutdown(socket.SHUT_WR)

    def _path_asked(self, connection: socket.socket) -> str | None:
        request = b""
        while b"\r\n\r\n" not in request:
            data = connection.recv(LONGEST_REQUEST)
            if not data or data.startswith(b"\x16"):  # TLS, which nobody speaks here
                return None
            request += data
        return request.decode("latin-1").split(" ")[1]
