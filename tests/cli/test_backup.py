"""A backup is one whole set, made while a run goes on; restored, the next run goes on from it, and nothing is lost."""

import json
import shutil
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ingest.archive.warc_files import marker_of
from ingest.core.errors import WarehouseUnusable
from ingest.pipeline.backup import back_up
from ingest.state import State
from ingest.state.sqlite import STATE_FILE, SqliteEngine, copy_file
from ingest.warehouse.tables import NEWS_TABLES
from ingest.warehouse.warehouse import query
from tests.command import Ran, ingest, list_sources
from tests.flows.held import Held
from tests.killing import Moment, kill, run
from tests.makers import NOON
from tests.postgres import Postgres
from tests.waiting import LONGEST_SECONDS

pytestmark = pytest.mark.integration

# Pages that are fetched again after a restoration are of another moment.
DIFFERING = ("published_at", "seen_at", "found_at", "last_seen_at", "first_seen_at", "fetched_at", "capture_id")


@dataclass
class Papers:
    """A newsroom, and the commands over warehouses of it."""

    folder: Path
    newsroom: Held

    def run(self, warehouse: Path) -> None:
        sources = list_sources(self.folder / "sources.json", self.newsroom.source)
        command = ("run", "--direct", "--force", "--sources", sources, "--warehouse", warehouse)
        ran = ingest(*command, cwd=self.folder)
        assert ran.code == 0, ran.err
        assert counted(warehouse, "articles") == len(self.newsroom.publications)

    def back_up(self, warehouse: Path, to: Path, *, state: str = "") -> Ran:
        return ingest("backup", to, "--warehouse", warehouse, "--json", cwd=self.folder, INGEST_STATE=state)

    def restore(self, backup: Path, warehouse: Path, *, state: str = "") -> Ran:
        return ingest("restore", backup, "--warehouse", warehouse, "--json", cwd=self.folder, INGEST_STATE=state)

    def verified(self, warehouse: Path) -> bool:
        return ingest("verify", "--warehouse", warehouse, cwd=self.folder).code == 0


@pytest.fixture
def papers(tmp_path: Path) -> Iterator[Papers]:
    with Held() as newsroom:
        newsroom.publishes("flood")
        newsroom.publishes("storm")
        yield Papers(tmp_path, newsroom)


def public(warehouse: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return what is public, but for moments."""
    tables = {}
    for table in NEWS_TABLES:
        named = query(warehouse / "news.duckdb", f"from {table} limit 0")[0]
        columns = ", ".join(f'"{name}"' for name in named if name not in DIFFERING)
        tables[table] = query(warehouse / "news.duckdb", f"select {columns} from {table} order by all")[1]
    return tables


def back_up_here(warehouse: Path, backup: Path) -> None:
    """Back up in this process."""
    path = warehouse / STATE_FILE
    with closing(State(SqliteEngine(path, is_read_only=True))) as state:
        back_up(warehouse, state, backup, state_path=path, now=NOON)


def counted(warehouse: Path, table: str) -> int:
    return int(query(warehouse / "news.duckdb", f"select count(*) from {table}")[1][0][0])


def test_what_is_restored_is_the_warehouse_that_was_backed_up(papers: Papers, tmp_path: Path) -> None:
    warehouse, backup, restored = tmp_path / "one", tmp_path / "backup", tmp_path / "two"
    papers.run(warehouse)
    made = papers.back_up(warehouse, backup)
    put_back = papers.restore(backup, restored)

    assert (made.code, made.err, put_back.code, put_back.err) == (0, "", 0, "")
    assert {one["path"].split("/")[0] for one in made.told["files"]} == {"published.duckdb", "state.db", "archive"}
    assert (restored / "news.duckdb").read_bytes() == (warehouse / "news.duckdb").read_bytes()
    assert papers.verified(restored)
    papers.run(restored)
    assert public(restored) == public(warehouse)
    assert counted(restored, "ops.alerts") == 0
    assert counted(restored, "ops.runs") == counted(warehouse, "ops.runs") + 1
    assert sorted(path.name for path in restored.glob("*.restoring")) == []


def test_a_backup_made_while_a_run_goes_on_loses_nothing_of_it(papers: Papers, tmp_path: Path) -> None:
    warehouse, backup, restored = tmp_path / "one", tmp_path / "backup", tmp_path / "two"
    papers.run(warehouse)
    papers.newsroom.publishes("quake")
    papers.newsroom.publishes("thaw")
    papers.newsroom.held = "/story/thaw"
    under_way = threading.Thread(target=papers.run, args=(warehouse,))
    under_way.start()
    assert papers.newsroom.is_asked.wait(LONGEST_SECONDS)
    made = papers.back_up(warehouse, backup)
    papers.newsroom.goes_on.set()
    under_way.join()

    assert (made.code, made.err) == (0, "")
    assert papers.restore(backup, restored).code == 0
    papers.run(restored)
    papers.run(restored)
    assert public(restored)["articles"] == public(warehouse)["articles"]
    assert public(restored)["figures"] == public(warehouse)["figures"]
    assert papers.verified(restored)


def test_what_is_published_between_the_copies_is_published_again(
    papers: Papers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    warehouse, backup, restored = tmp_path / "one", tmp_path / "backup", tmp_path / "two"
    papers.run(warehouse)

    def copy_after_a_run(source: Path, target: Path) -> None:
        papers.newsroom.publishes("quake")
        papers.run(warehouse)
        copy_file(source, target)

    monkeypatch.setattr("ingest.pipeline.backup.copy_file", copy_after_a_run)
    back_up_here(warehouse, backup)

    assert papers.restore(backup, restored).code == 0
    assert counted(restored, "articles") == 2
    papers.run(restored)
    assert public(restored) == public(warehouse)
    assert papers.verified(restored)


def test_of_an_archive_file_that_grows_what_the_state_knows_is_backed_up(papers: Papers, tmp_path: Path) -> None:
    warehouse, backup = tmp_path / "one", tmp_path / "backup"
    papers.run(warehouse)
    [archived] = (warehouse / "archive").glob("*.warc.gz")
    whole = archived.read_bytes()
    archived.write_bytes(whole + whole[:100])
    marker_of(archived).touch()
    papers.back_up(warehouse, backup)

    [copied] = (backup / "archive").iterdir()
    assert whole.startswith(copied.read_bytes())
    assert papers.restore(backup, tmp_path / "two").code == 0
    assert papers.verified(tmp_path / "two")


def test_nothing_is_overwritten(papers: Papers, tmp_path: Path) -> None:
    warehouse, backup = tmp_path / "one", tmp_path / "backup"
    papers.run(warehouse)
    papers.back_up(warehouse, backup)
    kept = {path: path.read_bytes() for path in backup.rglob("*") if path.is_file()}
    again = papers.back_up(warehouse, backup)
    over = papers.restore(backup, warehouse)
    other = tmp_path / "other"
    other.mkdir()
    (other / "letters.txt").write_text("Dear editor", encoding="utf-8")
    beside = papers.restore(backup, other)
    of_none = papers.back_up(tmp_path / "nowhere", tmp_path / "empty")

    assert (again.code, over.code, beside.code, of_none.code) == (2, 2, 2, 1)
    assert f"{backup} is not empty" in again.complaint
    assert f"{warehouse / 'state.db'} is there already" in over.complaint
    assert f"{other} is not empty: it has letters.txt" in beside.complaint
    assert f"{tmp_path / 'nowhere' / 'state.db'} does not exist yet" in of_none.complaint
    assert {path: path.read_bytes() for path in backup.rglob("*") if path.is_file()} == kept
    assert [path.name for path in other.iterdir()] == ["letters.txt"]


def test_a_backup_that_is_not_whole_is_refused(papers: Papers, tmp_path: Path) -> None:
    warehouse, backup = tmp_path / "one", tmp_path / "backup"
    papers.run(warehouse)
    papers.back_up(warehouse, backup)
    [archived] = (backup / "archive").iterdir()

    def complaint(name: str) -> str:
        ran = papers.restore(backup, tmp_path / name)
        assert ran.code in (1, 2)
        assert not (tmp_path / name / "state.db").exists()
        return ran.complaint

    content = archived.read_bytes()
    archived.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    assert f"{archived} is not what was backed up" in complaint("changed")
    archived.unlink()
    assert f"{archived} is missing" in complaint("missing")
    (backup / "backup.json").write_text(json.dumps({"version": 2}), encoding="utf-8")
    assert "was written by a newer version" in complaint("newer")
    (backup / "backup.json").write_text("{", encoding="utf-8")
    assert f"{backup / 'backup.json'} can't be read" in complaint("broken")
    (backup / "backup.json").unlink()
    assert f"{backup} is no backup that came to its end" in complaint("unfinished")


def test_what_the_archive_has_lost_is_named_and_all_else_is_backed_up(papers: Papers, tmp_path: Path) -> None:
    warehouse, backup = tmp_path / "one", tmp_path / "backup"
    papers.run(warehouse)
    [archived] = (warehouse / "archive").glob("*.warc.gz")
    archived.unlink()
    made = papers.back_up(warehouse, backup)

    assert (made.code, made.told["lost"]) == (1, [archived.name])
    assert papers.restore(backup, tmp_path / "two").code == 0
    assert public(tmp_path / "two") == public(warehouse)


def test_a_file_that_somebody_has_changed_is_not_backed_up(
    papers: Papers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.pipeline.backup.PATIENCE_SECONDS", 0.0)
    warehouse, backup = tmp_path / "one", tmp_path / "backup"
    papers.run(warehouse)
    news = warehouse / "news.duckdb"
    news.chmod(0o600)
    news.write_bytes(news.read_bytes() + b"\0" * 4096)
    with pytest.raises(WarehouseUnusable, match=f"{news} is not the file that was released"):
        back_up_here(warehouse, backup)

    assert list(backup.iterdir()) == []


def test_state_in_a_postgresql_is_left_to_its_own_tools(papers: Papers, tmp_path: Path, pg: Postgres) -> None:
    address = pg.address(pg.database())
    made = papers.back_up(tmp_path / "one", tmp_path / "backup", state=address)
    put_back = papers.restore(tmp_path / "backup", tmp_path / "one", state=address)

    assert (made.code, put_back.code) == (2, 2)
    for ran in (made, put_back):
        assert "the state is in a PostgreSQL, which is backed up and restored by its own tools" in ran.complaint
        assert address not in ran.err


@pytest.mark.slow
def test_a_restoration_killed_anywhere_and_done_again_is_whole(papers: Papers, tmp_path: Path) -> None:
    warehouse, backup, empty = tmp_path / "one", tmp_path / "backup", tmp_path / "empty"
    papers.run(warehouse)
    papers.back_up(warehouse, backup)
    empty.mkdir()
    command = ["restore", str(backup)]
    took_ms = run(command, tmp_path / "whole", ends={0}).took_ms
    for number in range(1, 7):
        killed = tmp_path / f"killed-{number}"
        kill(command, empty, killed, Moment(wait_ms=took_ms * number // 7), ends={0})
        if (killed / "state.db").exists():
            shutil.rmtree(killed)  # all of it was there
        run(command, killed, ends={0})

        assert public(killed) == public(warehouse), number
        assert papers.verified(killed), number
