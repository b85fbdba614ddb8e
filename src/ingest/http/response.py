"""What comes back for one request, and the web addresses that requests and responses name."""

import re
from dataclasses import dataclass

import httpx

from ..core.errors import AddressRefused, IngestError

Headers = tuple[tuple[str, str], ...]

_HOST = re.compile(rb"[a-z0-9_:][a-z0-9._:-]*", re.IGNORECASE)  # names, after IDNA, and addresses


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What came back for one request, with as much of the body, as it was sent, as could be had."""

    url: str
    target: str
    request_headers: Headers
    status: int  # NO_STATUS where it did not come to one
    reason: str
    headers: Headers  # names in lower case
    body: bytes  # of what is no page, a sample; without a status, all that was heard
    failure: IngestError | None  # why the body ended before its end
    ip_address: str | None = None  # that answered

    def header(self, name: str) -> str | None:
        """Return the values of a header, joined as RFC 9110, 5.3, allows."""
        values = [value for key, value in self.headers if key == name]
        return ", ".join(values) if values else None


def web_address(url: str, *, base: httpx.URL | None) -> httpx.URL:
    """Read an address, perhaps relative to another; raises AddressRefused unless it is http or https and has a host."""
    try:
        address = base.join(url) if base else httpx.URL(url)
    except (httpx.InvalidURL, ValueError) as error:
        raise AddressRefused(f"{url!r} is not an address: {error}", about=url) from error
    if address.scheme not in {"http", "https"} or not _HOST.fullmatch(address.raw_host) or address.port == 0:
        raise AddressRefused(f"{url!r} is not an http or https address with a host", about=url)
    host = address.raw_host.decode("ascii").rstrip(".")  # with the root's dot or without, it is one host
    return address.copy_with(fragment=None, userinfo=b"", host=host)
