"""How others are asked, as the settings have it: under which name, within which bounds, and at which addresses."""

import ssl
import threading
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

from .. import __version__
from ..core.model import Source
from ..core.settings import Settings
from ..feeds.sources_file import listed_endpoints

if TYPE_CHECKING:
    from ..http.addresses import AddressPolicy
    from ..http.limits import WebLimits
    from ..websub.hubs import CarefulHubs

_tls_opening = threading.Lock()


def web_limits(settings: Settings) -> "WebLimits":
    """Return the bounds of one visit, as far as the settings move them; no part may take longer than the whole."""
    from ..http.limits import WebLimits

    total = settings.request_seconds
    return WebLimits(
        connect_seconds=min(settings.connect_seconds, total),
        first_byte_seconds=min(settings.first_byte_seconds, total),
        idle_seconds=min(settings.idle_seconds, total),
        total_seconds=total,
        slowest_bytes_per_second=settings.slowest_bytes_per_second,
        body_bytes=settings.page_bytes,
    )


def address_policy(settings: Settings, sources: Iterable[Source]) -> "AddressPolicy":
    """Return which addresses that lead inward may be connected to all the same."""
    from ..http.addresses import AddressPolicy

    listed = frozenset(listed_endpoints(sources))
    return AddressPolicy(allowed_networks=settings.allowed_networks, allowed_endpoints=listed)


def user_agent(contact: str, name: str = "") -> str:
    """Return who asks, and where to complain."""
    return (name or f"news-ingest/{__version__}") + (f" (+{contact})" if contact else "")


def careful_hubs(settings: Settings, sources: Iterable[Source]) -> "CarefulHubs":
    """Open the way to hubs: their addresses come from feeds, and lead nowhere that a page's may not."""
    from ..http.addresses import resolve
    from ..http.politeness import Pacer
    from ..websub.hubs import CarefulHubs

    host_delays = {host.lower(): seconds for host, seconds in settings.host_delays.items()}
    return CarefulHubs(
        user_agent=user_agent(settings.contact, settings.user_agent),
        limits=web_limits(settings),
        policy=address_policy(settings, sources),
        resolver=resolve,
        tls=tls_context,
        pacer=Pacer(gap_seconds=settings.host_delay_seconds, host_delays=host_delays),
    )


def tls_context() -> ssl.SSLContext:
    """Return what servers' certificates are verified by, one for all of a process: to read it takes 30 ms."""
    with _tls_opening:
        return _tls_context()


@cache
def _tls_context() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    return context
