"""What a clock that was wrong once noted of a hub keeps nothing back once it is right."""

from datetime import timedelta

import pytest

from ingest.core.pushes import Listening, Subscription, Topic
from ingest.websub.subscription_rules import asking, confirmed, denied, may_confirm, plan
from ingest.websub.trust import is_there
from tests.makers import NOON

YEAR = timedelta(days=365)
HUB, FEED = "https://hub.example/", "https://gazette.example/feed"
TOPIC = Topic(source_id="gazette", listed_url=FEED, topic_url=FEED, hub_urls=(HUB,))
NEW = Subscription(token="t" * 32, source_id="gazette", topic_url=FEED, hub_url=HUB, secret="s" * 32)
ASKED = asking(NEW, "subscribe", NOON)


def test_a_lease_that_a_clock_ahead_noted_is_renewed_at_once() -> None:
    ahead = confirmed(asking(NEW, "subscribe", NOON + YEAR), 864_000, NOON + YEAR)

    assert not ahead.is_active(NOON)
    assert [mode for _, mode in plan([TOPIC], [ahead], NOON).asked] == ["subscribe"]


def test_a_lease_is_left_alone_until_it_is_to_be_renewed() -> None:
    granted = confirmed(ASKED, 864_000, NOON)

    assert granted.is_active(NOON)
    assert plan([TOPIC], [granted], NOON).asked == ()


def test_a_wait_that_a_clock_ahead_noted_is_none() -> None:
    assert plan([TOPIC], [denied(ASKED, "no", NOON)], NOON).asked == ()
    assert plan([TOPIC], [denied(ASKED, "no", NOON + YEAR)], NOON).asked != ()


@pytest.mark.parametrize("wrong_by", [-YEAR, YEAR])
def test_what_was_asked_by_a_wrong_clock_is_not_confirmed(wrong_by: timedelta) -> None:
    asked = asking(NEW, "subscribe", NOON + wrong_by)

    assert may_confirm(ASKED, "subscribe", FEED, NOON)
    assert not may_confirm(asked, "subscribe", FEED, NOON)


@pytest.mark.parametrize("wrong_by", [-YEAR, YEAR])
def test_a_listener_seen_by_a_wrong_clock_is_not_there(wrong_by: timedelta) -> None:
    assert is_there(Listening(since=NOON - YEAR, seen_at=NOON), NOON)
    assert not is_there(Listening(since=NOON - YEAR, seen_at=NOON + wrong_by), NOON)
