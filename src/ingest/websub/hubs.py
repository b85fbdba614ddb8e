"""Hubs, asked over the same bounded and checked connections as newsrooms: no way inward, no redirect without a look."""

import ssl
from collections.abc import Callable, Mapping
from urllib.parse import urlencode

from ..core.errors import RedirectsEndless
from ..core.log_lines import printable
from ..core.pushes import HubResponse
from ..http.addresses import AddressPolicy, Resolver
from ..http.limits import WebLimits
from ..http.memory_budget import MemoryBudget, Slot
from ..http.politeness import Pacer
from ..http.redirects import RedirectChain
from ..http.request import Caller
from ..http.response import Headers, web_address

# A 301 answered to a form makes browsers forget it; a hub that has moved means that the form goes there.
KEPT_REDIRECTS = frozenset({301, 307, 308})
FOR_GOOD = frozenset({301, 308})
_REASON_CHARACTERS = 200


class CarefulHubs:
    """The hubs port over HTTP: one request at a time per host, a pause, an honest name."""

    def __init__(
        self,
        *,
        user_agent: str,
        limits: WebLimits,
        policy: AddressPolicy,
        resolver: Resolver,
        tls: Callable[[], ssl.SSLContext],
        pacer: Pacer,
    ) -> None:
        self._headers: Headers = (
            ("User-Agent", user_agent),
            ("Accept", "*/*"),
            ("Content-Type", "application/x-www-form-urlencoded"),
        )
        self._limits = limits
        self._caller = Caller(limits=limits, policy=policy, resolver=resolver, tls=tls)
        self._pacer = pacer
        self._room = MemoryBudget(places=1, small_bytes=limits.small_bytes)

    def ask(self, url: str, form: Mapping[str, str]) -> HubResponse:
        """Send a request, over redirects that keep it a request; raises what went wrong as one of our errors."""
        content = urlencode(form).encode("ascii")
        with Slot(self._room) as slot, RedirectChain(url, self._limits) as chain:
            address, moved_to, is_permanent = web_address(url, base=None), None, True
            been: list[str] = []
            while str(address) not in been and len(been) <= self._limits.redirects:
                chain.hop = str(address)
                been.append(str(address))
                with self._pacer.turn(address.netloc.decode("ascii")):
                    patience = chain.patience(str(address))
                    try:
                        response = self._caller.ask(
                            address,
                            self._headers,
                            patience=patience,
                            slot=slot,
                            body_bytes=self._limits.sample_bytes,
                            content=content,
                        )
                    finally:
                        chain.seconds_spent += patience.seconds_spent()
                location = response.header("location")
                if response.status in KEPT_REDIRECTS and location:
                    address = web_address(location, base=address)
                    is_permanent = is_permanent and response.status in FOR_GOOD
                    moved_to = str(address) if is_permanent else moved_to
                    continue
                if response.status == 0 and response.failure:
                    raise response.failure
                is_accepted = 200 <= response.status < 300
                said = printable(response.body[:_REASON_CHARACTERS].decode("utf-8", "replace"))
                reason = None if is_accepted else f"{response.status} {said}".rstrip()
                return HubResponse(is_accepted=is_accepted, reason=reason, moved_to=moved_to)
        raise RedirectsEndless(f"{url} redirects without end, last to {address}", about=url)
