"""What analysts open is what is published, and the archive what was captured; what differs is found and told."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from ingest.archive.archive import WarcArchive
from ingest.archive.files import ArchiveFiles
from ingest.core.errors import WarehouseDamaged
from ingest.core.ids import content_key
from ingest.pipeline.verify import SHARES, Verification, accept_loss, verify_all, verify_share
from ingest.state.alerts import open_alerts
from ingest.warehouse import releases, runs, verification
from ingest.warehouse.file_swap import file_mark
from ingest.warehouse.warehouse import Warehouse
from tests.archive.test_archive import exchange
from tests.desk import EXTRAS
from tests.makers import NOON
from tests.state import change, state_of
from tests.warehouse.test_releases import pledge, publish
from tests.warehouses import open_warehouse

STORIES = 6
CAPTURES = 40


class Verified:
    """A warehouse folder with a released file and an archive, and what verification finds there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.warehouse = Warehouse(folder, extras=EXTRAS)
        self.state = state_of(self.warehouse)
        self.archive = WarcArchive(folder / "archive", self.state, clock=lambda: NOON, software="tests")
        self.now = NOON

    def whole(self) -> Verification:
        self.now += timedelta(hours=1)
        return verify_all(state=self.state, warehouse=self.warehouse, recall=self.archive.recall, now=self.now)

    def share(self) -> Verification:
        """Verify what the next run would."""
        self.now += timedelta(hours=1)
        runs.begin_run(self.state, self.warehouse, f"run at {self.now}", [], self.now)
        size_of = ArchiveFiles(self.folder / "archive").size_of
        given = {"state": self.state, "warehouse": self.warehouse, "recall": self.archive.recall, "now": self.now}
        return verify_share(size_of=size_of, **given)  # type: ignore[arg-type]

    @property
    def alerts(self) -> list[str]:
        return [alert.title for alert in open_alerts(self.state).values()]

    def number_next_run(self, number: int) -> None:
        change(self.folder, "update runs set number = ?", [number + len(SHARES) - 1])

    @property
    def news(self) -> Path:
        return self.folder / "news.duckdb"

    @property
    def warc(self) -> Path:
        (path,) = (self.folder / "archive").glob("*.warc.gz")
        return path

    def change_news(self) -> None:
        """Change the released file so that the file system shows no sign of it, as a failing disk does."""
        self.news.chmod(0o640)
        with duckdb.connect(str(self.news)) as connection:
            connection.execute("update figures set value = value * 1000")
        self.news.chmod(0o440)
        change(self.folder, "update releases set file_mark = ?", [file_mark(self.news)])


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Release some articles and capture some pages, once for all; return the folder."""
    folder = tmp_path_factory.mktemp("verified")
    with closing(open_warehouse(folder, extras=EXTRAS)) as warehouse, closing(state_of(warehouse)) as state:
        publish(state, warehouse, "first", *(pledge(f"pier-{number}") for number in range(STORIES)))
        releases.release_file(state, warehouse, NOON)
        archive = WarcArchive(folder / "archive", state, clock=lambda: NOON, software="tests")
        for number in range(CAPTURES):
            archive.keep(exchange(f"https://gazette.example/{number}", b"The river rose. " * (number + 1)))
        archive.close()
    return folder


@pytest.fixture
def verified(filled: Path, tmp_path: Path) -> Iterator[Verified]:
    folder = Path(shutil.copytree(filled, tmp_path / "warehouse"))
    verified = Verified(folder)
    yield verified
    verified.archive.close()
    state_of(verified.warehouse).close()
    verified.warehouse.close()


def cut_in_half(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])


def flip_a_bit(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[data.rindex(b"\x1f\x8b\x08") - 1] ^= 1  # in the response before the last request
    path.write_bytes(data)


def remove(path: Path) -> None:
    path.unlink()


def test_a_sound_warehouse_is_verified_whole(verified: Verified) -> None:
    found = verified.whole()

    assert (found.release.found, found.lost, verified.alerts) == ((), [], [])
    assert (found.captures, found.rows > STORIES * 10) == (CAPTURES, True)


def test_shares_hold_every_key_once() -> None:
    keys = [content_key(str(number)) for number in range(2_000)]
    held = [
        sum(share.first <= key and (share.end is None or key < share.end) for share in SHARES)
        for key in ["0" * 32, *keys, "f" * 32]
    ]

    assert held == [1] * 2_002


def test_each_run_verifies_the_share_after_that_of_the_last(verified: Verified) -> None:
    expected = [len(verification.captures_within(verified.state, SHARES[number])) for number in (255, 0, 1)]
    verified.number_next_run(255)

    assert [verified.share().captures for _ in range(3)] == expected


def test_a_file_that_changed_without_a_trace_is_found_and_released_anew(verified: Verified) -> None:
    verified.change_news()
    by_a_run = verified.share()
    found = verified.whole()
    while_wrong = verified.alerts
    releases.release_file(verified.state, verified.warehouse, verified.now)

    assert by_a_run.release.found == ()  # it does not read the file
    assert found.release.found == (f"{verified.news}: its content has changed since it was released",)
    assert while_wrong == ["news.duckdb differs from what is published"]
    assert (verified.whole().release.found, verified.alerts) == ((), [])


def test_a_run_finds_a_file_that_was_changed(verified: Verified) -> None:
    verified.news.chmod(0o640)
    with duckdb.connect(str(verified.news)) as connection:
        connection.execute("update paragraphs set text = 'Something else.'")

    assert verified.share().release.found == (
        f"{verified.news} is not the file that was released: its content has changed",
    )
    # So that the next release makes it anew.
    assert not releases.is_released(verified.state, verified.warehouse, verified.now)


def test_what_is_published_and_cannot_be_read_is_told(verified: Verified) -> None:
    verified.warehouse.close()
    path = verified.folder / "published.duckdb"
    with path.open("r+b") as opened:
        for place in range(12_288 + 4_096, path.stat().st_size, 65_536):
            opened.seek(place)
            opened.write(b"\xff" * 64)

    with pytest.raises(WarehouseDamaged, match=r"published\.duckdb is damaged"):
        Verified(verified.folder).whole()


def test_what_the_next_release_brings_is_no_difference(verified: Verified) -> None:
    publish(
        verified.state,
        verified.warehouse,
        "second",
        pledge("quay"),
        pledge("pier-1", "The $13 million pier.", "$13 million", "13000000"),
    )

    assert (verified.whole().release.found, verified.alerts) == ((), [])


@pytest.mark.integration
def test_a_file_that_somebody_has_opened_for_writing_is_compared_another_time(verified: Verified) -> None:
    verified.news.chmod(0o640)
    change(verified.folder, "update releases set file_mark = ?", [file_mark(verified.news)])
    script = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.readline()"
    command = [sys.executable, "-c", script, str(verified.news)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as somebody:
        assert somebody.stdout
        somebody.stdout.readline()
        while_open = verified.share().release
        somebody.communicate(b"\n")

    assert (while_open.found, verified.alerts) == ((), [])


def test_nothing_is_compared_before_the_first_release(tmp_path: Path) -> None:
    with closing(open_warehouse(tmp_path)) as warehouse:
        found = verify_all(state=state_of(warehouse), warehouse=warehouse, recall=lambda _: None, now=NOON)

    assert (found.rows, found.captures, found.release.found) == (0, 0, ())


@pytest.mark.parametrize("damage", [cut_in_half, remove])
def test_a_file_of_the_archive_that_is_cut_off_or_gone_is_found_by_the_next_run(
    verified: Verified, damage: Callable[[Path], None]
) -> None:
    warc, kept = verified.warc, verified.warc.read_bytes()
    damage(warc)
    found = verified.share()
    verified.share()
    while_damaged = verified.alerts
    warc.write_bytes(kept)
    verified.share()  # sees too little to say that it is over
    after_a_share = verified.alerts
    verified.whole()

    assert {one.capture.warc_file for one in found.lost} == {warc.name}
    assert len(found.lost) >= CAPTURES // 4
    assert while_damaged == after_a_share == [f"{warc.name} is damaged"]
    assert verified.alerts == []


@pytest.mark.parametrize("damage", [cut_in_half, flip_a_bit])
def test_every_capture_that_cannot_be_read_is_found(verified: Verified, damage: Callable[[Path], None]) -> None:
    warc = verified.warc
    damage(warc)
    found = verified.whole()

    assert found.lost
    assert all(warc.name in one.reason for one in found.lost)
    assert verified.alerts == [f"{warc.name} is damaged"]


def test_a_loss_that_is_accepted_ends_its_alert(verified: Verified) -> None:
    cut_in_half(verified.warc)
    lost = verified.whole().lost
    accept_loss(lost, state=verified.state, now=verified.now)
    again = verified.whole()

    assert (again.lost, again.captures, verified.alerts) == ([], CAPTURES - len(lost), [])
