"""What is not quite HTTP is read where it is clear what was meant, and told where it is not."""

import zlib
from pathlib import Path

import pytest
import zstandard
from warcio.archiveiterator import ArchiveIterator

from ingest.core.errors import (
    AddressRefused,
    IngestError,
    ProtocolBroken,
    ResponseCorrupt,
    ResponseTooLarge,
    Truncated,
    Unreachable,
)
from ingest.core.model import Conditions
from ingest.http.client import PoliteWeb
from tests.http.conftest import GENEROUS, RawServer, answer

pytestmark = pytest.mark.integration

OK = b"HTTP/1.1 200 OK\r\n"
SAID = b"Content-Length: 5\r\n\r\nhello"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
PACKER = zlib.compressobj(wbits=31)
EMPTY_GZIP = PACKER.compress(b"") + PACKER.flush()


@pytest.mark.parametrize(
    "sent",
    [
        b"HTTP/1.0 200 OK\r\n\r\nhello",
        b"HTTP/1.1 200\r\n" + SAID,
        b"HTTP/1.1 200 OK\nContent-Length: 5\n\nhello",
        b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + OK + SAID,
        OK + b"X-Folded: one\r\n two\r\n" + SAID,
        OK + b"X-Odd: \xe9\xff\r\n" + SAID,
        OK + b"Content-Length: 5\r\n" + SAID,
        OK + b"Content-Length: 5, 5\r\n\r\nhello",
        OK + b"Content-Encoding: UTF-8\r\n" + SAID,
        OK + b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        CHUNKED + b"5;name=" + b"a" * 5000 + b"\r\nhello\r\n0\r\n\r\n",
        CHUNKED + b"5\r\nhello\r\n0\r\nX-Trailer: a\r\n\r\n",
        answer(zlib.compress(b"hello") + b"padding", headers=("Content-Encoding: deflate",)),
        answer(b"hello", status="203 Non-Authoritative Information"),
    ],
)
def test_what_is_meant_is_read(server: RawServer, web: PoliteWeb, sent: bytes) -> None:
    server.answers["/story"] = sent

    assert web.visit_feed(f"{server.url}/story", conditions=None).body == b"hello"


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        (b"<html>hello", ProtocolBroken),
        (b"HTT", Unreachable),
        (b"ICY 200 OK\r\n\r\nhello", ProtocolBroken),
        (b"HTTP/1.1 099 Low\r\n\r\nhello", ProtocolBroken),
        (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: odd\r\n\r\nhello", ProtocolBroken),
        (OK + b"X-Nul: a\0b\r\n" + SAID, ProtocolBroken),
        (OK + b"no colon\r\n" + SAID, ProtocolBroken),
        (OK + b"Content-Length: -5\r\n\r\nhello", ProtocolBroken),
        (OK + b"Content-Length: +5\r\n\r\nhello", ProtocolBroken),
        (OK + b"Transfer-Encoding: gzip, chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", ProtocolBroken),
        (CHUNKED + b"5;" + b"a" * 500_000 + b"\r\nhello\r\n0\r\n\r\n", ProtocolBroken),
        (CHUNKED + b"-5\r\nhello\r\n0\r\n\r\n", ProtocolBroken),
        (CHUNKED + b"F" * 17 + b"\r\nhello\r\n0\r\n\r\n", Truncated),
        (CHUNKED + b"5\r\nhello\r\n0\r\n" + b"X-Trailer: a\r\n" * 30_000, ProtocolBroken),
        (answer(EMPTY_GZIP * 20_000, headers=("Content-Encoding: gzip",)), ResponseCorrupt),
        (answer(zstandard.compress(b"") * 20_000, headers=("Content-Encoding: zstd",)), ResponseCorrupt),
        (answer(status="302 Found", headers=("Location: /a", "Location: /b")), ProtocolBroken),
        (answer(status="302 Found", headers=("Location: data:text/html,hello",)), AddressRefused),
        (answer(status="302 Found", headers=("Location: http://127.0.0.1.:1/",)), AddressRefused),
        (answer(status="302 Found", headers=("Location: http://gazette.example@127.0.0.1:1/",)), AddressRefused),
        (answer(status="302 Found", headers=("Location: http://[::ffff:0:127.0.0.1]/",)), AddressRefused),
        (answer(status="302 Found", headers=("Location: http://0177.0.0.1/",)), AddressRefused),
    ],
)
def test_what_is_not_meant_well_is_told(
    server: RawServer, web: PoliteWeb, sent: bytes, error: type[IngestError]
) -> None:
    server.answers["/story"] = sent

    with pytest.raises(error) as raised:
        web.visit_feed(f"{server.url}/story", conditions=None)

    assert raised.type is error


def test_a_redirect_that_is_told_twice_is_one(server: RawServer, web: PoliteWeb) -> None:
    server.answers["/story"] = answer(status="302 Found", headers=("Location: /moved", "Location: /moved"))
    server.answers["/moved"] = answer(b"hello")

    assert web.visit_feed(f"{server.url}/story", conditions=None).body == b"hello"


def test_a_host_with_the_dot_of_the_root_is_the_host(server: RawServer, web: PoliteWeb) -> None:
    server.answers["/story"] = answer(b"hello")
    dotted = server.url.replace("127.0.0.1", "127.0.0.1.")

    assert web.visit_feed(f"{dotted}/story", conditions=None).final_url == f"{server.url}/story"


def test_a_server_that_speaks_another_protocol_is_not_waited_for(server: RawServer, web: PoliteWeb) -> None:
    server.answers["/story"] = server.falls_silent(b"220 mail.gazette.example ESMTP\r\n")

    with pytest.raises(ProtocolBroken, match="it begins b'220 mail"):
        web.visit_feed(f"{server.url}/story", conditions=None)


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        (b"220 mail.gazette.example ESMTP\r\n", ProtocolBroken),
        (OK + b"X-Nul: a\0b\r\n" + SAID, ProtocolBroken),
        (OK + b"Content-Le", Unreachable),
        (OK + b"X-Odd: a\r\n" * 20_000, ResponseTooLarge),
    ],
)
def test_what_was_heard_of_an_answer_that_is_none_is_kept(
    server: RawServer, web: PoliteWeb, tmp_path: Path, sent: bytes, error: type[IngestError]
) -> None:
    server.answers["/story"] = sent

    with pytest.raises(error) as raised:
        web.visit_feed(f"{server.url}/story", conditions=None)
    web.close()
    kept = raised.value.capture
    assert kept is not None
    with (tmp_path / "archive" / kept.warc_file).open("rb") as file:
        file.seek(kept.warc_offset)
        record = next(iter(ArchiveIterator(file)))
        heard = record.content_stream().read()

    assert web.recall(kept).body == heard
    assert (record.rec_type, kept.status, kept.url) == ("resource", 0, f"{server.url}/story")
    assert heard == sent[: GENEROUS.sample_bytes]


@pytest.mark.parametrize("etag", ["a" * 50_000, "*", " * "])
def test_no_validator_costs_us_an_answer(server: RawServer, web: PoliteWeb, etag: str) -> None:
    server.answers["/feed"] = answer(b"hello")

    web.visit_feed(f"{server.url}/feed", conditions=Conditions(etag=etag, last_modified="yesterday"))

    assert "if-none-match" not in server.requests[0][1]
    assert server.requests[0][1]["if-modified-since"] == "yesterday"
