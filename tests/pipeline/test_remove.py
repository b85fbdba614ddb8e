"""What keeps a removed article from coming in again, wherever it comes from, and what a removal leaves nothing of."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from ingest.core.errors import Misconfigured
from ingest.core.model import Capture
from ingest.core.removals import RemovedArticle
from ingest.pipeline.remove import remove, remove_again
from ingest.warehouse import batches, near_duplicate_rules, publication, removal, staged
from ingest.warehouse.warehouse import Warehouse
from tests.desk import FEED, SITE, Desk, listing, two_articles_and_a_quarantined_one
from tests.fakes import a_page
from tests.makers import NOON, a_batch, a_parsed_article, a_staged_article, an_entry
from tests.state import state_of
from tests.warehouses import open_warehouse

WHY = "A court ordered it."
LAKE = pytest.param("lake", marks=[pytest.mark.integration])


class Erased:
    """The files of a warehouse, which remember what was erased."""

    def __init__(self) -> None:
        self.urls: list[str] = []

    def remove_check_pages(self, source_ids: Collection[str]) -> None:
        assert set(source_ids) == {"gazette"}

    def erase(self, captures: Sequence[Capture]) -> None:
        self.urls += [one.url for one in captures]


class Killed(Erased):
    """Files of a process that is killed while it erases them."""

    def erase(self, captures: Sequence[Capture]) -> None:
        raise KeyboardInterrupt(len(captures))


@pytest.fixture(params=["file", LAKE])
def desk(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Desk]:
    """Two published articles, of which `flood` is to be removed, and one whose title was refused."""
    lake = request.getfixturevalue("pg").lake() if request.param == "lake" else None
    warehouse = Warehouse(tmp_path, lake=lake) if lake else open_warehouse(tmp_path)
    with closing(warehouse), closing(state_of(warehouse)):
        desk = Desk(warehouse)
        desk.web.answers = two_articles_and_a_quarantined_one()
        desk.run_stages()
        yield desk


def removed(desk: Desk, asked: str, files: Erased | None = None) -> RemovedArticle:
    return remove(
        asked,
        WHY,
        state=desk.state,
        warehouse=desk.warehouse,
        files=files or Erased(),
        recall=desk.web.recall,
        now=desk.web.now,
    )


def count(desk: Desk, sql: str) -> int:
    return int(
        desk.state.read("one_row", parts={"table": f"(select count(*) as found from {sql}) as counted"})[0]["found"]
    )


def test_an_article_goes_with_its_page_and_the_feed_that_lists_it(desk: Desk) -> None:
    files = Erased()
    told = removed(desk, f"{SITE}/flood", files)

    assert (told.pages, told.listings, told.kept) == (1, 1, 0)
    assert sorted(files.urls) == sorted([FEED, f"{SITE}/flood"])
    assert desk.articles() == [("Storm", 1)]


def test_a_row_in_quarantine_goes_with_its_article(desk: Desk) -> None:
    assert count(desk, "quarantine where copied >= 0") == 1
    removed(desk, f"{SITE}/frost")

    assert count(desk, "quarantine where copied >= 0") == 0
    assert desk.articles() == [("Flood", 1), ("Storm", 1)]


def test_a_feed_that_lists_it_otherwise_brings_neither_its_page_nor_a_word_of_it(desk: Desk) -> None:
    removed(desk, f"{SITE}/flood")
    asked = len(desk.web.asked)
    changed = listing("flood").replace(b"<title>flood</title>", b"<title>Flood, told anew</title>")
    desk.web.answers[FEED] = changed

    assert desk.run_stages() == {("unchanged", "removed"): 1}
    assert [url for url, _ in desk.web.asked[asked:]] == [FEED]
    assert count(desk, "entries where title = 'Flood, told anew'") == 0
    assert desk.run_stages() == {}  # it is known now as it is listed


def test_an_entry_with_another_id_is_known_by_its_address(desk: Desk) -> None:
    removed(desk, f"{SITE}/flood")
    desk.web.answers[FEED] = listing("flood").replace(b">flood</guid>", b">another</guid>")

    assert desk.run_stages() == {("unchanged", "removed"): 1}
    assert count(desk, "entries where title = 'flood'") == 0


def test_a_page_that_turns_out_to_be_of_it_is_not_staged_and_is_erased_again(desk: Desk) -> None:
    removed(desk, f"{SITE}/flood")
    desk.web.answers |= {FEED: listing("short"), f"{SITE}/short": a_page("Flood", canonical=f"{SITE}/flood")}

    assert desk.run_stages() == {("unchanged", "removed"): 1}
    assert desk.articles() == [("Storm", 1)]
    files = Erased()
    remove_again(state=desk.state, warehouse=desk.warehouse, files=files, recall=desk.web.recall, now=desk.web.now)
    assert f"{SITE}/short" in files.urls
    assert count(desk, "entries where title = 'short'") == 0


def test_what_was_staged_before_is_not_published_after(desk: Desk) -> None:
    story = a_parsed_article("flood", ("The river rose again.", ()))
    desk.begin()
    batch = a_batch(desk.run_id)
    batches.stage_batch(desk.state, batch, [a_staged_article(story, an_entry("flood"))], outcomes=[], events=[])
    staged.load_staged(desk.state, desk.warehouse, [batch])  # another worker has it in memory
    batches.keep_validations(desk.state, desk.warehouse, batch, [], broken=[], refusing=[], changes=[], now=NOON)
    removed(desk, story.article.article_id)
    publication.publish_batches(desk.state, desk.warehouse, [batch], NOON, duplicate_rule=near_duplicate_rules)

    assert [title for title, _ in desk.articles() if title == story.article.title] == []
    parts = desk.state.read("parts_with_articles")
    assert [part["article_ids"] for part in parts if story.article.article_id in part["article_ids"]] == []


def test_what_a_killed_process_left_is_removed_with_the_next_run(desk: Desk) -> None:
    with pytest.raises(KeyboardInterrupt):
        removed(desk, f"{SITE}/flood", Killed())
    files = Erased()
    remove_again(state=desk.state, warehouse=desk.warehouse, files=files, recall=desk.web.recall, now=desk.web.now)

    assert sorted(files.urls) == sorted([FEED, f"{SITE}/flood"])
    assert desk.articles() == [("Storm", 1)]
    # Nothing is left to do.
    remove_again(state=desk.state, warehouse=desk.warehouse, files=Killed(), recall=desk.web.recall, now=desk.web.now)


def test_an_address_of_two_articles_is_ambiguous(desk: Desk) -> None:
    with desk.state.write() as transaction:
        [flood] = removal.articles_named(desk.state, "", [f"{SITE}/flood"])
        row = {"url": f"{SITE}/storm", "article_id": flood.article_id, "kind": "listed"}
        transaction.insert("article_urls", [row])

    with pytest.raises(Misconfigured, match="2 articles were found at"):
        removed(desk, f"{SITE}/storm")
