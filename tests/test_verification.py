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

from ingest.edge.archive import WarcArchive
from ingest.edge.archive_files import ArchiveFiles
from ingest.edge.files import file_digest
from ingest.edge.released_file import file_mark
from ingest.edge.warehouse import Warehouse
from ingest.keys import content_key
from ingest.verification import SHARES, Verification, accept_loss, verify_all, verify_share
from ingest.verified import KeyRange
from tests.desk import EXTRAS
from tests.edge.test_archive import exchange
from tests.edge.test_release import pledge, publish
from tests.makers import NOON
from tests.state import change, state_of, store_of
from tests.warehouses import open_warehouse

STORIES = 6
CAPTURES = 40


class Verified:
    """A warehouse folder with a released file and an archive, and what verification finds there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.warehouse = Warehouse(folder)
        self.store = store_of(self.warehouse, EXTRAS)
        self.archive = WarcArchive(folder / "archive", state_of(self.warehouse), clock=lambda: NOON, software="tests")
        self.now = NOON

    def whole(self) -> Verification:
        self.now += timedelta(hours=1)
        return verify_all(store=self.store, recall=self.archive.recall, now=self.now)

    def share(self) -> Verification:
        """Verify what the next run would."""
        self.now += timedelta(hours=1)
        self.store.begin_run(f"run at {self.now}", [], self.now)
        size_of = ArchiveFiles(self.folder / "archive").size_of
        return verify_share(store=self.store, recall=self.archive.recall, size_of=size_of, now=self.now)

    @property
    def alerts(self) -> list[str]:
        return [alert.title for alert in self.store.open_alerts().values()]

    def share_of_an_article(self) -> KeyRange:
        with self.warehouse.alone() as connection:
            found = connection.execute("select min(article_id) from published.articles").fetchall()
        return next(share for share in SHARES if share.end is None or found[0][0] < share.end)

    def number_next_run(self, number: int) -> None:
        change(self.folder, "update runs set number = ?", [number + len(SHARES) - 1])

    @property
    def news(self) -> Path:
        return self.folder / "news.duckdb"

    @property
    def warc(self) -> Path:
        (path,) = (self.folder / "archive").glob("*.warc.gz")
        return path

    def change_news(self, sql: str) -> None:
        """Change the released file as an error of ours would: what is noted of it is of the changed one."""
        self.news.chmod(0o640)
        with duckdb.connect(str(self.news)) as connection:
            connection.execute(sql)
        self.news.chmod(0o440)
        self.note_release("file_digest", file_digest(self.news))

    def note_release(self, column: str, value: str) -> None:
        with self.warehouse.write() as transaction:
            transaction.connection.execute(
                f"update ops.releases set file_mark = ?, {column} = ?", [file_mark(self.news), value]
            )


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Release some articles and capture some pages, once for all; return the folder."""
    folder = tmp_path_factory.mktemp("verified")
    with closing(open_warehouse(folder)) as warehouse, closing(state_of(warehouse)):
        store = store_of(warehouse, EXTRAS)
        publish(store, "first", *(pledge(f"pier-{number}") for number in range(STORIES)))
        store.release(NOON)
        archive = WarcArchive(folder / "archive", state_of(warehouse), clock=lambda: NOON, software="tests")
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
    assert (found.captures, found.release.checked > STORIES * 10) == (CAPTURES, True)


def test_shares_hold_every_key_once() -> None:
    keys = [content_key(str(number)) for number in range(2_000)]
    held = [
        sum(share.first <= key and (share.end is None or key < share.end) for share in SHARES)
        for key in ["0" * 32, *keys, "f" * 32]
    ]

    assert held == [1] * 2_002


def test_each_run_verifies_the_share_after_that_of_the_last(verified: Verified) -> None:
    expected = [len(verified.store.captures_within(SHARES[number])) for number in (255, 0, 1)]
    verified.number_next_run(255)

    assert [verified.share().captures for _ in range(3)] == expected


@pytest.mark.parametrize(
    ("sql", "wrong"),
    [
        (
            "update figures set value = value * 1000 where article_id = (select min(article_id) from articles)",
            "figures",
        ),
        ("delete from tags; insert into tags select article_id, 'made up' from articles", "tags"),
        ("update authors set name = 'Nobody'", "authors"),
    ],
)
def test_rows_that_differ_from_what_is_published_are_found_and_released_anew(
    verified: Verified, sql: str, wrong: str
) -> None:
    verified.change_news(sql)
    found = verified.whole()
    while_wrong = verified.alerts
    verified.store.release(verified.now)

    assert [one.split(": ")[0] for one in found.release.found] == [f"{verified.news}, {wrong}"]
    assert while_wrong == ["news.duckdb differs from what is published"]
    assert (verified.whole().release.found, verified.alerts) == ((), [])


def test_a_run_finds_them_in_its_share(verified: Verified) -> None:
    verified.change_news("update paragraphs set text = 'Something else.'")
    verified.number_next_run(SHARES.index(verified.share_of_an_article()))

    assert verified.share().release.found
    assert not verified.store.is_released()  # so that the next release makes it anew


def test_content_that_changed_without_a_trace_is_found(verified: Verified) -> None:
    verified.note_release("file_digest", "another")

    assert verified.whole().release.found == (f"{verified.news}: its content has changed since it was released",)


def test_what_the_next_release_brings_is_no_difference(verified: Verified) -> None:
    publish(
        verified.store, "second", pledge("quay"), pledge("pier-1", "The $13 million pier.", "$13 million", "13000000")
    )
    with verified.warehouse.write() as transaction:  # as feeds that go on listing an article do
        transaction.connection.execute("update published.article_sources set last_listed_at = now()")

    assert (verified.whole().release.found, verified.alerts) == ((), [])


@pytest.mark.integration
def test_a_file_that_somebody_has_opened_for_writing_is_compared_another_time(verified: Verified) -> None:
    verified.news.chmod(0o640)
    verified.note_release("file_digest", file_digest(verified.news))
    script = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.readline()"
    command = [sys.executable, "-c", script, str(verified.news)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as somebody:
        assert somebody.stdout
        somebody.stdout.readline()
        while_open = verified.share().release
        somebody.communicate(b"\n")

    assert (while_open.checked, while_open.found, verified.alerts) == (0, (), [])


def test_nothing_is_compared_before_the_first_release(tmp_path: Path) -> None:
    with closing(open_warehouse(tmp_path)) as warehouse:
        store = store_of(warehouse, EXTRAS)
        found = verify_all(store=store, recall=lambda _: None, now=NOON)

    assert (found.release.checked, found.captures, found.release.found) == (0, 0, ())


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
    accept_loss(lost, store=verified.store, now=verified.now)
    again = verified.whole()

    assert (again.lost, again.captures, verified.alerts) == ([], CAPTURES - len(lost), [])
