"""What was captured is found again, byte for byte, by us and by any other WARC tool."""

import gzip
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from ingest.edge.archive import Exchange, WarcArchive
from ingest.edge.web import PoliteWeb
from ingest.errors import CaptureUnreadable, WarehouseUnusable
from ingest.model import Capture, Conditions

from .conftest import NOW, RawServer, answer

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

    (path,) = (tmp_path / "archive").iterdir()
    with path.open("rb") as file:
        records = [record.rec_headers for record in ArchiveIterator(file)]
    (original,) = [each.get_header("WARC-Record-ID") for each in records if each.get_header("WARC-Type") == "response"]
    referred = [each.get_header("WARC-Refers-To") for each in records if each.get_header("WARC-Type") == "revisit"]
    assert referred == [None, None, original, original]


def test_what_fails_is_not_captured(server: RawServer, web: PoliteWeb, tmp_path: Path) -> None:
    server.answers["/story"] = answer(gzip.compress(STORY)[:-9], headers=("Content-Encoding: gzip",))

    with pytest.raises(Exception, match="ends in the middle"):
        web.visit_feed(f"{server.url}/story", conditions=None)

    assert not (tmp_path / "archive").exists()


@pytest.mark.parametrize("lost_bytes", [1, 20, 200])
def test_a_record_cut_off_by_a_killed_process_harms_nobody_else(
    archive: WarcArchive, tmp_path: Path, lost_bytes: int
) -> None:
    first = archive.keep(exchange("https://gazette.example/a", STORY))
    second = archive.keep(exchange("https://gazette.example/b", STORY[:-1]))
    archive.close()
    path = tmp_path / "archive" / second.warc_file
    end = second.warc_offset + second.warc_length
    path.write_bytes(path.read_bytes()[: end - lost_bytes])

    opened_again = WarcArchive(tmp_path / "archive", clock=lambda: NOW, software="tests")
    third = opened_again.keep(exchange("https://gazette.example/c", STORY))
    opened_again.close()

    assert opened_again.recall(first).body == STORY
    assert opened_again.recall(third).body == STORY
    assert third.warc_file != second.warc_file
    with pytest.raises(CaptureUnreadable):
        opened_again.recall(second)


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


def test_a_full_file_is_followed_by_another(tmp_path: Path) -> None:
    archive = WarcArchive(tmp_path, clock=lambda: NOW, software="tests", file_bytes=1_000)
    captures = [archive.keep(exchange(f"https://gazette.example/{name}", STORY * 30)) for name in "abcdef"]
    archive.close()

    assert len({capture.warc_file for capture in captures}) > 1
    assert all(archive.recall(capture).body == STORY * 30 for capture in captures)


def test_an_archive_that_is_never_used_leaves_no_file(tmp_path: Path) -> None:
    WarcArchive(tmp_path / "archive", clock=lambda: NOW, software="tests").close()

    assert not (tmp_path / "archive").exists()


def test_a_folder_that_can_not_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "archive").write_text("a file stands where the folder should be")
    archive = WarcArchive(tmp_path / "archive", clock=lambda: NOW, software="tests")

    with pytest.raises(WarehouseUnusable, match="can't be written"):
        archive.keep(exchange("https://gazette.example/a", STORY))
