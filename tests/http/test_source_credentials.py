"""A source's secret reaches its own hosts and nothing else: no other host, no record, no error."""

import base64
import gzip
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from ingest.core.errors import AddressRefused, IngestError, Misconfigured, PageLocked, Unreachable
from ingest.core.model import Source
from ingest.http.addresses import AddressPolicy
from ingest.http.client import SourceWeb
from ingest.http.source_credentials import access_of
from tests.http.conftest import OpenWeb, RawServer, answer
from tests.makers import a_source
from tests.warc import read_archive

pytestmark = pytest.mark.integration

STORY = b"<p>The river rose by two metres.</p>" * 40
VARIABLE, PROXY = "INGEST_SECRET_PAPER", "INGEST_SECRET_PROXY"
SECRET = "s3cr/t&key+of=paper"  # what is written otherwise in addresses, in markup and in JSON
WRITTEN = [
    b"s3cr/t&key",
    b"s3cr%2ft%26key",
    b"s3cr/t%26key",
    b"s3cr/t&amp;key",
    b"s3cr&#47;t&#x26;key",
    rb"s3cr\/t\u0026key",
]

OpenFor = Callable[..., SourceWeb]


@pytest.fixture
def other() -> Iterator[RawServer]:
    server = RawServer()
    yield server
    server.close()


@pytest.fixture
def open_for(open_web: OpenWeb, server: RawServer, other: RawServer) -> OpenFor:
    """Open the web for a source whose variables hold these values."""

    def opened(source: Source, values: Mapping[str, str]) -> SourceWeb:
        allowed = frozenset({f"127.0.0.1:{server.port}", f"127.0.0.1:{other.port}"})
        web = open_web(policy=AddressPolicy(allowed_endpoints=allowed))
        return SourceWeb(web, access_of(source, values.get))

    return opened


def paper(server: RawServer, path: str = "/feed", **changes: Any) -> Source:
    return a_source(feed_url=f"{server.url}{path}", secret=VARIABLE, **changes)


def written_in(folder: Path) -> list[str]:
    """Return the files of a folder that hold the secret in any form, packed or not."""
    packed = base64.b64encode(f"reader:{SECRET}".encode())
    forms = [*WRITTEN, packed]
    kept = b"".join(record.block + str(record.headers).encode() for record in read_archive(folder / "archive").values())
    found = [form.decode() for form in forms if form in kept]
    files = [path for path in folder.rglob("*") if path.is_file()]
    return found + [path.name for path in files if any(form in path.read_bytes() for form in forms)]


@pytest.mark.parametrize(
    ("secret_as", "value", "header", "sent"),
    [
        (
            "basic",
            f"reader:{SECRET}",
            "authorization",
            f"Basic {base64.b64encode(f'reader:{SECRET}'.encode()).decode()}",
        ),
        ("Bearer", SECRET, "authorization", f"Bearer {SECRET}"),
        ("X-Api-Key", SECRET, "x-api-key", SECRET),
    ],
)
def test_a_secret_is_sent_and_not_kept(
    server: RawServer, open_for: OpenFor, tmp_path: Path, secret_as: str, value: str, header: str, sent: str
) -> None:
    server.answers["/feed"] = answer(STORY)
    web = open_for(paper(server, secret_as=secret_as), {VARIABLE: value})

    page = web.visit_feed(f"{server.url}/feed", conditions=None)

    assert (page.body, server.requests[0][1][header]) == (STORY, sent)
    assert written_in(tmp_path) == []


@pytest.mark.parametrize("path", ["/feed?page=1&token={secret}", "/{secret}/feed.xml"])
def test_a_secret_is_sent_in_its_place_in_an_address_and_the_place_alone_is_kept(
    server: RawServer, open_for: OpenFor, tmp_path: Path, path: str
) -> None:
    target = path.replace("{secret}", "s3cr%2Ft%26key%2Bof%3Dpaper")
    server.answers[target] = answer(STORY)
    source = paper(server, path)

    page = open_for(source, {VARIABLE: SECRET}).visit_feed(source.feed_url, conditions=None)

    assert server.paths() == [target]
    assert page.final_url.replace("%7B", "{").replace("%7D", "}") == source.feed_url
    assert written_in(tmp_path) == []


@pytest.mark.parametrize("secret_as", ["basic", "bearer", "X-Api-Key", None])
@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"])
def test_a_redirect_takes_a_secret_to_no_other_host(
    server: RawServer, other: RawServer, open_for: OpenFor, tmp_path: Path, secret_as: str | None, status: str
) -> None:
    sent = "/feed" if secret_as else "/feed?token=s3cr%2Ft%26key%2Bof%3Dpaper"
    there = f"{other.url}/feed?token={SECRET.replace('&', '%26')}"
    server.answers[sent] = answer(status=status, headers=(f"Location: {there}",))
    source = paper(server, "/feed" if secret_as else "/feed?token={secret}", secret_as=secret_as)
    web = open_for(source, {VARIABLE: f"reader:{SECRET}" if secret_as == "basic" else SECRET})

    with pytest.raises(IngestError) as failed:
        web.visit_feed(source.feed_url, conditions=None)

    ((path, headers),) = other.requests
    assert not any("s3cr" in text for text in (path, str(headers), str(failed.value), str(failed.value.hop)))
    assert "authorization" not in headers
    assert "x-api-key" not in headers
    assert written_in(tmp_path) == []


def test_a_redirect_on_its_own_host_takes_the_secret_along(
    server: RawServer, open_for: OpenFor, tmp_path: Path
) -> None:
    server.answers["/feed?token=s3cr%2Ft%26key%2Bof%3Dpaper"] = answer(
        status="301 Moved", headers=("Location: /feed/?token=s3cr%2Ft%26key%2Bof%3Dpaper",)
    )
    server.answers["/feed/?token=s3cr%2Ft%26key%2Bof%3Dpaper"] = answer(STORY)
    source = paper(server, "/feed?token={secret}")

    page = open_for(source, {VARIABLE: SECRET}).visit_feed(source.feed_url, conditions=None)

    assert (page.body, page.moved_to) == (STORY, f"{server.url}/feed/?token={{secret}}")
    assert written_in(tmp_path) == []


@pytest.mark.parametrize("form", WRITTEN)
@pytest.mark.parametrize("packing", [b"", b"gzip"])
def test_a_secret_that_an_answer_repeats_is_not_kept(
    server: RawServer, open_for: OpenFor, tmp_path: Path, form: bytes, packing: bytes
) -> None:
    body = b"<link href='" + form + b"+of=paper'>" + STORY
    coding = ("Content-Encoding: gzip",) if packing else ()
    headers = (*coding, "X-Key: s3cr/t&key+of=paper", "Set-Cookie: k=s3cr%2Ft%26key%2Bof%3Dpaper")
    server.answers["/feed"] = answer(gzip.compress(body) if packing else body, headers=headers)
    web = open_for(paper(server, secret_as="bearer"), {VARIABLE: SECRET})

    page = web.visit_feed(f"{server.url}/feed", conditions=None)

    assert page.body == b"<link href='{secret}'>" + STORY
    assert (page.header("x-key"), page.header("set-cookie")) == ("{secret}", "k={secret}")
    assert page.capture is not None
    assert web.recall(page.capture).body == page.body
    assert written_in(tmp_path) == []


def test_an_answer_that_cannot_be_unpacked_is_not_kept_with_a_secret_in_it(
    server: RawServer, open_for: OpenFor, tmp_path: Path
) -> None:
    cut = gzip.compress(SECRET.encode() + STORY)[:-9]
    server.answers["/feed"] = answer(cut, headers=("Content-Encoding: gzip",))

    with pytest.raises(IngestError, match="ends in the middle of its gzip data"):
        open_for(paper(server, secret_as="bearer"), {VARIABLE: SECRET}).visit_feed(
            f"{server.url}/feed", conditions=None
        )

    assert all(cut[:20] not in record.block for record in read_archive(tmp_path / "archive").values())


def test_an_error_does_not_repeat_a_secret(server: RawServer, open_for: OpenFor, tmp_path: Path) -> None:
    server.answers["/feed"] = b"k=" + SECRET.encode() + b" is no HTTP"

    with pytest.raises(IngestError, match=r"it begins b'k=\{secret\} is no HTTP'") as failed:
        open_for(paper(server, secret_as="bearer"), {VARIABLE: SECRET}).visit_feed(
            f"{server.url}/feed", conditions=None
        )

    assert failed.value.__cause__ is None
    assert written_in(tmp_path) == []


def test_pages_on_the_host_of_a_feed_are_asked_for_with_its_secret_and_others_without(
    server: RawServer, other: RawServer, open_for: OpenFor
) -> None:
    for one in (server, other):
        one.answers["/story"] = answer(STORY)
    web = open_for(paper(server, secret_as="bearer", site_url=other.url), {VARIABLE: SECRET})

    for one in (server, other):
        web.visit(f"{one.url}/story", conditions=None)

    assert dict(server.requests)["/story"]["authorization"] == f"Bearer {SECRET}"
    assert not any("authorization" in headers for _, headers in other.requests)


def test_another_source_on_the_same_host_does_not_send_it(
    server: RawServer, open_web: OpenWeb, open_for: OpenFor
) -> None:
    server.answers["/feed"] = answer(STORY)
    open_for(paper(server, secret_as="bearer"), {VARIABLE: SECRET})

    open_web().visit_feed(f"{server.url}/feed", conditions=None)

    assert "authorization" not in server.requests[0][1]


@pytest.mark.parametrize(
    ("value", "secret_as", "says"),
    [
        (None, "bearer", "gazette names the environment variable INGEST_SECRET_PAPER, which is not set"),
        ("short", "bearer", "gazette: INGEST_SECRET_PAPER holds fewer than 6 characters"),
        ("no-colon-in-it", "basic", "gazette: INGEST_SECRET_PAPER must hold user:password"),
        ("a line\nanother", "bearer", "gazette: INGEST_SECRET_PAPER holds characters that no header can"),
        ("pásswörd", "X-Key", "gazette: INGEST_SECRET_PAPER holds characters that no header can"),
    ],
)
def test_a_variable_that_cannot_be_used_is_named_with_its_source(value: str | None, secret_as: str, says: str) -> None:
    source = a_source(secret=VARIABLE, secret_as=secret_as)

    with pytest.raises(Misconfigured) as refused:
        access_of(source, lambda _: value)

    assert str(refused.value).startswith(says)
    assert value is None or value not in str(refused.value)


def test_a_proxy_is_asked_for_everything_of_its_source(server: RawServer, other: RawServer, open_for: OpenFor) -> None:
    for target in (f"{other.url}/feed", f"{other.url}/story", f"{other.url}/robots.txt"):
        server.answers[target] = answer(STORY)
    source = a_source(feed_url=f"{other.url}/feed", proxy=PROXY)
    web = open_for(source, {PROXY: f"http://us%40er:pa55word@127.0.0.1:{server.port}"})

    page = web.visit_feed(source.feed_url, conditions=None)
    web.visit(f"{other.url}/story", conditions=None)

    assert page.body == STORY
    assert server.paths() == [f"{other.url}/feed", f"{other.url}/robots.txt", f"{other.url}/story"]
    packed = base64.b64encode(b"us@er:pa55word").decode()
    assert {headers["proxy-authorization"] for _, headers in server.requests} == {f"Basic {packed}"}
    assert {headers["host"] for _, headers in server.requests} == {f"127.0.0.1:{other.port}"}
    assert other.requests == []


def test_a_proxy_is_asked_for_a_tunnel_to_what_speaks_tls(server: RawServer, open_for: OpenFor) -> None:
    server.answers["newsroom.invalid:443"] = answer(status="407 Proxy Authentication Required")
    source = a_source(feed_url="https://newsroom.invalid/feed", proxy=PROXY)

    with pytest.raises(Unreachable, match="the proxy refuses: 407 Proxy Authentication Required"):
        open_for(source, {PROXY: server.url}).visit_feed(source.feed_url, conditions=None)

    assert server.paths() == ["newsroom.invalid:443"]


def test_a_proxy_that_asks_for_a_password_is_told(server: RawServer, other: RawServer, open_for: OpenFor) -> None:
    server.answers[f"{other.url}/feed"] = answer(status="407 Proxy Authentication Required")

    with pytest.raises(PageLocked):
        open_for(a_source(proxy=PROXY), {PROXY: server.url}).visit_feed(f"{other.url}/feed", conditions=None)


@pytest.mark.parametrize("inward", ["http://169.254.169.254/latest/meta-data", "http://[::1]/", "http://10.0.0.1/"])
def test_no_proxy_leads_inward(server: RawServer, open_for: OpenFor, inward: str) -> None:
    with pytest.raises(AddressRefused):
        open_for(a_source(proxy=PROXY), {PROXY: server.url}).visit_feed(inward, conditions=None)

    assert server.requests == []


@pytest.mark.parametrize("value", ["pr0xy:3128", "socks5://pr0xy", "http://[pr0xy", "ftp://u:pr0xy@a"])
def test_a_proxy_that_is_no_address_is_told_without_it(value: str) -> None:
    with pytest.raises(Misconfigured, match=r"^gazette: INGEST_SECRET_PROXY must hold an address") as refused:
        access_of(a_source(proxy=PROXY), lambda _: value)

    assert "pr0xy" not in str(refused.value)
