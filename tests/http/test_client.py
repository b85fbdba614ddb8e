"""What servers do to us, and what we make of it: every case against a real socket."""

import gzip
import socket
import ssl
import threading
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Network

import brotli  # type: ignore[import-untyped]
import pytest
import zstandard

from ingest.core.errors import (
    AddressRefused,
    ConnectionRefused,
    HandshakeFailed,
    IngestError,
    NameUnknown,
    PageForbidden,
    PageGone,
    PageLocked,
    PageMissing,
    ProtocolBroken,
    RedirectsEndless,
    RefusedForNow,
    ResponseCorrupt,
    ResponseEmpty,
    ResponsePartial,
    ResponseTooLarge,
    ServerFailed,
    Throttled,
    TimedOut,
    Transient,
    Truncated,
    Unreachable,
)
from ingest.core.model import Conditions
from ingest.http.addresses import AddressPolicy, Resolver
from ingest.http.client import PoliteWeb
from ingest.pipeline.web_settings import tls_context
from tests.http.conftest import GENEROUS, NOW, TLS, OpenWeb, RawServer, answer

pytestmark = pytest.mark.integration

STORY = b"<p>The river rose by two metres.</p>" * 40


def zlib_raw(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


def names(*addresses: str) -> Resolver:
    """Resolve every name to these."""

    def resolver(host: str, port: int) -> list[str]:
        return list(addresses)

    return resolver


def test_a_page_comes_back_as_it_was_served(server: RawServer, web: PoliteWeb) -> None:
    server.answers["/story"] = answer(STORY, headers=("Content-Type: text/html", 'ETag: W/"7"', "X-A: 1", "X-A: 2"))

    page = web.visit_feed(f"{server.url}/story#comments", conditions=None)

    assert page.body == STORY
    assert page.status == 200
    assert page.requested_url == f"{server.url}/story#comments"
    assert page.final_url == f"{server.url}/story"
    assert page.moved_to is None
    assert page.header("ETag") == 'W/"7"'
    assert [value for name, value in page.headers if name == "x-a"] == ["1", "2"]
    assert page.fetched_at == NOW
    assert page.received_bytes == len(STORY)
    assert page.capture is not None


def test_we_say_who_we_are_and_what_we_read(server: RawServer, web: PoliteWeb) -> None:
    server.answers["/story?a=1&b=%C3%B1"] = answer(STORY)

    web.visit_feed(f"{server.url}/story?a=1&b=ñ", conditions=None)

    path, headers = server.requests[0]
    assert path == "/story?a=1&b=%C3%B1"
    assert headers["user-agent"] == "news-tests/1.0 (+https://gazette.example/bot)"
    assert headers["host"] == f"127.0.0.1:{server.port}"
    assert headers["accept-encoding"] == "gzip, deflate, br, zstd"
    assert "cookie" not in headers


def test_both_validators_are_repeated_and_304_is_an_answer(server: RawServer, web: PoliteWeb) -> None:
    server.answers["/feed"] = answer(status="304 Not Modified", headers=('ETag: "8"', "Content-Length: 900"))

    page = web.visit_feed(
        f"{server.url}/feed", conditions=Conditions(etag='"8"', last_modified="Mon, 16 Nov 2026 10:00:00 GMT")
    )

    assert (page.status, page.body) == (304, b"")
    assert server.requests[0][1]["if-none-match"] == '"8"'
    assert server.requests[0][1]["if-modified-since"] == "Mon, 16 Nov 2026 10:00:00 GMT"


@pytest.mark.parametrize(
    ("tag", "repeated"),
    [
        ('W/"8"', True),
        ("8-gzip", True),
        ('"a, b \\ {}"', True),
        ('"\xc3\xa0 la une\xad\x85"', True),  # of bytes beyond ASCII, all are a tag's (RFC 9110, 8.8.3)
        ('"a\tb"', False),
        ('"a\x7fb"', False),
        ("*", False),
        ('"' + "8" * 2_000 + '"', False),
    ],
)
def test_a_tag_is_repeated_byte_for_byte_where_it_may_be(
    server: RawServer, web: PoliteWeb, tag: str, *, repeated: bool
) -> None:
    server.answers["/feed"] = answer(STORY)

    web.visit_feed(f"{server.url}/feed", conditions=Conditions(etag=tag))

    assert server.requests[0][1].get("if-none-match") == (tag if repeated else None)


def test_a_304_that_nobody_asked_for_is_the_servers_fault(server: RawServer, web: PoliteWeb) -> None:
    server.answers["/feed"] = answer(status="304 Not Modified")

    with pytest.raises(ServerFailed):
        web.visit_feed(f"{server.url}/feed", conditions=Conditions())


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("gzip", gzip.compress(STORY)),
        ("x-gzip", gzip.compress(STORY[:100]) + gzip.compress(STORY[100:])),
        ("gzip", gzip.compress(STORY) + b"\0" * 512),
        ("deflate", zlib.compress(STORY)),
        ("deflate", zlib_raw(STORY)),
        ("br", brotli.compress(STORY)),
        ("zstd", zstandard.compress(STORY)),
        ("zstd", zstandard.compress(STORY[:100]) + zstandard.compress(STORY[100:])),
        ("gzip, br", brotli.compress(gzip.compress(STORY))),
        ("identity", STORY),
    ],
    ids=[
        *(
            "gzip",
            "gzip in two members",
            "gzip and zeroes",
            "deflate",
            "raw deflate",
            "br",
            "zstd",
            "zstd in two frames",
        ),
        *("gzip in br", "identity"),
    ],
)
def test_every_encoding_we_ask_for_is_read(server: RawServer, web: PoliteWeb, coding: str, packed: bytes) -> None:
    server.answers["/story"] = answer(packed, headers=(f"Content-Encoding: {coding}",))

    page = web.visit_feed(f"{server.url}/story", conditions=None)

    assert page.body == STORY
    assert page.received_bytes == len(packed)


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
BOMB = gzip.compress(b"\0" * 20_000_000)


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        (b"", Unreachable),
        (b"HTTP/1.1 200 OK\r\nContent-Le", Unreachable),
        (b"SSH-2.0-OpenSSH_9.6\r\n\r\n", ProtocolBroken),
        (b"<html>no headers at all</html>\r\n\r\n", ProtocolBroken),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef", ProtocolBroken),
        (answer(STORY, headers=("Content-Length: 99999",)), Truncated),
        (CHUNKED + b"5\r\nabcde\r\n", Truncated),
        (CHUNKED + b"5\r\nab", Truncated),
        (CHUNKED + b"zz\r\nabcde\r\n0\r\n\r\n", ProtocolBroken),
        (answer(gzip.compress(STORY)[:-9], headers=("Content-Encoding: gzip",)), Truncated),
        (answer(gzip.compress(STORY)[:-4] + b"\0\0\0\0", headers=("Content-Encoding: gzip",)), ResponseCorrupt),
        (answer(zlib.compress(STORY)[:-6], headers=("Content-Encoding: deflate",)), Truncated),
        (answer(brotli.compress(STORY)[:-5], headers=("Content-Encoding: br",)), Truncated),
        (answer(zstandard.compress(STORY)[:-5], headers=("Content-Encoding: zstd",)), Truncated),
        (answer(STORY, headers=("Content-Encoding: gzip",)), ResponseCorrupt),
        (answer(STORY, headers=("Content-Encoding: br",)), ResponseCorrupt),
        (answer(STORY, headers=("Content-Encoding: zstd",)), ResponseCorrupt),
        (answer(STORY, headers=("Content-Encoding: aes",)), ResponseCorrupt),
        (answer(STORY, headers=("Content-Encoding: gzip, gzip, gzip, gzip",)), ResponseCorrupt),
        (answer(BOMB, headers=("Content-Encoding: gzip",)), ResponseTooLarge),
        (answer(gzip.compress(BOMB), headers=("Content-Encoding: gzip, gzip",)), ResponseTooLarge),
        (answer(zlib.compress(b"\0" * 9_000_000), headers=("Content-Encoding: deflate",)), ResponseTooLarge),
        (answer(brotli.compress(b"\0" * 9_000_000), headers=("Content-Encoding: br",)), ResponseTooLarge),
        (answer(zstandard.compress(b"\0" * 50_000_000), headers=("Content-Encoding: zstd",)), ResponseTooLarge),
        (answer(b"", headers=("Content-Length: 9999999999",)), ResponseTooLarge),
        (answer(b"", headers=("X-Long: " + "a" * 90_000,)), ResponseTooLarge),
        (answer(b"", headers=tuple(f"X-{number}: a" for number in range(20_000))), ResponseTooLarge),
    ],
)
def test_a_bad_answer_is_an_error_and_never_a_page(
    server: RawServer, web: PoliteWeb, sent: bytes, error: type[IngestError]
) -> None:
    server.answers["/story"] = sent

    with pytest.raises(error) as raised:
        web.visit_feed(f"{server.url}/story", conditions=None)

    assert raised.type is error
    assert raised.value.about == f"{server.url}/story"


def test_a_body_that_never_ends_is_refused_at_the_limit(server: RawServer, web: PoliteWeb) -> None:
    server.answers["/story"] = server.goes_on_for_ever(b"HTTP/1.1 200 OK\r\n\r\n", b"a" * 65_536)

    with pytest.raises(ResponseTooLarge):
        web.visit_feed(f"{server.url}/story", conditions=None)


def test_headers_that_never_end_are_refused_at_the_limit(server: RawServer, web: PoliteWeb) -> None:
    server.answers["/story"] = server.goes_on_for_ever(b"HTTP/1.1 200 OK\r\n", b"X-More: and more\r\n" * 400)

    with pytest.raises(ResponseTooLarge):
        web.visit_feed(f"{server.url}/story", conditions=None)


def test_informal_answers_that_never_end_are_refused(server: RawServer, web: PoliteWeb) -> None:
    server.answers["/story"] = server.goes_on_for_ever(b"", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 200)

    with pytest.raises(ResponseTooLarge):
        web.visit_feed(f"{server.url}/story", conditions=None)


@pytest.mark.parametrize("head", [b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b"HTTP/1.1 200 OK\r\nX-Slow: "])
def test_a_server_that_drips_is_left(server: RawServer, open_web: OpenWeb, head: bytes) -> None:
    server.answers["/story"] = server.drips(head + b"a" * 5_000)
    web = open_web(limits=replace(GENEROUS, slowest_bytes_per_second=1_000, slow_grace_seconds=0.1))

    with pytest.raises(TimedOut, match="bytes a second; we wait for 1000"):
        web.visit_feed(f"{server.url}/story", conditions=None)


def test_the_total_time_holds_even_against_steady_progress(server: RawServer, open_web: OpenWeb) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 190000\r\n\r\n"
    server.answers["/story"] = server.drips(b"a" * 150_000, head=head, bytes_at_once=100)
    web = open_web(limits=replace(GENEROUS, total_seconds=0.2))

    with pytest.raises(TimedOut):  # the body would end, too soon, only after half a minute
        web.visit_feed(f"{server.url}/story", conditions=None)


@pytest.mark.parametrize(
    ("sent", "limit", "told"),
    [
        (b"", "first_byte_seconds", r"no response within 0\.1 s"),
        (b"HTTP/1.1 200 OK\r\n", "idle_seconds", r"nothing for 0\.1 s after 17 bytes"),
        (answer(STORY, headers=("Content-Length: 9999",)), "idle_seconds", r"nothing for 0\.1 s after 1\d{3} bytes"),
        (answer(b"a" * 100_000, headers=("Content-Length: 190000",)), "idle_seconds", r"nothing for 0\.1 s after \d+"),
    ],
    ids=["at once", "in the headers", "in the body", "late in the body"],
)
def test_a_server_that_falls_silent_is_left(
    server: RawServer, open_web: OpenWeb, sent: bytes, limit: str, told: str
) -> None:
    server.answers["/story"] = server.falls_silent(sent)
    web = open_web(limits=replace(GENEROUS, **{limit: 0.1}))  # type: ignore[arg-type]

    with pytest.raises(TimedOut, match=told):
        web.visit_feed(f"{server.url}/story", conditions=None)


@pytest.mark.parametrize(
    ("status", "error"),
    [
        ("404 Not Found", PageMissing),
        ("410 Gone", PageGone),
        ("401 Unauthorized", PageLocked),
        ("407 Proxy Authentication Required", PageLocked),
        ("402 Payment Required", PageForbidden),
        ("403 Forbidden", PageForbidden),
        ("418 Teapot", PageForbidden),
        ("451 Unavailable For Legal Reasons", PageForbidden),
        ("408 Request Timeout", ServerFailed),
        ("429 Too Many Requests", Throttled),
        ("500 Internal Server Error", ServerFailed),
        ("503 Service Unavailable", ServerFailed),
        ("599 Odd", ServerFailed),
        ("204 No Content", ResponseEmpty),
        ("205 Reset Content", ResponseEmpty),
        ("206 Partial Content", ResponsePartial),
        ("300 Multiple Choices", ProtocolBroken),
        ("302 Found", ProtocolBroken),
    ],
)
def test_a_status_says_whether_to_come_back(
    server: RawServer, web: PoliteWeb, status: str, error: type[IngestError]
) -> None:
    server.answers["/story"] = answer(status=status)

    with pytest.raises(error) as raised:
        web.visit_feed(f"{server.url}/story", conditions=None)

    assert raised.type is error
    assert status.partition(" ")[0] in str(raised.value)


@pytest.mark.parametrize(
    ("status", "value", "expected"),
    [
        ("429 Too Many Requests", "120", NOW + timedelta(seconds=120)),
        ("429 Too Many Requests", "Mon, 16 Nov 2026 13:30:00 GMT", datetime(2026, 11, 16, 13, 30, tzinfo=UTC)),
        ("429 Too Many Requests", "Mon, 16 Nov 2020 13:30:00 GMT", NOW),
        ("429 Too Many Requests", "99999999999999999999", NOW + timedelta(days=31)),
        ("429 Too Many Requests", "Fri, 31 Dec 9999 23:59:59 -2300", NOW + timedelta(days=31)),
        ("429 Too Many Requests", "120, 3600", NOW + timedelta(seconds=3600)),
        ("429 Too Many Requests", "3600, 120", NOW + timedelta(seconds=3600)),
        ("429 Too Many Requests", "soon, 120", NOW + timedelta(seconds=120)),
        ("429 Too Many Requests", "60\r\nRetry-After: 3600", NOW + timedelta(seconds=3600)),
        (
            "429 Too Many Requests",
            "60\r\nRetry-After: Mon, 16 Nov 2026 13:30:00 GMT",
            datetime(2026, 11, 16, 13, 30, tzinfo=UTC),
        ),
        ("429 Too Many Requests", "120.5", NOW + timedelta(seconds=120)),
        ("429 Too Many Requests", " 120 s", NOW + timedelta(seconds=120)),
        ("429 Too Many Requests", "-5", None),
        ("429 Too Many Requests", "soon", None),
        ("503 Service Unavailable", "60", NOW + timedelta(seconds=60)),
        ("403 Forbidden", "60", NOW + timedelta(seconds=60)),
        ("402 Payment Required", "60", NOW + timedelta(seconds=60)),
        ("413 Content Too Large", "60", NOW + timedelta(seconds=60)),
        ("500 Internal Server Error", "60", NOW + timedelta(seconds=60)),
    ],
)
def test_a_server_that_names_a_time_is_obeyed(
    server: RawServer, web: PoliteWeb, status: str, value: str, expected: datetime | None
) -> None:
    server.answers["/story"] = answer(status=status, headers=(f"Retry-After: {value}",))

    with pytest.raises(Throttled) as raised:
        web.visit_feed(f"{server.url}/story", conditions=None)

    assert raised.value.retry_at == expected


@pytest.mark.parametrize(
    ("its_clock", "named", "expected"),
    [("10:00:00", "11:00:00", 13), ("14:00:00", "15:00:00", 15), ("late", "13:00:00", 13)],
)
def test_a_date_is_obeyed_by_our_clock_and_by_the_servers(
    server: RawServer, web: PoliteWeb, its_clock: str, named: str, expected: int
) -> None:
    day = "Mon, 16 Nov 2026"
    told = (f"Date: {day} {its_clock} GMT", f"Retry-After: {day} {named} GMT")
    server.answers["/story"] = answer(status="503 Service Unavailable", headers=told)

    with pytest.raises(Throttled) as raised:
        web.visit_feed(f"{server.url}/story", conditions=None)

    assert raised.value.retry_at == NOW.replace(hour=expected)


def test_redirects_are_followed_and_a_permanent_way_is_told(server: RawServer, web: PoliteWeb) -> None:
    server.answers["/a"] = answer(status="301 Moved", headers=("Location: b?x=1",))
    server.answers["/b?x=1"] = answer(status="308 Moved", headers=(f"Location: {server.url}/c#top",))
    server.answers["/c"] = answer(STORY)

    page = web.visit_feed(f"{server.url}/a", conditions=None)

    assert page.final_url == f"{server.url}/c"
    assert page.moved_to == f"{server.url}/c"


@pytest.mark.parametrize("status", ["302 Found", "303 See Other", "307 Temporary Redirect"])
def test_a_temporary_hop_moves_nothing(server: RawServer, web: PoliteWeb, status: str) -> None:
    server.answers["/a"] = answer(status="301 Moved", headers=("Location: /b",))
    server.answers["/b"] = answer(status=status, headers=("Location: /c",))
    server.answers["/c"] = answer(STORY)

    page = web.visit_feed(f"{server.url}/a", conditions=None)

    assert page.final_url == f"{server.url}/c"
    assert page.moved_to is None


def test_a_circle_of_redirects_is_left(server: RawServer, web: PoliteWeb) -> None:
    server.answers["/a"] = answer(status="302 Found", headers=("Location: /b",))
    server.answers["/b"] = answer(status="302 Found", headers=("Location: /a",))

    with pytest.raises(RedirectsEndless, match="circle"):
        web.visit_feed(f"{server.url}/a", conditions=None)

    assert server.paths() == ["/a", "/b"]


def test_five_redirects_are_followed_and_six_are_not(server: RawServer, web: PoliteWeb) -> None:
    for hop in range(6):
        server.answers[f"/{hop}"] = answer(status="302 Found", headers=(f"Location: /{hop + 1}",))
    server.answers["/6"] = answer(STORY)

    assert web.visit_feed(f"{server.url}/1", conditions=None).body == STORY
    with pytest.raises(RedirectsEndless, match="more than 5 times"):
        web.visit_feed(f"{server.url}/0", conditions=None)


@pytest.mark.parametrize(
    "target",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://127.0.0.1:1/",
        "http://localhost:1/",
        "http://10.0.0.1/",
        "http://192.168.1.1/",
        "http://100.64.0.1/",
        "http://0.0.0.0/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:a9fe:a9fe]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[64:ff9b:1::1]/",
        "http://[2002:7f00:1::]/",
        "http://[2001:0:1::1]/",
        "http://[::127.0.0.1]/",
        "http://[fe80::1]/",
        "http://[fd00::1]/",
        "http://[fec0::1]/",
        "http://[ff02::1]/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://127.1/",
        "http://224.0.0.1/",
        "http://255.255.255.255/",
        "http://192.0.0.192/",
        "http://198.18.0.1/",
        "file:///etc/passwd",
        "ftp://127.0.0.1/",
        "gopher://127.0.0.1:70/_",
        "http://[broken",
    ],
)
def test_no_redirect_leads_inward(server: RawServer, web: PoliteWeb, target: str) -> None:
    server.answers["/a"] = answer(status="302 Found", headers=(f"Location: {target}",))

    with pytest.raises(AddressRefused):
        web.visit_feed(f"{server.url}/a", conditions=None)


@pytest.mark.parametrize("url", ["", "story.html", "javascript:alert(1)", "http://", "http://.example/", "http://a:0/"])
def test_what_is_no_web_address_is_refused(web: PoliteWeb, url: str) -> None:
    with pytest.raises(AddressRefused):
        web.visit(url, conditions=None)


def test_a_name_that_changes_its_mind_gains_nothing(server: RawServer, open_web: OpenWeb) -> None:
    answers = iter([["127.9.0.1"], ["127.0.0.1"]])  # nobody listens at the first
    looked_up: list[str] = []

    def rebinding(host: str, port: int) -> list[str]:
        looked_up.append(host)
        return next(answers)

    web = open_web(resolver=rebinding, policy=AddressPolicy(allowed_networks=(IPv4Network("127.9.0.0/16"),)))
    with pytest.raises(Transient):
        web.visit_feed(f"http://rebind.example:{server.port}/", conditions=None)

    assert looked_up == ["rebind.example"]
    assert server.requests == []


def test_a_name_with_one_inward_address_is_refused_whole(server: RawServer, open_web: OpenWeb) -> None:
    web = open_web(resolver=names("93.184.216.34", "127.0.0.1"), policy=AddressPolicy())

    with pytest.raises(AddressRefused):
        web.visit_feed(f"http://mixed.example:{server.port}/", conditions=None)

    assert server.requests == []


def test_a_network_can_be_allowed(server: RawServer, open_web: OpenWeb) -> None:
    server.answers["/story"] = answer(STORY)
    web = open_web(
        policy=AddressPolicy(allowed_networks=(IPv4Network("127.0.0.0/8"),)),
        resolver=names("127.0.0.1"),
        gap_seconds=0.0,
    )

    page = web.visit_feed(f"http://inside.example:{server.port}/story", conditions=None)

    assert page.body == STORY
    assert server.requests[0][1]["host"] == f"inside.example:{server.port}"


def test_a_name_without_an_address_is_unreachable(open_web: OpenWeb) -> None:
    def nobody(host: str, port: int) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(NameUnknown, match=r"no address for nowhere\.example"):
        open_web(resolver=nobody).visit("http://nowhere.example/", conditions=None)


def test_a_resolver_that_hangs_is_left(open_web: OpenWeb) -> None:
    release = threading.Event()

    def hanging(host: str, port: int) -> list[str]:
        release.wait()
        return ["93.184.216.34"]

    web = open_web(resolver=hanging, limits=replace(GENEROUS, connect_seconds=0.1))
    try:
        with pytest.raises(TimedOut, match=r"no address for slow\.example within 0\.1 s"):
            web.visit_feed("http://slow.example/", conditions=None)
    finally:
        release.set()


def test_a_port_where_nobody_listens_is_unreachable(open_web: OpenWeb, closed_port: int) -> None:
    web = open_web(policy=AddressPolicy(allowed_endpoints=frozenset({f"127.0.0.1:{closed_port}"})))

    with pytest.raises(ConnectionRefused):
        web.visit_feed(f"http://127.0.0.1:{closed_port}/", conditions=None)


def test_a_server_without_tls_is_unreachable_over_https(server: RawServer, web: PoliteWeb) -> None:
    with pytest.raises(HandshakeFailed, match="handshake"):
        web.visit_feed(f"https://127.0.0.1:{server.port}/", conditions=None)


def test_certificates_are_read_for_the_first_connection_that_needs_them(server: RawServer, open_web: OpenWeb) -> None:
    read: list[str] = []

    def tls() -> ssl.SSLContext:
        read.append("certificates")
        return TLS()

    server.answers["/story"] = answer(STORY)
    web = open_web(tls=tls)
    web.visit_feed(f"{server.url}/story", conditions=None)
    assert read == []

    with pytest.raises(HandshakeFailed):
        web.visit_feed(f"https://127.0.0.1:{server.port}/", conditions=None)

    assert read == ["certificates"]


def test_a_process_reads_certificates_once_however_many_threads_need_them() -> None:
    with ThreadPoolExecutor(4) as threads:
        contexts = list(threads.map(lambda _: tls_context(), range(8)))

    assert len({id(context) for context in contexts}) == 1


def test_no_proxy_is_taken_from_the_environment(
    server: RawServer, web: PoliteWeb, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    server.answers["/story"] = answer(STORY)

    assert web.visit_feed(f"{server.url}/story", conditions=None).body == STORY


def test_no_cookie_is_kept(server: RawServer, web: PoliteWeb) -> None:
    server.answers["/a"] = answer(status="302 Found", headers=("Location: /b", "Set-Cookie: id=1"))
    server.answers["/b"] = answer(STORY, headers=("Set-Cookie: id=2",))

    web.visit_feed(f"{server.url}/a", conditions=None)
    web.visit_feed(f"{server.url}/b", conditions=None)

    assert all("cookie" not in headers for _, headers in server.requests)


def test_a_password_in_an_address_is_not_sent(server: RawServer, web: PoliteWeb) -> None:
    server.answers["/story"] = answer(STORY)

    page = web.visit_feed(f"http://desk:secret@127.0.0.1:{server.port}/story", conditions=None)

    assert page.final_url == f"{server.url}/story"
    assert "authorization" not in server.requests[0][1]


def test_validators_are_repeated_to_the_address_that_told_them_and_to_no_other(
    server: RawServer, web: PoliteWeb
) -> None:
    server.answers["/feed"] = answer(status="302 Found", headers=("Location: /moved",))
    server.answers["/moved"] = answer(STORY)
    told_there = Conditions(etag='"8"', last_modified="yesterday", url=f"{server.url}/moved")

    web.visit_feed(f"{server.url}/feed", conditions=Conditions(etag='"8"', last_modified="yesterday"))
    web.visit_feed(f"{server.url}/feed", conditions=told_there)

    repeated = [(path, "if-none-match" in sent, "if-modified-since" in sent) for path, sent in server.requests]
    assert repeated == [
        ("/feed", True, True),
        ("/moved", False, False),
        ("/feed", False, False),
        ("/moved", True, True),
    ]


def test_a_403_from_a_host_that_gave_pages_is_a_throttle(server: RawServer, web: PoliteWeb) -> None:
    server.answers |= {"/story": answer(STORY), "/other": answer(status="403 Forbidden")}
    with pytest.raises(PageForbidden):
        web.visit(f"{server.url}/other", conditions=None)
    web.visit(f"{server.url}/story", conditions=None)

    with pytest.raises(RefusedForNow):
        web.visit(f"{server.url}/other", conditions=None)


def test_an_answer_with_nothing_in_it_is_empty(server: RawServer, web: PoliteWeb) -> None:
    server.answers["/story"] = answer(b"")

    with pytest.raises(ResponseEmpty):
        web.visit_feed(f"{server.url}/story", conditions=None)
