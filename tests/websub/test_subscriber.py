"""Subscribing at hubs as the W3C's text has it, with a hub that keeps to it and with hubs that don't."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from ingest.core.pushes import Topic
from tests.hub import CALLER, Newsroom
from tests.listening import Listen

pytestmark = pytest.mark.integration

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    with Newsroom() as newsroom:
        yield newsroom


@pytest.fixture
def listen(newsroom: Newsroom, tmp_path: Path) -> Iterator[Listen]:
    with Listen(tmp_path, [newsroom.source]) as listen:
        offer(listen, newsroom)
        yield listen


def offer(listen: Listen, newsroom: Newsroom, *hubs: str, topic: str | None = None) -> None:
    """Return what a run has read in the feed."""
    listed = newsroom.source.feed_url
    hub_urls = tuple(newsroom.url + hub for hub in hubs) or (newsroom.hub,)
    told = Topic(source_id="gazette", listed_url=listed, topic_url=topic or newsroom.topic, hub_urls=hub_urls)
    listen.inbox.keep_topics([told])


def test_a_hub_is_asked_with_all_that_the_text_wants(newsroom: Newsroom, listen: Listen) -> None:
    listen.look()

    (asked,) = newsroom.asked
    assert asked["hub.mode"] == "subscribe"
    assert asked["hub.topic"] == newsroom.topic
    assert asked["hub.callback"].startswith(f"{listen.url}/websub/")
    assert 32 <= len(asked["hub.secret"]) < 200
    assert asked["hub.lease_seconds"] == "864000"


def test_what_we_asked_for_is_confirmed(newsroom: Newsroom, listen: Listen) -> None:
    listen.look()

    assert newsroom.answers == [(200, "challenge of subscribe")]
    assert listen.subscription.is_active(listen.now)


def test_callbacks_and_secrets_are_not_alike(newsroom: Newsroom, listen: Listen) -> None:
    listen.look()

    assert len({listen.subscription.token, listen.subscription.secret}) == 2
    assert len(listen.subscription.token) >= 32
    assert listen.subscription.secret not in repr(listen.subscription)


@pytest.mark.parametrize(
    "changes",
    [
        {"hub.topic": "http://elsewhere.example/feed"},
        {"hub.mode": "unsubscribe"},
        {"hub.mode": "publish"},
        {"hub.challenge": ""},
        {"hub.challenge": "x" * 5_000},
    ],
    ids=str,
)
def test_what_we_did_not_ask_for_is_not_known_here(newsroom: Newsroom, listen: Listen, changes: dict[str, str]) -> None:
    newsroom.stays_mute = True
    listen.look()
    query = {"hub.mode": "subscribe", "hub.topic": newsroom.topic, "hub.challenge": "really?"}

    assert newsroom.verify(newsroom.asked[0]["hub.callback"], query | changes)[0] == 404
    assert not listen.subscription.is_active(listen.now)


def test_a_callback_that_is_none_of_ours_is_not_known(newsroom: Newsroom, listen: Listen) -> None:
    query = {"hub.mode": "subscribe", "hub.topic": newsroom.topic, "hub.challenge": "really?"}

    assert newsroom.verify(f"{listen.url}/websub/guessed", query)[0] == 404
    assert CALLER.post(f"{listen.url}/websub/guessed", content=b"<rss/>").status_code == 404


def test_a_hub_that_makes_sure_twice_is_answered_twice(newsroom: Newsroom, listen: Listen) -> None:
    listen.look()
    query = {"hub.mode": "subscribe", "hub.topic": newsroom.topic, "hub.challenge": "again"}

    assert newsroom.verify(newsroom.callback, query) == (200, "again")


def test_long_after_a_request_nobody_makes_sure_of_it(newsroom: Newsroom, listen: Listen) -> None:
    listen.look()
    listen.now += 2 * DAY
    query = {"hub.mode": "subscribe", "hub.topic": newsroom.topic, "hub.challenge": "again"}

    assert newsroom.verify(newsroom.callback, query)[0] == 404


def test_a_challenge_comes_back_as_text(newsroom: Newsroom, listen: Listen) -> None:
    newsroom.stays_mute = True
    listen.look()
    told = {"hub.mode": "subscribe", "hub.topic": newsroom.topic, "hub.challenge": "<script>alert(1)</script>"}

    answer = CALLER.get(newsroom.asked[0]["hub.callback"], params=told)

    assert answer.text == "<script>alert(1)</script>"
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(("granted", "days"), [(60 * 86_400, 14), (864_000, 10), (86_400, 1), (None, 10), (-5, 10)])
def test_a_lease_is_what_is_granted_and_two_weeks_at_most(
    newsroom: Newsroom, listen: Listen, granted: int | None, days: int
) -> None:
    newsroom.lease_seconds = granted

    listen.look()

    assert listen.subscription.lease_ends_at == listen.now + days * DAY


def test_a_lease_is_renewed_well_before_it_ends_and_the_callback_stays(newsroom: Newsroom, listen: Listen) -> None:
    newsroom.lease_seconds = 10 * 86_400
    listen.look()
    first = listen.subscription

    assert listen.look(after=6 * DAY) == 0
    assert listen.look(after=1.6 * DAY) == 1
    assert newsroom.asked[0] == newsroom.asked[1]
    assert listen.subscription.active_since == first.active_since
    assert listen.subscription.lease_ends_at == listen.now + 10 * DAY


def test_a_renewal_that_fails_is_tried_again_and_leaves_the_lease_as_it_is(newsroom: Newsroom, listen: Listen) -> None:
    newsroom.lease_seconds = 10 * 86_400
    listen.look()
    newsroom.hub_status = 503

    assert [listen.look(after=after) for after in (7.6 * DAY, HOUR / 60, HOUR / 6)] == [1, 0, 1]
    assert listen.subscription.is_active(listen.now)
    newsroom.hub_status = 202
    assert listen.look(after=HOUR) == 1
    assert listen.subscription.lease_ends_at == listen.now + 10 * DAY


def test_a_hub_that_grants_seconds_is_not_asked_all_the_time(newsroom: Newsroom, listen: Listen) -> None:
    newsroom.lease_seconds = 1
    listen.look()

    asked = [listen.look(after=timedelta(seconds=10)) for _ in range(30)]

    assert sum(asked) <= 2


def test_a_hub_that_does_not_answer_is_asked_less_and_less(newsroom: Newsroom, listen: Listen) -> None:
    newsroom.stays_mute = True
    asked = [listen.look(after=HOUR / 4) for _ in range(4 * 24)]

    assert 6 <= sum(asked) <= 10


def test_a_hub_may_deny(newsroom: Newsroom, listen: Listen) -> None:
    listen.look()
    told = {"hub.mode": "denied", "hub.topic": newsroom.topic, "hub.reason": "no such topic"}

    assert newsroom.verify(newsroom.callback, told)[0] == 200
    assert not listen.subscription.is_active(listen.now)
    assert listen.subscription.reason == "denied: no such topic"
    assert [listen.look(after=12 * HOUR), listen.look(after=13 * HOUR)] == [0, 1]


def test_a_hubs_reason_to_deny_commands_no_terminal(newsroom: Newsroom, listen: Listen) -> None:
    listen.look()
    told = {"hub.mode": "denied", "hub.topic": newsroom.topic, "hub.reason": "not\x1b[2J\r\n you"}

    assert newsroom.verify(newsroom.callback, told)[0] == 200
    assert listen.subscription.reason == "denied: not[2J you"


@pytest.mark.parametrize(("status", "stays"), [(301, True), (308, True), (307, False)])
def test_a_hub_that_moves_is_followed(newsroom: Newsroom, listen: Listen, status: int, stays: bool) -> None:
    newsroom.hub_moved = (status, "/new-hub")
    listen.look()

    assert newsroom.asked_at == ["/hub", "/new-hub"]
    assert newsroom.asked[0] == newsroom.asked[1]
    assert listen.subscription.is_active(listen.now)
    listen.look(after=HOUR)
    assert newsroom.asked_at[2:] == (["/new-hub"] if stays else ["/hub", "/new-hub"])


@pytest.mark.parametrize("status", [302, 303])
def test_a_redirect_that_would_lose_the_request_is_a_refusal(newsroom: Newsroom, listen: Listen, status: int) -> None:
    newsroom.hub_moved = (status, "/new-hub")
    listen.look()

    assert newsroom.asked_at == ["/hub"]
    assert (listen.subscription.state, listen.subscription.reason) == ("refused", str(status))


def test_a_hub_that_redirects_in_a_circle_is_left(newsroom: Newsroom, listen: Listen) -> None:
    newsroom.hub_moved = (307, "/hub")
    listen.look()

    assert listen.subscription.reason == "redirect"


def test_no_hub_leads_inward(newsroom: Newsroom, tmp_path: Path) -> None:
    with Listen(tmp_path, [newsroom.source]) as listen:
        listen.settings = listen.settings.model_copy(update={"allowed_networks": ()})
        told = Topic(
            source_id="gazette",
            listed_url=newsroom.source.feed_url,
            topic_url=newsroom.topic,
            hub_urls=("http://127.0.0.2:9/hub",),
        )
        listen.inbox.keep_topics([told])
        listen.look()

        assert listen.subscription.reason == "address_refused"


def test_the_next_hub_is_asked_once_the_first_has_failed_often(newsroom: Newsroom, listen: Listen) -> None:
    offer(listen, newsroom, "/dead-hub", "/hub")
    newsroom.dead_hubs = ("/dead-hub",)
    listen.look()

    assert not listen.subscription.is_active(listen.now)
    for _ in range(4):
        listen.look(after=HOUR)

    assert [one.hub_url for one in listen.inbox.subscriptions() if one.is_active(listen.now)] == [newsroom.hub]
    assert set(newsroom.asked_at) == {"/dead-hub", "/hub"}


def test_a_feed_that_names_another_hub_is_subscribed_there_and_then_left_here(
    newsroom: Newsroom, listen: Listen
) -> None:
    listen.look()
    old = newsroom.callback
    newsroom.stays_mute = True
    offer(listen, newsroom, "/hub2")
    listen.look()
    listen.look()

    assert old in newsroom.subscribed  # until the new one is sure
    newsroom.stays_mute = False
    listen.look(after=HOUR / 10)
    listen.look()
    assert newsroom.asked_at[-2:] == ["/hub2", "/hub"]
    assert newsroom.asked[-1]["hub.mode"] == "unsubscribe"
    assert newsroom.callback != old


def test_a_feed_that_calls_itself_otherwise_is_subscribed_under_that_name(newsroom: Newsroom, listen: Listen) -> None:
    listen.look()
    offer(listen, newsroom, topic=f"{newsroom.url}/moved")
    for _ in range(3):
        listen.look()

    assert [one.topic for one in newsroom.subscribed.values()] == [f"{newsroom.url}/moved"]


def test_a_source_that_is_listed_no_more_is_unsubscribed_and_forgotten(newsroom: Newsroom, listen: Listen) -> None:
    listen.look()
    listen.sources.clear()
    listen.look()

    assert newsroom.answers[-1] == (200, "challenge of unsubscribe")
    assert newsroom.subscribed == {}
    listen.look(after=2 * DAY)
    assert listen.inbox.subscriptions() == []


def test_a_hub_that_does_not_let_us_go_is_forgotten(newsroom: Newsroom, listen: Listen) -> None:
    listen.look()
    listen.sources.clear()
    newsroom.hub_status = 500
    for _ in range(5):
        listen.look(after=HOUR)

    assert listen.inbox.subscriptions() == []


def test_a_subscription_that_was_left_is_gone_for_its_hub(newsroom: Newsroom, listen: Listen) -> None:
    listen.look()
    callback = newsroom.callback
    listen.sources.clear()
    listen.look()

    assert newsroom.deliver(callback, newsroom.feed("late"), secret="any").status_code == 410


def test_what_was_asked_for_outlives_a_restart(newsroom: Newsroom, tmp_path: Path) -> None:
    newsroom.stays_mute = True
    with Listen(tmp_path, [newsroom.source]) as listen:
        offer(listen, newsroom)
        listen.look()
    token = newsroom.asked[0]["hub.callback"].rpartition("/")[2]
    told = {"hub.mode": "subscribe", "hub.topic": newsroom.topic, "hub.challenge": "still?"}
    with Listen(tmp_path, [newsroom.source]) as again:
        assert newsroom.verify(f"{again.url}/websub/{token}", told) == (200, "still?")
        assert again.subscription.is_active(again.now)
