"""What the requests of one source carry beyond everybody's: its secret, to its own hosts alone, and its proxy.

A secret is added where a request leaves, and taken out of whatever comes back, so nothing that is stored, logged or
raised can hold it: servers repeat addresses and keys in redirects, self links and error pages.
"""

import base64
import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from urllib.parse import quote, unquote

import httpcore
import httpx

from ..core.credentials import SECRET_PLACE
from ..core.decompression import decompress
from ..core.errors import AddressRefused, IngestError, Misconfigured
from ..core.model import Source
from .response import Headers, Response, web_address

SHORTEST_SECRET = 6  # a shorter one would be taken out of half of what is written
_PLACES = (SECRET_PLACE.encode(), quote(SECRET_PLACE).encode())
_ORIGINAL = "x-archive-orig-"
_NO_HEADERS: Headers = ()


@dataclass(frozen=True, kw_only=True)
class Proxy:
    """The proxy that a source's requests take."""

    scheme: str
    host: str
    port: int
    credentials: tuple[bytes, bytes] | None = field(default=None, repr=False)

    @property
    def url(self) -> httpcore.URL:
        """Its address."""
        return httpcore.URL(scheme=self.scheme, host=self.host, port=self.port, target="/")

    @property
    def endpoint(self) -> str:
        """Its host:port."""
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, kw_only=True)
class Access:
    """A source's secret and proxy."""

    origins: frozenset[str] = frozenset()  # scheme://host:port that the secret is sent to
    headers: Headers = field(default=(), repr=False)
    secret: str | None = field(default=None, repr=False)  # that stands in an address
    proxy: Proxy | None = None
    hides: frozenset[str] = field(default=frozenset(), repr=False)

    @property
    def way_out(self) -> str:
        """What tells a host reached by this proxy from the same host reached otherwise."""
        return f" by {self.proxy.endpoint}" if self.proxy else ""

    @property
    def proxied(self) -> "Access":
        """The same proxy without the secret."""
        return Access(proxy=self.proxy) if self.proxy else OPEN

    def target_of(self, address: httpx.URL) -> bytes:
        """Return path and query as they are sent to an address."""
        target = address.raw_path
        if self.secret is not None and _origin(address) in self.origins:
            for place in _PLACES:
                target = target.replace(place, quote(self.secret, safe="").encode("ascii"))
        return target

    def headers_of(self, address: httpx.URL) -> Headers:
        """Return the headers that are sent to an address beside everybody's."""
        return self.headers if _origin(address) in self.origins else ()

    def hidden(self, response: Response, *, limit: int, grow: Callable[[int], object] = int) -> Response:
        """Return a response without the secret, which is `{secret}` in it; a body with it in it is kept unpacked.

        Of a body that can't be unpacked nobody knows what it holds, and none of it is kept.
        """
        if not self.hides:
            return response
        codings, body, headers, failure = (
            response.header("content-encoding"),
            response.body,
            response.headers,
            response.failure,
        )
        try:
            opened = decompress(body, codings, limit=limit, url=response.url, grow=grow) if codings else body
        except IngestError as error:
            opened, body, failure = b"", b"", failure or error
        without = self._without(opened)
        if without != opened:
            body = without
            headers = tuple((_ORIGINAL + name if name == "content-encoding" else name, one) for name, one in headers)
        if failure is not None:
            self.hide_in(failure)
        return replace(
            response,
            reason=self._shown(response.reason),
            headers=tuple((self._shown(name), self._shown(value)) for name, value in headers),
            body=body,
            failure=failure,
        )

    def hide_in(self, error: IngestError) -> None:
        """Remove the secret from the text of an error; a cause that has it too is dropped."""
        said = tuple(self._shown(str(one)) for one in error.args)
        if self.hides and (said != error.args or self._is_in(error.__cause__) or self._is_in(error.__context__)):
            error.args, error.__cause__, error.__context__ = said, None, None

    def _is_in(self, error: BaseException | None) -> bool:
        return error is not None and self._shown(str(error)) != str(error)

    def _shown(self, text: str) -> str:
        for pattern, _ in self._patterns:
            text = pattern.sub(SECRET_PLACE, text)
        return text

    def _without(self, body: bytes) -> bytes:
        for _, pattern in self._patterns:
            body = pattern.sub(_PLACES[0], body)
        return body

    @cached_property
    def _patterns(self) -> tuple[tuple[re.Pattern[str], re.Pattern[bytes]], ...]:
        """What finds each secret, in text and in bytes, longest first."""
        written = ["".join(map(_written, one)) for one in sorted(self.hides, key=len, reverse=True)]
        return tuple((re.compile(one), re.compile(one.encode())) for one in written)


OPEN = Access()  # of a source that has neither


def access_of(source: Source, read: Callable[[str], str | None]) -> Access:
    """Read what a source's variables hold; Misconfigured names the source and the variable that is at fault."""
    proxy, proxy_hides = _proxy(source, read) if source.proxy else (None, frozenset[str]())
    if source.secret is None:
        return Access(proxy=proxy, hides=proxy_hides)
    value = _value(source, source.secret, read)
    who = f"{source.source_id}: {source.secret}"
    if len(value) < SHORTEST_SECRET:
        raise Misconfigured(f"{who} holds fewer than {SHORTEST_SECRET} characters", about=source.source_id)
    kind = (source.secret_as or "").lower()
    if not value.isprintable() or not (value.isascii() or kind in {"", "basic"}):
        raise Misconfigured(f"{who} holds characters that no header can", about=source.source_id)
    hides, headers = {value}, _NO_HEADERS
    if kind == "basic":
        _, colon, password = value.partition(":")
        if not colon:
            raise Misconfigured(f"{who} must hold user:password, to be sent as basic", about=source.source_id)
        packed = base64.b64encode(value.encode()).decode()
        headers, hides = (("Authorization", f"Basic {packed}"),), hides | {packed} | _long(password)
    elif kind == "bearer":
        headers = (("Authorization", f"Bearer {value}"),)
    elif source.secret_as:
        headers = ((source.secret_as, value),)
    return Access(
        origins=frozenset(_origins(source)),
        headers=headers,
        secret=None if source.secret_as else value,
        proxy=proxy,
        hides=frozenset(hides) | proxy_hides,
    )


def _value(source: Source, name: str, read: Callable[[str], str | None]) -> str:
    value = read(name)
    if value is None:
        message = f"{source.source_id} names the environment variable {name}, which is not set"
        raise Misconfigured(message, about=source.source_id)
    return value


def _proxy(source: Source, read: Callable[[str], str | None]) -> tuple[Proxy, frozenset[str]]:
    value = _value(source, source.proxy or "", read)
    try:
        address = web_address(value, base=None)
    except AddressRefused:
        wanted = "an address such as http://user:password@proxy.example.org:3128"
        raise Misconfigured(f"{source.source_id}: {source.proxy} must hold {wanted}", about=source.source_id) from None
    url = httpx.URL(value)
    user, password = unquote(url.username), unquote(url.password)
    port = url.port or (443 if url.scheme == "https" else 80)
    credentials = (user.encode(), password.encode()) if user or password else None
    proxy = Proxy(scheme=url.scheme, host=address.raw_host.decode("ascii"), port=port, credentials=credentials)
    packed = base64.b64encode(f"{user}:{password}".encode()).decode()
    return proxy, frozenset({packed} | _long(password)) if user or password else frozenset()


def _long(secret: str) -> set[str]:
    return {secret} if len(secret) >= SHORTEST_SECRET else set()


def _written(letter: str) -> str:
    """Return what matches a letter of a secret as it may stand in an address, in markup and in JSON."""
    if letter.isascii() and letter.isalnum():
        return letter
    code = ord(letter)
    escaped = (quote(letter, safe=""), html.escape(letter), f"&#{code};", f"&#x{code:x};", f"\\u{code:04x}")
    forms = {letter, f"\\{letter}", "%" + letter.encode().hex("%"), *escaped, *("+" if letter == " " else "")}
    return f"(?i:{'|'.join(re.escape(form) for form in sorted(forms, key=len, reverse=True))})"


def _origins(source: Source) -> Iterator[str]:
    for url in (source.feed_url, *source.feed_candidates, *source.listing_urls):
        try:
            yield _origin(web_address(url, base=None))
        except AddressRefused:
            continue  # reported when it is polled


def _origin(address: httpx.URL) -> str:
    return f"{address.scheme}://{address.netloc.decode('ascii')}"
