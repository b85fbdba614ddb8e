"""The state in a PostgreSQL: the rights it takes, what is told where one is missing, and connections that are lost."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from ingest.core.errors import IngestError, Misconfigured, WarehouseAway, WarehouseBusy
from ingest.state import State, StateTransaction
from ingest.state.postgres import PostgresEngine, in_postgres
from tests.makers import NOON
from tests.postgres import GUARDED, Postgres

pytestmark = pytest.mark.integration

PLAIN = "plain"  # a user without any right of its own
PASSWORD = "geheim@/x"


@pytest.fixture(scope="module", autouse=True)
def _users(pg: Postgres) -> None:
    pg.ask(pg.address("postgres"), f"create role {PLAIN} login nosuperuser nocreatedb nocreaterole")
    pg.ask(pg.address("postgres"), f"create role {GUARDED} login password '{PASSWORD}'")


@pytest.fixture
def database(pg: Postgres) -> str:
    return pg.database()


@pytest.fixture
def address(pg: Postgres, database: str) -> str:
    return pg.address(database)


@pytest.fixture
def state(address: str) -> Iterator[State]:
    with closing(State(PostgresEngine(address))) as state:
        yield state


def event(name: str) -> dict[str, object]:
    return {"event_id": name, "name": "run.ended", "occurred_at": NOON, "payload": {}}


def record(state: State, name: str) -> None:
    with state.write() as transaction:
        transaction.insert("events", [event(name)])


def recorded(state: State) -> list[str]:
    return [row["event_id"] for row in state.read("unsent_events")]


def test_a_user_who_may_make_a_schema_needs_no_other_right(pg: Postgres, database: str, address: str) -> None:
    pg.ask(address, f"grant create on database {database} to {PLAIN}")
    with closing(State(PostgresEngine(pg.address(database, PLAIN)))) as state:
        record(state, "one")

        assert recorded(state) == ["one"]
    assert pg.ask(address, "select string_agg(extname, ' ') from pg_extension") == "plpgsql"
    assert pg.ask(address, "select count(*) from pg_tables where schemaname = 'public'") == "0"


def test_nor_one_who_was_given_the_schema(pg: Postgres, database: str, address: str) -> None:
    with pytest.raises(Misconfigured) as refused:
        State(PostgresEngine(pg.address(database, PLAIN)))
    advice = f"create schema ingest authorization {PLAIN}"
    pg.ask(address, advice)

    assert f"{PLAIN} may not make a schema there; `{advice}` lets it use one" in str(refused.value)
    State(PostgresEngine(pg.address(database, PLAIN))).close()


def test_nor_one_who_may_use_it(pg: Postgres, database: str, address: str) -> None:
    pg.ask(address, "create schema ingest")
    with pytest.raises(Misconfigured) as refused:
        State(PostgresEngine(pg.address(database, PLAIN)))
    advice = f"grant usage, create on schema ingest to {PLAIN}"
    pg.ask(address, advice)

    assert f"{PLAIN} may not make tables in the schema ingest; `{advice}` lets it" in str(refused.value)
    State(PostgresEngine(pg.address(database, PLAIN))).close()


@pytest.mark.parametrize("is_read_only", [False, True])
def test_a_right_that_is_missing_is_named(
    pg: Postgres, database: str, address: str, state: State, is_read_only: bool
) -> None:
    pg.ask(address, f"grant usage, create on schema ingest to {PLAIN}")

    with pytest.raises(Misconfigured, match=r"permission denied for table migrations; grant it to the user"):
        State(PostgresEngine(pg.address(database, PLAIN), is_read_only=is_read_only))


@pytest.mark.parametrize(
    ("address", "error"),
    [
        ("host={host} user=ingest dbname=nowhere password=geheim", Misconfigured),
        ("host={host} user=nobody dbname={database} password=geheim", Misconfigured),
        ("host={host} user=guarded dbname={database} password=geheim", Misconfigured),
        ("host={host} user=guarded dbname={database}", Misconfigured),
        ("hots=x password=geheim", Misconfigured),
        ("host=db password=my geheim", Misconfigured),
        ("postgresql://ingest:ge/heim@db.example.org/news", Misconfigured),
        ("postgresql://ingest:x@geheim@db.example.org/news", Misconfigured),
        ("postgresql://ingest:geheim", Misconfigured),
        ("host=db connect_timeout=geheim", Misconfigured),
        ("postgresql://ingest:geheim@127.0.0.1:1/news", WarehouseAway),
        ("postgresql://ingest:geheim@nowhere.invalid/news", WarehouseAway),
        ("host=/nowhere password=geheim", WarehouseAway),
    ],
)
def test_a_database_that_can_not_be_opened_is_told_without_its_password(
    pg: Postgres, database: str, address: str, error: type[IngestError]
) -> None:
    with pytest.raises(error) as raised:
        State(PostgresEngine(address.format(host=pg.folder, database=database)))

    assert "heim" not in f"{raised.value} {raised.value.about}"
    assert "INGEST_STATE" in f"{raised.value} {raised.value.about}" or error is WarehouseAway
    assert raised.value.__cause__ is None
    assert raised.value.__context__ is None or raised.value.__suppress_context__


def test_a_password_may_hold_anything_where_it_is_written_as_a_uri_has_it(pg: Postgres, database: str) -> None:
    pg.ask(pg.address(database), f"grant create on database {database} to {GUARDED}")
    host = str(pg.folder).replace("/", "%2F")
    with closing(State(PostgresEngine(f"postgresql://{GUARDED}:geheim%40%2Fx@{host}/{database}"))) as state:
        assert state.name == f"PostgreSQL's {database} at {pg.folder}"


def test_a_database_of_another_encoding_is_refused(pg: Postgres) -> None:
    name = pg.database("--locale-provider=libc", "--encoding=LATIN1", "--locale=C")
    with pytest.raises(Misconfigured, match="holds text as LATIN1, and the state needs UTF8"):
        PostgresEngine(pg.address(name))


def test_a_connection_that_was_lost_between_transactions_is_made_anew(
    pg: Postgres, database: str, state: State
) -> None:
    record(state, "one")
    cut(pg, database)
    assert recorded(state) == ["one"]
    cut(pg, database)
    record(state, "two")

    assert recorded(state) == ["one", "two"]


@pytest.mark.parametrize("rows", [0, 1])
def test_a_connection_that_is_lost_within_a_transaction_undoes_it(
    pg: Postgres, database: str, state: State, rows: int
) -> None:
    def lose() -> None:
        with state.write() as transaction:
            transaction.insert("events", [event("one")])
            cut(pg, database)
            transaction.insert("events", [event("two")][:rows])  # else it is lost at the commit

    with pytest.raises(WarehouseAway, match=rf"PostgreSQL's {database} at \S+ can't be reached"):
        lose()
    record(state, "three")

    assert recorded(state) == ["three"]


def test_a_postgresql_that_went_away_is_worth_another_try(pg: Postgres, state: State) -> None:
    record(state, "one")
    pg.control("-m", "immediate", "stop")
    try:
        with pytest.raises(WarehouseAway):
            recorded(state)
        with pytest.raises(WarehouseAway):
            record(state, "two")
    finally:
        pg.start()

    assert recorded(state) == ["one"]


def test_nothing_is_kept_in_a_session_for_a_pooler_to_lose(state: State) -> None:
    engine = state._engine
    assert isinstance(engine, PostgresEngine)
    for number in range(10):  # psycopg would prepare a statement that it has run five times
        record(state, str(number))
        recorded(state)
    with state.write() as transaction:
        transaction.lock("runs")
    kept = "select current_setting('search_path'), (select count(*) from pg_prepared_statements)"
    locks = "select count(*) from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()"

    assert engine._connection.execute(kept).fetchall() == [('"$user", public', 0)]
    assert engine._connection.execute(locks).fetchall() == [(0,)]


def test_of_two_that_wait_for_one_another_one_is_told_to_try_again(pg: Postgres, address: str, database: str) -> None:
    pg.ask(address, f"alter database {database} set deadlock_timeout = '10ms'")
    states = [State(PostgresEngine(address)) for _ in range(2)]
    both_hold = threading.Barrier(2)

    def take(transaction: StateTransaction, *names: str) -> None:
        transaction.lock(names[0])
        both_hold.wait()
        transaction.lock(names[1])

    def cross(state: State, *names: str) -> bool:
        try:
            with state.write() as transaction:
                take(transaction, *names)
        except WarehouseBusy:
            return False
        return True

    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(cross, states[0], "left", "right")
        second = threads.submit(cross, states[1], "right", "left")
        ends = [first.result(), second.result()]
    for state in states:
        state.close()

    assert sorted(ends) == [False, True]


def test_without_psycopg_what_to_install_is_named(tmp_path: Path) -> None:
    program = """
import sys
sys.modules["psycopg"] = None
from ingest.core.errors import Misconfigured
from ingest.pipeline.open_stores import open_state
from ingest.core.settings import load_settings
open_state(load_settings(warehouse="a")).close()
try:
    open_state(load_settings(warehouse="a", state="dbname=news password=geheim"))
except Misconfigured as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True)

    assert "pip install 'news-ingest[lake]'" in done.stdout
    assert "geheim" not in done.stdout


def test_types_are_postgresqls_in_tables_and_casts() -> None:
    table = "create table x (\n  number integer primary key, -- 100%\n  name text not null, body blob\n)"
    query = "select cast(:n as integer), cast(:s as text), 7 % 2, '::' from x"
    listed = "a in (select value from json_each(:s)) and b not in (select value from json_each(:s))"

    assert " ".join(in_postgres(table).split()) == (
        "create table x ( number bigint generated by default as identity primary key, "
        'name text collate "C" not null, body bytea )'
    )
    assert in_postgres(query) == "select cast(%(n)s as bigint), cast(%(s)s as text), 7 %% 2, '::' from x"
    assert in_postgres(listed) == (
        "a = any (array(select jsonb_array_elements_text(cast(%(s)s as jsonb)))) and b not in "
        "(select value from jsonb_array_elements_text(cast(%(s)s as jsonb)) as listed (value))"
    )


def cut(pg: Postgres, database: str) -> None:
    """End all connections to a database, as a restart of PostgreSQL or a network does."""
    pg.ask(
        pg.address("postgres"),
        f"select pg_terminate_backend(pid, 60000) from pg_stat_activity where datname = '{database}'",
    )
