"""Near-duplicates are linked to the earliest, in whatever order, batch or number they come."""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from benchmarks import generated
from benchmarks.resemblance import CHANGES
from ingest.core.ids import content_hash
from ingest.core.model import Batch
from ingest.core.parsed_articles import StagedArticle
from ingest.core.removals import NamedArticle
from ingest.state import State
from ingest.state.sqlite import STATE_FILE
from ingest.warehouse import near_duplicate_rules, publication, removal
from ingest.warehouse.batches import batches_in, keep_validations, stage_batch
from ingest.warehouse.near_duplicate_model import ArticleText, DuplicateRule, Fingerprint, Sketch
from ingest.warehouse.near_duplicates import MOST_HOLDERS
from ingest.warehouse.warehouse import Warehouse
from tests.makers import NOON, a_batch, a_parsed_article, a_staged_article, an_entry
from tests.state import select, state_of
from tests.warehouse.test_settling import DiesBeforeTheStateKnows
from tests.warehouses import open_warehouse

HARBOUR = (
    (
        "The harbour board voted on Tuesday to close the old timber quay before winter, after divers found that the "
        "oak piles under its northern half had rotted through."
    ),
    (
        "Ferries to the islands will leave from the coal pier instead, the board said, and the fish market moves to "
        "the customs shed until a new deck has been laid."
    ),
    (
        "Skippers complained that the pier has no shelter and no lights, and that the board had known about the piles "
        "since a storm loosened two of them in spring."
    ),
    (
        "The repair is to cost 4,100,000 dollars and take 14 months, which the town will pay out of the sale of the "
        "old rope works."
    ),
)
LONGER = "An engineer who looked at the piles for the board called the decision overdue and asked for a second survey."
ELSEWHERE = (
    (
        "A choir of bakers from nine villages sang in the cathedral on Sunday, in a concert that its conductor had "
        "been planning since the flood emptied the rehearsal hall and carried off the piano."
    ),
    (
        "The choir has no scores left, so its members learned two hours of music by ear in the back rooms of their own "
        "bakeries, mostly between midnight and the first delivery of the day."
    ),
)

# What forty thousand articles leave behind.
MANY = (
    """
    insert into published.figures by name
    select
      md5('figure' || i) as figure_id, md5((i // 8)::varchar) as article_id, 1 as version, 1 as paragraph,
      0 as span_start, 3 as span_end, '45%' as text, 45 as value, 'percent' as kind, 'exact' as qualifier,
      '45%' as sentence, [] as flags, [] as rules
    from range(320_000) as t(i)
    """,
    """
    insert into published.paragraphs by name
    select md5((i // 10)::varchar) as article_id, i % 10 as position, 'paragraph' as kind, '45%' as text
    from range(400_000) as t(i)
    """,
)


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Warehouse]:
    opened = open_warehouse(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def state(warehouse: Warehouse) -> State:
    return state_of(warehouse)


def test_a_copy_under_another_headline_is_linked_and_kept(state: State, warehouse: Warehouse) -> None:
    publish(state, warehouse, told("gazette", *HARBOUR, minute=1))
    publish(state, warehouse, told("herald", *HARBOUR[:3], minute=2, title="Ferries leave from the coal pier"))
    publish(state, warehouse, told("courier", *ELSEWHERE, minute=3))

    assert originals(warehouse) == {"gazette": None, "herald": "gazette", "courier": None}


def test_copies_in_one_batch_are_linked(state: State, warehouse: Warehouse) -> None:
    publish(state, warehouse, told("herald", *HARBOUR, minute=2), told("gazette", *HARBOUR, LONGER, minute=1))

    assert originals(warehouse) == {"gazette": None, "herald": "gazette"}


@pytest.mark.parametrize("order", list(permutations(range(4)))[::4])
def test_the_order_of_publishing_makes_no_difference(
    state: State, warehouse: Warehouse, order: tuple[int, ...]
) -> None:
    """The third no longer resembles the first, but copies the second, which does."""
    stories = [
        told("gazette", *HARBOUR, minute=1),
        told("herald", *HARBOUR[:3], ELSEWHERE[0], minute=2),
        told("courier", *HARBOUR[1:3], *ELSEWHERE, minute=3),
        told("echo", *HARBOUR, minute=4),
    ]
    for index in order:
        publish(state, warehouse, stories[index])

    assert originals(warehouse) == {"gazette": None, "herald": "gazette", "courier": "gazette", "echo": "gazette"}


def test_a_new_version_is_compared_anew_and_so_are_its_copies(state: State, warehouse: Warehouse) -> None:
    publish(state, warehouse, told("gazette", *HARBOUR, minute=1))
    publish(state, warehouse, told("herald", *HARBOUR, LONGER, minute=2))
    publish(state, warehouse, told("courier", *HARBOUR[:3], minute=3))
    publish(state, warehouse, told("gazette", *ELSEWHERE, minute=4))

    assert originals(warehouse) == {"gazette": None, "herald": None, "courier": "herald"}

    publish(state, warehouse, told("gazette", *HARBOUR, minute=5))

    assert originals(warehouse) == {"gazette": None, "herald": "gazette", "courier": "gazette"}


def test_copies_of_an_article_that_is_removed_are_linked_to_the_earliest_other(
    state: State, warehouse: Warehouse
) -> None:
    first, *copies = (
        told("gazette", *HARBOUR, minute=1),
        told("herald", *HARBOUR, LONGER, minute=2),
        told("courier", *HARBOUR[:3], minute=3),
        told("echo", *HARBOUR, minute=4),
    )
    publish(state, warehouse, first, *copies)
    remove(state, warehouse, first)

    assert originals(warehouse) == {"herald": None, "courier": "herald", "echo": "herald"}
    publish(state, warehouse, told("late", *HARBOUR, minute=5))
    assert originals(warehouse)["late"] == "herald"


def test_an_article_published_again_unchanged_moves_no_link(state: State, warehouse: Warehouse) -> None:
    publish(state, warehouse, told("gazette", *HARBOUR, minute=1))
    publish(state, warehouse, told("herald", *HARBOUR, minute=2))
    publish(state, warehouse, told("gazette", *HARBOUR, minute=3))
    publish(state, warehouse, told("herald", *HARBOUR, minute=4))

    assert originals(warehouse) == {"gazette": None, "herald": "gazette"}


def test_what_an_article_said_before_finds_nothing(state: State, warehouse: Warehouse) -> None:
    publish(state, warehouse, told("gazette", *HARBOUR, minute=1))
    sketches = "select sketch_1, sketch_8 from articles"
    before = select(warehouse.folder, sketches)
    publish(state, warehouse, told("gazette", *ELSEWHERE, minute=2))
    counting = Counting()
    publish(state, warehouse, told("herald", *HARBOUR, minute=3), duplicate_rule=counting)

    assert not set(before) & set(select(warehouse.folder, sketches)[:1])
    assert counting.compared == 0


def test_batches_of_one_publication_see_each_other(state: State, warehouse: Warehouse) -> None:
    """The third brings an article of the first again, and is published after it in the same transaction."""
    shared = told("gazette", *ELSEWHERE, minute=1)
    batches = [
        validated(state, warehouse, "first", told("herald", *HARBOUR, minute=2), shared),
        validated(state, warehouse, "other", told("courier", *ELSEWHERE[:1], HARBOUR[0], minute=3)),
        validated(state, warehouse, "third", told("echo", *HARBOUR[:3], minute=4), told("gazette", *HARBOUR, minute=5)),
    ]
    publication.publish_batches(state, warehouse, batches, NOON, duplicate_rule=near_duplicate_rules)

    assert originals(warehouse) == {"gazette": None, "herald": "gazette", "courier": None, "echo": "gazette"}


def test_what_was_published_and_not_settled_is_found(state: State, warehouse: Warehouse) -> None:
    dying = DiesBeforeTheStateKnows(warehouse.folder / STATE_FILE)
    with closing(State(dying)) as cut_off, pytest.raises(KeyboardInterrupt):
        publish(cut_off, warehouse, told("gazette", *HARBOUR, minute=1))
    unknown = select(warehouse.folder, "select count(*) from articles")
    batch = validated(state, warehouse, "next", told("herald", *HARBOUR, minute=2))
    publication.publish_batches(state, warehouse, [batch], NOON, duplicate_rule=near_duplicate_rules)

    assert unknown == [(0,)]
    assert originals(warehouse) == {"gazette": None, "herald": "gazette"}
    assert select(warehouse.folder, "select count(sketch_8), count(distinct sketch_8) from articles") == [(2, 1)]


def test_a_short_text_is_a_copy_only_when_it_is_the_same(state: State, warehouse: Warehouse) -> None:
    publish(state, warehouse, told("gazette", HARBOUR[3], minute=1, title="Repair"))
    publish(state, warehouse, told("herald", HARBOUR[3], minute=2, title="Repair"))
    publish(state, warehouse, told("courier", HARBOUR[3], minute=3, title="The repair"))

    assert originals(warehouse) == {"gazette": None, "herald": "gazette", "courier": None}


def test_what_very_many_share_is_not_kept_for_each(state: State, warehouse: Warehouse) -> None:
    many = [told(f"paper{number}", *HARBOUR, minute=number) for number in range(MOST_HOLDERS + 5)]
    publish(state, warehouse, *many)

    most = "select max(n) from (select count(*) as n from articles where sketch_1 is not null group by sketch_1)"
    assert select(warehouse.folder, most) == [(MOST_HOLDERS,)]
    assert set(originals(warehouse).values()) == {None, "paper0"}


def test_changed_copies_are_linked_and_pages_of_one_template_are_not(state: State, warehouse: Warehouse) -> None:
    first, copies = {}, {}
    for number, (name, change) in enumerate((CHANGES | {"some words replaced": some_replaced}).items()):
        text = generated.told(number)[1:] + generated.told(number + 100)[1:]
        title = text[0][:60]
        first[f"first with {name}"] = (title, text)
        copies[name] = change(title, text, generated.told(number + 200)[1])
    for number in range(20):
        page = HARBOUR[3].replace("4,100,000", f"{number + 5},100,000")
        (first, copies)[number % 2][f"page {number}"] = ("What the repair costs", [*HARBOUR[:3], page])
    for minute, stories in enumerate((first, copies)):
        publish(
            state,
            warehouse,
            *(told(name, *text, minute=minute, title=title) for name, (title, text) in stories.items()),
        )

    linked = {copy: original for copy, original in originals(warehouse).items() if original}
    assert linked == {name: f"first with {name}" for name in copies if not name.startswith("page")}


@pytest.mark.parametrize("parts", [["ABC"], ["A", "B", "C"], ["C", "B", "A"], ["B", "C", "A"], ["C", "AB"]])
def test_a_text_that_holds_two_articles_copies_the_earlier(
    state: State, warehouse: Warehouse, parts: list[str]
) -> None:
    one, other = generated.told(1)[1:], generated.told(2)[1:]
    stories = {
        "A": told("gazette", *one, minute=1, title=one[0]),
        "B": told("herald", *other, minute=2, title=other[0]),
        "C": told("courier", *one, *other, minute=3, title=one[0]),
    }
    for part in parts:
        publish(state, warehouse, *(stories[name] for name in part))

    assert originals(warehouse) == {"gazette": None, "herald": None, "courier": "gazette"}


def test_each_text_is_taken_apart_once_whatever_it_is_compared_with(state: State, warehouse: Warehouse) -> None:
    """All of them end in one sentence, so that each is compared with each; all but three are articles of their own."""
    stories = [told(f"paper{number}", *generated.told(number)[1:], LONGER, minute=number) for number in range(30)]
    stories += [told(f"copy{number}", *generated.told(number)[1:], minute=40 + number) for number in range(3)]
    publish(state, warehouse, *stories[::2])
    counting = Counting()
    publish(state, warehouse, *stories[1::2], duplicate_rule=counting)

    assert counting.compared > 200
    assert set(counting.taken_apart.values()) == {1}
    linked = {copy: original for copy, original in originals(warehouse).items() if original}
    assert linked == {f"copy{number}": f"paper{number}" for number in range(3)}


def test_texts_that_share_nothing_are_not_taken_apart(state: State, warehouse: Warehouse) -> None:
    counting = Counting()
    harbour, choir = told("harbour", *HARBOUR, minute=0), told("choir", *ELSEWHERE, minute=1)
    publish(state, warehouse, harbour, choir, told("copy", *HARBOUR, LONGER, minute=2), duplicate_rule=counting)

    assert counting.compared == 1
    assert choir.parsed.article.article_id not in counting.taken_apart
    assert len(counting.taken_apart) == 2


class Counting:
    """The rule, and how often it is applied."""

    def __init__(self) -> None:
        self.taken_apart: Counter[str] = Counter()
        self.compared = 0

    def sketch(self, story: ArticleText) -> Sketch:
        return near_duplicate_rules.sketch(story)

    def fingerprint(self, story: ArticleText) -> Fingerprint:
        self.taken_apart[story.article_id] += 1
        return near_duplicate_rules.fingerprint(story)

    def are_near_duplicates(self, one: Fingerprint, other: Fingerprint) -> bool:
        self.compared += 1
        return near_duplicate_rules.are_near_duplicates(one, other)


@pytest.mark.slow
def test_a_batch_holds_no_more_memory_beside_many_articles(state: State, warehouse: Warehouse) -> None:
    """What a transaction has touched of an index stays in memory until DuckDB puts it in its place."""
    with warehouse.alone() as connection:
        connection.execute("set wal_autocheckpoint = '1GB'")
        publish(state, warehouse, *printed(100, by="paper"))
        beside_few = index_bytes(warehouse)
        for filling in MANY:
            connection.execute(filling)
        connection.execute("checkpoint")
        publish(state, warehouse, *printed(100, by="gazette"))

    assert index_bytes(warehouse) < 2 * beside_few


def printed(articles: int, *, by: str) -> list[StagedArticle]:
    return [told(f"{by}{number}", *HARBOUR, minute=number) for number in range(articles)]


def index_bytes(warehouse: Warehouse) -> int:
    sql = "select memory_usage_bytes from duckdb_memory() where tag = 'ART_INDEX'"
    with warehouse.connect() as connection:
        return int(connection.execute(sql).fetchall()[0][0])


def told(
    paper: str, *paragraphs: str, minute: int, title: str = "Old timber quay closes before winter"
) -> StagedArticle:
    story = a_parsed_article(f"{paper}-story", *((text, ()) for text in paragraphs), source_id=paper, title=title)
    return a_staged_article(
        story,
        an_entry(f"{paper}-story", paper),
        content_hash=content_hash(title, paragraphs),
        fetched_at=NOON + timedelta(minutes=minute),
    )


def some_replaced(title: str, paragraphs: list[str], _: str) -> tuple[str, list[str]]:
    return title, [" ".join([*words[:7], "another", *words[8:]]) for words in map(str.split, paragraphs)]


def publish(
    state: State, warehouse: Warehouse, *stories: StagedArticle, duplicate_rule: DuplicateRule = near_duplicate_rules
) -> None:
    batch = validated(state, warehouse, f"run {len(batches_in(state, 'published'))}", *stories)
    publication.publish_batches(state, warehouse, [batch], NOON, duplicate_rule=duplicate_rule)


def validated(state: State, warehouse: Warehouse, run_id: str, *stories: StagedArticle) -> Batch:
    batch = a_batch(run_id, stories[0].entry.source_id)
    stage_batch(state, batch, stories, outcomes=[], events=[])
    keep_validations(state, warehouse, batch, [], broken=[], refusing=[], changes=[], now=NOON)
    return batch


def remove(state: State, warehouse: Warehouse, story: StagedArticle) -> None:
    article = story.parsed.article
    named = NamedArticle(article_id=article.article_id, source_id=article.source_id, url=article.url, why="Why not.")
    removal.record_removal(state, named, "Why not.", NOON)
    removal.take_down(state, warehouse, named, NOON, duplicate_rule=near_duplicate_rules)


def originals(warehouse: Warehouse) -> dict[str, Any]:
    sql = """
        select copy.source_id, original.source_id
        from published.articles as copy
        left join published.articles as original on original.article_id = copy.duplicate_of
    """
    with warehouse.connect() as connection:
        return dict(connection.execute(sql).fetchall())
