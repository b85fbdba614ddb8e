"""The state in a file: where it may be, what is told where it can't be used, and what others see meanwhile."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from ingest.core.errors import DiskFull, WarehouseBusy, WarehouseDamaged, WarehouseUnusable
from ingest.state import State
from ingest.state.database import migrations
from ingest.state.sqlite import APPLICATION_ID, LEAST_VERSION, SqliteEngine, refuse_network, refuse_old
from tests.limits import files_no_larger_than
from tests.makers import NOON

TOGETHER = 100
MOUNTS = {Path("/"): "ext4", Path("/srv"): "nfs4", Path("/srv/local"): "xfs", Path("/mnt/b"): "fuse.s3fs"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state.db"


def event(number: int) -> dict[str, object]:
    return {"event_id": f"event-{number}", "name": "run.ended", "occurred_at": NOON, "payload": {"filling": "x" * 200}}


def fill(state: State, most: int) -> None:
    """Record events, some in each transaction."""
    for first in range(0, most, TOGETHER):
        with state.write() as transaction:
            transaction.insert("events", [event(number) for number in range(first, first + TOGETHER)])


def events(path: Path) -> int:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        [(count,)] = connection.execute("select count(*) from events").fetchall()
    return int(count)


def test_an_old_sqlite_is_refused_with_what_to_do() -> None:
    with pytest.raises(WarehouseUnusable, match=r"SQLite 3\.31\.1, and the state database takes 3\.39\.0"):
        refuse_old((3, 31, 1))
    refuse_old(LEAST_VERSION)


@pytest.mark.parametrize("folder", ["/srv", "/srv/news/warehouse", "/mnt/b/warehouse"])
def test_a_network_file_system_is_refused_and_the_setting_named(folder: str) -> None:
    with pytest.raises(WarehouseUnusable, match=r"network file system .*INGEST_STATE"):
        refuse_network(Path(folder, "state.db"), MOUNTS)


@pytest.mark.parametrize("folder", ["/var/lib/ingest", "/srv/local/warehouse", "/srvs", "/mnt"])
def test_a_disk_of_this_machine_is_taken(folder: str) -> None:
    refuse_network(Path(folder, "state.db"), MOUNTS)
    refuse_network(Path(folder, "state.db"), {})  # of a system that does not tell


def test_readers_and_writers_share_the_file(path: Path) -> None:
    State(SqliteEngine(path)).close()
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("pragma journal_mode").fetchone() == ("wal",)


def test_the_room_of_deleted_rows_is_given_back(path: Path) -> None:
    with closing(State(SqliteEngine(path))) as state:
        state.shrink()  # migrations delete tables
    empty = path.stat().st_size
    with closing(State(SqliteEngine(path))) as state:
        fill(state, 1_000)
    full = path.stat().st_size
    with closing(State(SqliteEngine(path))) as state:
        with state.write() as transaction:
            transaction.delete("events", [{"event_id": f"event-{number}"} for number in range(1_000)])
        state.shrink()

    assert empty == path.stat().st_size < full


def test_whoever_holds_the_file_for_too_long_is_told_of_by_the_files_name(path: Path) -> None:
    with closing(State(SqliteEngine(path, busy_seconds=0.01))) as state, closing(sqlite3.connect(path)) as other:
        other.execute("begin immediate")
        with pytest.raises(WarehouseBusy, match=rf"{path} is being written by another process"), state.write():
            pass
        other.rollback()
        with state.write() as transaction:
            transaction.insert("events", [event(1)])

    assert events(path) == 1


def application_id(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("pragma application_id").fetchone()[0])


@pytest.mark.parametrize(
    "sql", ["create table invoices (number)", "pragma application_id = 7", "create table migrations (number)"]
)
@pytest.mark.parametrize("is_read_only", [False, True])
def test_the_file_of_another_program_is_refused_as_it_is(path: Path, sql: str, is_read_only: bool) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(sql)
    before = path.read_bytes()

    with pytest.raises(WarehouseUnusable, match=rf"{path} is another program's SQLite file: set INGEST_STATE"):
        SqliteEngine(path, is_read_only=is_read_only)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_a_file_of_the_first_version_gets_the_application_id_of_later_ones(path: Path) -> None:
    State(SqliteEngine(path)).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("pragma application_id = 0")
    State(SqliteEngine(path, is_read_only=True)).close()
    assert application_id(path) == 0
    State(SqliteEngine(path)).close()

    assert application_id(path) == APPLICATION_ID


@pytest.mark.parametrize("intact", [0, 4096])
def test_a_damaged_file_is_named(path: Path, intact: int) -> None:
    with closing(State(SqliteEngine(path))) as state:
        fill(state, 500)
    with path.open("r+b") as opened:
        opened.seek(intact)
        opened.write(b"not what was written" * 8_000)

    with pytest.raises(WarehouseDamaged, match=rf"{path} is damaged"):
        State(SqliteEngine(path))


@pytest.mark.parametrize("room", [10_000, 300_000, 2_000_000])
def test_a_disk_that_is_full_keeps_what_was_committed(path: Path, room: int) -> None:
    state = State(SqliteEngine(path))
    largest = max(one.stat().st_size for one in path.parent.iterdir())
    with files_no_larger_than(largest + room), pytest.raises(DiskFull, match=r"state\.db: make some"):
        fill(state, 1_000_000)
    kept = events(path)
    with state.write() as transaction:  # there is room again
        transaction.insert("events", [event(-1)])
    state.close()

    assert kept % TOGETHER == 0
    assert events(path) == kept + 1


def test_a_file_whose_folder_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(WarehouseUnusable, match=r"nowhere/state\.db can't be used.*its folder has to be there"):
        SqliteEngine(tmp_path / "nowhere" / "state.db")


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_file_in_a_folder_that_cannot_be_written_is_read(path: Path) -> None:
    State(SqliteEngine(path)).close()
    path.parent.chmod(0o500)
    try:
        with closing(State(SqliteEngine(path, is_read_only=True))) as state:
            newest = state.read("newest_migration")
    finally:
        path.parent.chmod(0o700)

    assert newest[0]["number"] == migrations()[-1][0]


def test_who_reads_sees_what_is_committed_beside_a_writer_and_changes_nothing(path: Path) -> None:
    with closing(State(SqliteEngine(path))) as writer, closing(State(SqliteEngine(path, is_read_only=True))) as reader:
        with writer.write() as transaction:
            transaction.insert("migrations", [{"number": -1, "name": "x"}])
            assert events(path) == 0
            assert reader.read("newest_migration") == [{"number": migrations()[-1][0]}]
        assert writer.migrated
        assert reader.migrated == []
        with pytest.raises(WarehouseUnusable, match="readonly"), reader.write() as transaction:
            transaction.insert("events", [event(1)])
