"""The analysts' file holds what is published, as if it had been written anew."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from random import Random
from string import ascii_lowercase
from typing import Any

import duckdb
import pytest

from ingest.core.ports import EntryOutcome
from ingest.state import State, entries, polls
from ingest.warehouse import batches, near_duplicate_rules, publication, releases, removal, runs, staged
from ingest.warehouse.file_swap import put_in_place
from ingest.warehouse.warehouse import PIPELINE_FILE, Warehouse
from tests.makers import (
    NOON,
    a_batch,
    a_figure,
    a_parsed_article,
    a_poll,
    a_source,
    a_staged_article,
    a_validation,
    an_entry,
)
from tests.state import change, state_of
from tests.warehouses import open_warehouse

SENTENCE = "The council gave $12 million to mend the old pier before the winter."
MENDED = "The council gave $21 million to mend the old pier before the winter."
LATER = NOON + timedelta(minutes=5)
ARTICLES = 12


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Publish and release a dozen articles, once for all; give the folder."""
    with closing(open_warehouse(tmp_path_factory.mktemp("released"))) as warehouse:
        publish(state_of(warehouse), warehouse, "first", *(pledge(f"pier-{number}") for number in range(ARTICLES)))
        releases.release_file(state_of(warehouse), warehouse, NOON)
    return warehouse.folder


@pytest.fixture
def warehouse(released: Path, tmp_path: Path) -> Iterator[Warehouse]:
    """Open a copy, which may be changed."""
    shutil.copytree(released, tmp_path / "warehouse", copy_function=shutil.copy2)
    with closing(Warehouse(tmp_path / "warehouse")) as opened:
        yield opened


@pytest.fixture
def state(warehouse: Warehouse) -> State:
    return state_of(warehouse)


def a_new_article(state: State, warehouse: Warehouse) -> None:
    publish(state, warehouse, "later", pledge("harbour"))


def a_correction(state: State, warehouse: Warehouse) -> None:
    publish(state, warehouse, "later", pledge("pier-3", MENDED, "$21 million", "21000000", content_hash="second"))


def a_copy_of_an_older_story(state: State, warehouse: Warehouse) -> None:
    publish(state, warehouse, "later", pledge("copied", words_of="pier-3", fetched_at=LATER))


def a_story_under_another_address(state: State, warehouse: Warehouse) -> None:
    story = a_parsed_article("pier-3", (SENTENCE, ()))
    entry = an_entry("elsewhere", "herald", url="https://gazette.example/pier-3?from=herald")
    publish(state, warehouse, "later", a_staged_article(story, entry, is_new_content=False))


def a_page_that_went_away(state: State, warehouse: Warehouse) -> None:
    entries.keep_presence(state, gone=[pledge("pier-3").parsed.article.article_id], back=[])


def a_page_that_is_back(state: State, warehouse: Warehouse) -> None:
    a_page_that_went_away(state, warehouse)
    releases.release_file(state, warehouse, LATER)
    entries.keep_presence(state, gone=[], back=[pledge("pier-3").parsed.article.article_id])


def a_renamed_source(state: State, warehouse: Warehouse) -> None:
    runs.begin_run(state, warehouse, "renamed", [a_source(name="The Gazette of the Coast")], LATER)
    publish(state, warehouse, "renamed", pledge("harbour"), sources=[a_source(name="The Gazette of the Coast")])


def an_older_listing(state: State, warehouse: Warehouse) -> None:
    known = EntryOutcome(entry_id=an_entry("pier-3").entry_id, outcome="unchanged", reason="same_content")
    entries.keep_poll(state, a_poll(at=LATER), "later", found=[], outcomes=[known], events=[])
    publish(state, warehouse, "later", pledge("harbour"))


def an_article_that_is_removed(state: State, warehouse: Warehouse) -> None:
    a_copy_of_an_older_story(state, warehouse)
    releases.release_file(state, warehouse, LATER)
    [article] = removal.articles_named(state, pledge("pier-3").parsed.article.article_id, ())
    removal.record_removal(state, article, "Why not.", LATER)
    removal.take_down(state, warehouse, article, LATER, duplicate_rule=near_duplicate_rules)


def a_row_held_back(state: State, warehouse: Warehouse) -> None:
    publish(state, warehouse, "later", pledge("harbour"), refuse="value > 0")


@pytest.mark.parametrize(
    "change",
    [
        a_new_article,
        a_correction,
        a_copy_of_an_older_story,
        a_story_under_another_address,
        a_page_that_went_away,
        a_page_that_is_back,
        a_renamed_source,
        an_older_listing,
        an_article_that_is_removed,
        a_row_held_back,
    ],
)
@pytest.mark.slow
def test_a_file_brought_up_to_date_is_the_one_written_anew(
    state: State, warehouse: Warehouse, change: Callable[[State, Warehouse], None]
) -> None:
    change(state, warehouse)

    assert releases.release_file(state, warehouse, LATER + timedelta(minutes=1))
    renewed = content(warehouse.news_path)
    warehouse.write_anew()
    warehouse.news_path.unlink()
    assert releases.release_file(state, warehouse, LATER + timedelta(minutes=1))
    anew = content(warehouse.news_path)

    assert renewed.pop("ops.release") != anew.pop("ops.release")
    assert renewed == anew


def test_the_released_file_is_the_pipelines_own_byte_for_byte(state: State, warehouse: Warehouse) -> None:
    a_correction(state, warehouse)
    releases.release_file(state, warehouse, LATER)
    warehouse.close()

    assert warehouse.news_path.read_bytes() == warehouse.path.read_bytes()


@pytest.mark.integration
def test_the_pipelines_own_stays_its_own_when_it_was_copied(state: State, warehouse: Warehouse) -> None:
    a_correction(state, warehouse)
    releases.release_file(state, warehouse, LATER)
    script = "import duckdb, sys; duckdb.connect(sys.argv[1])"
    other = subprocess.run([sys.executable, "-c", script, str(warehouse.path)], capture_output=True, check=False)

    assert b"Could not set lock" in other.stderr


def test_what_is_under_way_in_the_same_process_is_waited_for(state: State, warehouse: Warehouse) -> None:
    a_correction(state, warehouse)
    with warehouse.connect() as reading, ThreadPoolExecutor(1) as beside:
        reading.begin()
        reading.execute("from published.articles limit 1").fetchall()
        releasing = beside.submit(releases.release_file, state, warehouse, LATER)
        with pytest.raises(TimeoutError):
            releasing.result(timeout=0.2)
        reading.rollback()

        assert releasing.result()
    assert "$21 million" in str(content(warehouse.news_path)["main.figures"])


def test_listings_since_the_last_release_are_renewed(state: State, warehouse: Warehouse) -> None:
    an_older_listing(state, warehouse)
    releases.release_file(state, warehouse, LATER + timedelta(days=3))

    with duckdb.connect(str(warehouse.news_path), read_only=True) as connection:
        listed = "select count(*) from article_sources where last_listed_at = ?"
        assert connection.execute(listed, [LATER]).fetchall() == [(1,)]


def test_history_alone_is_released_within_the_hour(state: State, warehouse: Warehouse) -> None:
    entries.keep_poll(state, a_poll(at=LATER), "later", found=[], outcomes=[], events=[])

    assert releases.release_file(state, warehouse, NOON + timedelta(minutes=59)) is False
    assert releases.release_file(state, warehouse, NOON + timedelta(minutes=61)) is True
    assert releases.release_file(state, warehouse, NOON + timedelta(minutes=180)) is False


def test_a_file_that_somebody_has_written_into_is_written_anew(state: State, warehouse: Warehouse) -> None:
    warehouse.news_path.chmod(0o640)
    with duckdb.connect(str(warehouse.news_path)) as connection:
        connection.execute("update articles set title = 'mine'")
    a_new_article(state, warehouse)
    releases.release_file(state, warehouse, LATER)

    assert "mine" not in str(content(warehouse.news_path)["main.articles"])


@pytest.mark.parametrize("part", ["tables", "extras"])
def test_a_file_that_an_older_version_made_is_written_anew(released: Path, tmp_path: Path, part: str) -> None:
    folder = Path(shutil.copytree(released, tmp_path / "older"))
    with duckdb.connect(str(folder / PIPELINE_FILE)) as connection:
        connection.execute(f"update ops.shape set {part} = 'of yore'")
        connection.execute("create view of_yore as from articles")
    with closing(Warehouse(folder)) as warehouse:
        state = state_of(warehouse)
        change(folder, "update releases set file_shape = 'of yore'")
        assert releases.release_file(state, warehouse, LATER)
        found = content(warehouse.news_path)
        with duckdb.connect(str(warehouse.news_path), read_only=True) as connection:
            views = connection.execute("select view_name from duckdb_views() where not internal").fetchall()

    assert len(found["main.articles"]) == ARTICLES
    assert ("of_yore",) not in views
    assert ("figure_facts",) in views


def test_every_released_table_begins_with_its_key(warehouse: Warehouse) -> None:
    sql = """
        select columns.table_name, columns.column_name, key.constraint_column_names[1] as key_column, is_nullable
        from duckdb_columns() as columns
        left join duckdb_constraints() as key
          on key.table_oid = columns.table_oid and key.constraint_type = 'PRIMARY KEY'
        where columns.column_index = 1 and columns.schema_name in ('main', 'ops') and not columns.internal
          and columns.table_oid in (select table_oid from duckdb_tables())
    """
    with duckdb.connect(str(warehouse.news_path), read_only=True) as connection:
        found = connection.execute(sql).fetchall()

    assert len(found) > 20
    assert [row for row in found if row[3] or row[2] not in (None, row[1])] == []


def test_a_finished_file_is_on_the_disk_before_it_has_its_name_and_its_name_is_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, partial = tmp_path / "news.duckdb", tmp_path / "news.duckdb.partial1"
    target.write_bytes(b"old")
    partial.write_bytes(b"new")
    old, new, folder = (path.stat().st_ino for path in (target, partial, tmp_path))
    synced: list[tuple[int, int]] = []  # what, and which file had the name then
    sync = os.fsync

    def told(descriptor: int) -> None:
        synced.append((os.fstat(descriptor).st_ino, target.stat().st_ino))
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", told)
    put_in_place(partial, target)

    assert synced == [(new, old), (folder, new)]


# Child, its column, and what it refers to.
REFERENCES = {
    ("articles", "source_id", "sources.source_id"),
    ("article_versions", "article_id", "articles.article_id"),
    ("article_urls", "article_id", "articles.article_id"),
    ("article_sources", "article_id", "articles.article_id"),
    ("article_sources", "source_id", "sources.source_id"),
    ("article_authors", "article_id", "articles.article_id"),
    ("article_authors", "author_id", "authors.author_id"),
    ("paragraphs", "article_id", "articles.article_id"),
    ("figures", "article_id", "articles.article_id"),
    ("figures", "paragraph", "paragraphs.position"),
    ("figure_changes", "article_id", "articles.article_id"),
    ("links", "article_id", "articles.article_id"),
    ("media", "article_id", "articles.article_id"),
    ("tags", "article_id", "articles.article_id"),
}


def test_what_a_column_refers_to_is_in_its_comment(warehouse: Warehouse) -> None:
    sql = """
        select table_name, column_name, regexp_extract(comment, ': (\\w+\\.\\w+)', 1) as other
        from duckdb_columns()
        where schema_name = 'main'
          and other <> ''
    """
    with duckdb.connect(str(warehouse.news_path), read_only=True) as connection:
        found = set(connection.execute(sql).fetchall())

    assert found == REFERENCES


def content(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return all rows of all tables, in some order."""
    with duckdb.connect(str(path), read_only=True) as connection:
        connection.execute("set timezone = 'UTC'")
        names = connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables()"
            " where not internal and schema_name <> 'search'"  # whose numbers tell what came when
        ).fetchall()
        return {name: sorted(connection.execute(f"from {name}").fetchall(), key=str) for (name,) in names}


def pledge(
    slug: str,
    sentence: str = SENTENCE,
    text: str = "$12 million",
    value: str = "12000000",
    *,
    words_of: str | None = None,
    **changes: Any,
) -> Any:
    chance = Random(words_of or slug)  # so that no two articles are alike
    words = " ".join("".join(chance.choices(ascii_lowercase, k=7)) for _ in range(80))
    story = a_parsed_article(
        slug, (words, ()), (sentence, (a_figure(text, sentence, value, subject="pier"),)),
        authors=("Ana Pérez", slug.title()),
    )  # fmt: skip
    return a_staged_article(story, an_entry(slug), **({"content_hash": slug} | changes))


def publish(
    state: State, warehouse: Warehouse, run_id: str, *stories: Any, refuse: str | None = None, sources: Any = None
) -> Any:
    runs.begin_run(state, warehouse, run_id, sources or [a_source(), a_source("herald")], NOON)
    found = [story.entry for story in stories]
    at = NOON + timedelta(minutes=len(polls.last_polls(state)))
    entries.keep_poll(state, a_poll(at=at), run_id, found=found, outcomes=[], events=[])
    batch = a_batch(run_id)
    batches.stage_batch(state, batch, stories, outcomes=[], events=[])
    staged.load_staged(state, warehouse, [batch])
    validation = a_validation(batch, passed=refuse is None, unexpected=int(bool(refuse)), failing_rows=refuse)
    batches.keep_validations(
        state, warehouse, batch, [validation], broken=[], refusing=[validation] if refuse else [], changes=[], now=NOON
    )
    publication.publish_batches(state, warehouse, [batch], NOON, duplicate_rule=near_duplicate_rules)
    return batch
