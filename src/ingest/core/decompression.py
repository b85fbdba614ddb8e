"""Bodies out of their Content-Encoding (RFC 9110, 8.4), never beyond a limit; a body without its end is an error."""

import io
import zlib
from collections.abc import Callable, Generator, Iterator

import brotli  # type: ignore[import-untyped]
import zstandard

from .errors import IngestError, ResponseCorrupt, ResponseTooLarge, Truncated

ACCEPTED_ENCODINGS = "gzip, deflate, br, zstd"
_PIECE = 256 * 1024
_BITE = 16 * 1024
_ZSTD_BITE = 256
_WINDOW = 8 * 1024 * 1024  # RFC 9659: the most a zstd encoder may ask of a browser
_MOST_CODINGS = 3
_MOST_PARTS = 10_000  # members or frames; whoever packs in parts makes them as large as 64 kB
_NO_CODINGS = frozenset({"", "identity", "none", "utf-8", "8bit", "binary"})  # as misconfigured servers say


class _Unfinished(Exception):
    """The compressed data ended before its end."""


class _TooManyParts(Exception):
    """The compressed data is in so many parts that nobody could mean it."""


def decompress(
    body: bytes, encodings: str | None, *, limit: int, url: str, grow: Callable[[int], object] = int
) -> bytes:
    """Undo the encodings in reverse; raises Truncated, ResponseCorrupt, or ResponseTooLarge beyond `limit` bytes.

    `grow` is told how many bytes there are before there are more, and may wait.
    """
    for coding in _codings(encodings, url):
        body, failure = _decoded(body, coding, limit, url, grow)
        if failure:
            raise failure
    return body


def decompress_start(body: bytes, encodings: str | None, *, limit: int, url: str) -> bytes:
    """Undo the encodings of a body that may be cut off, and give its first `limit` bytes; raises ResponseCorrupt."""
    for coding in _codings(encodings, url):
        body, failure = _decoded(body, coding, limit, url, int)
        if isinstance(failure, ResponseCorrupt):
            raise failure
    return body[:limit]


def _codings(encodings: str | None, url: str) -> list[str]:
    codings = [coding.strip().lower() for coding in (encodings or "").split(",")]
    codings = [coding for coding in codings if coding not in _NO_CODINGS]
    if len(codings) > _MOST_CODINGS:
        raise ResponseCorrupt(f"{url} is encoded {len(codings)} times over", about=url)
    return codings[::-1]


def _decoded(
    body: bytes, coding: str, limit: int, url: str, grow: Callable[[int], object]
) -> tuple[bytes, IngestError | None]:
    """Undo one encoding as far as it goes, and say why it goes no further."""
    decoder = _DECODERS.get(coding)
    if decoder is None:
        raise ResponseCorrupt(f"{url} is encoded as {coding!r}; we asked for {ACCEPTED_ENCODINGS}", about=url)
    decoded = io.BytesIO()  # whose value is no copy
    try:
        for piece in decoder(body) if body else ():
            decoded.write(piece)
            if decoded.tell() > limit:
                return decoded.getvalue(), ResponseTooLarge(f"{url} unpacks to more than {limit} bytes", about=url)
            grow(decoded.tell())
    except _Unfinished:
        return decoded.getvalue(), Truncated(f"{url} ends in the middle of its {coding} data", about=url)
    except (zlib.error, brotli.error, zstandard.ZstdError, _TooManyParts) as error:
        return b"", ResponseCorrupt(f"{url} is not the {coding} it claims to be: {error}", about=url)
    return decoded.getvalue(), None


def _gunzip(body: bytes) -> Iterator[bytes]:
    """Unpack one member after another (RFC 1952, 2.2); what follows and is none is padding."""
    start = 0
    for _ in range(_MOST_PARTS):
        start = yield from _inflated(zlib.decompressobj(zlib.MAX_WBITS | 16), body, start)
        if body[start : start + 2] != b"\x1f\x8b":
            return
    raise _TooManyParts(f"it has more than {_MOST_PARTS} members")


def _inflate(body: bytes) -> Iterator[bytes]:
    """Unpack zlib's format, or raw deflate, which servers also mean by `deflate`."""
    wrapped = body[0] & 0x0F == zlib.DEFLATED and int.from_bytes(body[:2], "big") % 31 == 0
    yield from _inflated(zlib.decompressobj(zlib.MAX_WBITS if wrapped else -zlib.MAX_WBITS), body, 0)


def _inflated(decoder: "zlib._Decompress", body: bytes, start: int) -> Generator[bytes, None, int]:
    """Unpack from `start`, a bite at a time, for what is left over is copied each time; give where the data ended."""
    while not decoder.eof:
        bite = body[start : start + _BITE]
        start += len(bite)
        piece = decoder.decompress(bite, _PIECE)
        while piece or decoder.unconsumed_tail:
            yield piece
            piece = decoder.decompress(decoder.unconsumed_tail, _PIECE)
        if not bite and not decoder.eof:
            raise _Unfinished
    return start - len(decoder.unused_data)


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
    start = 0
    for _ in range(_MOST_PARTS):
        decoder = zstandard.ZstdDecompressor(max_window_size=_WINDOW).decompressobj()
        while not decoder.eof:
            bite = body[start : start + _ZSTD_BITE]
            if not bite:
                raise _Unfinished
            start += len(bite)
            yield decoder.decompress(bite)
        start -= len(decoder.unused_data)
        if start == len(body):
            return
    raise _TooManyParts(f"it has more than {_MOST_PARTS} frames")


_DECODERS: dict[str, Callable[[bytes], Iterator[bytes]]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _inflate,
    "br": _unbrotli,
    "zstd": _unzstd,
}
