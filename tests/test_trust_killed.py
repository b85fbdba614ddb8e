"""Killed anywhere between staging and alerting: the public file stays whole, counts add up, nobody is told twice.

`make kills KILLS=500` tries many moments.
"""

import random
import shutil
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from pprint import pformat
from typing import Any, get_args

import pytest

from ingest.warehouse.warehouse import query
from tests.comparing import differences, read_state, release_flaws
from tests.conftest import FirstPass
from tests.killing import KILLED_WHILE, KILLS, STAGES, Moment, Run, kill, run
from tests.receiver import Mood, Receiver
from tests.state import change, select

pytestmark = [pytest.mark.integration, pytest.mark.slow]

AFTER_FETCHING = STAGES[STAGES.index("staging") :][::-1]  # the last first: few kills must not miss them
ENDS = frozenset({0, 3, 4})  # some newsrooms of this town stop their batches
# What a column refers to is in its comment; a figure's paragraph is its article's, and has no key of its own.
REFERENCES = """
select table_name, column_name, parts[1], parts[2]
from (
  select *, string_split(regexp_extract(comment, ': (\\w+\\.\\w+)', 1), '.') as parts
  from duckdb_columns()
  where schema_name = 'main'
)
where parts[2] = column_name
"""


@dataclass(frozen=True, slots=True)
class Town:
    """Newsrooms of which some stop their batches, and what an uninterrupted run over what they serve ends with."""

    command: Sequence[str]
    before: Path  # a warehouse in which pages wait to be read
    undisturbed: Run
    state: Mapping[str, list[Any]]
    told: Counter[str]  # what on call hears


@pytest.fixture(scope="module")
def town(first_pass: FirstPass, tmp_path_factory: pytest.TempPathFactory) -> Town:
    folder = tmp_path_factory.mktemp("trust")
    command = ["run", "--direct", f"--sources={first_pass.sources}"]
    (folder / "nothing").mkdir()
    kill(command, folder / "nothing", folder / "before", Moment(station="staged"), ends=ENDS)
    with Receiver() as receiver:
        shutil.copytree(folder / "before", folder / "undisturbed")
        undisturbed = run(command, folder / "undisturbed", settings=told_to(receiver), ends=ENDS)
        told = Counter(one.title for one in receiver.taken)
    return Town(command, folder / "before", undisturbed, read_state(folder / "undisturbed"), told)


@pytest.mark.parametrize("seed", range(KILLS // 4))
def test_killed_between_staging_and_alerting_all_is_told_once_and_published_whole(
    town: Town, record_property: Callable[[str, object], None], tmp_path: Path, seed: int
) -> None:
    chance, warehouse = random.Random(seed), tmp_path / "warehouse"
    stage = AFTER_FETCHING[seed % len(AFTER_FETCHING)]
    moods = chance.choices([mood for mood in get_args(Mood) if mood != "takes"], k=chance.randrange(3))
    with Receiver() as receiver:

        def start_over() -> None:
            receiver.taken.clear()
            receiver.moods[:] = moods

        moment = town.undisturbed.moment_in(stage, chance)
        settings = told_to(receiver)
        moment, killed = kill(
            town.command, town.before, warehouse, moment, settings=settings, ends=ENDS, start_over=start_over
        )
        record_property(KILLED_WHILE, town.undisturbed.stage_reached(killed, town.before, warehouse))
        left_behind = orphans(warehouse)
        run(town.command, warehouse, settings=settings, ends=ENDS)
        while is_owed(warehouse):  # a receiver is tried once a run
            let_time_pass(warehouse)
            run(town.command, warehouse, settings=settings, ends=ENDS)

    keys = [one.key for one in receiver.taken]
    first = {one.key: one.title for one in receiver.taken}
    repeated = [one for number, one in enumerate(receiver.taken) if one.key in keys[:number]]

    differing = differences(read_state(warehouse), dict(town.state))
    about = f"seed {seed}, killed at {moment}, the receiver first {moods}"

    assert left_behind == [], about
    assert orphans(warehouse) == [], about
    assert not differing, f"{about}: {pformat(differing)}"
    assert Counter(first.values()) == town.told, about
    assert all("perhaps you have it already" in one.body for one in repeated), about


@pytest.mark.parametrize("station", ["lost", "published"])
def test_killed_while_it_makes_up_for_an_older_warehouse_the_next_run_ends_as_if_it_had_not_been_restored(
    town: Town, tmp_path: Path, station: str
) -> None:
    restored, warehouse = tmp_path / "restored", tmp_path / "warehouse"
    shutil.copytree(town.before.with_name("undisturbed"), restored)
    for file in town.before.glob("published.duckdb*"):  # with what was written and is not in its place yet
        shutil.copy(file, restored)
    _, killed = kill(town.command, restored, warehouse, Moment(station=station), ends=ENDS)
    run(town.command, warehouse, ends=ENDS)
    differing = differences(read_state(warehouse), dict(town.state))

    assert any(" lost source=" in line for _, line in killed.said)
    # The alert about it, which ends after the release and is released with the next one.
    of_alert = {"alerts", "messages", "deliveries", "events", "unreleased changes"}
    assert differing.keys() == of_alert, pformat(differing)
    titles = [row["title"] for name in ("alerts", "messages") for row in differing[name]]
    assert [title for title in titles if not title.endswith(" that were public are lost")] == []
    assert release_flaws(warehouse) == ()


def told_to(receiver: Receiver) -> dict[str, str]:
    return {"INGEST_ALERT_ADDRESSES": f'["{receiver.address}"]'}


def is_owed(warehouse: Path) -> bool:
    return bool(select(warehouse, "select 1 from messages where sent_at is null"))


def let_time_pass(warehouse: Path) -> None:
    """Let every message be due that a receiver did not take."""
    change(warehouse, "update deliveries set retry_at = begun_at where sent_at is null")


def orphans(warehouse: Path) -> list[tuple[Any, ...]]:
    """Open the public file as an analyst would, and name the rows that refer to none."""
    news = warehouse / "news.duckdb"
    if not news.exists():
        return []
    references = query(news, REFERENCES)[1]
    assert len(references) > 10
    found = []
    for table, column, parent, key in references:
        on = f"child.{column} = parent.{key}"
        found += query(news, f"select '{table}', child.* from {table} as child anti join {parent} as parent on {on}")[1]
    return found
