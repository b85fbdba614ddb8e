"""A record is erased in its place: it says no more than that it was, and all others stay readable where they are."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ingest.archive.archive import WarcArchive
from ingest.archive.removal import ErasableFiles
from ingest.core.errors import CaptureUnreadable
from ingest.core.model import Capture
from tests.archive.test_archive import STORY, exchange
from tests.makers import NOON
from tests.state import state_in
from tests.warc import conformance_flaws, read_archive

SITE = "https://gazette.example"


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[tuple[WarcArchive, list[Capture]]]:
    bodies = {"before": b"<p>Before.</p>", "flood": STORY, "after": b"<p>After.</p>", "tiny": b"a"}
    with closing(state_in(tmp_path)) as state:
        opened = WarcArchive(tmp_path / "archive", state, clock=lambda: NOON, software="tests")
        with closing(opened) as archive:
            yield archive, [archive.keep(exchange(f"{SITE}/{name}", body)) for name, body in bodies.items()]


def torn(path: Path, capture: Capture) -> None:
    """Write half of what erases a record, as a power cut may leave it."""
    data = bytearray(path.read_bytes())
    half = capture.warc_length // 2
    data[capture.warc_offset : capture.warc_offset + half] = b" " * half
    path.write_bytes(data)


def whole(path: Path, capture: Capture) -> None:
    """Leave the record as it is."""


@pytest.mark.parametrize("before", [whole, torn])
def test_an_erased_record_says_only_that_it_was_removed_and_all_others_are_recalled(
    tmp_path: Path, kept: tuple[WarcArchive, list[Capture]], before: Callable[[Path, Capture], None]
) -> None:
    archive, (first, flood, after, tiny) = kept
    places = list(read_archive(tmp_path / "archive"))
    before(tmp_path / "archive" / flood.warc_file, flood)
    for _ in range(2):
        ErasableFiles(tmp_path).erase([flood, tiny])
        last = archive.keep(exchange(f"{SITE}/last", b"<p>Last, while the file grows.</p>"))

    records = read_archive(tmp_path / "archive")
    erased = records[flood.warc_file, flood.warc_offset]
    assert list(records)[: len(places)] == places
    assert (erased.kind, erased.url, erased.block) == ("metadata", f"{SITE}/flood", b"removed")
    assert [archive.recall(one).body[:7] for one in (first, after, last)] == [b"<p>Befo", b"<p>Afte", b"<p>Last"]
    with pytest.raises(CaptureUnreadable):
        archive.recall(flood)
    archive.close()
    if before is whole:
        assert conformance_flaws(tmp_path / "archive", records) == []


def test_what_comes_again_after_it_was_erased_is_kept_whole(
    tmp_path: Path, kept: tuple[WarcArchive, list[Capture]]
) -> None:
    archive, (_, flood, _, _) = kept
    ErasableFiles(tmp_path).erase([flood])
    again = archive.keep(exchange(f"{SITE}/elsewhere", STORY))

    assert archive.recall(again).body == STORY


def test_a_file_that_is_gone_will_do(tmp_path: Path, kept: tuple[WarcArchive, list[Capture]]) -> None:
    archive, (first, *_) = kept
    archive.close()
    (tmp_path / "archive" / first.warc_file).unlink()

    ErasableFiles(tmp_path).erase([first])


def test_pages_about_checks_of_its_sources_go(tmp_path: Path) -> None:
    for name in ("20261116-gazette-12345678", "20261116-herald-12345678"):
        (tmp_path / "checks" / name).mkdir(parents=True)
        (tmp_path / "checks" / name / "articles.html").touch()
    ErasableFiles(tmp_path).remove_check_pages({"gazette", "no page of this"})

    assert [path.name for path in (tmp_path / "checks").iterdir()] == ["20261116-herald-12345678"]
