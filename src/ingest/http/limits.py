"""How much a server may take of us: time, bytes and hops, with the reason for each bound."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class WebLimits:
    """The bounds of one visit; units are in the names."""

    connect_seconds: float = 10.0  # finding the address, the connection, and the handshake, each
    first_byte_seconds: float = 20.0  # from the request to the first byte of the response
    idle_seconds: float = 10.0  # between two bytes
    total_seconds: float = 30.0  # one address with its whole response and all redirects on the way to it
    slowest_bytes_per_second: int = 256  # on average since the first byte; slower is a server that drips
    slow_grace_seconds: float = 10.0  # before which nobody is called slow
    header_bytes: int = 64 * 1024  # several times what any newsroom sends
    body_bytes: int = 20 * 1024 * 1024  # as sent, and again decompressed; the largest feeds seen have 15 MB
    small_bytes: int = 1024 * 1024  # more than nearly every page and feed has; what is bigger waits for a place
    big_answers: int = 3  # places for those that are bigger, over all threads: so many times body_bytes are held
    sample_bytes: int = 64 * 1024  # of a response that is no page, for whoever wants to see what it said
    sample_seconds: float = 3.0  # and how long that may take
    robots_bytes: int = 500 * 1024  # what RFC 9309, 2.5, wants to be read at least
    redirects: int = 5
    crawl_delay_seconds: float = 30.0  # a robots.txt that asks for longer gets this much
    robots_fresh_seconds: float = 24 * 3600.0  # RFC 9309, 2.4
    robots_unknown_seconds: float = 60.0  # before a robots.txt that failed is asked for again
    unreachable_seconds: float = 60.0  # before a host that could not be connected to is tried again
