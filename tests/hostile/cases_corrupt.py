"""Bodies that break off, or are not what they claim to be. What is not whole is never an article."""

import gzip
import zlib
from collections.abc import Callable

import brotli  # type: ignore[import-untyped]
import zstandard

from tests.hostile.case import Case, bad_feed, bad_page
from tests.hostile.wire import Raw, Reply, Silence
from tests.hostile.words import SOUND_FEED, TWO_STORIES, page, rss

CUT, SPOILT, NOT_HTTP = "failed truncated", "failed decode", "failed protocol"
OK = "HTTP/1.1 200 OK\r\n"
CHUNKED = f"{OK}Transfer-Encoding: chunked\r\n\r\n"


def raw_deflate(body: bytes) -> bytes:
    """Compress without zlib's envelope, as some servers mean `deflate`."""
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


def _half(body: bytes) -> bytes:
    return body[: len(body) // 2]


def _flipped(body: bytes) -> bytes:
    place = len(body) // 2
    return body[:place] + bytes([body[place] ^ 0x55]) + body[place + 1 :]


def _wrong_sum(body: bytes) -> bytes:
    return body[:-8] + b"\0\0\0\0" + body[-4:]


def _two_members(body: bytes) -> bytes:
    return gzip.compress(_half(body)) + gzip.compress(body[len(body) // 2 :])


def _nine_times(body: bytes) -> bytes:
    for _ in range(9):
        body = gzip.compress(body)
    return body


def _packed(id: str, does: str, coding: str, pack: Callable[[bytes], bytes], poll: str = "served") -> Case:  # noqa: A002
    feed = Reply(SOUND_FEED, headers=(f"Content-Encoding: {coding}",), pack=pack)
    return bad_feed(id, does, feed, poll=poll)


CORRUPT = (
    bad_feed("length_too_long", "promises more than it sends",
             Reply(SOUND_FEED, headers=("Content-Length: 99999",)), poll=CUT),
    bad_page("page_length_too_long", "promises more of a page than it sends",
             Reply(page("Cut ferry"), headers=("Content-Length: 99999",)), ends=CUT),
    bad_page("length_too_short", "sends more of a page than it promised",
             Reply(page("Short ferry"), headers=("Content-Length: 450",)),
             article={"title": "Short ferry", "body": "The council met", "without": "following summer"}),
    bad_feed("length_twice", "names two lengths",
             Reply(SOUND_FEED, headers=("Content-Length: 5", "Content-Length: 6")), poll=NOT_HTTP),
    bad_feed("length_negative", "names a negative length",
             Reply(SOUND_FEED, headers=("Content-Length: -1",)), poll=NOT_HTTP),
    bad_feed("chunked_cut", "ends between chunks", Raw(f"{CHUNKED}5\r\n<rss>\r\n".encode()), poll=CUT),
    bad_feed("chunk_cut", "ends within a chunk", Raw(f"{CHUNKED}500\r\n<rss>".encode()), poll=CUT),
    bad_feed("chunk_size_garbage", "names no size for a chunk",
             Raw(f"{CHUNKED}size\r\n<rss>\r\n0\r\n\r\n".encode()), poll=NOT_HTTP),
    bad_page("page_chunked_cut", "ends a page between chunks",
             Raw(f"{CHUNKED}25\r\n<html><h1>Cut</h1><p>The council met.\r\n".encode()), ends=CUT),
    bad_feed("not_http", "speaks another protocol", Raw(b"SSH-2.0-OpenSSH_9.6\r\n\r\n"), poll=NOT_HTTP),
    bad_feed("not_http_held", "speaks another protocol, and waits to be answered in it",
             Silence(b"220 mail.news.example ESMTP\r\n"), poll=NOT_HTTP),
    bad_feed("no_status_line", "answers with a bare page", Raw(b"<html>hello</html>\r\n\r\n"), poll=NOT_HTTP),
    bad_feed("header_nul", "puts a NUL into a header", Raw(f"{OK}X-A: a\0b\r\n\r\n".encode()), poll=NOT_HTTP),
    bad_feed("http_10", "speaks HTTP/1.0", Raw(b"HTTP/1.0 200 OK\r\n\r\n" + rss().encode()), ends={}),
    bad_feed("headers_bare", "ends its headers with line feeds alone",
             Raw(b"HTTP/1.1 200 OK\nContent-Type: text/xml\n\n" + rss().encode()), ends={}),
    bad_feed("headers_folded", "folds a header", Raw(f"{OK}X-A: b\r\n c\r\n\r\n{rss()}".encode()), ends={}),
    bad_feed("headers_cut", "closes within its headers", Raw(f"{OK}Content-Le".encode()), poll="failed unreachable"),
    _packed("gzip_cut", "breaks off its gzip", "gzip", lambda body: gzip.compress(body)[:-20], CUT),
    _packed("gzip_spoilt", "flips a bit of its gzip", "gzip", lambda body: _flipped(gzip.compress(body)), SPOILT),
    _packed("gzip_wrong_sum", "sends a wrong checksum", "gzip", lambda body: _wrong_sum(gzip.compress(body)), SPOILT),
    _packed("gzip_trailing", "pads its gzip", "gzip", lambda body: gzip.compress(body) + b"\0" * 300),
    _packed("gzip_trailing_words", "adds words after its gzip", "gzip", lambda body: gzip.compress(body) + b"<!-- -->"),
    _packed("gzip_members", "sends gzip in two members", "gzip", _two_members),
    _packed("gzip_in_name_only", "calls plain text gzip", "gzip", bytes, SPOILT),
    _packed("coding_unknown", "uses a coding nobody asked for", "x-rot13", bytes, SPOILT),
    _packed("coding_endless", "compresses nine times over", ", ".join(["gzip"] * 9), _nine_times, SPOILT),
    _packed("coding_shouted", "writes GZIP in capitals", "GZIP", gzip.compress),
    _packed("coding_twice", "compresses twice and says so", "gzip, br", lambda b: brotli.compress(gzip.compress(b))),
    _packed("deflate_raw", "sends raw deflate", "deflate", raw_deflate),
    _packed("deflate_zlib", "sends deflate in its envelope", "deflate", zlib.compress),
    _packed("brotli", "sends brotli", "br", brotli.compress),
    _packed("brotli_cut", "breaks off its brotli", "br", lambda body: _half(brotli.compress(body)), CUT),
    _packed("zstd", "sends zstd", "zstd", zstandard.compress),
    _packed("zstd_cut", "breaks off its zstd", "zstd", lambda body: _half(zstandard.compress(body)), CUT),
    bad_feed("gzip_unannounced", "sends a gzipped file and does not say so",
             Reply(SOUND_FEED, headers=("Content-Type: application/gzip",), pack=gzip.compress)),
    bad_feed("gzip_over_gzip", "compresses a gzipped file once more, and announces one",
             Reply(SOUND_FEED, headers=("Content-Encoding: gzip",), pack=lambda b: gzip.compress(gzip.compress(b)))),
    bad_page("page_gzip_cut", "breaks off a page's gzip",
             Reply(page("Cut ferry"), headers=("Content-Encoding: gzip",), pack=lambda b: gzip.compress(b)[:-20]),
             ends=CUT),
    bad_feed("xml_cut", "ends in the middle of an entry",
             Reply(TWO_STORIES, pack=lambda body: body[: body.index(b"/other") + 3]),
             articles=({"path": "/sound", "title": "Sound harbour"},)),
)  # fmt: skip
