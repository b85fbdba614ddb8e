"""An analyst who queries while batches are published sees each of them whole or not at all, and never an error."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from ingest.state import State
from ingest.warehouse import batches, near_duplicate_rules, publication, releases, runs
from ingest.warehouse.warehouse import Warehouse
from tests.makers import NOON, a_batch, a_figure, a_parsed_article, a_source, a_staged_article, an_entry
from tests.state import state_of
from tests.warehouses import open_warehouse

pytestmark = [pytest.mark.integration, pytest.mark.slow]

PUBLISHES = 10
ARTICLES_EACH = 3
PLEDGE = "The bank pledged $12 million for a pier."

# Asks of a file that stays open for ten questions, then of the one that lies there now, until told to stop. Printed:
# after each file how many articles it had; in the end what was found wrong.
ANALYST = f"""
import duckdb, sys
from pathlib import Path
news, stop = map(Path, sys.argv[1:])
QUESTION = '''
select
  (select count(*) from articles), (select count(*) from article_versions), (select count(*) from paragraphs),
  (select count(*) from figures join paragraphs using (article_id) where paragraphs.position = figures.paragraph),
  (select count(*) from articles anti join figures using (article_id)),
  (select sum(articles) from ops.batches where state = 'published')
'''
wrong, is_last = [], False
while not is_last:
    is_last = stop.exists()
    with duckdb.connect(news, read_only=True) as connection:
        first = connection.execute(QUESTION).fetchone()
        for _ in range(10):
            articles, *others, without, batched = found = connection.execute(QUESTION).fetchone()
            if found != first or set(others) != {{articles}} or without or batched != articles:
                wrong.append((first, found))
            if articles % {ARTICLES_EACH}:
                wrong.append(found)
    print(articles, flush=True)
print(wrong[:3])
"""


def test_every_publication_is_seen_whole_and_in_order(tmp_path: Path) -> None:
    seen: list[int] = []
    with closing(open_warehouse(tmp_path / "warehouse")) as warehouse:
        state = state_of(warehouse)
        publish(state, warehouse, 0)
        with reading(warehouse.news_path, tmp_path / "stop") as analyst:
            assert analyst.stdout is not None
            for number in range(1, PUBLISHES + 1):
                publish(state, warehouse, number)
                for line in analyst.stdout:  # until it has seen this one; it goes on asking during the next
                    seen.append(int(line))
                    if seen[-1] >= ARTICLES_EACH * (number + 1):
                        break
        with analyst:
            assert analyst.stderr is not None
            told, errors = analyst.stdout.read(), analyst.stderr.read()

    assert errors == ""
    *last, wrong = told.splitlines()
    counts = [ARTICLES_EACH, *seen, *map(int, last)]
    assert wrong == "[]"
    assert counts == sorted(counts)
    assert set(counts) == {ARTICLES_EACH * (number + 1) for number in range(PUBLISHES + 1)}


@contextmanager
def reading(news: Path, stop: Path) -> Iterator["subprocess.Popen[str]"]:
    """Let an analyst query in a process of their own meanwhile, and once more when all is done."""
    command = [sys.executable, "-c", ANALYST, str(news), str(stop)]
    analyst = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert analyst.stdout is not None
    analyst.stdout.readline()  # it has seen the first file, and goes on asking
    try:
        yield analyst
    finally:
        stop.touch()


def publish(state: State, warehouse: Warehouse, number: int) -> None:
    batch = a_batch(f"run {number}", articles=ARTICLES_EACH, figures=ARTICLES_EACH)
    at = NOON + timedelta(minutes=number)
    stories = [
        a_staged_article(
            a_parsed_article(f"pier-{number}-{place}", (PLEDGE, (a_figure("$12 million", PLEDGE, "12000000"),))),
            an_entry(f"pier-{number}-{place}"),
            fetched_at=at,
        )
        for place in range(ARTICLES_EACH)
    ]
    runs.begin_run(state, warehouse, batch.run_id, [a_source()], at)
    batches.stage_batch(state, batch, stories, outcomes=[], events=[])
    batches.keep_validations(state, warehouse, batch, [], broken=[], refusing=[], changes=[], now=at)
    publication.publish_batches(state, warehouse, [batch], at, duplicate_rule=near_duplicate_rules)
    releases.release_file(state, warehouse, at)
