"""Answers as the archive keeps them: a page whole, anything else as a sample."""

from datetime import datetime

from ..archive.warc_records import NO_STATUS, Exchange, Headers
from ..core.decompression import decompress
from ..core.errors import IngestError, ResponseTooLarge, TimedOut, Truncated
from .response import Response

ORIGINAL = "x-archive-orig-"  # as other archivers call what was said of a body before they unpacked it
_TOOLS_UNPACK = frozenset({"", "identity", "gzip", "x-gzip", "deflate"})
_LARGER = 16  # times
_WARC_WORDS = {ResponseTooLarge: "length", TimedOut: "time", Truncated: "disconnect"}  # ISO 28500, 5.13


def exchange(requested_url: str, response: Response, body: bytes, now: datetime) -> Exchange:
    """Put a whole response as one exchange; `body` is what it reads once unpacked.

    It lies there as it was sent, unless it is packed as WARC tools can't unpack it (br, zstd).
    """
    sent = response.body if _is_readable(response) else body
    return _exchange(requested_url, response, now, sent=sent, body=body, truncated=None)


def sample(requested_url: str, response: Response, now: datetime, limit: int) -> Exchange:
    """Put what came of a response, at most `limit` bytes of it, as one exchange; it is unpacked only to be readable."""
    sent = response.body[:limit]
    why = _WARC_WORDS.get(type(response.failure), "unspecified") if response.failure else None
    if len(sent) < len(response.body):
        why = "length"
    sent = _readable(response, sent, limit)
    return _exchange(requested_url, response, now, sent=sent, body=sent, truncated=why)


def pushed(url: str, body: bytes, received_at: datetime) -> Exchange:
    """Put what was pushed as one record: it answers no request of ours, so there is none beside it."""
    return Exchange(
        requested_url=url,
        url=url,
        fetched_at=received_at,
        request_target="",
        request_headers=(),
        status=NO_STATUS,
        reason="",
        headers=(),
        sent_body=body,
        body=body,
    )


def _exchange(
    requested_url: str, response: Response, now: datetime, *, sent: bytes, body: bytes, truncated: str | None
) -> Exchange:
    return Exchange(
        requested_url=requested_url,
        url=response.url,
        fetched_at=now,
        request_target=response.target,
        request_headers=response.request_headers,
        status=response.status,
        reason=response.reason,
        headers=_kept_headers(response, None if truncated else len(sent)),
        sent_body=sent,
        body=body,
        truncated=truncated,
        ip_address=response.ip_address,
    )


def _is_readable(response: Response) -> bool:
    codings = (response.header("content-encoding") or "").lower().split(",")
    return all(coding.strip() in _TOOLS_UNPACK for coding in codings)


def _readable(response: Response, sent: bytes, limit: int) -> bytes:
    """Unpack a sample as far as tools can't; what can't be unpacked, or becomes far larger, stays as it was sent."""
    if _is_readable(response):
        return sent
    try:
        return decompress(sent, response.header("content-encoding"), limit=_LARGER * limit, url=response.url)
    except IngestError:
        return sent


def _kept_headers(response: Response, kept_bytes: int | None) -> Headers:
    """Return the headers with what is true of the body in the archive; what was sent is kept under another name.

    Chunks are always undone. The length of a body that is not whole is left as it was told.
    """
    is_told = response.status == 304 or kept_bytes is None  # of a body that is not there
    undone = {
        "transfer-encoding": True,
        "content-encoding": not _is_readable(response),
        "content-length": not is_told and response.header("content-length") not in {None, str(kept_bytes)},
    }
    headers = [(ORIGINAL + name if undone.get(name) else name, value) for name, value in response.headers]
    return (*headers, ("content-length", str(kept_bytes))) if undone["content-length"] else tuple(headers)
