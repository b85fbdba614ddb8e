"""Where the state is, as the settings say it; a password among them is nowhere in what is raised or shown."""

from contextlib import closing
from pathlib import Path

import pytest

from ingest.core.errors import Misconfigured, WarehouseUnusable
from ingest.core.settings import load_settings
from ingest.pipeline.open_stores import open_state, open_state_to_read
from ingest.state.database import migrations
from tests.postgres import Postgres

ADDRESS = "postgresql://ingest:geheim@db.example.org/news"


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


def test_the_state_is_a_file_in_the_warehouse(tmp_path: Path) -> None:
    with closing(open_state(load_settings(warehouse=tmp_path / "warehouse"))) as state:
        assert state.name == str(tmp_path / "warehouse" / "state.db")
        assert state.migrated == [name for _, name, _ in migrations()]


def test_the_state_is_a_file_elsewhere_where_the_setting_names_one(tmp_path: Path) -> None:
    settings = load_settings(warehouse=tmp_path / "warehouse", state=str(tmp_path / "fast" / "state.db"))
    (tmp_path / "fast").mkdir()
    open_state(settings).close()

    assert (tmp_path / "fast" / "state.db").exists()
    assert not (tmp_path / "warehouse" / "state.db").exists()
    assert settings.secrets == load_settings(warehouse=tmp_path / "warehouse").secrets


@pytest.mark.integration
def test_a_postgresql_keeps_the_state_where_the_setting_names_one(pg: Postgres, tmp_path: Path) -> None:
    database = pg.address(pg.database())
    settings = load_settings(warehouse=tmp_path, state=database)
    open_state(settings).close()
    with closing(open_state_to_read(settings)) as state:
        assert state.read("newest_migration") == [{"number": migrations()[-1][0]}]

    assert not (tmp_path / "state.db").exists()
    assert pg.ask(database, "select count(*) from ingest.migrations") == str(len(migrations()))


@pytest.mark.integration
def test_a_lake_has_its_state_in_its_own_postgresql(pg: Postgres, tmp_path: Path) -> None:
    lake = pg.lake()
    open_state(load_settings(warehouse=tmp_path, lake=lake.catalog, lake_data=lake.data)).close()

    assert not (tmp_path / "state.db").exists()
    assert pg.ask(lake.catalog, "select count(*) from ingest.migrations") == str(len(migrations()))


def test_a_lake_with_its_state_in_a_file_is_refused(tmp_path: Path) -> None:
    lake = {"lake": "dbname=lake password=geheim", "lake_data": str(tmp_path)}
    settings = load_settings(warehouse=tmp_path, state=str(tmp_path / "state.db"), **lake)

    for opens in (open_state, open_state_to_read):
        with pytest.raises(Misconfigured, match=r"INGEST_STATE .* INGEST_LAKE") as raised:
            opens(settings)
        assert "geheim" not in str(raised.value)
    assert not (tmp_path / "state.db").exists()


@pytest.mark.parametrize(
    ("named", "is_file"),
    [
        ("state.db", True),
        ("/srv/a=b/state.db", True),
        ("./host=x.db", True),
        (ADDRESS, False),
        ("postgres://db/news", False),
        ("host=db.example.org dbname=news password=geheim", False),
        (" host = db", False),
        ("service=news", False),
    ],
)
def test_a_file_is_told_from_a_postgresql_by_how_it_is_written(named: str, is_file: bool) -> None:
    settings = load_settings(state=named)

    assert settings.state_path == (Path(named) if is_file else None)
    assert (named in settings.secrets) == (not is_file)
    assert named not in repr(settings)


def test_another_database_is_refused_without_its_password() -> None:
    with pytest.raises(Misconfigured, match=r"state: .*mysql:// is neither a file nor a PostgreSQL") as raised:
        load_settings(state="mysql://ingest:geheim@db/news")

    assert "geheim" not in str(raised.value)


def test_a_setting_with_nothing_in_it_is_not_set() -> None:
    assert load_settings(state="").state is None


def test_nobody_looks_at_a_state_that_no_run_has_made(tmp_path: Path) -> None:
    with pytest.raises(WarehouseUnusable, match=r"state\.db does not exist yet; `ingest run` makes it"):
        open_state_to_read(load_settings(warehouse=tmp_path))

    assert list(tmp_path.iterdir()) == []


@pytest.mark.integration
def test_nobody_looks_at_a_postgresql_in_which_no_run_has_made_the_state(pg: Postgres, tmp_path: Path) -> None:
    database = pg.address(pg.database())
    with pytest.raises(WarehouseUnusable, match="holds no state yet; `ingest run` makes it"):
        open_state_to_read(load_settings(warehouse=tmp_path, state=database))

    assert pg.ask(database, "select count(*) from pg_namespace where nspname = 'ingest'") == "0"
