"""What was captured is found again, byte for byte, by us and by any other WARC tool."""

import contextlib
import gzip
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import pytest
import zstandard
from warcio.archiveiterator import ArchiveIterator

from ingest.archive.archive import WarcArchive
from ingest.archive.warc_records import Exchange
from ingest.core.errors import (
    AddressRefused,
    CaptureUnreadable,
    DiskFull,
    IngestError,
    RobotsRefused,
    WarehouseUnusable,
)
from ingest.core.model import Capture, Conditions
from ingest.http.client import PoliteWeb
from tests.http.conftest import NOW, OpenWeb, RawServer, answer
from tests.limits import files_no_larger_than
from tests.state import change, select, select_rows, state_in
from tests.warc import conformance_flaws, read_archive

pytestmark = pytest.mark.integration

STORY = b"<p>The river rose by two metres.</p>" * 40


def exchange(url: str, body: bytes, **changes: object) -> Exchange:
    plain = Exchange(
        requested_url=url,
        url=url,
        fetched_at=NOW,
        request_target="/" + url.rpartition("/")[2],
        request_headers=(("Host", "gazette.example"), ("User-Agent", "news-tests/1.0")),
        status=200,
        reason="OK",
        headers=(("content-type", "text/html; charset=utf-8"),),
        sent_body=body,
        body=body,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def opened(folder: Path) -> WarcArchive:
    return WarcArchive(folder, state_in(folder), clock=lambda: NOW, software="tests")


def truncation(folder: Path, capture: Capture) -> str | None:
    """Read what the record says of its end."""
    with (folder / capture.warc_file).open("rb") as file:
        file.seek(capture.warc_offset)
        found: str | None = next(iter(ArchiveIterator(file))).rec_headers.get_header("WARC-Truncated")
    return found


def kinds(folder: Path) -> list[tuple[str, str | None]]:
    """Read all files as a stranger would."""
    found = []
    for path in sorted(folder.glob("*.warc.gz")):
        with path.open("rb") as file:
            for record in ArchiveIterator(file, check_digests="raise"):
                record.raw_stream.read()
                found.append((record.rec_type, record.rec_headers.get_header("WARC-Target-URI")))
    return found


def test_a_capture_is_recalled_as_it_was_served(server: RawServer, web: PoliteWeb) -> None:
    server.answers["/story"] = answer(
        gzip.compress(STORY), headers=("Content-Encoding: gzip", "Content-Type: text/html", "X-Odd: café")
    )
    page = web.visit_feed(f"{server.url}/story", conditions=None)
    assert page.capture is not None

    recalled = web.recall(page.capture)

    assert recalled.body == STORY
    assert recalled.status == 200
    assert recalled.final_url == f"{server.url}/story"
    assert recalled.header("content-type") == "text/html"
    assert recalled.fetched_at == NOW
    assert recalled.capture == page.capture


def test_a_chunked_answer_is_recalled(server: RawServer, web: PoliteWeb) -> None:
    server.answers["/story"] = (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nThe r\r\n5\r\niver \r\n0\r\n\r\n"
    )
    page = web.visit_feed(f"{server.url}/story", conditions=None)
    assert page.capture is not None

    recalled = web.recall(page.capture)

    assert recalled.body == b"The river "
    assert recalled.header("transfer-encoding") is None  # it lies there without chunks


@pytest.mark.parametrize(
    "said", ["Não encontrado".encode(), "Não encontrado; nome=é".encode("latin-1"), b"\xc3\x83\xff"]
)
def test_words_before_a_body_are_kept_byte_for_byte(
    server: RawServer, web: PoliteWeb, tmp_path: Path, said: bytes
) -> None:
    server.answers["/story"] = b"HTTP/1.1 200 " + said + b"\r\nETag: " + said + b"\r\nContent-Length: 5\r\n\r\nhello"
    page = web.visit_feed(f"{server.url}/story", conditions=None)
    assert page.capture is not None

    (record,) = [one for one in read_archive(tmp_path / "archive").values() if one.kind == "response"]

    assert record.block.startswith(b"HTTP/1.1 200 " + said + b"\r\netag: " + said + b"\r\n")
    assert web.recall(page.capture).header("etag") == page.header("etag") == said.decode("latin-1")


@pytest.mark.parametrize(
    ("coding", "packed"), [("br", brotli.compress(STORY)), ("zstd", zstandard.ZstdCompressor().compress(STORY))]
)
def test_what_other_tools_can_not_unpack_lies_there_unpacked(
    server: RawServer, web: PoliteWeb, tmp_path: Path, coding: str, packed: bytes
) -> None:
    server.answers["/story"] = answer(packed, headers=(f"Content-Encoding: {coding}",))
    page = web.visit_feed(f"{server.url}/story", conditions=None)
    assert page.capture is not None

    (record,) = [one for one in read_archive(tmp_path / "archive").values() if one.kind == "response"]

    assert (record.payload, web.recall(page.capture).body) == (STORY, STORY)
    assert f"\r\ncontent-length: {len(STORY)}".encode() in record.block
    assert f"\r\nx-archive-orig-content-length: {len(packed)}".encode() in record.block
    assert f"\r\nx-archive-orig-content-encoding: {coding}".encode() in record.block
    assert b"\r\ncontent-encoding" not in record.block


def test_other_readers_find_nothing_to_complain_of(server: RawServer, web: PoliteWeb, tmp_path: Path) -> None:
    for path, sent in {
        "/robots.txt": answer(b"User-agent: *\n"),
        "/packed": answer(gzip.compress(STORY), headers=("Content-Encoding: gzip",)),
        "/packed_twice": answer(gzip.compress(gzip.compress(STORY)), headers=("Content-Encoding: gzip, gzip",)),
        "/br": answer(brotli.compress(STORY), headers=("Content-Encoding: br",)),
        "/br_cut": answer(brotli.compress(STORY)[:-9], headers=("Content-Encoding: br",)),
        "/br_missing": answer(brotli.compress(STORY), status="404 Gone", headers=("Content-Encoding: br",)),
        "/chunked": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nThe r\r\n0\r\n\r\n",
        "/nothing": b"HTTP/1.1 204 No Content\r\nContent-Length: 446\r\n\r\n",
        "/moved": answer(status="302 Found", headers=("Location: /packed",)),
        "/odd": answer(b"odd", headers=("X-Odd: caf\u00e9", "X-Empty:", "X-Twice: a", "X-Twice: b")),
        "/stop": answer(b"no", status="429"),
        "/oops": answer(b"a" * 90_000, status="500 Oops"),
        "/cut": answer(b"half a page", headers=("Content-Length: 99",)),
    }.items():
        server.answers[path] = sent
        with contextlib.suppress(IngestError):
            web.visit(f"{server.url}{path}", conditions=None)
            web.visit(f"{server.url}{path}", conditions=None)
    web.close()
    folder = tmp_path / "archive"

    records = read_archive(folder)

    assert {record.kind for record in records.values()} == {"warcinfo", "request", "response", "revisit"}
    assert conformance_flaws(folder, records) == []
    assert complaints(folder) == (0, "", "")
    assert {one.headers.get("warc-ip-address") for one in records.values() if one.kind != "warcinfo"} == {"127.0.0.1"}


def test_whatever_was_asked_for_is_recorded_at_once_also_what_a_killed_process_asked(
    server: RawServer, open_web: OpenWeb, tmp_path: Path
) -> None:
    server.answers["/robots.txt"] = answer(b"User-agent: *\nDisallow: /shut\n")
    server.answers["/story"] = answer(STORY)
    kept_by_a_killed_process(tmp_path, 0)
    web = open_web(archive=opened(tmp_path))
    web.visit(f"{server.url}/story", conditions=None)
    web.close()
    columns = ", ".join(Capture.__slots__)

    captures = [Capture(**row) for row in select_rows(tmp_path, f"select {columns} from captures order by rowid")]

    answers = {one.place for one in read_archive(tmp_path).values() if one.kind in {"response", "revisit"}}
    assert len(answers) >= 20
    assert len(answers - {(one.warc_file, one.warc_offset) for one in captures}) <= 1  # killed before it was recorded
    assert [one.url for one in captures[-2:]] == [f"{server.url}/robots.txt", f"{server.url}/story"]
    assert [web.recall(one).status for one in captures] == [200] * len(captures)


def test_request_and_response_are_on_record(archive: WarcArchive, tmp_path: Path) -> None:
    archive.keep(exchange("https://gazette.example/a", STORY))

    assert kinds(tmp_path / "archive") == [
        ("warcinfo", None),
        ("response", "https://gazette.example/a"),
        ("request", "https://gazette.example/a"),
    ]


def test_the_same_body_again_is_kept_as_a_reference_and_still_recalled(archive: WarcArchive, tmp_path: Path) -> None:
    first = archive.keep(exchange("https://gazette.example/a", STORY))
    second = archive.keep(
        exchange("https://gazette.example/a", STORY, fetched_at=NOW + timedelta(hours=1), headers=(("etag", '"2"'),))
    )

    recalled = archive.recall(second)

    assert recalled.body == STORY
    assert recalled.header("etag") == '"2"'
    assert first.capture_id != second.capture_id
    assert first.payload_hash == second.payload_hash
    assert [kind for kind, _ in kinds(tmp_path / "archive")] == [
        "warcinfo",
        "response",
        "request",
        "revisit",
        "request",
    ]


def test_a_304_is_on_record_as_a_revisit(server: RawServer, web: PoliteWeb, tmp_path: Path) -> None:
    server.answers["/feed"] = answer(STORY)
    web.visit_feed(f"{server.url}/feed", conditions=None)
    server.answers["/feed"] = answer(status="304 Not Modified", headers=('ETag: "8"',))

    page = web.visit_feed(f"{server.url}/feed", conditions=Conditions(etag='"8"'))

    assert page.capture is not None
    assert (web.recall(page.capture).status, web.recall(page.capture).body) == (304, b"")
    assert [kind for kind, _ in kinds(tmp_path / "archive")][-2:] == ["revisit", "request"]


def test_a_304_refers_to_the_last_whole_answer_and_never_to_another_304(archive: WarcArchive, tmp_path: Path) -> None:
    nothing = exchange("https://gazette.example/a", b"", status=304)
    archive.keep(nothing)
    archive.keep(nothing)
    archive.keep(exchange("https://gazette.example/a", STORY))
    archive.keep(nothing)
    archive.keep(nothing)

    (path,) = (tmp_path / "archive").glob("*.warc.gz")
    with path.open("rb") as file:
        records = [record.rec_headers for record in ArchiveIterator(file)]
    (original,) = [each.get_header("WARC-Record-ID") for each in records if each.get_header("WARC-Type") == "response"]
    referred = [each.get_header("WARC-Refers-To") for each in records if each.get_header("WARC-Type") == "revisit"]
    assert referred == [None, None, original, original]


@pytest.mark.parametrize(
    ("sent", "status", "sample", "truncated"),
    [
        (answer(b"no such story", status="404 Not Found"), 404, b"no such story", None),
        (answer(b"wait", status="429 Too Many Requests", headers=("Retry-After: 60",)), 429, b"wait", None),
        (answer(b"a" * 90_000, status="500 Oops"), 500, b"a" * 65_536, "length"),
        (answer(b"half a page", headers=("Content-Length: 99",)), 200, b"half a page", "disconnect"),
        (answer(b"not gzip", headers=("Content-Encoding: gzip",)), 200, b"not gzip", None),
        (answer(b"<rss>", headers=("Content-Length: 9999999999",)), 200, b"<rss>", "length"),
        (answer(b"not packed", status="403 Forbidden", headers=("Content-Encoding: br",)), 403, b"not packed", None),
    ],
)
def test_what_fails_is_on_record_with_a_sample(
    server: RawServer, web: PoliteWeb, tmp_path: Path, sent: bytes, status: int, sample: bytes, truncated: str | None
) -> None:
    server.answers["/story"] = sent

    with pytest.raises(IngestError) as raised:
        web.visit_feed(f"{server.url}/story", conditions=None)

    (capture,) = raised.value.captures
    recalled = web.recall(capture)
    assert (capture.url, capture.status) == (f"{server.url}/story", status)
    assert raised.value.hop == f"{server.url}/story"
    assert (recalled.status, recalled.body) == (status, sample)
    assert truncation(tmp_path / "archive", capture) == truncated


def test_each_hop_is_on_record_and_the_one_that_failed_is_named(server: RawServer, web: PoliteWeb) -> None:
    server.answers["/a"] = answer(status="302 Found", headers=("Location: /b",))
    server.answers["/b"] = answer(b"over there", status="301 Moved", headers=("Location: http://10.0.0.1/c",))

    with pytest.raises(AddressRefused) as raised:
        web.visit_feed(f"{server.url}/a", conditions=None)

    passed = [(capture.url, capture.status, web.recall(capture).body) for capture in raised.value.captures]
    assert passed == [(f"{server.url}/a", 302, b""), (f"{server.url}/b", 301, b"over there")]
    assert raised.value.hop == "http://10.0.0.1/c"


def test_a_page_is_recalled_under_what_was_asked_for_and_redirects_are_recorded_too(
    server: RawServer, web: PoliteWeb, tmp_path: Path
) -> None:
    server.answers["/a%20b?c=%C3%B1"] = answer(status="302 Found", headers=("Location: /c",))
    server.answers["/c"] = answer(STORY)
    asked = f"{server.url}/a b?c=ñ"

    page = web.visit_feed(asked, conditions=None)

    assert page.capture is not None
    recalled = web.recall(page.capture)
    assert (recalled.requested_url, recalled.final_url, recalled.body) == (asked, f"{server.url}/c", STORY)
    assert select(tmp_path, "select url, status from captures order by rowid") == [
        (f"{server.url}/a%20b?c=%C3%B1", 302),
        (f"{server.url}/c", 200),
    ]


def test_a_robots_txt_is_on_record(server: RawServer, web: PoliteWeb, tmp_path: Path) -> None:
    server.answers["/robots.txt"] = answer(b"User-agent: *\nDisallow: /\n")

    with pytest.raises(RobotsRefused):
        web.visit(f"{server.url}/story", conditions=None)

    assert ("response", f"{server.url}/robots.txt") in kinds(tmp_path / "archive")


def test_a_body_is_kept_once_whoever_brings_it_and_whichever_process_kept_it(tmp_path: Path) -> None:
    first = opened(tmp_path)
    original = first.keep(exchange("https://gazette.example/a", STORY))
    first.close()
    second = opened(tmp_path)
    again = second.keep(exchange("https://gazette.example/a", STORY, fetched_at=NOW + timedelta(days=1)))
    elsewhere = second.keep(exchange("https://m.gazette.example/a", STORY))
    unchanged = second.keep(exchange("https://gazette.example/a", b"", status=304))
    packed = second.keep(
        exchange(
            "https://gazette.example/a",
            STORY,
            sent_body=gzip.compress(STORY),
            headers=(("content-encoding", "gzip"),),
        )
    )
    second.close()

    recalled = [opened(tmp_path).recall(capture).body for capture in (original, again, elsewhere, unchanged, packed)]

    assert recalled == [STORY, STORY, STORY, b"", STORY]
    # Packed otherwise, it is another payload to whoever replays it.
    assert Counter(kind for kind, _ in kinds(tmp_path)) == {"warcinfo": 2, "request": 5, "revisit": 3, "response": 2}


def test_what_can_not_be_referred_to_any_more_is_kept_whole_again(tmp_path: Path) -> None:
    first = opened(tmp_path)
    first.keep(exchange("https://gazette.example/a", STORY))
    first.close()
    for path in tmp_path.glob("*.warc.gz"):
        path.write_bytes(b"\x00 damaged" * 100)

    second = opened(tmp_path)
    again = second.keep(exchange("https://gazette.example/a", STORY))
    second.close()

    assert second.recall(again).body == STORY
    assert again.warc_length > 200


def test_an_index_that_lies_misleads_nobody(tmp_path: Path) -> None:
    first = opened(tmp_path)
    first.keep(exchange("https://gazette.example/a", STORY, status=404))  # no page: it is known by its payload alone
    first.close()
    change(tmp_path, "update payloads set payload_key = ?", [payload_key(b"another")])

    second = opened(tmp_path)
    another = second.keep(exchange("https://gazette.example/b", b"another"))
    second.close()

    assert second.recall(another).body == b"another"


WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from ingest.archive.archive import WarcArchive
from ingest.archive.warc_records import Exchange
from tests.state import state_in

now = datetime(2026, 11, 16, 12, 0, tzinfo=UTC)
folder = Path(sys.argv[1])
archive = WarcArchive(folder, state_in(folder), clock=lambda: now, software="tests")
for number in range(1_000_000):
    url, body = f"https://gazette.example/{number}", bytes(f"The river rose by {number} metres. " * 500, "ascii")
    archive.keep(Exchange(
        requested_url=url, url=url, fetched_at=now, request_target="/", request_headers=(), status=200, reason="OK",
        headers=(), sent_body=body, body=body,
    ))
    print(number, flush=True)
"""


def payload_key(body: bytes) -> str:
    """Return what a body is known by that was sent as it is."""
    return sha256(b"\x1f".join([b"payload", sha256(body).hexdigest().encode(), b""])).hexdigest()[:32]


def kept_by_a_killed_process(folder: Path, lost_bytes: int) -> int:
    """Have a process write until it is killed, then lose the end as a crash of the machine would; count its pages."""
    command = [sys.executable, "-c", WRITER, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        said = [writer.stdout.readline() for _ in range(20)]
        writer.kill()
        said += writer.stdout.read().splitlines()
    (path,) = folder.glob("*.warc.gz")
    path.write_bytes(path.read_bytes()[: path.stat().st_size - lost_bytes])
    return len(said)


def complaints(folder: Path) -> tuple[int, str, str]:
    """Have warcio check all files."""
    command = [sys.executable, "-m", "warcio.cli", "check", *map(str, folder.glob("*.warc.gz"))]
    checked = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
    return checked.returncode, checked.stdout, checked.stderr


@pytest.mark.parametrize("lost_bytes", [0, 1, 30, 200])
def test_what_a_killed_process_left_is_cut_to_whole_records_by_the_next(tmp_path: Path, lost_bytes: int) -> None:
    pages = kept_by_a_killed_process(tmp_path, lost_bytes)
    (abandoned,) = tmp_path.glob("*.warc.gz")

    archive = opened(tmp_path)
    capture = archive.keep(exchange("https://gazette.example/story", STORY))
    archive.close()

    assert complaints(tmp_path) == (0, "", "")
    counts = Counter(kind for kind, _ in kinds(tmp_path))
    assert pages - 1 <= counts["response"] - 1 <= pages + 1  # one may have been told of and lost, or not told of yet
    assert archive.recall(capture).body == STORY
    assert capture.warc_file != abandoned.name
    assert list(tmp_path.glob(".*.open")) == []


def test_what_is_damaged_before_the_last_record_is_not_cut_away(tmp_path: Path) -> None:
    kept_by_a_killed_process(tmp_path, 1)
    (abandoned,) = tmp_path.glob("*.warc.gz")
    data = bytearray(abandoned.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 200] = bytes(200)
    abandoned.write_bytes(data)

    archive = opened(tmp_path)
    archive.keep(exchange("https://gazette.example/story", STORY))
    archive.close()

    assert len(data) - 1_000 < abandoned.stat().st_size < len(data)


def test_a_file_that_another_process_writes_is_left_alone(tmp_path: Path) -> None:
    first, second = opened(tmp_path), opened(tmp_path)
    captures = [
        archive.keep(exchange(f"https://gazette.example/{number}", STORY + bytes([number])))
        for number, archive in enumerate((first, second, first, second))
    ]
    first.close()
    second.close()

    assert [second.recall(capture).body for capture in captures] == [STORY + bytes([number]) for number in range(4)]
    assert len({capture.warc_file for capture in captures}) == 2


@pytest.mark.parametrize("lost_bytes", [1, 20, 200])
def test_a_record_that_lost_its_end_is_told_and_harms_nobody_else(tmp_path: Path, lost_bytes: int) -> None:
    archive = opened(tmp_path)
    first = archive.keep(exchange("https://gazette.example/a", STORY))
    second = archive.keep(exchange("https://gazette.example/b", STORY[:-1]))
    archive.close()
    path = tmp_path / second.warc_file
    path.write_bytes(path.read_bytes()[: second.warc_offset + second.warc_length - lost_bytes])

    assert archive.recall(first).body == STORY
    with pytest.raises(CaptureUnreadable):
        archive.recall(second)


@pytest.mark.parametrize(
    "damage",
    [
        lambda capture: replace(capture, warc_file="news-gone.warc.gz"),
        lambda capture: replace(capture, warc_file="../../etc/passwd"),
        lambda capture: replace(capture, warc_offset=capture.warc_offset + 7),
        lambda capture: replace(capture, warc_offset=10**9),
        lambda capture: replace(capture, warc_offset=0),
        lambda capture: replace(capture, payload_hash="0" * 64),
    ],
)
def test_a_capture_that_is_not_there_says_so(archive: WarcArchive, damage: Callable[[Capture], Capture]) -> None:
    capture = archive.keep(exchange("https://gazette.example/a", STORY))

    with pytest.raises(CaptureUnreadable, match=r"https://gazette\.example/a"):
        archive.recall(damage(capture))


@pytest.mark.parametrize("header", [b"WARC-Target-URI", b"WARC-Type", b"WARC/1.1", b"HTTP/1.1 200 OK\r\n"])
def test_a_record_whose_headers_are_damaged_says_so(tmp_path: Path, header: bytes) -> None:
    archive = opened(tmp_path)
    capture = archive.keep(exchange("https://gazette.example/a", STORY))
    archive.close()
    path = tmp_path / capture.warc_file
    data = path.read_bytes()
    record = gzip.decompress(data[capture.warc_offset : capture.warc_offset + capture.warc_length])
    path.write_bytes(data[: capture.warc_offset] + gzip.compress(record.replace(header, b"")))

    with pytest.raises(CaptureUnreadable):
        archive.recall(replace(capture, warc_length=0))


def test_a_full_file_is_followed_by_another(tmp_path: Path) -> None:
    archive = WarcArchive(tmp_path, state_in(tmp_path), clock=lambda: NOW, software="tests", file_bytes=1_000)
    captures = [archive.keep(exchange(f"https://gazette.example/{name}", STORY * 30)) for name in "abcdef"]
    archive.close()

    assert len({capture.warc_file for capture in captures}) > 1
    assert all(archive.recall(capture).body == STORY * 30 for capture in captures)


def test_an_archive_that_is_never_used_leaves_no_file(tmp_path: Path) -> None:
    WarcArchive(tmp_path / "archive", state_in(tmp_path), clock=lambda: NOW, software="tests").close()

    assert not (tmp_path / "archive").exists()


def test_a_folder_that_can_not_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "archive").write_text("a file stands where the folder should be")
    archive = WarcArchive(tmp_path / "archive", state_in(tmp_path), clock=lambda: NOW, software="tests")

    with pytest.raises(WarehouseUnusable, match="can't be written"):
        archive.keep(exchange("https://gazette.example/a", STORY))


@pytest.mark.parametrize("room", [10, 1_000])
def test_a_full_disk_leaves_whole_records_alone_and_no_litter(tmp_path: Path, room: int) -> None:
    archive = opened(tmp_path)
    with files_no_larger_than(room):
        for name in "abc":
            with pytest.raises(DiskFull):
                archive.keep(exchange(f"https://gazette.example/{name}", STORY + os.urandom(2_000)))
    capture = archive.keep(exchange("https://gazette.example/d", STORY))
    archive.close()

    assert archive.recall(capture).body == STORY
    assert complaints(tmp_path) == (0, "", "")
    assert [one.kind for one in read_archive(tmp_path).values()] == ["warcinfo", "response", "request"]
    assert len(list(tmp_path.glob("*.warc.gz"))) == 1
