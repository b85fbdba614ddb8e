"""How others are asked, as the settings have it: under which name, within which bounds, and at which addresses."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from . import __version__
from .listed import listed_endpoints
from .model import Source
from .settings import Settings

if TYPE_CHECKING:
    from .edge.addresses import AddressPolicy
    from .edge.limits import WebLimits


def web_limits(settings: Settings) -> "WebLimits":
    """Give the bounds of one visit, as far as the settings move them; no part may take longer than the whole."""
    from .edge.limits import WebLimits

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
    """Say which addresses that lead inward may be connected to all the same."""
    from .edge.addresses import AddressPolicy

    listed = frozenset(listed_endpoints(sources))
    return AddressPolicy(allowed_networks=settings.allowed_networks, allowed_endpoints=listed)


def user_agent(contact: str, name: str = "") -> str:
    """Say who asks, and where to complain."""
    return (name or f"news-ingest/{__version__}") + (f" (+{contact})" if contact else "")
