"""Each step reads, thinks, keeps and tells; taken twice it ends where it ended once, and every entry ends once."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.articles.parse_task import ParseFailure, ParseTask
from ingest.core.errors import (
    IngestError,
    PageForbidden,
    PageMissing,
    RobotsRefused,
    ServerFailed,
    TimedOut,
    Unreachable,
    WarehouseUnusable,
)
from ingest.core.ids import entry_key
from ingest.core.model import Batch
from ingest.core.parsed_articles import ParsedArticle
from ingest.pipeline import feed_polls, steps
from ingest.report.rejected_batches import broken_rules, held_articles, rejected_batches
from ingest.state import alerts, polls
from ingest.warehouse.batches import batches_in
from ingest.warehouse.staged import unpacked
from ingest.warehouse.warehouse import query
from tests.desk import FEED, SITE, SOURCE, Desk, listing, parse_all
from tests.fakes import STORY, FakeValidator, a_feed, a_page
from tests.makers import NOON, a_capture, a_source, a_turn
from tests.state import change, state_of
from tests.warehouses import open_warehouse


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(open_warehouse(tmp_path))
    yield desk
    desk.warehouse.close()


def test_an_article_is_found_once(desk: Desk) -> None:
    desk.web.answers = {FEED: listing("flood"), f"{SITE}/flood": a_page("Flood")}

    assert desk.run_stages() == {("published", "new_article"): 1}
    assert desk.run_stages() == {}
    assert desk.articles() == [("Flood", 1)]


def test_an_archive_that_takes_nothing_more_costs_no_article(desk: Desk) -> None:
    full = WarehouseUnusable("no space left", about="archive")
    pages = {f"{SITE}/{name}": a_page(name) for name in ("flood", "storm", "frost")}
    desk.web.answers = {FEED: listing("flood", "storm", "frost"), **pages, f"{SITE}/storm": full}
    desk.begin()
    desk.poll()
    with pytest.raises(WarehouseUnusable):
        desk.fetch()
    ended = desk.ended()
    desk.web.answers |= pages
    desk.run_stages()

    assert ended[("failed", "warehouse_unusable")] >= 1
    assert [title for title, _ in desk.articles()] == ["flood", "frost", "storm"]


def test_a_feed_is_not_to_blame_for_an_archive_that_takes_nothing(desk: Desk) -> None:
    desk.web.answers = {FEED: WarehouseUnusable("no space left", about="archive")}
    desk.begin()
    with pytest.raises(WarehouseUnusable):
        desk.poll()

    assert polls.last_polls(desk.state) == {}


def test_a_feed_is_asked_with_what_it_told_last_time(desk: Desk) -> None:
    desk.web.answers = {FEED: listing()}
    desk.web.etags = {FEED: '"1"'}
    desk.run_stages()
    desk.begin()

    assert desk.poll() == "unchanged"
    assert [conditions and conditions.etag for _, conditions in desk.web.asked] == [None, '"1"']


def test_the_same_bytes_without_headers_are_not_read_again(desk: Desk) -> None:
    desk.web.answers = {FEED: listing("flood"), f"{SITE}/flood": a_page("Flood")}
    desk.run_stages()
    desk.begin()

    assert desk.poll() == "unchanged"


def test_a_feed_that_fails_is_a_visit_all_the_same(desk: Desk) -> None:
    desk.web.answers = {FEED: ServerFailed("500", about=FEED)}
    desk.begin()
    outcome = desk.poll()
    kept = polls.last_polls(desk.state)["gazette"]

    assert (outcome, kept.reason, kept.failures_in_a_row) == ("failed", "server_failed", 1)


def test_a_feed_is_looked_for_where_its_owner_says(desk: Desk) -> None:
    source = a_source(feed_candidates=(f"{SITE}/rss.xml", f"{SITE}/atom.xml"))
    desk.web.answers = {FEED: b"<html><body>Not here</body></html>", f"{SITE}/atom.xml": listing("flood")}
    page, feed = feed_polls.visit_feed(source, None, web=desk.web)

    assert page.final_url == f"{SITE}/atom.xml"
    assert feed is not None
    assert [url for url, _ in desk.web.asked] == [FEED, f"{SITE}/rss.xml", f"{SITE}/atom.xml"]


def test_a_feed_that_is_down_is_not_looked_for_elsewhere(desk: Desk) -> None:
    source = a_source(feed_candidates=(f"{SITE}/rss.xml",))
    desk.web.answers = {FEED: TimedOut("slow", about=FEED), f"{SITE}/rss.xml": listing("flood")}

    with pytest.raises(TimedOut):
        feed_polls.visit_feed(source, None, web=desk.web)


def test_one_bad_page_stops_no_other(desk: Desk) -> None:
    desk.web.answers = {
        FEED: listing("flood", "gone", "walled", "shy", "storm"),
        f"{SITE}/flood": a_page("Flood"),
        f"{SITE}/walled": PageForbidden("403", about="walled"),
        f"{SITE}/shy": RobotsRefused("robots", about="shy"),
        f"{SITE}/storm": a_page("Storm"),
    }

    assert desk.run_stages() == {
        ("published", "new_article"): 2,
        ("failed", "missing"): 1,
        ("failed", "forbidden"): 1,
        ("failed", "robots"): 1,
    }


def test_a_host_that_is_not_reached_is_not_asked_for_page_after_page(desk: Desk) -> None:
    dead = [f"https://dead.example/{number}" for number in range(30)]
    listed: list[tuple[str, str | None, str | None]] = [(url, url, None) for url in dead]
    desk.web.answers = {url: Unreachable("no connection", about=url) for url in dead}
    desk.web.answers |= {FEED: a_feed([*listed, ("flood", f"{SITE}/flood", None)]), f"{SITE}/flood": a_page("Flood")}
    first = desk.run_stages()
    asked = [url for url, _ in desk.web.asked if url in dead]
    desk.web.answers |= {url: a_page(f"Story {url}") for url in dead}

    assert first == {("failed", "unreachable"): 30, ("published", "new_article"): 1}
    assert len(asked) == 3
    assert desk.run_stages() == {("published", "new_article"): 30}


def test_a_host_that_answers_now_and_then_is_asked_for_all(desk: Desk) -> None:
    in_turn = sorted((str(number) for number in range(9)), key=lambda slug: entry_key("gazette", slug))
    desk.web.answers = {f"{SITE}/{slug}": Unreachable("no connection", about=slug) for slug in in_turn}
    desk.web.answers |= {f"{SITE}/{slug}": PageForbidden("403", about=slug) for slug in in_turn[2::3]}
    desk.web.answers[FEED] = listing(*in_turn)

    assert desk.run_stages() == {("failed", "unreachable"): 6, ("failed", "forbidden"): 3}
    assert len(desk.web.asked) == 10


def test_what_is_left_when_a_turn_is_over_waits_for_the_next(desk: Desk) -> None:
    pages = {f"{SITE}/{slug}": a_page(slug) for slug in ("flood", "storm", "vote")}
    desk.web.answers = {FEED: listing("flood", "storm", "vote"), **pages}
    desk.begin()
    desk.poll()
    turn = a_turn(desk.web.now, length=timedelta(seconds=15))

    assert [desk.fetch(turn, seconds_between_looks=6) for _ in range(3)] == [2, 1, 0]


def test_the_newest_of_two_thousand_entries_are_fetched_first_and_all_others_wait(desk: Desk) -> None:
    slugs = [f"story-{number}" for number in range(2_000)]
    desk.web.answers = {FEED: dated_listing(slugs), **{f"{SITE}/{slug}": a_page(slug) for slug in slugs[-25:]}}
    desk.begin()
    desk.poll()
    desk.fetch(a_turn(desk.web.now, most=25))

    assert [url for url, _ in desk.web.asked] == [FEED, *(f"{SITE}/{slug}" for slug in reversed(slugs[-25:]))]
    assert desk.ended() == {("None", "None"): 25, ("None", "waiting"): 1_975}


def test_every_entry_of_a_large_feed_is_fetched_once_over_several_runs(desk: Desk) -> None:
    slugs = [f"story-{number}" for number in range(10)]
    desk.web.answers = {FEED: dated_listing(slugs), **{f"{SITE}/{slug}": a_page(slug) for slug in slugs}}
    waiting = []
    for _ in range(4):
        desk.begin()
        desk.poll()
        desk.fetch(a_turn(desk.web.now, most=3))
        desk.stage()
        desk.validate()
        desk.publish()
        waiting.append(desk.ended().get(("None", "waiting"), 0))
    asked = [url for url, _ in desk.web.asked if url != FEED]

    assert waiting == [7, 4, 1, 0]
    assert asked == [f"{SITE}/{slug}" for slug in reversed(slugs)]
    assert len(desk.articles()) == 10


def test_a_feed_that_carries_its_articles_has_no_more_than_its_share_either(desk: Desk) -> None:
    told = [(f"story-{number}", f"{SITE}/story-{number}", STORY) for number in range(9)]
    desk.web.answers = {FEED: a_feed(told)} | {url: Unreachable("no connection", about=url) for _, url, _ in told}
    desk.begin()
    desk.poll()
    desk.fetch(a_turn(desk.web.now, most=5))

    assert desk.ended() == {("None", "None"): 5, ("None", "waiting"): 4}
    assert len(desk.web.asked) == 1 + 3


def test_a_host_that_is_left_alone_is_asked_for_nothing_more_though_the_share_is_used_up(desk: Desk) -> None:
    slugs = [f"story-{number}" for number in range(9)]
    desk.web.answers = {FEED: listing(*slugs)}
    desk.web.answers |= {f"{SITE}/{slug}": Unreachable("no connection", about=slug) for slug in slugs}
    desk.begin()
    desk.poll()
    desk.fetch(a_turn(desk.web.now, most=3))

    assert desk.ended() == {("failed", "unreachable"): 9}
    assert len(desk.web.asked) == 1 + 3


def test_a_run_that_is_to_stop_visits_no_other_page_and_loses_none_that_it_has(desk: Desk) -> None:
    slugs = ("flood", "frost", "storm", "vote")
    desk.web.answers = {FEED: listing(*slugs), **{f"{SITE}/{slug}": a_page(slug) for slug in slugs}}
    desk.begin()
    desk.poll()
    desk.fetch(a_turn(desk.web.now), is_stopping=lambda: len(desk.web.asked) > 2)

    assert desk.ended() == {("None", "None"): 2, ("None", "waiting"): 2}


def dated_listing(slugs: Sequence[str]) -> bytes:
    """List entries in no order of their dates, the last slug the newest."""
    items = [
        f"<item><guid isPermaLink='false'>{slug}</guid><title>{slug}</title><link>{SITE}/{slug}</link>"
        f"<pubDate>{format_datetime(NOON - timedelta(minutes=len(slugs) - number))}</pubDate></item>"
        for number, slug in enumerate(slugs)
    ]
    in_no_order = items[1::2] + items[::2]
    return f"<rss version='2.0'><channel><title>Gazette</title>{''.join(in_no_order)}</channel></rss>".encode()


def test_a_page_that_was_put_off_is_not_asked_again_in_the_same_run(desk: Desk) -> None:
    desk.web.answers = {FEED: listing("flood"), f"{SITE}/flood": TimedOut("slow", about="flood")}
    desk.begin()
    desk.poll()
    turn = a_turn(desk.web.now, length=timedelta(hours=1))
    desk.fetch(turn)
    desk.web.now += timedelta(hours=1)
    desk.fetch(turn)

    assert [url for url, _ in desk.web.asked] == [FEED, f"{SITE}/flood"]


def test_a_host_that_keeps_us_too_long_is_left_alone_though_it_answers_now_and_then(desk: Desk) -> None:
    in_turn = sorted((str(number) for number in range(9)), key=lambda slug: entry_key("gazette", slug))
    slow = TimedOut("slow", about=SITE)
    slow.elapsed_ms = 30_000
    desk.web.answers = {FEED: listing(*in_turn)}
    desk.web.answers |= {f"{SITE}/{slug}": a_page(slug) for slug in in_turn}
    desk.web.answers |= {f"{SITE}/{slug}": slow for slug in in_turn[1::2]}

    assert desk.run_stages() == {("published", "new_article"): 2, ("failed", "timeout"): 7}
    assert len(desk.web.asked) == 5


def test_a_page_that_was_slow_is_tried_again_when_its_time_has_come(desk: Desk) -> None:
    desk.web.answers = {FEED: listing("flood"), f"{SITE}/flood": TimedOut("slow", about="flood")}
    first = desk.run_stages()
    desk.web.answers[f"{SITE}/flood"] = a_page("Flood")

    assert first == {("failed", "timeout"): 1}
    assert desk.run_stages() == {("published", "new_article"): 1}


def test_a_page_that_stays_slow_is_given_up_in_the_end(desk: Desk) -> None:
    desk.web.answers = {FEED: listing("flood"), f"{SITE}/flood": TimedOut("slow", about="flood")}
    ends = [desk.run_stages() for _ in range(8)]

    assert ends == [{("failed", "timeout"): 1}] * 6 + [{}] * 2


UNKNOWN_CHECK = b"""<html><head><title>Zum Tor</title></head><body><h1>Zum Tor</h1>
<p>Bevor das Tor aufgeht, wird nachgesehen, wer davor steht. Es dauert nicht lange.</p></body></html>"""


def test_a_page_without_a_word_of_its_feeds_title_is_fetched_again_before_it_is_taken_for_an_article(
    desk: Desk,
) -> None:
    desk.web.answers = {FEED: listing("the-river-rises"), f"{SITE}/the-river-rises": UNKNOWN_CHECK}
    first = desk.run_stages()
    desk.web.answers[f"{SITE}/the-river-rises"] = a_page("The river rises by two meters")

    assert first == {("failed", "title_mismatch"): 1}
    assert desk.run_stages() == {("published", "new_article"): 1}
    assert desk.articles() == [("The river rises by two meters", 1)]


def test_a_page_that_never_has_a_word_of_its_feeds_title_is_given_up_in_the_end_and_not_published(desk: Desk) -> None:
    desk.web.answers = {FEED: listing("the-river-rises"), f"{SITE}/the-river-rises": UNKNOWN_CHECK}
    ends = [desk.run_stages() for _ in range(8)]
    visits = [url for url, _ in desk.web.asked if url != FEED]

    assert ends == [{("failed", "title_mismatch"): 1}] * 6 + [{}] * 2
    assert (len(visits), desk.articles()) == (6, [])


def test_an_article_is_not_replaced_by_a_page_without_a_word_of_its_feeds_title(desk: Desk) -> None:
    desk.web.answers = {FEED: listing("the-river-rises"), f"{SITE}/the-river-rises": a_page("The river rises")}
    desk.run_stages()
    desk.web.answers[f"{SITE}/the-river-rises"] = UNKNOWN_CHECK
    desk.begin()
    desk.recheck(1)

    assert desk.ended() == {("failed", "title_mismatch"): 1}
    assert desk.articles() == [("The river rises", 1)]


def test_an_article_that_its_feed_carries_is_not_taken_from_a_page_without_a_word_of_its_title(desk: Desk) -> None:
    url = f"{SITE}/the-river-rises"
    desk.web.answers = {FEED: a_feed([("the river rises", url, STORY)]), url: UNKNOWN_CHECK}

    assert desk.run_stages() == {("published", "new_article"): 1}
    assert desk.articles() == [("the river rises", 1)]


def test_an_article_that_its_feed_carries_outlives_its_page(desk: Desk) -> None:
    desk.web.answers = {FEED: a_feed([("flood", f"{SITE}/flood", STORY), ("storm", None, STORY)])}

    assert desk.run_stages() == {("published", "new_article"): 2}


def test_a_page_without_an_article_is_told_as_such(desk: Desk) -> None:
    desk.web.answers = {FEED: listing("menu"), f"{SITE}/menu": b"<html><body><nav>Home</nav></body></html>"}

    assert desk.run_stages() == {("failed", "not_an_article"): 1}


def test_what_is_no_feed_is_kept_to_look_at(desk: Desk) -> None:
    desk.web.answers = {FEED: b"<html><body>We are moving house</body></html>"}
    desk.begin()
    desk.poll()
    visit = polls.last_polls(desk.state)["gazette"]
    sample = desk.in_state("select capture_id, url from captures")

    assert (visit.reason, visit.final_url) == ("not_a_feed", FEED)
    assert sample == [(visit.capture_id, FEED)]


def test_a_page_that_fails_is_kept_with_its_hop_its_answer_and_its_next_try(desk: Desk) -> None:
    elsewhere = "https://elsewhere.example/flood"
    failure = ServerFailed("500", about=f"{SITE}/flood")
    failure.hop, failure.captures = elsewhere, (a_capture(url=elsewhere, status=500),)
    desk.web.answers = {FEED: listing("flood"), f"{SITE}/flood": failure}
    desk.run_stages()
    visits = desk.in_state("select reason, final_url, status, capture_id, retry_at - fetched_at from fetches")

    assert visits == [("server_failed", elsewhere, 500, "sample", 60_000_000)]


def test_why_a_page_could_not_be_read_is_kept_in_a_sentence(desk: Desk) -> None:
    desk.web.answers = {FEED: listing("menu"), f"{SITE}/menu": b"<html><body><nav>Home</nav></body></html>"}
    desk.run_stages()
    details = desk.in_state("select detail from entry_outcomes")

    assert details == [(f"no story on {SITE}/menu: 0 characters of body, title 'menu'",)]


def test_a_damaged_capture_is_told_as_such(desk: Desk) -> None:
    desk.web.answers = {FEED: listing("flood"), f"{SITE}/flood": a_page("Flood")}
    desk.web.lost_captures = True

    assert desk.run_stages() == {("failed", "capture_unreadable"): 1}


def test_a_changed_article_becomes_a_new_version(desk: Desk) -> None:
    desk.web.answers = {FEED: listing("flood"), f"{SITE}/flood": a_page("Flood")}
    desk.run_stages()
    desk.web.answers = {
        FEED: a_feed([("flood", f"{SITE}/flood?updated", None)]),
        f"{SITE}/flood?updated": a_page("Flood recedes", canonical=f"{SITE}/flood"),
    }

    assert desk.run_stages() == {("published", "new_version"): 1}
    assert desk.articles() == [("Flood recedes", 2)]


def test_analysts_wait_for_a_file_that_takes_long_to_make(desk: Desk) -> None:
    """Ten minutes may be spent on it in a hundred, and a pass comes every hour."""
    desk.web.answers = {FEED: listing("flood"), f"{SITE}/flood": a_page("Flood")}
    desk.run_stages()
    desk.release()
    change(desk.warehouse.folder, "update releases set took_seconds = 600")
    desk.web.answers = {FEED: listing("flood", "storm"), f"{SITE}/storm": a_page("Storm")}
    seen = []
    for _ in range(2):
        desk.begin()
        desk.poll()
        desk.fetch()
        desk.stage()
        desk.validate()
        desk.publish()
        steps.release(state=desk.state, warehouse=desk.warehouse, now=desk.web.now, release_time_share=0.1)
        seen.append(query(desk.warehouse.news_path, "select title from articles order by title")[1])

    assert seen == [[("Flood",)], [("Flood",), ("Storm",)]]


def test_no_wait_is_told_for_a_file_that_would_not_differ(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    desk.web.answers = {FEED: listing("flood"), f"{SITE}/flood": a_page("Flood")}
    desk.run_stages()
    desk.release()
    change(desk.warehouse.folder, "update releases set took_seconds = 600")
    soon = desk.web.now + timedelta(minutes=1)
    steps.release(state=desk.state, warehouse=desk.warehouse, now=soon, release_time_share=0.1)
    told_of_nothing = list(caplog.messages)
    desk.web.answers = {FEED: listing("storm"), f"{SITE}/storm": a_page("Broken storm")}
    desk.begin()
    desk.poll()
    desk.fetch()
    desk.stage()
    desk.validate()
    steps.release(state=desk.state, warehouse=desk.warehouse, now=soon, release_time_share=0.1)

    assert told_of_nothing == []
    assert [line[:39] for line in caplog.messages] == ["analysts keep the file they have until "]


def test_a_broken_batch_is_stopped_whole_and_told_once(desk: Desk) -> None:
    desk.web.answers = {
        FEED: listing("flood", "storm"),
        f"{SITE}/flood": a_page("Broken flood"),
        f"{SITE}/storm": a_page("Storm"),
    }

    assert desk.run_stages() == {("rejected", "articles.title_whole"): 2}
    assert desk.articles() == []
    assert (desk.tell(), desk.tell()) == (1, 0)
    assert desk.notifier.delivered == ["gazette: batch rejected by articles.title_whole, because its text is misread"]


def test_what_a_stopped_batch_held_is_kept_for_a_while_and_let_go_with_a_word(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "ingest")
    desk.web.answers = {FEED: listing("flood"), f"{SITE}/flood": a_page("Broken flood")}
    desk.run_stages()
    (batch,) = stopped_batches(desk)
    state, kept, held = state_of(desk.warehouse), [], []
    for days in (29, 31):
        steps.prune(state=desk.state, now=desk.web.now + timedelta(days=days), keep=timedelta(days=30))
        kept.append([held["articles_kept"] for held in stopped_batches(desk)])
        held += held_articles(batch["batch_id"], state=state.read, unpacked=unpacked)

    assert kept == [[1], [0]]
    assert [(article["title"], article["is_public"]) for article in held] == [("Broken flood", False), ("flood", False)]
    assert [article["figures"] is None for article in held] == [False, True]
    assert [line for line in caplog.messages if line.startswith("pruned ")] == [
        f"pruned source=gazette batch={stopped_batches(desk)[0]['batch_id']} articles=1 reason=old"
    ]
    broken = broken_rules(batch["batch_id"], state=state.read)
    assert ", ".join(one["rule"] for one in broken) == batch["rules"]


def test_what_a_stopped_batch_held_goes_when_later_readings_are_public(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "ingest")
    desk.web.answers = {FEED: listing("flood"), f"{SITE}/flood": a_page("Broken flood")}
    desk.run_stages()
    listed_anew = a_feed([("flood", f"{SITE}/flood", STORY)])
    desk.web.answers = {FEED: listed_anew, f"{SITE}/flood": a_page("Flood")}
    desk.run_stages()
    steps.prune(state=desk.state, now=desk.web.now, keep=timedelta(days=30))

    assert [held["not_public"] for held in stopped_batches(desk)] == [0]
    assert [line.rpartition(" ")[2] for line in caplog.messages if line.startswith("pruned ")] == ["reason=superseded"]
    assert desk.articles() != []


def stopped_batches(desk: Desk) -> list[dict[str, Any]]:
    return rejected_batches(state=state_of(desk.warehouse).read)


def test_a_batch_that_cannot_be_validated_is_told_and_stops_no_other(desk: Desk) -> None:
    one, other = stage_two(desk)
    validator = FakeValidator(desk.warehouse.connect, breaking=one.batch_id)
    failed = steps.validate_all(
        [one, other], validator=validator, state=desk.state, warehouse=desk.warehouse, now=desk.web.now
    )

    assert [(key, error.reason) for key, error in failed] == [(one.batch_id, "judge_failed")]
    assert batches_in(desk.state, "staged") == [one]
    assert [batch.batch_id for batch in batches_in(desk.state, "validated")] == [other.batch_id]


def test_it_is_told_once_that_a_batch_cannot_be_validated_until_none_waits(desk: Desk) -> None:
    one, other = stage_two(desk)
    validator = FakeValidator(desk.warehouse.connect, breaking=one.batch_id)
    told = []
    for batches, checking in (
        ([one], validator),
        ([one], validator),
        ([other], validator),
        ([one], FakeValidator(validator.connect)),
    ):
        steps.validate_all(batches, validator=checking, state=desk.state, warehouse=desk.warehouse, now=desk.web.now)
        told.append(desk.tell())

    title = "batches can't be validated: articles/title_told is broken"
    assert told == [1, 0, 0, 1]
    assert desk.notifier.delivered == [title, f"Resolved: {title}"]


def test_a_refused_article_leaves_the_others_their_place(desk: Desk) -> None:
    desk.web.answers = {
        FEED: listing("flood", "storm"),
        f"{SITE}/flood": a_page("Refused flood"),
        f"{SITE}/storm": a_page("Storm"),
    }

    assert desk.run_stages() == {("quarantined", "title_told"): 1, ("published", "new_article"): 1}
    assert desk.articles() == [("Storm", 1)]


def test_an_alert_is_over_when_the_next_batch_passes(desk: Desk) -> None:
    desk.web.answers = {FEED: listing("flood"), f"{SITE}/flood": a_page("Broken flood")}
    desk.run_stages()
    desk.web.answers = {FEED: listing("storm"), f"{SITE}/storm": a_page("Storm")}
    desk.run_stages()
    desk.tell()

    assert desk.notifier.delivered == [
        "gazette: batch rejected by articles.title_whole, because its text is misread",
        "Resolved: gazette: batch rejected by articles.title_whole, because its text is misread",
    ]
    assert alerts.open_alerts(desk.state) == {}


def test_the_end_of_an_alert_says_what_is_still_not_public(desk: Desk) -> None:
    desk.web.answers = {FEED: listing("flood"), f"{SITE}/flood": a_page("Broken flood")}
    desk.run_stages()
    desk.web.answers = {FEED: listing("storm"), f"{SITE}/storm": a_page("Storm")}
    desk.run_stages()
    ((body,),) = desk.in_state("select body from messages where moment = 'resolved'")

    assert body.splitlines()[1] == (
        "A later batch passed. Of those rejected, still not public: 1 article. "
        "To read again: ingest replay --source gazette"
    )


def test_a_message_that_cannot_be_delivered_is_due_still(desk: Desk) -> None:
    desk.web.answers = {FEED: listing("flood"), f"{SITE}/flood": a_page("Broken flood")}
    desk.run_stages()
    desk.notifier.is_reachable = False
    missed = desk.tell()
    desk.notifier.is_reachable = True
    at_once = desk.tell()
    desk.web.now += timedelta(minutes=1)

    assert (missed, at_once, desk.tell(), desk.tell()) == (0, 0, 1, 0)


@pytest.mark.parametrize("step", ["fetch", "stage", "validate", "publish", "release"])
def test_a_step_taken_twice_ends_where_it_ended_once(desk: Desk, step: str) -> None:
    desk.web.answers = {
        FEED: listing("flood", "storm", "gone"),
        f"{SITE}/flood": a_page("Flood"),
        f"{SITE}/storm": a_page("Refused storm"),
    }
    desk.begin()
    desk.poll()
    for name in ("fetch", "stage", "validate", "publish", "release"):
        getattr(desk, name)()
        if name == step:
            getattr(desk, name)()

    assert desk.ended() == {("published", "new_article"): 1, ("quarantined", "title_told"): 1, ("failed", "missing"): 1}
    assert (
        desk.articles() == query(desk.warehouse.news_path, "select title, version from articles")[1] == [("Flood", 1)]
    )


def test_what_a_killed_run_left_under_way_ends_in_the_next(desk: Desk) -> None:
    desk.web.answers = {
        FEED: listing("flood", "storm"),
        f"{SITE}/flood": a_page("Flood"),
        f"{SITE}/storm": a_page("Storm"),
    }
    desk.begin()
    desk.poll()
    desk.fetch()
    desk.stage()
    desk.warehouse.close()
    desk.warehouse = open_warehouse(desk.warehouse.folder)  # as the next process does: what the dead one leased is free

    assert desk.run_stages() == {("published", "new_article"): 2}
    assert desk.articles() == [("Flood", 1), ("Storm", 1)]


# What may become of an entry: how its page answers, and what its feed carries of it.
KINDS = (
    "fine",
    "refused",
    "broken",
    "twin",
    "missing",
    "slow",
    "forbidden",
    "menu",
    "nowhere",
    "carried",
    "carried slow",
)


def serve(desk: Desk, kinds: list[str], *, edition: int) -> None:
    """List an entry of each kind; a later edition has entries of its own, which may be newer versions."""
    listed = []
    for number, kind in enumerate(kinds):
        slug, url = f"{edition}-{number}", f"{SITE}/{number}"
        carried = STORY.replace("340", str(100 + number)) if kind.startswith("carried") else None
        listed.append((slug, None if kind == "nowhere" else url + f"?{edition}", carried))
        pages: dict[str, bytes | IngestError] = {
            "fine": a_page(f"Story {number} of {edition}", canonical=url),
            "refused": a_page(f"Refused {number}", canonical=url),
            "broken": a_page(f"Broken {number}", canonical=url),
            "twin": a_page("One for all", canonical=f"{SITE}/one"),
            "slow": TimedOut("slow", about=url),
            "carried slow": TimedOut("slow", about=url),
            "forbidden": PageForbidden("403", about=url),
            "menu": b"<html><body><nav>Home</nav></body></html>",
        }
        desk.web.answers[url + f"?{edition}"] = pages.get(kind, PageMissing("404", about=url))
    desk.web.answers[FEED] = a_feed(listed)


@settings(max_examples=6, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(KINDS), max_size=12), st.lists(st.sampled_from(KINDS), max_size=12))
def test_every_entry_of_a_run_ends_exactly_once(first: list[str], second: list[str]) -> None:
    with TemporaryDirectory() as folder:
        desk = Desk(open_warehouse(Path(folder)))
        ended, counted, waiting = [], [], []
        for edition, kinds in enumerate((first, second, second)):
            serve(desk, kinds, edition=min(edition, 1))
            ends = desk.run_stages()
            ended.append(sum(ends.values()))
            waiting.append(ends.get(("failed", "timeout"), 0))
            sql = "select count(distinct entry_id), count(outcome) from entry_outcomes where run_id = ?"
            counted += desk.in_state(sql, desk.run_id)
        desk.warehouse.close()

    assert ended == [len(first), len(second) + waiting[0], waiting[1]]
    assert counted == [(count, count) for count in ended]


def test_large_pages_are_read_a_few_at_a_time(desk: Desk) -> None:
    large = b"<!--" + b"x" * (steps.BYTES_PER_WRITE // 2) + b"-->"
    slugs = ("one", "two", "three", "four", "five")
    desk.web.answers |= {FEED: listing(*slugs), **{f"{SITE}/{slug}": a_page(slug) + large for slug in slugs}}
    desk.begin()
    desk.poll()
    desk.fetch()
    portions: list[int] = []

    def counted(tasks: Iterable[ParseTask]) -> list[ParsedArticle | ParseFailure]:
        read = parse_all(tasks)
        portions.append(len(read))
        return read

    given = {"state": desk.state, "warehouse": desk.warehouse, "run_id": desk.run_id, "now": desk.web.now}
    batch = steps.stage(SOURCE, web=desk.web, parse_all=counted, **given)  # type: ignore[arg-type]

    assert portions == [2, 2, 1]
    assert batch is not None
    assert batch.articles == 5


def test_an_article_that_is_read_once_more_in_another_write_of_its_batch_is_not_held_against_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "ARTICLES_PER_WRITE", 1)
    desk.web.answers |= {
        FEED: listing("flood", "twin"),
        f"{SITE}/flood": a_page("Flood", canonical=f"{SITE}/flood"),
        f"{SITE}/twin": a_page("Flood, as it was told before", canonical=f"{SITE}/flood"),
    }

    assert desk.run_stages() == {("published", "new_article"): 1, ("unchanged", "same_article"): 1}


def stage_two(desk: Desk) -> list[Batch]:
    """Bring two batches as far as the validator."""
    for slug in ("first", "second"):
        desk.web.answers |= {FEED: listing(slug), f"{SITE}/{slug}": a_page(f"Flood {slug}")}
        desk.begin()
        desk.poll()
        desk.fetch()
        desk.stage()
    return batches_in(desk.state, "staged")
