"""What is pushed comes in as a visit's entries would, and a hub is believed for as long as it keeps its word."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ingest.archive.archive import WarcArchive
from ingest.core.errors import MemoryShort, WarehouseUnusable
from ingest.core.model import Capture
from ingest.core.pushes import Subscription
from ingest.flows import stages
from ingest.pipeline import poll, receive_pushes, wiring
from ingest.state import State, polls
from ingest.state.sqlite import STATE_FILE, SqliteEngine
from ingest.state.values import encoded
from ingest.warehouse import runs
from tests.command import list_sources
from tests.hub import Newsroom
from tests.listening import Listen
from tests.state import change, select
from tests.warc import conformance_flaws, read_archive

pytestmark = pytest.mark.integration

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


class Breaking:
    """A door of which one method breaks."""

    def __init__(self, whole: object, method: str, error: BaseException) -> None:
        self._whole = whole
        self._method = method
        self._error = error

    def __getattr__(self, name: str) -> Any:
        if name == self._method:
            raise self._error
        return getattr(self._whole, name)


class Cramped(SqliteEngine):
    """A state that has memory for so many rows at a time."""

    def __init__(self, path: Path, *, most: int) -> None:
        super().__init__(path)
        self._most = most

    def execute_many(self, sql: str, rows: Sequence[Mapping[str, object]]) -> None:
        if len(rows) > self._most:
            raise MemoryShort("more memory is needed", about="published.duckdb")
        super().execute_many(sql, rows)


class Office:
    """A newsroom with a hub, the listener, and the warehouse of one source, on one clock."""

    def __init__(self, newsroom: Newsroom, listen: Listen, world: wiring.World, given: dict[str, object]) -> None:
        self.newsroom = newsroom
        self.listen = listen
        self.world = world
        self.given = given
        self.runs = 0

    @property
    def now(self) -> datetime:
        return self.listen.now

    def clock(self) -> datetime:
        """Return the time; it goes on whenever it is looked at."""
        self.listen.now += timedelta(microseconds=1)
        return self.listen.now

    @property
    def hub(self) -> Subscription:
        return self.listen.subscription

    def passes(self, time: timedelta) -> None:
        """Let time pass, with the listener there."""
        until = self.listen.now + time
        while self.listen.now < until:
            self.listen.now = min(self.listen.now + 4 * MINUTE, until)
            self.listen.inbox.keep_listening(self.listen.now)
        self.listen.inbox.keep_listening(self.listen.now)

    def begin(self) -> str:
        self.runs += 1
        run_id = f"run-{self.runs}"
        runs.begin_run(self.world.state, self.world.warehouse, run_id, list(self.world.sources.values()), self.now)
        return run_id

    def visit(self) -> int:
        """Visit the feed, as a run does; say how many entries were new."""
        run_id, source, state = self.begin(), self.world.sources["gazette"], self.world.state
        last = polls.last_polls(state, ["gazette"]).get("gazette")
        visit = poll.poll(source, web=self.world.web, state=state, run_id=run_id, now=self.clock())
        receive_pushes.after_visit(source, visit, last, inbox=self.listen.inbox, state=state)
        receive_pushes.offer_topics(polls.known_feeds(state), inbox=self.listen.inbox)
        self.listen.look()
        return visit.entries_found

    def take_in(self, *, inbox: Any = None, state: Any = None) -> int:
        """Take in what was pushed, as a run does; say how many deliveries that were."""
        world, run_id = self.world, self.begin()
        inbox, state = inbox or self.listen.inbox, state or world.state
        taken = receive_pushes.take_in(
            world.sources, inbox=inbox, state=state, archive=world.web, run_id=run_id, clock=self.clock
        )
        receive_pushes.check_hubs(inbox=inbox, state=state, now=self.now)
        return taken

    def is_visited(self) -> bool:
        """Return whether a run that begins now visits the source."""
        return stages.choose_due([], self.given, everything=False)[0] == ["gazette"]

    def sql(self, query: str) -> list[tuple[Any, ...]]:
        """Run a query on the state."""
        return select(self.world.warehouse.folder, query)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with Newsroom(lease_seconds=864_000) as newsroom, Listen(tmp_path / "warehouse", [newsroom.source]) as listen:
        listen.now = wiring.utc_now() - 30 * DAY
        sources = list_sources(tmp_path / "sources.json", newsroom.source)
        given: dict[str, object] = {"warehouse": str(tmp_path / "warehouse"), "sources": str(sources)}
        with wiring.open_world(**given) as world:
            office = Office(newsroom, listen, world, given)
            newsroom.publishes("old")
            office.passes(timedelta(0))
            office.visit()
            yield office


def test_a_feed_that_names_its_hub_is_subscribed_by_what_a_visit_has_read(office: Office) -> None:
    assert (office.hub.hub_url, office.hub.topic_url) == (office.newsroom.hub, office.newsroom.topic)
    assert office.hub.is_active(office.now)


def test_hubs_in_headers_do_as_well(tmp_path: Path) -> None:
    with Newsroom(in_headers=True) as newsroom, Listen(tmp_path, [newsroom.source]) as listen:
        sources = list_sources(tmp_path / "sources.json", newsroom.source)
        with wiring.open_world(warehouse=str(tmp_path), sources=str(sources)) as world:
            office = Office(newsroom, listen, world, {})
            office.passes(timedelta(0))
            office.visit()

            assert (office.hub.hub_url, office.hub.topic_url) == (newsroom.hub, newsroom.topic)


def test_what_is_pushed_comes_in_as_a_visit_would_have_brought_it(office: Office) -> None:
    office.passes(HOUR)
    office.newsroom.push("flood", "old")
    visits = len(office.newsroom.visits)

    assert office.take_in() == 1
    assert len(office.newsroom.visits) == visits  # nobody was asked
    assert office.sql("select url, state from entries order by url") == [
        (f"{office.newsroom.url}/flood", "found"),
        (f"{office.newsroom.url}/old", "found"),
    ]
    assert office.sql("select outcome, reason, entries_listed, entries_found from polls order by polled_at") == [
        ("served", None, 1, 1),
        ("served", "pushed", 2, 1),
    ]
    assert office.sql("select payload ->> 'entries' from events where name = 'entries.found'")[-1] == (1,)


def test_what_is_pushed_is_counted_out_with_its_run(office: Office) -> None:
    office.passes(HOUR)
    office.newsroom.push("flood", "fire")
    office.take_in()

    counted = office.sql(
        f"select title from entry_outcomes join entries using (entry_id) where run_id = 'run-{office.runs}'"
    )
    assert sorted(counted) == [("fire",), ("flood",)]  # "old" counts for the run that leases its source


def test_what_is_pushed_is_in_the_archive(office: Office) -> None:
    office.passes(HOUR)
    office.newsroom.push("flood")
    office.take_in()
    (capture_id,) = office.sql("select capture_id from polls where reason = 'pushed'")[0]
    ((url, status, file, offset, length, at, payload),) = office.sql(
        "select url, status, warc_file, warc_offset, warc_length, captured_at, payload_hash "
        f"from captures where capture_id = '{capture_id}'"
    )
    folder = Path(str(office.given["warehouse"])) / "archive"
    archive = WarcArchive(folder, office.world.state, clock=wiring.utc_now, software="tests")
    captured_at = datetime.fromtimestamp(at / 1_000_000, UTC)
    told = {"capture_id": capture_id, "url": url, "captured_at": captured_at, "status": status, "payload_hash": payload}
    where = {"warc_file": file, "warc_offset": offset, "warc_length": length}
    capture = Capture(**told, **where)

    assert archive.recall(capture).body == office.newsroom.feed("flood")
    assert conformance_flaws(folder, read_archive(folder)) == []


def test_a_push_is_no_visit_to_the_feed(office: Office) -> None:
    before = polls.last_polls(office.world.state)["gazette"]
    office.passes(HOUR)
    office.newsroom.push("flood")
    office.take_in()

    assert polls.last_polls(office.world.state)["gazette"] == before
    assert polls.poll_history(office.world.state, "gazette").visits == 1
    assert len(polls.poll_history(office.world.state, "gazette").arrivals) == 2


def test_killed_between_the_warehouse_and_the_inbox_nothing_is_taken_twice(office: Office) -> None:
    office.passes(HOUR)
    office.newsroom.push("flood")
    with pytest.raises(KeyboardInterrupt):
        office.take_in(inbox=Breaking(office.listen.inbox, "keep_taken", KeyboardInterrupt()))

    assert office.take_in() == 1
    assert office.listen.inbox.waiting(10) == []
    assert office.sql("select count(*) from polls where reason = 'pushed'") == [(1,)]
    assert office.sql("select count(*) from entries") == [(2,)]


def test_killed_before_the_warehouse_has_it_nothing_is_lost(office: Office) -> None:
    office.passes(HOUR)
    office.newsroom.push("flood")
    with pytest.raises(KeyboardInterrupt):
        office.take_in(state=Breaking(office.world.state, "write", KeyboardInterrupt()))

    assert office.take_in() == 1
    assert office.sql("select count(*) from entries") == [(2,)]


def test_a_delivery_that_kills_whoever_takes_it_in_holds_up_nobody_for_long(office: Office) -> None:
    office.passes(HOUR)
    office.newsroom.push("flood")
    for _ in range(receive_pushes.ATTEMPTS):
        with pytest.raises(KeyboardInterrupt):
            office.take_in(state=Breaking(office.world.state, "write", KeyboardInterrupt()))

    assert office.take_in() == 0
    assert [one.reason for one in office.listen.inbox.pings()] == ["unreadable_push"]


def test_a_full_disk_is_not_the_deliverys_fault(office: Office) -> None:
    office.passes(HOUR)
    office.newsroom.push("flood")
    full = WarehouseUnusable("the disk is full", about="disk")
    for _ in range(receive_pushes.ATTEMPTS + 2):
        with pytest.raises(WarehouseUnusable):
            office.take_in(state=Breaking(office.world.state, "write", full))

    assert office.take_in() == 1


def test_a_delivery_of_more_entries_than_memory_holds_makes_its_source_due_and_holds_up_no_other(
    office: Office,
) -> None:
    office.passes(HOUR)
    office.newsroom.push(*(f"flood-{number}" for number in range(20)))
    office.newsroom.push("fire")

    with closing(State(Cramped(office.world.warehouse.folder / STATE_FILE, most=10))) as cramped:
        assert office.take_in(state=cramped) == 1
    assert office.listen.inbox.waiting(10) == []
    assert [one.reason for one in office.listen.inbox.pings()] == ["unreadable_push"]
    assert office.sql("select entries_found from polls where reason = 'pushed'") == [(1,)]


@pytest.mark.parametrize("body", [b"<html><body>no feed</body></html>", b"ping", b"{}", b"\x00\xff" * 100])
def test_what_is_no_feed_makes_the_source_due(office: Office, body: bytes) -> None:
    office.passes(HOUR)
    office.newsroom.push(body=body)

    assert office.take_in() == 0
    assert office.listen.inbox.waiting(10) == []
    assert [one.reason for one in office.listen.inbox.pings()] == ["unreadable_push"]
    assert office.is_visited()


def test_what_is_pushed_of_a_source_that_is_listed_no_more_is_let_go(office: Office) -> None:
    office.newsroom.push("flood")
    office.world.__dict__["sources"] = {}

    assert office.take_in() == 0
    assert office.listen.inbox.waiting(10) == []


def test_a_pinged_source_is_visited_whatever_its_time_and_once(office: Office) -> None:
    office.listen.now = wiring.utc_now()
    office.passes(timedelta(0))
    _waits(office, next_poll_at=office.now + 5 * DAY)
    assert not office.is_visited()
    office.listen.ping({"source": "gazette"})

    assert office.is_visited()
    stages.begin_run("pinged", office.given)
    stages.poll_source("gazette", "pinged", office.given)
    assert office.listen.inbox.pings() == []


def test_a_ping_during_a_visit_counts_for_the_next(office: Office) -> None:
    office.listen.ping({"source": "gazette"})
    office.listen.inbox.answer_pings("gazette", office.now - MINUTE)

    assert [one.source_id for one in office.listen.inbox.pings()] == ["gazette"]


def test_a_ping_does_not_shorten_the_wait_that_a_failing_server_has(office: Office) -> None:
    office.listen.now = wiring.utc_now()
    _waits(office, outcome="failed", next_poll_at=office.now + HOUR)
    office.listen.ping({"source": "gazette"})

    assert not office.is_visited()
    assert [one.source_id for one in office.listen.inbox.pings()] == ["gazette"]


def test_a_hub_that_has_pushed_saves_visits_for_a_day(office: Office) -> None:
    office.listen.now = wiring.utc_now() - 2 * HOUR
    office.passes(timedelta(0))
    office.visit()
    assert office.is_visited()  # it has not pushed yet
    office.newsroom.push("flood")
    office.take_in()
    office.passes(2 * HOUR)

    assert office.hub.is_trusted
    assert not office.is_visited()


def test_a_trusted_hub_leaves_a_visit_a_day(office: Office) -> None:
    office.newsroom.lease_seconds = 20 * 86_400
    office.listen.now = wiring.utc_now() - 25 * HOUR
    office.passes(timedelta(0))
    office.listen.inbox.change(office.hub.token, lambda one: one)
    office.visit()
    office.newsroom.push("flood")
    office.passes(25 * HOUR)

    assert office.hub.is_trusted
    assert office.is_visited()


def test_without_a_listener_nobody_rests(office: Office) -> None:
    office.listen.now = wiring.utc_now() - HOUR
    office.passes(timedelta(0))
    office.visit()
    office.newsroom.push("flood")
    office.take_in()
    office.listen.now = wiring.utc_now()  # and it has said nothing for an hour

    assert office.is_visited()


def test_a_hub_that_misses_something_is_believed_no_longer(office: Office) -> None:
    office.visit()  # the first since it was asked
    office.newsroom.push("flood")
    office.take_in()
    office.passes(HOUR)
    assert office.hub.is_trusted
    office.newsroom.publishes("flood", "silent")
    assert office.visit() == 1
    office.passes(31 * MINUTE)
    office.take_in()

    assert (office.hub.is_trusted, office.hub.missed) == (False, 1)
    assert office.sql("select payload ->> 'missed' from events where name = 'hub.distrusted'") == [(1,)]


def test_a_hub_that_only_says_that_there_is_news_keeps_its_word(office: Office) -> None:
    office.visit()
    office.newsroom.push(body=b"")
    office.listen.ping({"source": "gazette"})
    office.newsroom.publishes("flood")
    office.passes(MINUTE)
    assert office.visit() == 1
    office.passes(HOUR)
    office.take_in()

    assert office.hub.is_trusted


def test_a_hub_has_half_an_hour_to_push_what_we_have_found(office: Office) -> None:
    office.visit()
    office.newsroom.push("flood")
    office.take_in()
    office.passes(HOUR)
    office.newsroom.publishes("flood", "late")
    office.visit()
    office.passes(20 * MINUTE)
    office.take_in()
    assert office.hub.is_trusted
    office.newsroom.push("late")
    office.passes(20 * MINUTE)
    office.take_in()

    assert office.hub.is_trusted


def test_a_hub_owes_nothing_of_before_it_was_asked(office: Office) -> None:
    office.passes(31 * MINUTE)
    office.take_in()

    assert office.hub.distrusted_at is None


def test_a_hub_owes_nothing_of_the_time_we_were_not_there(office: Office) -> None:
    office.visit()
    office.newsroom.push("flood")
    office.take_in()
    office.newsroom.publishes("flood", "meanwhile")
    office.listen.now += 5 * HOUR
    office.passes(MINUTE)
    office.visit()
    office.passes(HOUR)
    office.take_in()

    assert office.hub.is_trusted


def test_a_distrusted_hub_is_believed_again_after_a_day_of_kept_word(office: Office) -> None:
    office.newsroom.lease_seconds = 20 * 86_400
    test_a_hub_that_misses_something_is_believed_no_longer(office)
    believed = []
    for number in range(6):
        office.passes(5 * HOUR)
        office.newsroom.push(f"story-{number}")
        believed.append(office.hub.is_trusted)

    assert believed == [False, False, False, False, True, True]


def test_a_feed_that_moves_is_subscribed_where_it_lives_now(office: Office) -> None:
    office.newsroom.feed_moved_to = office.newsroom.topic_path = "/moved"
    office.passes(HOUR)
    office.newsroom.publishes("news")
    office.visit()
    office.listen.look()

    assert [one.topic for one in office.newsroom.subscribed.values()] == [f"{office.newsroom.url}/moved"]


def test_a_feed_that_names_no_hub_any_more_is_unsubscribed(office: Office) -> None:
    office.newsroom.is_pushing = False
    office.newsroom.publishes("news")
    office.passes(HOUR)
    office.visit()

    assert office.newsroom.subscribed == {}


def test_where_nobody_ever_listened_a_run_has_nothing_to_do_about_it(office: Office, tmp_path: Path) -> None:
    elsewhere = {**office.given, "warehouse": str(tmp_path / "other")}

    assert (stages.inboxes(office.given), stages.inboxes(elsewhere)) == ([stages.INBOX], [])


def test_a_run_takes_in_what_waits_before_it_visits(office: Office) -> None:
    office.newsroom.push("flood")
    stages.begin_run("whole", office.given)

    assert stages.take_in_pushes(stages.INBOX, "whole", office.given) == stages.INBOX
    assert office.sql("select count(*) from entries") == [(2,)]


def _waits(office: Office, **changes: object) -> None:
    """Let the last visit be now, and the next wait."""
    for name, value in {"polled_at": office.now, **changes}.items():
        change(office.world.warehouse.folder, f"update polls set {name} = ?", [encoded(value)])
