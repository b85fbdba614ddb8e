"""What analysts open is what was released, whatever was done to the file or left beside it."""

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingest.warehouse import releases
from ingest.warehouse.file_swap import file_mark
from ingest.warehouse.warehouse import Warehouse
from tests.desk import EXTRAS
from tests.makers import NOON
from tests.state import change, state_of
from tests.warehouse.test_releases import ARTICLES, content, pledge, publish
from tests.warehouses import open_warehouse

LATER = NOON + timedelta(minutes=5)

# Changes every figure, and dies: its changes stay in the write-ahead log, which the next to open the file replays.
CHANGE_AND_DIE = """
import duckdb, os, sys
connection = duckdb.connect(sys.argv[1])
connection.execute("pragma disable_checkpoint_on_shutdown")
connection.execute("update figures set value = 1")
os._exit(0)
"""
# Changes every figure, and stays connected.
CHANGE_AND_STAY = """
import duckdb, sys
connection = duckdb.connect(sys.argv[1])
connection.execute("update figures set value = 1")
print("changed", flush=True)
sys.stdin.readline()
"""


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Publish and release a dozen articles, once for all; return the folder."""
    with closing(open_warehouse(tmp_path_factory.mktemp("released"), extras=EXTRAS)) as warehouse:
        state = state_of(warehouse)
        publish(state, warehouse, "first", *(pledge(f"pier-{number}") for number in range(ARTICLES)))
        releases.release_file(state, warehouse, NOON)
    return warehouse.folder


@pytest.fixture
def folder(released: Path, tmp_path: Path) -> Path:
    """Copy it; a release notes where its file is now."""
    folder = Path(shutil.copytree(released, tmp_path / "warehouse", copy_function=shutil.copy2))
    with closing(Warehouse(folder, extras=EXTRAS)) as warehouse:
        assert releases.release_file(state_of(warehouse), warehouse, NOON) is False
    return folder


@pytest.fixture
def news(folder: Path) -> Path:
    return folder / "news.duckdb"


@pytest.fixture
def expected(news: Path) -> dict[str, list[tuple[Any, ...]]]:
    return of_articles(news)


def release(folder: Path, *stories: Any) -> bool:
    """Publish and release; return whether there was need."""
    with closing(Warehouse(folder, extras=EXTRAS)) as warehouse:
        state = state_of(warehouse)
        if stories:
            publish(state, warehouse, "later", *stories)
        return releases.release_file(state, warehouse, LATER)


def of_articles(news: Path) -> dict[str, list[tuple[Any, ...]]]:
    return {name: rows for name, rows in content(news).items() if name.startswith("main.")}


def empty(path: Path) -> None:
    path.write_bytes(b"")


def cut_in_half(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def flip(share: float) -> Callable[[Path], None]:
    """Return what inverts all bits of a block in the file, at this share of its length."""

    def invert(path: Path) -> None:
        data = bytearray(path.read_bytes())
        start = int(len(data) * share)
        data[start : start + 4_096] = bytes(byte ^ 255 for byte in data[start : start + 4_096])
        path.write_bytes(data)

    return invert


def write_text(path: Path) -> None:
    path.write_text("<html>404</html>")


def make_writable(path: Path) -> None:
    path.chmod(0o644)


def change_and_close(path: Path) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute("update figures set value = 1")


def test_it_is_handed_over_read_only_each_time(folder: Path, news: Path) -> None:
    modes = [stat.S_IMODE(news.stat().st_mode)]
    assert release(folder, pledge("harbour"))
    modes.append(stat.S_IMODE(news.stat().st_mode))

    assert modes == [0o440, 0o440]


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_to_open_it_for_writing_is_refused(news: Path) -> None:
    with pytest.raises(duckdb.IOException, match="ermission denied"):
        duckdb.connect(str(news))


@pytest.mark.parametrize(
    "spoil",
    [empty, cut_in_half, flip(0), flip(0.4), write_text],
    ids=["empty", "truncated", "flipped head", "flipped inside", "no database"],
)
@pytest.mark.slow
def test_a_damaged_file_is_made_anew(
    folder: Path, news: Path, expected: object, spoil: Callable[[Path], None], caplog: pytest.LogCaptureFixture
) -> None:
    make_writable(news)
    spoil(news)

    assert release(folder) is True
    assert of_articles(news) == expected
    assert f"{news} is not the file that was released" in caplog.text
    assert release(folder) is False


def test_a_damaged_file_is_made_anew_also_where_much_is_to_be_added(folder: Path, news: Path) -> None:
    make_writable(news)
    flip(0.4)(news)

    assert release(folder, pledge("harbour")) is True
    assert len(of_articles(news)["main.articles"]) == ARTICLES + 1


def test_what_changed_without_a_trace_is_not_carried_into_the_next_release(folder: Path, news: Path) -> None:
    """As where a disk gives back other bytes than were written."""
    make_writable(news)
    change_and_close(news)
    change(folder, "update releases set file_mark = ?", [file_mark(news)])

    assert release(folder, pledge("harbour")) is True
    assert values(news) == {12_000_000}


def test_an_older_file_put_back_is_replaced(folder: Path, news: Path, tmp_path: Path) -> None:
    older = Path(shutil.copy2(news, tmp_path / "older.duckdb"))
    release(folder, pledge("harbour"))
    newest = of_articles(news)
    older.replace(news)

    assert release(folder) is True
    assert of_articles(news) == newest


@pytest.mark.parametrize("is_in_place", [True, False])
def test_a_release_that_its_run_did_not_live_to_note_is_made_again(
    folder: Path, news: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture, is_in_place: bool
) -> None:
    older = Path(shutil.copy2(news, tmp_path / "older.duckdb"))
    release(folder, pledge("harbour"))
    newest = of_articles(news)
    if not is_in_place:
        older.replace(news)
    change(folder, "update releases set file_mark = null")

    assert release(folder) is True
    assert (of_articles(news), caplog.text) == (newest, "")


def test_a_file_that_was_copied_to_another_place_is_the_same(folder: Path, tmp_path: Path) -> None:
    moved = Path(shutil.copytree(folder, tmp_path / "moved"))
    kept = (moved / "news.duckdb").stat().st_ino

    assert release(moved) is False
    assert (moved / "news.duckdb").stat().st_ino == kept


def test_what_somebody_changed_and_closed_is_undone(folder: Path, news: Path, expected: object) -> None:
    make_writable(news)
    change_and_close(news)

    assert release(folder) is True
    assert of_articles(news) == expected


@pytest.mark.integration
@pytest.mark.parametrize("stories", [0, 1], ids=["nothing new", "a new article"])
def test_a_log_left_by_somebody_who_died_is_never_replayed(
    folder: Path, news: Path, stories: int, caplog: pytest.LogCaptureFixture
) -> None:
    make_writable(news)
    subprocess.run([sys.executable, "-c", CHANGE_AND_DIE, str(news)], check=True)
    log = news.with_name("news.duckdb.wal")
    assert log.exists()

    assert release(folder, *(pledge(f"harbour-{number}") for number in range(stories))) is True
    assert not log.exists()
    assert values(news) == {12_000_000}
    assert f"{news} is not the file that was released" in caplog.text


@pytest.mark.integration
def test_a_log_that_fits_another_database_ends_no_run(folder: Path, news: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.duckdb"
    with duckdb.connect(str(other)) as connection:
        connection.execute("create table figures as select 2 as value")
        connection.execute("create table mine as from figures")
    subprocess.run([sys.executable, "-c", CHANGE_AND_DIE.replace("figures", "mine"), str(other)], check=True)
    log = other.with_name("other.duckdb.wal").rename(news.with_name("news.duckdb.wal"))
    with pytest.raises(duckdb.Error, match="replaying WAL"):
        duckdb.connect(str(news), read_only=True)

    assert release(folder) is True
    assert (log.exists(), values(news)) == (False, {12_000_000})


@pytest.mark.integration
def test_what_somebody_changes_who_stays_connected_is_seen_by_nobody_after_a_release(folder: Path, news: Path) -> None:
    make_writable(news)
    with somebody(CHANGE_AND_STAY, news) as analyst:
        assert release(folder) is True
        beside = values(news)
        analyst.communicate(b"\n")

    assert (beside, values(news)) == ({12_000_000}, {12_000_000})
    assert release(folder) is False


def values(news: Path) -> set[Any]:
    with duckdb.connect(str(news), read_only=True) as connection:
        return {value for (value,) in connection.execute("select distinct value from figures").fetchall()}


def somebody(script: str, news: Path) -> "subprocess.Popen[bytes]":
    """Start a script, and wait for its first line."""
    command = [sys.executable, "-c", script, str(news)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    return process


@pytest.fixture(autouse=True)
def _log_warnings(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    with caplog.at_level("WARNING", "ingest"):
        yield
