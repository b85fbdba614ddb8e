"""Bodies out of their Content-Encoding (RFC 9110, 8.4), never beyond a limit; a body without its end is an error."""

import zlib
from collections.abc import Callable, Iterator

import brotli  # type: ignore[import-untyped]
import zstandard

from ..errors import ResponseCorrupt, ResponseTooLarge, Truncated

ACCEPTED_ENCODINGS = "gzip, deflate, br, zstd"
_PIECE = 256 * 1024
_BITE = 256
_WINDOW = 8 * 1024 * 1024  # RFC 9659: the most a zstd encoder may ask of a browser
_MOST_CODINGS = 3


class _Unfinished(Exception):
    """The compressed data ended before its end."""


def decompress(body: bytes, encodings: str | None, *, limit: int, url: str) -> bytes:
    """Undo the encodings in reverse; raises Truncated, ResponseCorrupt, or ResponseTooLarge beyond `limit` bytes."""
    codings = [coding.strip().lower() for coding in (encodings or "").split(",")]
    codings = [coding for coding in codings if coding not in {"", "identity"}]
    if len(codings) > _MOST_CODINGS:
        raise ResponseCorrupt(f"{url} is encoded {len(codings)} times over", about=url)
    for coding in reversed(codings):
        body = _decoded(body, coding, limit, url) if body else body
    return body


def _decoded(body: bytes, coding: str, limit: int, url: str) -> bytes:
    decoder = _DECODERS.get(coding)
    if decoder is None:
        raise ResponseCorrupt(f"{url} is encoded as {coding!r}; we asked for {ACCEPTED_ENCODINGS}", about=url)
    decoded = bytearray()
    try:
        for piece in decoder(body):
            decoded += piece
            if len(decoded) > limit:
                raise ResponseTooLarge(f"{url} unpacks to more than {limit} bytes", about=url)
    except _Unfinished as error:
        raise Truncated(f"{url} ends in the middle of its {coding} data", about=url) from error
    except (zlib.error, brotli.error, zstandard.ZstdError) as error:
        raise ResponseCorrupt(f"{url} is not the {coding} it claims to be: {error}", about=url) from error
    return bytes(decoded)


def _gunzip(body: bytes) -> Iterator[bytes]:
    """Unpack one member after another (RFC 1952, 2.2); what follows and is none is padding."""
    rest = body
    while rest.startswith(b"\x1f\x8b") or rest is body:
        decoder = zlib.decompressobj(zlib.MAX_WBITS | 16)
        yield from _inflated(decoder, rest)
        rest = decoder.unused_data


def _inflate(body: bytes) -> Iterator[bytes]:
    """Unpack zlib's format, or raw deflate, which servers also mean by `deflate`."""
    wrapped = body[0] & 0x0F == zlib.DEFLATED and int.from_bytes(body[:2], "big") % 31 == 0
    return _inflated(zlib.decompressobj(zlib.MAX_WBITS if wrapped else -zlib.MAX_WBITS), body)


def _inflated(decoder: "zlib._Decompress", body: bytes) -> Iterator[bytes]:
    piece = decoder.decompress(body, _PIECE)
    while piece or decoder.unconsumed_tail:
        yield piece
        piece = decoder.decompress(decoder.unconsumed_tail, _PIECE)
    if not decoder.eof:
        raise _Unfinished


def _unbrotli(body: bytes) -> Iterator[bytes]:
    decoder = brotli.Decompressor()
    piece = decoder.process(body, output_buffer_limit=_PIECE)
    while piece:
        yield piece
        piece = b"" if decoder.is_finished() else decoder.process(b"", output_buffer_limit=_PIECE)
    if not decoder.is_finished():
        raise _Unfinished


def _unzstd(body: bytes) -> Iterator[bytes]:
    """Unpack one frame after another (RFC 8878, 3.1), in bites too small to hold a bomb."""
    rest = body
    while rest:
        decoder = zstandard.ZstdDecompressor(max_window_size=_WINDOW).decompressobj()
        start = 0
        while start < len(rest) and not decoder.eof:
            yield decoder.decompress(rest[start : start + _BITE])
            start += _BITE
        if not decoder.eof:
            raise _Unfinished
        rest = decoder.unused_data + rest[start:]


_DECODERS: dict[str, Callable[[bytes], Iterator[bytes]]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _inflate,
    "br": _unbrotli,
    "zstd": _unzstd,
}
