"""`ingest export`: the files hold what the warehouse does, and are written again only where that has changed."""

import csv
import hashlib
import os
import random
import shutil
import signal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.dataset
import pytest

from ingest.warehouse.tables import NEWS_TABLES
from tests.command import ingest, surroundings
from tests.conftest import FirstPass
from tests.forkserver import fork
from tests.waiting import wait_until

pytestmark = pytest.mark.integration
KILLS = 2
UNDATED = "day=__HIVE_DEFAULT_PARTITION__"
HARD = "He said \"1,5\",\r\nthen:\n\ttwo; = '3' \u2028 ñ 🐟 \\"


@pytest.fixture
def warehouse(first_pass: FirstPass, tmp_path: Path) -> Path:
    """A warehouse in which one article has no day and a title that is hard to write down."""
    copied = first_pass.copy_warehouse(tmp_path)
    with duckdb.connect(str(copied / "news.duckdb")) as news:
        (undated,) = news.execute("select min(article_id) from articles").fetchall()[0]
        news.execute("update articles set published_at = null, title = ? where article_id = ?", [HARD, undated])
        news.execute("update articles set summary = '' where article_id = ?", [undated])
    return copied


def export(warehouse: Path, folder: Path, *options: object) -> dict[str, dict[str, Any]]:
    ran = ingest("export", folder, "--json", "--warehouse", warehouse, *options, cwd=warehouse)
    assert (ran.code, ran.err) == (0, "")
    return {one["table"]: one for one in ran.told}


def contents(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def change(warehouse: Path, sql: str) -> None:
    with duckdb.connect(str(warehouse / "news.duckdb")) as news:
        news.execute("set timezone = 'UTC'")
        news.execute(sql)


def test_parquet_files_hold_every_row_of_every_table(warehouse: Path, tmp_path: Path) -> None:
    told = export(warehouse, tmp_path / "out")

    assert list(told) == list(NEWS_TABLES)
    with duckdb.connect(str(warehouse / "news.duckdb"), read_only=True) as news:
        for table in NEWS_TABLES:
            exported = f"read_parquet('{tmp_path}/out/{table}/**/*.parquet', hive_partitioning = false)"
            if told[table]["files"]:
                assert news.execute(f"from {table} except all from {exported}").fetchall() == []
                assert news.execute(f"from {exported} except all from {table}").fetchall() == []
            assert told[table]["rows"] == news.execute(f"select count(*) from {table}").fetchall()[0][0]


def test_a_day_is_a_folder_that_others_read_and_no_day_is_null(warehouse: Path, tmp_path: Path) -> None:
    export(warehouse, tmp_path / "out", "--table", "articles")
    read = pyarrow.dataset.dataset(tmp_path / "out" / "articles", format="parquet", partitioning="hive")
    rows = read.to_table(columns=["published_at", "title", "day"]).to_pylist()

    assert [row["title"] for row in rows if row["day"] is None] == [HARD]
    assert all(row["day"] == f"{row['published_at']:%Y-%m-%d}" for row in rows if row["day"])
    assert read.count_rows() == len(rows) == 50


def test_what_has_not_changed_is_not_written_again(warehouse: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    export(warehouse, out)
    before = {path: path.stat().st_mtime_ns for path in out.rglob("data.*")}
    again = export(warehouse, out)

    assert {path: path.stat().st_mtime_ns for path in out.rglob("data.*")} == before
    assert sum(one["written"] + one["removed"] for one in again.values()) == 0


def test_a_change_is_written_to_its_day_alone_and_a_day_that_emptied_goes(warehouse: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    export(warehouse, out)
    change(warehouse, "update figures set subject = 'ships' where figure_id = (select max(figure_id) from figures)")
    change(warehouse, "update articles set published_at = '2026-01-01 00:00:00+00' where published_at is null")
    told = export(warehouse, out)

    assert (told["articles"]["written"], told["articles"]["removed"]) == (1, 1)
    assert (told["figures"]["written"], told["figures"]["removed"]) == (2, 1)
    assert told["sources"] == {
        "table": "sources", "rows": 5, "files": 1, "written": 0, "unchanged": 1, "removed": 0,
    }  # fmt: skip
    assert (out / "articles" / "day=2026-01-01" / "data.parquet").exists()
    assert not (out / "articles" / UNDATED).exists()
    clean = tmp_path / "clean"
    export(warehouse, clean)
    assert contents(out) == contents(clean)


@pytest.mark.parametrize("file_format", ["parquet", "csv"])
def test_killed_again_and_again_it_ends_as_if_it_had_not_been(
    warehouse: Path, tmp_path: Path, file_format: str
) -> None:
    out, clean, before = tmp_path / "out", tmp_path / "clean", tmp_path / "before"
    export(warehouse, clean, "--format", file_format)
    files = len(list(clean.rglob("data.*")))
    out.mkdir()
    for kill in range(KILLS):
        shutil.copytree(out, before)
        enough = int(files * (kill + random.random()) / (KILLS + 1))
        while not export_and_kill(warehouse, out, file_format, files=enough):
            shutil.rmtree(out)  # it came to its end: once more from there, and killed sooner
            shutil.copytree(before, out)
            enough //= 2
        shutil.rmtree(before)
    export(warehouse, out, "--format", file_format)

    assert contents(out) == contents(clean)


def export_and_kill(warehouse: Path, out: Path, file_format: str, *, files: int) -> bool:
    """Kill an export once there are so many files; False when it came to its end before."""
    command = ["export", str(out), "--format", file_format, "--warehouse", str(warehouse)]
    with Path(os.devnull).open("r+b") as nothing:
        begun = fork(command, cwd=warehouse, environment=surroundings({}), streams=(nothing.fileno(),) * 3)
    wait_until(lambda: len(list(out.rglob("data.*"))) >= files)
    begun.kill()
    return begun.wait() == -signal.SIGKILL


def test_a_range_of_days_leaves_the_others_alone(warehouse: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    export(warehouse, out, "--table", "articles", "--table", "sources")
    days = sorted(path.name for path in (out / "articles").glob("day=2*"))
    change(warehouse, "update articles set title = title || '!'")
    first, last = (day.removeprefix("day=") for day in (days[1], days[2]))
    told = export(warehouse, out, "--table", "articles", "--from", first, "--to", last)

    assert (told["articles"]["files"], told["articles"]["written"], told["articles"]["removed"]) == (2, 2, 0)
    assert sorted(path.name for path in (out / "articles").glob("day=*")) == [*days, UNDATED]


def test_csv_is_as_rfc_4180_has_it(warehouse: Path, tmp_path: Path) -> None:
    export(warehouse, tmp_path / "out", "--format", "csv")
    path = tmp_path / "out" / "articles" / UNDATED / "data.csv"
    with path.open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file, strict=True)
    raw = path.read_bytes()

    assert row["title"] == HARD
    assert row["flags"].startswith("[")
    assert raw.startswith(b'"article_id","source_id","url"')
    assert raw.endswith(b"\r\n")
    assert b',"",' in raw  # a summary that is empty
    assert b",," in raw  # a time that is not known


def test_csv_files_hold_every_row_of_every_table(warehouse: Path, tmp_path: Path) -> None:
    export(warehouse, tmp_path / "out", "--format", "csv")
    for table in ("figures", "paragraphs", "figure_changes", "tags"):
        written: list[tuple[str, ...]] = []
        for path in (tmp_path / "out" / table).rglob("data.csv"):
            with path.open(encoding="utf-8", newline="") as file:
                written += [tuple(row) for row in csv.reader(file, strict=True)][1:]
        with duckdb.connect(str(warehouse / "news.duckdb"), read_only=True) as news:
            keys = news.execute(
                f"select columns(c -> c like '%_id' or c = 'text' or c = 'tag') from {table}"
            ).fetchall()

        assert len(written) == len(keys)
        assert {row[0] for row in written} == {row[0] for row in keys}


def test_a_folder_that_holds_something_else_is_refused(warehouse: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    (out / "articles").mkdir(parents=True)
    (out / "articles" / "mine.txt").write_text("mine")
    foreign = ingest("export", out, "--warehouse", warehouse, "--table", "articles", cwd=tmp_path)
    export(warehouse, out, "--table", "tags")
    other = ingest("export", out, "--warehouse", warehouse, "--table", "tags", "--format", "csv", cwd=tmp_path)

    assert (foreign.code, foreign.complaint) == (
        2, f"ingest: {out}/articles holds what no export wrote; choose another folder",
    )  # fmt: skip
    assert (other.code, other.complaint) == (
        2, f"ingest: {out}/tags was exported as parquet; choose another folder for csv",
    )  # fmt: skip


def test_an_unknown_table_is_told_with_the_known_ones(warehouse: Path, tmp_path: Path) -> None:
    ran = ingest("export", tmp_path / "out", "--warehouse", warehouse, "--table", "articels", cwd=tmp_path)

    assert ran.code == 2
    assert ran.complaint.startswith("ingest: no table 'articels' to export; there are sources, authors, articles, ")
    assert not (tmp_path / "out").exists()


def test_a_warehouse_that_is_not_there_leaves_no_folder(tmp_path: Path) -> None:
    ran = ingest("export", tmp_path / "out", "--warehouse", tmp_path / "none", cwd=tmp_path)

    assert (ran.code, ran.complaint.endswith("news.duckdb does not exist yet; `ingest run` makes it")) == (1, True)
    assert not (tmp_path / "out").exists()
