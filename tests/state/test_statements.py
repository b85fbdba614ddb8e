"""One text of each statement serves SQLite and PostgreSQL, and means the same to both."""

import re
from collections.abc import Iterator
from contextlib import closing
from importlib.resources import files

import pytest

from ingest.state import State
from ingest.state.database import COPIED_TABLES
from ingest.state.postgres import PostgresEngine
from ingest.state.sqlite import SqliteEngine
from tests.postgres import Postgres


def filled(sql: str) -> str:
    for name, value in FILLED.items():
        sql = sql.replace(name, value)
    return sql


FILLED = {  # of one text for several tables
    "{table}": "polls",
    "{columns}": "copied",
    "{key}": "copied",
    "{length}": "copied",
    "{chosen}": "select copied from polls",
}
STATEMENTS = {
    path.name.removesuffix(".sql"): filled(path.read_text(encoding="utf-8"))
    for path in sorted((files("ingest.state") / "statements").iterdir(), key=lambda path: path.name)
}
# A value for each type that PostgreSQL finds a parameter to be of.
VALUES = {
    "text": '["gazette"]',
    "jsonb": '["gazette"]',
    "integer": 7,
    "bigint": 1_795_000_000_000_000,
    "boolean": True,
    "double precision": 0.5,
    "bytea": b"\0",
}


@pytest.fixture(scope="module")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteEngine]:
    engine = SqliteEngine(tmp_path_factory.mktemp("state") / "state.db")
    with closing(State(engine)):
        yield engine


@pytest.fixture(scope="module")
def postgres(pg: Postgres) -> Iterator[PostgresEngine]:
    engine = PostgresEngine(pg.address(pg.database()))
    with closing(State(engine)):
        yield engine


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_statement_says_what_it_is_of_and_runs_on_sqlite(name: str, sqlite: SqliteEngine) -> None:
    sql = STATEMENTS[name]

    assert sql.startswith("-- ") or not bare(sql).startswith(("select", "with"))
    assert sqlite.execute(sqlite.written_for(f"explain {bare(sql)}"), dict.fromkeys(parameters_of(sql)))[1]


@pytest.mark.integration
@pytest.mark.parametrize("name", sorted(set(STATEMENTS) - {"make_migrations"}))
def test_a_statement_runs_on_postgresql_with_nulls_as_with_values(name: str, postgres: PostgresEngine) -> None:
    sql = postgres.written_for(f"explain {bare(STATEMENTS[name])}")
    parameters = parameters_of(STATEMENTS[name])
    postgres.begin()
    try:
        assert postgres.execute(sql, dict.fromkeys(parameters))[1]
        types = types_of(postgres, sql.removeprefix("explain "), parameters)
        assert postgres.execute(sql, {one: VALUES[types[one]] for one in parameters})[1]
    finally:
        postgres.roll_back()


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_statement_means_the_same_to_both(name: str, sqlite: SqliteEngine) -> None:
    sql = bare(STATEMENTS[name])
    unsaid = nullable_keys(sqlite, sql)
    divisors = [one for one in re.findall(r"/\s*([^\s,)]+)", sql) if not re.match(r"\d|nullif\(", one)]

    assert not re.search(r"\blike\b", sql), "letters of any case are alike to SQLite's"
    assert unsaid == [], "null is the least to SQLite and the greatest to PostgreSQL: say `nulls first` or `nulls last`"
    assert divisors == [], "a division by 0 gives null in SQLite and an error in PostgreSQL: say `nullif(…, 0)`"


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_row_that_changes_is_copied_for_analysts_again(name: str) -> None:
    sql = bare(STATEMENTS[name])
    changed = set(re.findall(r"\b(?:update|insert into) (\w+)", sql)) if re.search(r"\bset\b", sql) else set()

    assert not changed & COPIED_TABLES.keys() or re.search(r"\bcopied = ", sql)


PER_SOURCE = ("carry_over", "due_entries", "fetches_of_run", "leases", "take_in_waiting", "under_way_of")


@pytest.mark.parametrize("name", PER_SOURCE)
def test_what_is_read_for_each_source_of_a_run_does_not_grow_with_the_run(name: str, sqlite: SqliteEngine) -> None:
    sql = bare(STATEMENTS[name])
    plan = sqlite.execute(f"explain query plan {sql}", dict.fromkeys(parameters_of(sql)))[1]

    assert re.search(r"\((source|entry)_id=\?", plan[0][3]), plan[0][3]


def bare(sql: str) -> str:
    return re.sub(r"--[^\n]*", "", sql).strip()


def parameters_of(sql: str) -> list[str]:
    return sorted(set(re.findall(r"(?<![:\w]):([a-z]\w*)", bare(sql))))


def types_of(postgres: PostgresEngine, sql: str, parameters: list[str]) -> dict[str, str]:
    """Return the type that PostgreSQL finds each parameter to be of."""
    for number, name in enumerate(parameters, start=1):
        sql = sql.replace(f"%({name})s", f"${number}")
    postgres.execute(f"prepare asked as {sql}", {})
    types = "select unnest(parameter_types)::text from pg_prepared_statements where name = 'asked'"
    found = [str(one) for (one,) in postgres.execute(types, {})[1]]
    postgres.execute("deallocate asked", {})
    return dict(zip(parameters, found, strict=True))


def nullable_keys(sqlite: SqliteEngine, sql: str) -> list[str]:
    """Return what rows are ordered by and may be null: columns of the tables named, which are not said not to be."""
    columns = """
        select tables.name, columns.name
        from sqlite_master as tables, pragma_table_info(tables.name) as columns
        where tables.type = 'table' and not columns."notnull" and columns.pk = 0
    """
    said = set(re.findall(r"(\w+) is not null", sql))
    nullable = {(table, column) for table, column in sqlite.execute(columns, {})[1] if column not in said}
    tables = set(re.findall(r"\w+", sql))
    aliases = {alias: table for table, alias in re.findall(r"(\w+) as (\w+)", sql)}
    found = []
    for key in order_keys(sql):
        alias, _, column = key.removesuffix(" desc").rpartition(".")
        if any((table, column) in nullable for table in ({aliases.get(alias, alias)} if alias else tables)):
            found.append(key)
    return found


def order_keys(sql: str) -> Iterator[str]:
    """Yield what rows are ordered by, each key with what is said of its direction."""
    for clause in re.split(r"\border by\b", sql)[1:]:
        depth, key = 0, ""
        for token in re.findall(r"[(),]|[^(),\s]+", clause):
            depth += (token == "(") - (token == ")")
            if depth < 0 or (depth == 0 and token in {"limit", "offset", "returning", "union", "rows", "range"}):
                break
            if depth == 0 and token == ",":
                yield key.strip()
                key = ""
            else:
                key += f" {token}"
        yield key.strip()
