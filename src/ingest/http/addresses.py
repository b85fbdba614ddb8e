"""Which addresses we may connect to: those of the world, and those that were explicitly allowed."""

import ipaddress
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass

from ..core.errors import AddressRefused, NameUnknown, TimedOut

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolver = Callable[[str, int], list[str]]  # a host's addresses, as text; raises OSError when it has none

_IPV4_COMPATIBLE = ipaddress.IPv6Network("::/96")  # RFC 4291, 2.5.5.1
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052
_NEVER = (
    ipaddress.IPv6Network("64:ff9b:1::/48"),  # RFC 8215: a NAT64 of one's own
    ipaddress.IPv6Network("2001::/23"),  # IETF protocol assignments, Teredo among them
    ipaddress.IPv4Network("192.0.0.0/24"),
    ipaddress.IPv4Network("192.88.99.0/24"),  # RFC 7526: relays of 6to4
    ipaddress.IPv4Network("168.63.129.16/32"),  # what Azure tells its machines, under an address like anybody's
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressPolicy:
    """What may be connected to beyond the public internet; nothing, unless somebody said so."""

    allowed_networks: tuple[Network, ...] = ()
    allowed_endpoints: frozenset[str] = frozenset()  # "host:port", as in the address asked for

    def allows(self, address: Address) -> bool:
        """Return whether it is public or in an allowed network, whatever IPv6 form hides it."""
        return is_public(address) or any(
            shown in network for network in self.allowed_networks for shown in (address, unwrapped(address))
        )


def is_public(address: Address) -> bool:
    """Return whether an address leads out into the world: not private, local, shared, multicast or reserved."""
    inner = unwrapped(address)
    if any(inner in network for network in _NEVER):
        return False
    local = isinstance(inner, ipaddress.IPv6Address) and inner.is_site_local
    return inner.is_global and not (inner.is_multicast or inner.is_reserved or inner.is_loopback or local)


def unwrapped(address: Address) -> Address:
    """Return the IPv4 address within an IPv4-mapped, IPv4-compatible, 6to4 or NAT64 one."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    inner = address.ipv4_mapped or address.sixtofour
    if inner is None and (address in _NAT64 or (address in _IPV4_COMPATIBLE and int(address) > 1)):
        inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return inner or address


def checked_addresses(host: str, port: int, *, policy: AddressPolicy, resolver: Resolver, seconds: float) -> list[str]:
    """Find a host's addresses and give them only if each may be connected to.

    The caller connects to what it gets here and never to the name again, so that a name which changes its mind
    between the check and the connection (DNS rebinding) has nothing to gain.
    """
    found = [host] if _is_literal(host) else _resolved(host, port, resolver, seconds)
    if f"{host}:{port}" in policy.allowed_endpoints:
        return found
    for text in found:
        if not policy.allows(ipaddress.ip_address(text.partition("%")[0])):
            raise AddressRefused(
                f"{host} leads to {text}, which is not a public address; allow its network if it is meant to",
                about=host,
            )
    return found


def refuse_inward(host: str, port: int, *, policy: AddressPolicy, resolver: Resolver, seconds: float) -> None:
    """Raise AddressRefused for a host that leads inward; one not known here is left to the proxy."""
    try:
        checked_addresses(host, port, policy=policy, resolver=resolver, seconds=seconds)
    except (NameUnknown, TimedOut):
        return


def resolve(host: str, port: int) -> list[str]:
    """Ask the system for a host's addresses."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _is_literal(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _resolved(host: str, port: int, resolver: Resolver, seconds: float) -> list[str]:
    """Resolve in a thread of its own, for the system's resolver knows no time limit."""
    found: list[str] = []
    failure: list[OSError | UnicodeError] = []

    def look_up() -> None:
        try:
            found.extend(resolver(host, port))
        except (OSError, UnicodeError) as error:
            failure.append(error)

    thread = threading.Thread(target=look_up, name=f"resolve {host}", daemon=True)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        raise TimedOut(f"no address for {host} within {seconds:g} s", about=host)
    if failure:
        why = getattr(failure[0], "strerror", None) or failure[0]
        raise NameUnknown(f"no address for {host}: {why}", about=host) from failure[0]
    if not found:
        raise NameUnknown(f"no address for {host}", about=host)
    return found
