"""Pages are asked again as they age: a changed one is a new version, one that went away is flagged."""

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

import pytest

from ingest.core.errors import IngestError, PageGone, PageMissing, ServerFailed, Throttled
from ingest.core.fetch_state import Rechecks
from ingest.core.model import Conditions
from ingest.state import entries
from ingest.warehouse.warehouse import Warehouse, query
from tests.desk import FEED, SITE, Desk, listing
from tests.fakes import STORY, FakeWeb, a_feed, a_page
from tests.state import copy_warehouse
from tests.warehouses import open_warehouse

FLOOD = f"{SITE}/flood"


@pytest.fixture(scope="module")
def first_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, FakeWeb]:
    """Publish one article."""
    desk = Desk(open_warehouse(tmp_path_factory.mktemp("first-run")))
    desk.web.answers = {FEED: listing("flood"), FLOOD: a_page("Flood")}
    desk.run_stages()
    desk.state.close()
    desk.warehouse.close()
    return desk.warehouse.folder, desk.web


@pytest.fixture
def desk(first_run: tuple[Path, FakeWeb], tmp_path: Path) -> Iterator[Desk]:
    """Return a desk that has published one article, with a run under way an hour later."""
    folder, web = first_run
    desk = Desk(Warehouse(copy_warehouse(folder, tmp_path)), web=deepcopy(web), runs=1)
    begin(desk)
    yield desk
    desk.warehouse.close()


def begin(desk: Desk) -> None:
    desk.begin()
    desk.web.asked.clear()


def asked(desk: Desk) -> list[str]:
    return [url.rpartition("/")[2] for url, _ in desk.web.asked]


def flags(desk: Desk) -> list[tuple[str, int, list[str]]]:
    with desk.warehouse.connect() as connection:
        return connection.execute("select title, version, flags from published.articles order by title").fetchall()


def shown_to_analysts(desk: Desk) -> list[tuple[str, int, list[str]]]:
    desk.release()
    return query(desk.warehouse.news_path, "select title, version, flags from articles order by title")[1]


def test_a_page_that_changed_becomes_a_new_version(desk: Desk) -> None:
    desk.web.answers[FLOOD] = a_page("Flood recedes")
    desk.recheck(1)

    assert desk.ended() == {("published", "new_version"): 1}
    assert flags(desk) == [("Flood recedes", 2, [])]


def test_a_page_is_asked_for_with_what_it_told_when_it_was_read(tmp_path: Path) -> None:
    desk = Desk(open_warehouse(tmp_path))
    desk.web.answers = {FEED: listing("flood"), FLOOD: a_page("Flood")}
    desk.web.etags = {FLOOD: '"1"'}
    desk.run_stages()
    begin(desk)
    desk.recheck(1)
    desk.warehouse.close()

    assert desk.web.asked == [(FLOOD, Conditions(etag='"1"', url=FLOOD))]


def test_a_page_that_is_known_to_be_the_same_goes_no_further(desk: Desk) -> None:
    desk.recheck(1)
    by_bytes = desk.ended()
    desk.web.etags = {FLOOD: '"1"'}
    desk.web.answers[FLOOD] = a_page("Flood recedes")
    begin(desk)
    desk.recheck(2)
    begin(desk)
    desk.recheck(3)

    assert by_bytes == {("unchanged", "same_page"): 1}
    assert desk.ended() == {("unchanged", "not_modified"): 1}


def test_a_page_that_changed_around_its_article_is_not_validated_again(desk: Desk) -> None:
    desk.web.answers[FLOOD] = a_page("Flood") + b"<!-- served in 3 ms -->"
    desk.recheck(1)
    batches = desk.in_state("select run_id from batches")

    assert desk.ended() == {("unchanged", "same_content"): 1}
    assert batches == [("run-1",)]


def test_a_page_that_shows_less_leaves_what_is_published_and_is_flagged(desk: Desk) -> None:
    whole = desk.web.answers[FLOOD]
    assert isinstance(whole, bytes)
    desk.web.answers[FLOOD] = b"".join(whole.splitlines(keepends=True)[:2]) + b"</article></body></html>"
    desk.recheck(1)
    shorter, kept = desk.ended(), flags(desk)
    begin(desk)
    desk.web.answers[FLOOD] = whole
    desk.recheck(2)

    assert (shorter, kept) == ({("unchanged", "shortened"): 1}, [("Flood", 1, ["shortened"])])
    assert flags(desk) == [("Flood", 1, [])]


@pytest.mark.parametrize("lost", [PageMissing("404", about=FLOOD), PageGone("410", about=FLOOD)])
def test_an_article_whose_page_went_away_stays_and_is_flagged(desk: Desk, lost: PageMissing | PageGone) -> None:
    desk.web.answers[FLOOD] = lost
    desk.recheck(1)

    assert desk.ended() == {("unchanged", "page_gone"): 1}
    assert flags(desk) == [("Flood", 1, ["gone"])]


def test_a_page_that_leads_to_the_front_page_is_gone(desk: Desk) -> None:
    desk.web.leads_to = {FLOOD: f"{SITE}/"}
    desk.recheck(1)

    assert desk.ended() == {("unchanged", "page_gone"): 1}
    assert flags(desk) == [("Flood", 1, ["gone"])]


@pytest.mark.parametrize(
    ("page", "wanted"),
    [
        (a_page("Flood"), ("Flood", 1, [])),
        (a_page("Flood") + b"<!-- again -->", ("Flood", 1, [])),
        (a_page("Flood recedes"), ("Flood recedes", 2, [])),
    ],
)
def test_an_article_whose_page_is_back_loses_the_flag(
    desk: Desk, page: bytes, wanted: tuple[str, int, list[str]]
) -> None:
    desk.web.answers[FLOOD] = PageMissing("404", about=FLOOD)
    desk.recheck(1)
    gone = shown_to_analysts(desk)
    desk.web.answers[FLOOD] = page
    begin(desk)
    desk.recheck(2)

    assert gone == [("Flood", 1, ["gone"])]
    assert flags(desk) == shown_to_analysts(desk) == [wanted]


def test_an_article_listed_anew_whose_page_went_away_is_flagged(desk: Desk) -> None:
    desk.web.answers = {FEED: a_feed([("flood", f"{FLOOD}?new", None)])}

    assert desk.run_stages() == {("unchanged", "page_gone"): 1}
    assert flags(desk) == [("Flood", 1, ["gone"])]


def test_a_page_that_fails_for_now_is_tried_again_and_the_article_is_left(desk: Desk) -> None:
    desk.web.answers[FLOOD] = ServerFailed("500", about=FLOOD)
    desk.recheck(1)
    failed = desk.ended()
    desk.web.answers[FLOOD] = a_page("Flood")
    begin(desk)
    desk.fetch()

    assert failed == {("failed", "server_failed"): 1}
    assert desk.ended() == {("unchanged", "same_page"): 1}
    assert flags(desk) == [("Flood", 1, [])]


@pytest.mark.parametrize(
    ("lost", "again"), [(ServerFailed("500", about=FLOOD), 1), (PageMissing("404", about=FLOOD), 0)]
)
def test_a_page_that_failed_while_its_feed_carried_the_article_is_asked_again(
    tmp_path: Path, lost: IngestError, again: int
) -> None:
    desk = Desk(open_warehouse(tmp_path))
    desk.web.answers = {FEED: a_feed([("flood", FLOOD, STORY)]), FLOOD: lost}
    desk.run_stages()
    carried = flags(desk)
    desk.web.answers[FLOOD] = a_page("Flood recedes")
    begin(desk)
    desk.recheck(1)
    seen = flags(desk)
    desk.warehouse.close()

    assert carried == [("flood", 1, ["body_from_feed"])]
    assert seen == ([("Flood recedes", 2, [])] if again else carried)


def test_a_page_is_asked_once_at_each_age(desk: Desk) -> None:
    seen = []
    for _ in range(8):
        desk.recheck(1, 3, 6)
        seen.append(asked(desk))
        begin(desk)

    assert seen == [["flood"], [], ["flood"], [], [], ["flood"], [], []]


def test_ages_that_passed_unseen_are_made_up_for_once(desk: Desk) -> None:
    begin(desk)
    begin(desk)
    desk.recheck(0.5, 1, 2)
    first = asked(desk)
    begin(desk)
    desk.recheck(0.5, 1, 2)

    assert (first, asked(desk)) == (["flood"], [])


def test_without_ages_nothing_is_asked_again(desk: Desk) -> None:
    desk.recheck()

    assert (asked(desk), desk.ended()) == ([], {})


def test_some_pages_are_asked_again_in_a_run_and_the_newest_first(desk: Desk) -> None:
    desk.web.answers |= {FEED: listing("flood", "storm"), f"{SITE}/storm": a_page("Storm")}
    desk.poll()
    desk.fetch()
    desk.stage()
    begin(desk)
    desk.validate()
    desk.publish()
    desk.recheck(1, most=1)
    first = asked(desk)
    begin(desk)
    desk.recheck(1, most=1)

    assert (first, asked(desk)) == (["storm"], ["flood"])


def test_what_feeds_list_now_is_asked_again_at_wish_whatever_its_age(desk: Desk) -> None:
    desk.web.answers |= {
        FEED: listing("storm", "calm"),
        f"{SITE}/storm": a_page("Storm"),
        f"{SITE}/calm": a_page("Calm"),
    }
    desk.run_stages()
    desk.web.answers[FEED] = listing("storm", "wind")
    desk.web.answers[f"{SITE}/wind"] = a_page("Wind")
    desk.run_stages()
    begin(desk)
    desk.recheck(whole_listing=True)

    assert sorted(asked(desk)) == ["storm", "wind"]


def test_a_page_fetched_in_this_run_is_not_asked_again_in_it(desk: Desk) -> None:
    desk.web.answers |= {FEED: listing("storm"), f"{SITE}/storm": a_page("Storm")}
    desk.run_stages()
    desk.web.asked.clear()
    desk.recheck(0, whole_listing=True)

    assert asked(desk) == []


def test_an_article_that_several_addresses_bring_is_asked_for_once(desk: Desk) -> None:
    desk.web.answers |= {
        FEED: listing("flood", "again"),
        f"{SITE}/again": a_page("Flood", canonical=FLOOD),
    }
    desk.run_stages()
    begin(desk)
    desk.recheck(whole_listing=True)

    assert asked(desk) == ["flood"]


def test_a_source_in_trouble_is_left_alone(desk: Desk) -> None:
    desk.web.answers[FEED] = ServerFailed("500", about=FEED)
    desk.poll()
    desk.recheck(1)

    assert asked(desk) == ["feed"]


def test_a_host_that_asked_for_time_is_left_alone(desk: Desk) -> None:
    desk.web.answers |= {FEED: listing("storm"), f"{SITE}/storm": Throttled("429", about="storm")}
    desk.run_stages()
    desk.web.asked.clear()
    desk.recheck(1)

    assert asked(desk) == []


def test_what_a_killed_run_was_to_ask_again_is_asked_by_the_next(desk: Desk) -> None:
    entries.take_in_rechecks(desk.state, ["gazette"], desk.run_id, Rechecks(ages_seconds=(3600,)), desk.web.now)
    desk.web.answers[FLOOD] = a_page("Flood recedes")

    assert desk.run_stages() == {("published", "new_version"): 1}


def test_every_entry_still_ends_once_when_it_comes_in_again(desk: Desk) -> None:
    desk.web.answers |= {FEED: listing("flood", "storm"), f"{SITE}/storm": a_page("Storm")}
    desk.run_stages()
    listed = desk.ended()
    desk.recheck(1)

    assert listed == {("unchanged", "known"): 1, ("published", "new_article"): 1}
    assert desk.ended() == {("unchanged", "same_page"): 1, ("published", "new_article"): 1}


@pytest.mark.parametrize("title", ["Page not found", "404", "Error 404 - Página no encontrada"])
def test_a_page_that_says_with_status_200_that_it_is_missing_is_gone(desk: Desk, title: str) -> None:
    desk.web.answers[FLOOD] = f"<html><title>{title}</title><body><h1>{title}</h1><p>Try the front page.</p>".encode()
    desk.web.leads_to[FLOOD] = f"{SITE}/404.html"
    desk.recheck(1)
    gone = (desk.ended(), flags(desk))
    desk.web.answers[FLOOD] = a_page("Flood")
    desk.web.leads_to.clear()
    begin(desk)
    desk.recheck(2)

    assert gone == ({("unchanged", "page_gone"): 1}, [("Flood", 1, ["gone"])])
    assert flags(desk) == [("Flood", 1, [])]


def test_a_page_that_says_with_status_200_that_it_is_broken_is_not_gone(desk: Desk) -> None:
    desk.web.answers[FLOOD] = b"<html><title>Service unavailable</title><body><h1>503</h1><p>Come back later.</p>"
    desk.recheck(1)

    assert desk.ended() == {("failed", "error_page"): 1}
    assert flags(desk) == [("Flood", 1, [])]
