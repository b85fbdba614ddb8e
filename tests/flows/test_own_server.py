"""A run without a configured API starts a Prefect server of its own: its state is in the warehouse, its end is told."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from ingest.flows.prefect_server import reason_in
from ingest.warehouse.warehouse import query
from tests.command import Ran, ingest, list_sources, surroundings
from tests.flows.held import Held
from tests.forkserver import fork_and_listen
from tests.waiting import LONGEST_SECONDS

pytestmark = [pytest.mark.integration, pytest.mark.slow]

SERVER = "ingest.flows.prefect_server"

Spoil = Callable[[Path], None]


def break_database(home: Path) -> None:
    for path in home.glob("prefect.db*"):
        path.unlink()
    (home / "prefect.db").write_bytes(b"no database" * 1000)


def leave_database(home: Path) -> None:
    pass


def migrate_by_newer_prefect(home: Path) -> None:
    with closing(sqlite3.connect(home / "prefect.db")) as database, database:
        database.execute("update alembic_version set version_num = 'ffffffffffff'")


SPOILT: dict[Spoil, str] = {
    break_database: "sqlalchemy.exc.DatabaseError: (sqlite3.DatabaseError) file is not a database",
    migrate_by_newer_prefect: "alembic.util.exc.CommandError: Can't locate revision identified by 'ffffffffffff'",
}


@pytest.fixture
def gazette(tmp_path: Path) -> Iterator[Held]:
    """A newsroom with two articles, listed in sources.json."""
    with Held() as newsroom:
        newsroom.publishes("boats")
        newsroom.publishes("pier")
        list_sources(tmp_path / "sources.json", newsroom.source)
        yield newsroom
        newsroom.goes_on.set()


@pytest.fixture
def kept(gazette: Held, tmp_path: Path, prefect_home: Path) -> Path:
    """Prefect's folder in the warehouse, with a database already: to make one takes longer than a run."""
    return Path(shutil.copytree(prefect_home, tmp_path / "warehouse" / "prefect"))


def run(folder: Path, *arguments: str, stdin: bytes = b"", **settings: str) -> Ran:
    return ingest("run", *arguments, "--sources=sources.json", cwd=folder, stdin=stdin, **settings)


def published(folder: Path) -> int:
    ((articles,),) = query(folder / "warehouse" / "news.duckdb", "select count(*) from articles")[1]
    return int(articles)


def runs_of(home: Path) -> list[tuple[str, str]]:
    """Return the flow runs that a database of Prefect's has, by name of the flow and how each ended."""
    with closing(sqlite3.connect(home / "prefect.db")) as database:
        rows = database.execute("select flow.name, state_type from flow_run join flow on flow.id = flow_id").fetchall()
        assert (
            database.execute("select count(*) from task_run where state_type = 'COMPLETED'").fetchone()[0] or not rows
        )
    return rows


@pytest.mark.parametrize("spoil", SPOILT, ids=lambda spoil: spoil.__name__)
def test_a_database_that_a_server_cannot_use_is_told_in_one_line(kept: Path, tmp_path: Path, spoil: Spoil) -> None:
    spoil(kept)

    ran = run(tmp_path)

    assert ran.code == 1
    assert ran.complaint == (
        f"ingest: Prefect's server ended before it answered, with exit code 3: {SPOILT[spoil]} "
        f"(its log: {kept / 'run.log'}); run it with --direct, which needs no Prefect, "
        f"or move {kept} away while nothing runs: "
        "it holds Prefect's record of runs alone"
    )


def test_serve_and_doctor_tell_it_as_well(kept: Path, tmp_path: Path) -> None:
    break_database(kept)
    folder = ("--sources=sources.json", "--warehouse=warehouse")

    served = ingest("serve", "--port=0", *folder, cwd=tmp_path)
    examined = ingest("doctor", "--json", *folder, cwd=tmp_path)

    assert (served.code, SPOILT[break_database] in served.complaint, "--direct" in served.err) == (1, True, False)
    (prefect,) = [one for one in examined.told if one["checked"] == "prefect"]
    assert (examined.code, prefect["healthy"], SPOILT[break_database] in prefect["found"]) == (1, False, True)
    assert prefect["to_do"].startswith("run it with --direct")


def test_a_server_that_takes_too_long_is_told_and_ended(gazette: Held, tmp_path: Path) -> None:
    ran = run(tmp_path, PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS="0")

    assert (ran.code, gazette.requests) == (1, [])
    assert ran.complaint.startswith("ingest: Prefect's server did not answer within 0 s: its log is empty (its log: ")
    assert "; run it with --direct, which needs no Prefect, or " in ran.complaint


def lose_server(gazette: Held, folder: Path, spoil: Spoil, **settings: str) -> tuple[int, list[str]]:
    """Kill a run's server while it fetches, after its database was spoilt; return its exit code and what it logged."""
    gazette.held = gazette.publications["boats"].path
    process, lines = fork_and_listen(["run", "--sources=sources.json"], cwd=folder, environment=surroundings(settings))
    assert gazette.is_asked.wait(LONGEST_SECONDS)
    (server,) = [one for one in psutil.Process(process.pid).children() if SERVER in one.cmdline()]
    spoil(folder / "warehouse" / "prefect")
    server.kill()
    gazette.goes_on.set()
    with lines:
        logged = lines.read().splitlines()
    return process.wait(), logged


def test_a_server_that_dies_during_a_run_is_begun_again_and_what_a_user_has_of_prefect_is_left_alone(
    gazette: Held, kept: Path, tmp_path: Path
) -> None:
    theirs = tmp_path / "home" / ".prefect"
    theirs.mkdir(parents=True)
    break_database(theirs)
    before = (theirs / "prefect.db").read_bytes()

    code, logged = lose_server(gazette, tmp_path, leave_database, HOME=str(tmp_path / "home"))

    assert (code, logged, published(tmp_path)) == (0, [], 2)
    assert ([one.name for one in theirs.iterdir()], (theirs / "prefect.db").read_bytes()) == (["prefect.db"], before)
    assert runs_of(kept) == [("ingest", "COMPLETED")]


def test_after_a_run_whose_server_does_not_come_back_the_next_one_goes_on(
    gazette: Held, kept: Path, tmp_path: Path
) -> None:
    code, logged = lose_server(gazette, tmp_path, break_database, PREFECT_CLIENT_MAX_RETRIES="0")

    assert (code, [line for line in logged[:-1] if " WARNING " not in line]) == (1, [])
    assert logged[-1].startswith("ingest: Prefect's server was lost during the run")
    assert logged[-1].endswith(
        "; what was done is kept, so run it again, or run it with --direct, which needs no Prefect"
    )
    assert (run(tmp_path, "--direct").code, published(tmp_path)) == (0, 2)


def test_an_api_that_a_profile_names_is_used_and_none_is_started(
    gazette: Held, tmp_path: Path, prefect_api: dict[str, str]
) -> None:
    profiles = tmp_path / "home" / ".prefect" / "profiles.toml"
    profiles.parent.mkdir(parents=True)
    profiles.write_text(f'active = "town"\n[profiles.town]\nPREFECT_API_URL = "{prefect_api["PREFECT_API_URL"]}"\n')

    ran = run(tmp_path, HOME=str(tmp_path / "home"))
    profiles.write_text(profiles.read_text().replace(prefect_api["PREFECT_API_URL"], "http://127.0.0.1:9/api"))
    away = run(tmp_path, HOME=str(tmp_path / "home"))

    assert (ran.code, ran.err, published(tmp_path)) == (0, "", 2)
    assert not (tmp_path / "warehouse/prefect/prefect.db").exists()
    assert (away.code, away.complaint.startswith("ingest: the Prefect API at http://127.0.0.1:9/api: ")) == (1, True)
    assert "[Errno 111] Connection refused; start it (`prefect server start`), fix PREFECT_API_URL, " in away.complaint
    assert away.complaint.endswith("or run it with --direct, which needs no Prefect")


@pytest.mark.parametrize(
    ("log", "reason"),
    [
        ("", "its log is empty"),
        ("Killed\n", "Killed"),
        (
            "Traceback:\n  File x\nKeyError: 1\n\nTraceback:\n  File y\na.b.OddError: why\n(more)\n\nERROR:  Exiting.",
            "a.b.OddError: why",
        ),
    ],
)
def test_of_a_log_the_last_error_is_the_reason(log: str, reason: str) -> None:
    assert reason_in(log) == reason
