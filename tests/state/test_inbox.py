"""The inbox on SQLite and on PostgreSQL, where `ingest listen` and runs may be on several machines."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from ingest.core.errors import WarehouseBusy
from ingest.core.pushes import Delivery, Ping, Subscription
from ingest.state.inbox import REMEMBERED, StateInbox
from tests.makers import NOON
from tests.state.conftest import Opening

MINUTE = timedelta(minutes=1)
ABOUT: dict[str, Any] = {"source_id": "gazette", "topic_url": "https://gazette.example/feed"}


def a_push(name: str, **changes: Any) -> Delivery:
    told = ABOUT | {"token": "token", "content_type": None, "body": b"\0\xff<rss/>", "received_at": NOON}
    return Delivery(**told | changes, delivery_id=name)


def a_subscription(token: str = "token") -> Subscription:
    return Subscription(**ABOUT, token=token, hub_url="https://hub.example/", secret="hush")


def together(*calls: Callable[[], object]) -> list[object]:
    """Call some functions at once; return what they return."""
    with ThreadPoolExecutor(len(calls)) as threads:
        return [done.result() for done in [threads.submit(call) for call in calls]]


def test_a_push_is_new_once_whoever_is_told_of_it_and_known_for_a_while(open_state: Opening) -> None:
    first, second = StateInbox(open_state()), StateInbox(open_state())
    news = together(*(lambda inbox=inbox: inbox.deliver(a_push("push")) for inbox in (first, second)))

    assert sorted(map(bool, news)) == [False, True]
    assert first.waiting(9) == [a_push("push")]
    first.keep_taken("push", NOON)
    assert (second.waiting(9), second.deliver(a_push("push"))) == ([], False)
    first.keep_taken("none", NOON + REMEMBERED + MINUTE)
    assert second.deliver(a_push("push"))


def test_pushes_that_were_tried_in_vain_come_last(open_state: Opening) -> None:
    inbox = StateInbox(open_state())
    for name, minutes in (("b", 2), ("a", 1), ("c", 3)):
        inbox.deliver(a_push(name, received_at=NOON + minutes * MINUTE))
    for name in ("a", "b"):
        inbox.begin(name)
    inbox.put_back("b")

    assert [push.delivery_id for push in inbox.waiting(9)] == ["b", "c", "a"]
    assert [push.delivery_id for push in inbox.waiting(1)] == ["b"]


def test_what_waits_is_bounded_and_one_subscription_leaves_room(
    open_state: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.state.inbox.MOST_WAITING_OF_ONE", 1)
    inbox = StateInbox(open_state())
    inbox.deliver(a_push("first"))
    with pytest.raises(WarehouseBusy, match="takes no more pushes"):
        inbox.deliver(a_push("second"))

    assert inbox.deliver(a_push("other", token="another"))


def test_a_subscription_is_changed_by_one_at_a_time(open_state: Opening) -> None:
    inboxes = [StateInbox(open_state()) for _ in range(4)]
    inboxes[0].open(a_subscription())

    def count(inbox: StateInbox) -> None:
        for _ in range(5):
            inbox.change("token", lambda one: replace(one, pushes=one.pushes + 1, last_push_at=NOON))

    together(*(lambda inbox=inbox: count(inbox) for inbox in inboxes))

    assert inboxes[0].subscriptions() == [replace(a_subscription(), pushes=20, last_push_at=NOON)]
    inboxes[1].end("token")
    assert inboxes[0].change("token", lambda one: one) is None


def test_what_a_hub_said_counts_before_what_others_do(open_state: Opening) -> None:
    inbox = StateInbox(open_state())
    for minutes, reason in enumerate(("ping", "thin_push", "ping")):
        inbox.ping(Ping(source_id="gazette", reason=reason, received_at=NOON + minutes * MINUTE))

    assert inbox.pings() == [Ping(source_id="gazette", reason="thin_push", received_at=NOON + 2 * MINUTE)]
    assert inbox.waiting_sources() == {"gazette": ("thin_push", NOON)}
    inbox.deliver(a_push("push"))
    assert inbox.waiting_sources() == {"gazette": ("push", NOON)}
    inbox.answer_pings("gazette", NOON + MINUTE)
    assert len(inbox.pings()) == 1
    inbox.answer_pings("gazette", NOON + 2 * MINUTE)
    assert inbox.pings() == []


def test_an_entry_is_overdue_once_unless_any_hub_has_pushed_it(open_state: Opening) -> None:
    inbox = StateInbox(open_state())
    for token in ("token", "another"):
        inbox.await_pushes(token, ["came", "missed"], NOON)
    inbox.await_pushes("token", ["later"], NOON + MINUTE)
    inbox.have_come(["came"])

    assert inbox.overdue(NOON) == {"token": 1, "another": 1}
    assert inbox.overdue(NOON) == {}
    assert inbox.overdue(NOON + MINUTE) == {"token": 1}
