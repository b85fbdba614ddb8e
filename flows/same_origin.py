"""Keeps the web pages of others from a server on this machine: whoever browses the web here also reaches it."""

from collections.abc import Awaitable, Callable, Collection, Iterator, MutableMapping
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

ANY = "*"
_SAYS = b"refused: not an origin of this server; PREFECT_SERVER_CORS_ALLOWED_ORIGINS names those it has\n"


def own_origins(host: str, port: int) -> str:
    """Return the origins under which a server on this host is looked at, as Prefect's setting has them."""
    names = dict.fromkeys((_in_address(host), "127.0.0.1", "localhost", "[::1]"))
    return ",".join(f"http://{name}:{port}" for name in names)


class OwnOrigin:
    """Lets through requests for a host of ours that no page of another origin has made.

    A page may send POST anywhere without being asked (Fetch, 4.8: what needs no preflight), and a name of its own may
    come to lead here (DNS rebinding). Both say so, in Origin and in Host. A Host that is an address is no such name.
    """

    def __init__(self, app: App, origins: Collection[str]) -> None:
        self._app = app
        self._origins = frozenset(origin.strip().rstrip("/").lower() for origin in origins)
        self._hosts = {"localhost", *(urlsplit(origin).hostname for origin in self._origins)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is ours; 403 for all else."""
        if scope["type"] not in {"http", "websocket"} or ANY in self._origins or self._is_ours(scope):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            headers = [(b"content-type", b"text/plain"), (b"content-length", str(len(_SAYS)).encode())]
            await send({"type": "http.response.start", "status": 403, "headers": headers})
            await send({"type": "http.response.body", "body": _SAYS})

    def _is_ours(self, scope: Scope) -> bool:
        hosts, origins = list(_values(scope, b"host")), list(_values(scope, b"origin"))
        if len(hosts) != 1 or len(origins) > 1:
            return False
        return self._is_our_host(hosts[0]) and all(self._is_our_origin(one, hosts[0]) for one in origins)

    def _is_our_host(self, host: str) -> bool:
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:
            return False
        return name in self._hosts or _is_address(name)

    def _is_our_origin(self, origin: str, host: str) -> bool:
        return origin in self._origins or origin in {f"http://{host}", f"https://{host}"}


def _values(scope: Scope, name: bytes) -> Iterator[str]:
    return (value.decode("latin-1").lower() for key, value in scope["headers"] if key == name)


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _in_address(host: str) -> str:
    return f"[{host}]" if ":" in host else host
