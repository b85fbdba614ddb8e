"""One exchange as WARC records (ISO 28500, version 1.1)."""

import io
import zlib
from base64 import b32encode
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha1
from typing import Any
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParser
from warcio.warcwriter import WARCWriter

from ..core.model import Capture

Headers = tuple[tuple[str, str], ...]

NO_STATUS = 0  # of what was heard of a server that did not come to one
SAME_PAYLOAD = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
HEARD = "resource"  # a record of bytes that are no HTTP answer
ERASED = "metadata"  # of what was removed at a person's wish
REQUESTED = "Ingest-Requested-URI"  # an extension: what was asked for, where redirects led elsewhere
_AS_IT_IS = "".join(chr(code) for code in range(0x21, 0x7F) if code != ord("%"))  # all else might break the line


class _AsSent(StatusAndHeaders):  # type: ignore[misc]  # warcio is untyped
    """The lines before a body, byte for byte: reasons and values may hold more than ASCII (RFC 9112, 4; 9110, 5.5)."""

    def to_ascii_bytes(self, filter_func: Any = None) -> bytes:
        """Write them in the charset in which they were read; warcio would rewrite values, and fail at reasons."""
        return self.to_str(filter_func).encode("latin-1", "replace") + b"\r\n"  # type: ignore[no-any-return]


class AsSentParser(StatusAndHeadersParser):  # type: ignore[misc]
    """Reads those lines as they were written."""

    @staticmethod
    def decode_header(line: bytes) -> str:
        """Read one line; warcio would take for UTF-8 whatever may be."""
        return line.decode("latin-1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request and its answer, with the body as it was sent and as it reads; of what is no page, as sent twice.

    What was heard of a server that did not come to a status has the status 0, and is all body. So is what was pushed,
    which nobody requested: it has no target.
    """

    requested_url: str
    url: str
    fetched_at: datetime
    request_target: str
    request_headers: Headers
    status: int
    reason: str
    headers: Headers  # as they are kept, names in lower case
    sent_body: bytes
    body: bytes
    truncated: str | None = None  # why the body is not whole, in WARC's word: length, time, disconnect, unspecified
    ip_address: str | None = None  # that answered


@dataclass(frozen=True, slots=True)
class Original:
    """A response on record that later ones may refer to."""

    record_id: str
    url: str
    date: str
    payload_digest: str
    warc_file: str
    warc_offset: int


def response_record(writer: WARCWriter, exchange: Exchange, original: Original | None) -> Any:  # warcio is untyped
    """Make the record of what was answered: whole, or as a reference to the original that said the same."""
    http = _AsSent(f"{exchange.status} {exchange.reason}", list(exchange.headers), protocol="HTTP/1.1")
    about = {"WARC-Date": f"{exchange.fetched_at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"}
    if exchange.ip_address:
        about["WARC-IP-Address"] = exchange.ip_address
    if exchange.truncated:
        about["WARC-Truncated"] = exchange.truncated
    if exchange.requested_url != exchange.url:
        about[REQUESTED] = quote(exchange.requested_url, safe=_AS_IT_IS)
    if original is None and exchange.status != 304:
        heard = {"http_headers": http} if exchange.status else {"warc_content_type": "application/octet-stream"}
        return writer.create_warc_record(
            exchange.url,
            "response" if exchange.status else HEARD,
            payload=io.BytesIO(exchange.sent_body),
            length=len(exchange.sent_body),  # unknown to warcio, it would cost a temporary file
            warc_headers_dict=about,
            **heard,
        )
    refers = {
        "WARC-Profile": NOT_MODIFIED if exchange.status == 304 else SAME_PAYLOAD,
        **({} if original is None else _reference(original)),
    }
    digest = f"sha1:{b32encode(sha1(exchange.sent_body, usedforsecurity=False).digest()).decode()}"
    if original is not None:
        digest = original.payload_digest
    return writer.create_warc_record(
        exchange.url, "revisit", http_headers=http, warc_headers_dict={**about, **refers, "WARC-Payload-Digest": digest}
    )


def _reference(original: Original) -> dict[str, str]:
    """Return the record referred to; file and offset as other archivers write them, so that it is found directly."""
    return {
        "WARC-Refers-To": original.record_id,
        "WARC-Refers-To-Target-URI": original.url,
        "WARC-Refers-To-Date": original.date,
        "WARC-Refers-To-Filename": original.warc_file,
        "WARC-Refers-To-File-Offset": str(original.warc_offset),
    }


def request_record(writer: WARCWriter, exchange: Exchange, response: Any) -> Any:
    """Make the record of what was asked, tied to its response."""
    http = _AsSent(f"GET {exchange.request_target} HTTP/1.1", list(exchange.request_headers), is_http_request=True)
    header = response.rec_headers.get_header
    tied = {"WARC-Date": header("WARC-Date"), "WARC-Concurrent-To": header("WARC-Record-ID")}
    if exchange.ip_address:
        tied["WARC-IP-Address"] = exchange.ip_address
    return writer.create_warc_record(exchange.url, "request", http_headers=http, warc_headers_dict=tied)


def erased_record(capture: Capture, record_id: str | None) -> bytes:
    """Return a record of the same length that says no more than that the one of this capture was removed.

    It keeps the id, where that is known: other records may refer to it. What is missing of the length is spaces, as a
    comment in the header of the gzip member (RFC 1952, 2.3.1), which is unbounded. ValueError where it would be longer.
    """
    buffer = io.BytesIO()
    writer = WARCWriter(buffer, gzip=False, warc_version="WARC/1.1")
    about = {
        "WARC-Record-ID": record_id or f"<urn:uuid:{uuid5(NAMESPACE_URL, capture.capture_id)}>",
        "WARC-Date": f"{capture.captured_at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}",
    }
    writer.write_record(
        writer.create_warc_record(
            capture.url,
            ERASED,
            payload=io.BytesIO(b"removed"),
            length=len(b"removed"),
            warc_content_type="text/plain",
            warc_headers_dict=about,
        )
    )
    plain = buffer.getvalue()
    deflate = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    deflated = deflate.compress(plain) + deflate.flush()
    end = zlib.crc32(plain).to_bytes(4, "little") + len(plain).to_bytes(4, "little")
    spaces = capture.warc_length - len(_WITH_COMMENT) - 1 - len(deflated) - len(end)
    if spaces < 0:
        raise ValueError(f"the record of {capture.url} is too short to be replaced")
    return _WITH_COMMENT + b" " * spaces + b"\0" + deflated + end


_WITH_COMMENT = b"\x1f\x8b\x08\x10\0\0\0\0\0\xff"  # a gzip member of no time, made on no known system
