"""The analysts' file opens in other programs, read only, without our code or an extension; search alone needs one."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import duckdb
import pytest

from tests.conftest import FirstPass

# How a macro that takes parameters is asked; a new one is to be added here.
pytestmark = pytest.mark.integration

CALLS = {"figure_series": "from figure_series('fish', 'USD')"}
BUILT_IN = {"autocomplete", "core_functions", "icu", "json", "parquet", "shell"}
LOADED = "select string_agg(extension_name, ' ') as loaded from duckdb_extensions() where loaded"
WRITE = "delete from tags"

Answers = list[list[dict[str, object]]]

IN_PYTHON = """
import duckdb, json, sys
news, *questions = sys.argv[1:]
with duckdb.connect(news, read_only=True, config={"autoinstall_known_extensions": False}) as connection:
    def answer(question):
        result = connection.execute(question)
        return [dict(zip([column[0] for column in result.description], row)) for row in result.fetchall()]
    print(json.dumps([answer(question) for question in questions], default=str))
"""
OVER_ADBC = """
import adbc_driver_duckdb, adbc_driver_manager.dbapi, json, sys
news, *questions = sys.argv[1:]
opened = adbc_driver_manager.dbapi.connect(
    driver=adbc_driver_duckdb.driver_path(), entrypoint="duckdb_adbc_init",
    db_kwargs={"path": news, "access_mode": "read_only", "autoinstall_known_extensions": "false"},
)
with opened as connection, connection.cursor() as cursor:
    def answer(question):
        cursor.execute(question)
        return cursor.fetch_arrow_table().to_pylist()
    print(json.dumps([answer(question) for question in questions], default=str))
"""


def ran(command: Sequence[str], home: Path, *, said: str = "") -> str:
    """Run a program that knows of nothing that was ever installed for DuckDB."""
    bare = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | {"HOME": str(home)}
    done = subprocess.run(command, input=said, capture_output=True, text=True, env=bare, cwd=home)
    assert done.returncode == 0, done.stderr
    return done.stdout


def in_python(news: Path, questions: Sequence[str], home: Path) -> Answers:
    return list(json.loads(ran([sys.executable, "-c", IN_PYTHON, str(news), *questions], home)))


def over_adbc(news: Path, questions: Sequence[str], home: Path) -> Answers:
    return list(json.loads(ran([sys.executable, "-c", OVER_ADBC, str(news), *questions], home)))


def in_the_command_line(news: Path, questions: Sequence[str], home: Path) -> Answers:
    program = Path(sys.executable).with_name("duckdb")
    said = "set autoinstall_known_extensions = false;\n.mode json\n"
    said += "\n.print ---\n".join(f"{question};" for question in questions)
    answers = ran([str(program), "-readonly", "-bail", str(news)], home, said=said).split("---\n")
    return [json.loads(answer) if answer.strip() else [] for answer in answers]


DRIVERS = [in_python, over_adbc, in_the_command_line]
Driver = Callable[[Path, Sequence[str], Path], Answers]


def questions_of(news: Path) -> list[str]:
    """Ask everything that there is to ask of the file, search left out."""
    with duckdb.connect(str(news), read_only=True) as connection:
        found = connection.execute(
            """
            select schema_name, table_name from duckdb_tables()
            union all
            select schema_name, view_name from duckdb_views() where not internal
            order by all
            """
        ).fetchall()
        macros = connection.execute(
            """
            select function_name from duckdb_functions()
            where not internal and schema_name = 'main' and function_type like '%macro'
            order by all
            """
        ).fetchall()
    relations = [f'select * from "{schema}"."{name}" limit 3' for schema, name in found if schema != "search"]
    return relations + [CALLS[name] for (name,) in macros if not name.startswith("search")]


@pytest.mark.parametrize("driver", DRIVERS)
def test_every_table_view_and_macro_answers(driver: Driver, first_pass: FirstPass, tmp_path: Path) -> None:
    news = first_pass.warehouse / "news.duckdb"
    questions = questions_of(news)

    *answers, loaded = driver(news, [*questions, LOADED], tmp_path)

    assert len(questions) >= 27
    assert len(answers) == len(questions)
    assert all(answers[questions.index(f'select * from "main"."{table}" limit 3')] for table in ("articles", "figures"))
    assert set(str(loaded[0]["loaded"]).split()) <= BUILT_IN


@pytest.mark.parametrize("driver", DRIVERS)
def test_numbers_words_and_times_come_through(driver: Driver, first_pass: FirstPass, tmp_path: Path) -> None:
    question = (
        "select f.value::varchar as value, f.unit, a.title, a.published_at at time zone 'UTC' as said_at, a.authors"
        " from figures as f join articles as a using (article_id) where f.text = '5,420 millones de dólares'"
    )
    ((answer,),) = driver(first_pass.warehouse / "news.duckdb", [question], tmp_path)

    assert (answer["value"], answer["unit"]) == ("5420000000.000000", "USD")
    assert answer["title"] == "Remesas suman 5,420 millones de dólares en octubre"
    assert str(answer["said_at"]).startswith("2026-11-")


@pytest.mark.parametrize("driver", DRIVERS)
def test_nothing_can_be_written(driver: Driver, first_pass: FirstPass, tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="read-only mode"):
        driver(first_pass.warehouse / "news.duckdb", [WRITE], tmp_path)
