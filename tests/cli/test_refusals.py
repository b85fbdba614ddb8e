"""What a person got wrong, or a machine withholds, is one line that says what to do, and a number."""

import json
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from ingest.demo.newsroom import Newsroom
from tests.command import ingest
from tests.conftest import FirstPass
from tests.fakes import closed_port
from tests.state import change, select

pytestmark = pytest.mark.integration

RUN = ("run", "--direct")


def refused(*arguments: object, cwd: Path, **settings: str) -> tuple[int, str]:
    ran = ingest(*arguments, cwd=cwd, stdin=b"", **settings)
    assert ran.out == ""
    return ran.code, ran.complaint


def change_schema(path: Path, sql: str) -> None:
    with duckdb.connect(path) as connection:
        connection.execute(sql)


def test_an_unknown_source_is_named_beside_the_known_ones(first_pass: FirstPass, tmp_path: Path) -> None:
    code, line = refused(
        *RUN, "--source", "gazete", "--sources", first_pass.sources, "--warehouse", tmp_path / "w", cwd=tmp_path
    )

    assert code == 2
    assert line == (
        "ingest: no source has the key 'gazete'; the keys are "
        "el-correo-del-sur, harbor-ledger, impossible-times, la-brujula, meridian-post"
    )


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("sources.toml", "[[source", "cannot be read: "),
        ("sources.json", '[{"key": ', "cannot be read: "),
        ("sources.json", '{"key": "gazette"}', "list"),
        ("sources.json", '[{"key": "gazette"}]', "feed_url"),
        ("sources.json", '[{"key": "gazette", "feed_url": "ftp://gazette.example/"}]', "http"),
        ("sources.opml", "<opml><body>", "cannot be read: "),
        ("sources.toml", '[[source]]\nkey = "gazette"\nfeed_url = "https://a.example/"\ntimezone = "Mars"', "Mars"),
        ("sources.txt", "https://gazette.example/feed", ".toml"),
    ],
)
def test_a_sources_file_that_makes_no_sense_is_named(tmp_path: Path, name: str, text: str, says: str) -> None:
    file = tmp_path / name
    file.write_text(text)

    code, line = refused(*RUN, "--sources", file, "--warehouse", tmp_path / "w", cwd=tmp_path)

    assert code == 2
    assert name in line
    assert says in line


def test_a_sources_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    code, line = refused(*RUN, "--sources", "mine.toml", "--warehouse", tmp_path / "w", cwd=tmp_path)

    assert (code, line) == (2, "ingest: mine.toml cannot be read: No such file or directory")


def test_a_sources_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_bytes(b"\xff\xfe\x00gazette")

    code, line = refused(*RUN, "--sources", "mine.toml", "--warehouse", tmp_path / "w", cwd=tmp_path)

    assert code == 2
    assert "mine.toml cannot be read: not UTF-8 text" in line


def test_a_folder_is_no_sources_file(tmp_path: Path) -> None:
    code, line = refused(*RUN, "--sources", tmp_path, "--warehouse", tmp_path / "w", cwd=tmp_path)

    assert code == 2
    assert f"{tmp_path} cannot be read" in line


def test_a_setting_that_is_wrong_is_named(tmp_path: Path) -> None:
    code, line = refused(*RUN, "--warehouse", tmp_path / "w", cwd=tmp_path, INGEST_LOG_LEVEL="loud")

    assert code == 2
    assert "log_level" in line
    assert "loud" in line


@pytest.mark.parametrize("command", [RUN, ("migrate",)])
def test_a_warehouse_that_cannot_be_made_is_told(tmp_path: Path, command: tuple[str, ...]) -> None:
    (tmp_path / "file").write_text("in the way")

    code, line = refused(*command, "--warehouse", tmp_path / "file" / "warehouse", cwd=tmp_path)

    assert code == 1
    assert line == (
        f"ingest: cannot make the warehouse folder {tmp_path}/file/warehouse: Not a directory; "
        "choose another with --warehouse"
    )


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_warehouse_that_may_not_be_written_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "warehouse"
    folder.mkdir(mode=0o555)

    code, line = refused(*RUN, "--warehouse", folder, cwd=tmp_path)

    assert code == 1
    assert f"the warehouse folder {folder} is not writable" in line


@pytest.mark.parametrize("name", ["published.duckdb", "news.duckdb"])
@pytest.mark.parametrize("command", [RUN, ("migrate",)])
def test_a_file_of_a_newer_version_is_left_alone(
    first_pass: FirstPass, tmp_path: Path, name: str, command: tuple[str, ...]
) -> None:
    path = first_pass.copy_warehouse(tmp_path) / name
    change_schema(path, "insert into ops.migrations (number, name, applied_at) values (9999, 'later', now())")
    before = path.read_bytes()

    code, line = refused(*command, "--warehouse", path.parent, cwd=tmp_path)

    assert code == 1
    assert f"{path} was made by a newer version (schema 9999, " in line
    assert line.endswith(": upgrade ingest, or restore the backup of before")
    assert path.read_bytes() == before


@pytest.mark.parametrize("command", [RUN, ("migrate",), ("quarantine", "rejected")])
def test_a_state_of_a_newer_version_is_left_alone(
    first_pass: FirstPass, tmp_path: Path, command: tuple[str, ...]
) -> None:
    warehouse = first_pass.copy_warehouse(tmp_path)
    change(warehouse, "insert into migrations (number, name) values (9999, 'later')")
    path = warehouse / "state.db"

    code, line = refused(*command, "--warehouse", warehouse, cwd=tmp_path)

    assert code == 1
    assert f"{path} was made by a newer version (state 9999, " in line
    assert line.endswith(": upgrade ingest, or restore the backup of before")
    assert select(warehouse, "select max(number) from migrations") == [(9999,)]


@pytest.mark.parametrize("name", ["published.duckdb", "news.duckdb", "state.db"])
def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path, name: str) -> None:
    path = tmp_path / "warehouse" / name
    path.parent.mkdir()
    path.write_text("a shopping list, kept here by mistake" * 1000)
    before = path.read_bytes()

    code, line = refused(*RUN, "--warehouse", path.parent, cwd=tmp_path)

    assert code == 1
    assert str(path) in line
    assert path.read_bytes() == before


@pytest.mark.parametrize("command", [RUN, ("migrate",), ("quarantine", "rejected")])
def test_a_state_that_is_damaged_is_told(first_pass: FirstPass, tmp_path: Path, command: tuple[str, ...]) -> None:
    path = first_pass.copy_warehouse(tmp_path) / "state.db"
    with path.open("r+b") as state:
        state.write(b"no header" * 1000)

    code, line = refused(*command, "--warehouse", path.parent, cwd=tmp_path)

    assert (code, line) == (1, f"ingest: {path} is damaged: file is not a database")


@pytest.mark.parametrize("command", [RUN, ("migrate",)])
def test_a_warehouse_whose_state_is_gone_is_told(
    first_pass: FirstPass, tmp_path: Path, command: tuple[str, ...]
) -> None:
    path = first_pass.copy_warehouse(tmp_path) / "state.db"
    path.unlink()

    code, line = refused(*command, "--warehouse", path.parent, cwd=tmp_path)

    assert code == 1
    assert line.startswith(f"ingest: {path.parent / 'published.duckdb'} and {path} do not belong together")
    assert line.endswith(": restore both from the same backup")


def test_a_database_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "warehouse" / "news.duckdb"
    path.parent.mkdir()
    change_schema(path, "create table recipes (name varchar)")

    code, line = refused(*RUN, "--warehouse", path.parent, cwd=tmp_path)

    assert (code, line) == (1, f"ingest: {path} is not a warehouse of ours; move it away and run again")


@pytest.mark.parametrize("command", [RUN, ("migrate",)])
def test_a_warehouse_that_another_process_writes_is_told(tmp_path: Path, command: tuple[str, ...]) -> None:
    path = tmp_path / "warehouse" / "published.duckdb"
    path.parent.mkdir()
    hold = f"import duckdb; c = duckdb.connect({str(path)!r}); print('held', flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        code, line = refused(*command, "--warehouse", path.parent, cwd=tmp_path)
        holder.communicate(b"\n")

    assert code == 1
    assert line == f"ingest: {path} is being written by process {holder.pid}; wait until it has finished"


def test_with_no_network_each_source_has_its_line_and_the_warehouse_stands(
    first_pass: FirstPass, tmp_path: Path
) -> None:
    warehouse = first_pass.copy_warehouse(tmp_path)
    listed = tmp_path / "sources.toml"
    with closed_port() as port:
        listed.write_text(
            f"""
            [[source]]
            key = "closed"
            feed_url = "http://127.0.0.1:{port}/feed"
            [[source]]
            key = "nameless"
            feed_url = "https://no-such-newsroom.invalid/feed"
            """
        )
        ran = ingest(*RUN, "--sources", listed, "--warehouse", warehouse, cwd=tmp_path)
    failed = [line for line in ran.out.splitlines() if line.startswith("failed ")]
    counted = ingest("sql", "--json", "--warehouse", warehouse, "select count(*) as n from articles", cwd=tmp_path)

    assert (ran.code, ran.err) == (3, "")
    assert [line.split(":")[:2] for line in failed] == [
        ["failed      closed", " connect"],
        ["failed      nameless", " dns"],
    ]
    assert counted.told == [{"n": 50}]


def test_a_source_whose_address_leads_nowhere_fails_alone(tmp_path: Path) -> None:
    with Newsroom() as newsroom:
        newsroom.publishes("flood")
        addresses = {"sound": newsroom.feed_url, "file": "file:///etc/passwd", "port": "http://127.0.0.1:99999/feed"}
        listed = [{"key": key, "feed_url": url} for key, url in addresses.items()]
        (tmp_path / "mine.json").write_text(json.dumps(listed))
        ran = ingest(*RUN, "--sources", "mine.json", "--json", cwd=tmp_path)

    assert (ran.code, ran.err) == (3, "")
    assert {one["source_id"]: one["feed"] for one in ran.told["sources"]} == {
        "file": "failed",
        "port": "failed",
        "sound": "served",
    }
