"""Articles and paragraphs are found by their words, best first, and a renewed index finds what one made anew does."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingest.state import State, entries, polls
from ingest.warehouse import batches, near_duplicate_rules, publication, releases, runs
from ingest.warehouse.extensions import load_stemmers
from ingest.warehouse.extras import Extras
from ingest.warehouse.search_index import renew_index
from ingest.warehouse.warehouse import Warehouse
from tests.makers import NOON, a_batch, a_parsed_article, a_poll, a_source, a_staged_article, an_entry
from tests.state import state_of
from tests.warehouses import open_warehouse

LATER = NOON + timedelta(minutes=5)
ENGLISH = {
    "bridge": ("The council opened the bridge.", "Nobody had crossed the river for two years."),
    "ferries": ("Ferries cross the river while the bridges are mended, and ferries are slow.",),
    "budget": ("The budget was voted on Monday.", "It holds $12 million for schools.", "Schools had asked for it."),
}
SPANISH = {
    "eleccion": ("La elección será en mayo.", "Nadie ha dicho cuándo se contarán los votos."),
    "canciones": ("Las canciones ganaron el premio.", "Una canción habla de las elecciones."),
}


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Publish and release all of them, once for all; give the folder."""
    with closing(open_warehouse(tmp_path_factory.mktemp("released"))) as warehouse:
        state = state_of(warehouse)
        told = [tell(slug, *said) for slug, said in ENGLISH.items()]
        told += [tell(slug, *said, language="es") for slug, said in SPANISH.items()]
        told.append(tell("mbongo", "Ponts na elections.", language=None))
        publish(
            state,
            warehouse,
            "first",
            *told,
            *(tell(f"other-{number}", f"Nothing of note, {number}.") for number in range(20)),
        )
        releases.release_file(state, warehouse, NOON)
    return warehouse.folder


@pytest.fixture
def news(released: Path) -> Path:
    return released / "news.duckdb"


@pytest.fixture
def warehouse(released: Path, tmp_path: Path) -> Iterator[Warehouse]:
    """Open a copy, which may be changed."""
    shutil.copytree(released, tmp_path / "warehouse", copy_function=shutil.copy2)
    opened = Warehouse(tmp_path / "warehouse")
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("bridges", ["Bridge", "Ferries"]),  # the headline counts, and a short text
        ("BRIDGE ferry", ["Ferries", "Bridge"]),
        ("crossing", ["Bridge", "Ferries"]),
        ("elecciones", ["Eleccion", "Canciones"]),
        ("canción", ["Canciones"]),
        ("cancion", ["Canciones"]),
        ("elections", ["Mbongo"]),  # of a language that is not known, words are taken as they are
        ("ponts", ["Mbongo"]),
        ("12", ["Other-12", "Budget"]),
        ("the", []),  # is in every text
        ("zeppelin", []),
        ("", []),
    ],
)
def test_articles_are_found_by_their_words(news: Path, query: str, titles: list[str]) -> None:
    found = ask(news, "select title from search_articles($query)", query=query)

    assert found == [(title,) for title in titles]


def test_a_language_and_a_number_of_hits_can_be_named(news: Path) -> None:
    assert ask(news, "select title from search_articles('elecciones', lang := 'en')") == []
    assert ask(news, "select count(*) from search_articles('nothing note', lang := 'en', hits := 7)") == [(7,)]


def test_paragraphs_are_found_with_their_place(news: Path) -> None:
    found = ask(news, "select text, position from search_paragraphs('asked schools')")

    assert found == [("Schools had asked for it.", 3), ("It holds $12 million for schools.", 2)]


def test_scores_are_those_of_bm25(news: Path) -> None:
    ((score,),) = ask(news, "select score from search_articles('mbongo')")

    # One article of its language, four words long, which is the average; the word is in its headline.
    assert score == pytest.approx(0.288, abs=0.001)  # ln(1 + 0.5 / 1.5) * 2.2 / 2.2


def a_new_article(state: State, warehouse: Warehouse) -> None:
    publish(state, warehouse, "later", tell("tunnel", "The tunnel will stand in for the bridge."))


def a_new_text(state: State, warehouse: Warehouse) -> None:
    publish(state, warehouse, "later", tell("bridge", "The council closed the viaduct.", content_hash="second"))


def a_page_that_went_away(state: State, warehouse: Warehouse) -> None:
    entries.keep_presence(state, gone=[tell("bridge").parsed.article.article_id], back=[])


@pytest.mark.parametrize("change", [a_new_article, a_new_text, a_page_that_went_away])
@pytest.mark.slow
def test_a_renewed_index_finds_what_one_made_anew_does(
    warehouse: Warehouse, tmp_path: Path, change: Callable[[State, Warehouse], None]
) -> None:
    state = state_of(warehouse)
    change(state, warehouse)
    releases.release_file(state, warehouse, LATER)
    renewed = warehouse.news_path.rename(tmp_path / "renewed.duckdb")
    warehouse.write_anew()
    releases.release_file(state, warehouse, LATER)
    as_anew = answers(warehouse.news_path)

    assert len(postings(renewed)) > len(postings(warehouse.news_path)) or change is a_new_article  # so it was renewed
    assert answers(renewed) == as_anew
    sort_now(renewed)
    assert answers(renewed) == as_anew


def test_postings_of_older_versions_go_when_all_are_sorted(warehouse: Warehouse) -> None:
    state = state_of(warehouse)
    before = postings(warehouse.news_path)
    a_new_text(state, warehouse)
    releases.release_file(state, warehouse, LATER)
    appended = postings(warehouse.news_path)
    sort_now(warehouse.news_path)
    kept = postings(warehouse.news_path)

    assert len(appended) > len(kept)
    assert (before, kept) == (sorted(before), sorted(kept))
    assert appended != sorted(appended)


def test_a_file_is_written_anew_without_an_index_when_none_is_wanted(warehouse: Warehouse) -> None:
    warehouse.extras = Extras(has_search=False)
    state = state_of(warehouse)
    a_new_article(state, warehouse)
    releases.release_file(state, warehouse, LATER)

    with duckdb.connect(str(warehouse.news_path), read_only=True) as connection:
        names = connection.execute("select function_name from duckdb_functions() where function_name like 'search%'")
        assert names.fetchall() == []


def test_without_the_extension_all_but_search_works(news: Path) -> None:
    with closing(
        duckdb.connect(str(news), read_only=True, config={"autoinstall_known_extensions": "false"})
    ) as connection:
        assert len(connection.execute("from latest_articles").fetchall()) == 26
        assert connection.execute("from figure_facts").fetchall() == []
        with pytest.raises(duckdb.Error, match="fts"):
            connection.execute("from search_articles('bridge')")


def tell(slug: str, *sentences: str, **changes: Any) -> Any:
    staged = {key: changes.pop(key) for key in ("content_hash",) if key in changes}
    story = a_parsed_article(slug, *((sentence, ()) for sentence in sentences), **changes)
    return a_staged_article(story, an_entry(slug), **({"content_hash": slug} | staged))


def publish(state: State, warehouse: Warehouse, run_id: str, *stories: Any) -> None:
    runs.begin_run(state, warehouse, run_id, [a_source()], NOON)
    at = NOON + timedelta(minutes=len(polls.last_polls(state)))
    entries.keep_poll(state, a_poll(at=at), run_id, found=[story.entry for story in stories], outcomes=[], events=[])
    batch = a_batch(run_id)
    batches.stage_batch(state, batch, stories, outcomes=[], events=[])
    batches.keep_validations(state, warehouse, batch, [], broken=[], refusing=[], changes=[], now=NOON)
    publication.publish_batches(state, warehouse, [batch], NOON, duplicate_rule=near_duplicate_rules)


def ask(path: Path, sql: str, **parameters: object) -> list[tuple[Any, ...]]:
    with closing(duckdb.connect(str(path), read_only=True)) as connection:
        load_stemmers(connection)
        return connection.execute(sql, parameters).fetchall()


def answers(path: Path) -> list[list[tuple[Any, ...]]]:
    """Ask this and that of articles and of paragraphs."""
    queries = ("bridges", "crossed river viaduct", "tunnel", "nothing", "elecciones")
    kinds = ("search_articles", "search_paragraphs")
    with closing(duckdb.connect(str(path), read_only=True)) as connection:
        load_stemmers(connection)
        return [
            connection.execute(f"from {kind}($query, hits := 100)", {"query": query}).fetchall()
            for query in queries
            for kind in kinds
        ]


def postings(path: Path) -> list[tuple[Any, ...]]:
    return ask(path, "select term, document, position from search.postings")


def sort_now(path: Path) -> None:
    """Renew an index in which nothing has changed, with no postings that may lie as they came."""
    with closing(duckdb.connect(str(path))) as connection:
        load_stemmers(connection)
        renew_index(connection, few=0)
