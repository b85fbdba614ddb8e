"""A message reaches its receiver with a key of its own, or is said not to have; the address is never shown."""

import logging
import threading

import pytest

from ingest.alerts.channels import AppriseNotifier, count_addresses
from ingest.core.errors import Misconfigured, Undelivered
from ingest.core.messages import LOG, Message, Notification
from tests.receiver import Mood, Receiver, Taken

pytestmark = pytest.mark.integration

MESSAGE = Message(
    message_id="4711", alert_id="alert", moment="opened", title="gazette: batch rejected", body="All of it.",
    severity="critical",
)  # fmt: skip


def test_a_message_carries_its_key() -> None:
    with Receiver() as receiver:
        notifier = AppriseNotifier([receiver.address], delivery_seconds=60)
        notifier.deliver(Notification(message=MESSAGE, receiver=notifier.receivers[1]))

        assert [(one.key, one.title, one.body) for one in receiver.taken] == [
            ("4711", "gazette: batch rejected", "All of it.\nMessage 4711")
        ]


def test_a_repetition_has_the_same_key_and_says_what_it_is() -> None:
    with Receiver() as receiver:
        notifier = AppriseNotifier([receiver.address], delivery_seconds=60)
        notifier.deliver(Notification(message=MESSAGE, receiver=notifier.receivers[1], attempts=2))

        assert [(one.key, one.body) for one in receiver.taken] == [
            ("4711", "All of it.\nMessage 4711, attempt 3: perhaps you have it already")
        ]


@pytest.mark.parametrize("mood", ["refuses", "hangs", "hangs up"])
def test_what_is_not_taken_is_told(mood: Mood) -> None:
    with Receiver(moods=[mood], read_seconds=0.2 if mood == "hangs" else 60) as receiver:
        notifier = AppriseNotifier([receiver.address], delivery_seconds=60)

        with pytest.raises(Undelivered, match="did not take"):
            notifier.deliver(Notification(message=MESSAGE, receiver=notifier.receivers[1]))


def test_a_receiver_that_takes_for_ever_is_given_up() -> None:
    release = threading.Event()

    def keep_waiting(_: Taken) -> None:
        release.wait()

    with Receiver(on_arrival=keep_waiting) as receiver:
        notifier = AppriseNotifier([receiver.address], delivery_seconds=0.1)
        try:
            with pytest.raises(Undelivered, match=r"within 0\.1 s"):
                notifier.deliver(Notification(message=MESSAGE, receiver=notifier.receivers[1]))
        finally:
            release.set()


def test_the_log_is_always_a_receiver(caplog: pytest.LogCaptureFixture) -> None:
    notifier = AppriseNotifier([])
    with caplog.at_level(logging.WARNING, logger="ingest.alerts"):
        notifier.deliver(Notification(message=MESSAGE, receiver=LOG))

    assert notifier.receivers == (LOG,)
    assert caplog.messages == ["alert.opened severity=critical gazette: batch rejected\nAll of it.\nMessage 4711"]


def test_a_receiver_is_known_again_and_its_address_stays_secret() -> None:
    addresses = ["json://name:secret@hooks.example/a", "json://hooks.example/b"]
    first, again = AppriseNotifier(addresses).receivers, AppriseNotifier(addresses[::-1]).receivers

    assert set(first) == set(again)
    assert "secret" not in str(first)


@pytest.mark.integration  # to import Apprise binds a socket
def test_an_address_that_is_none_is_named_by_its_place() -> None:
    with pytest.raises(Misconfigured, match="alert address 2 is none"):
        count_addresses(["json://hooks.example/a", "nonsense"])
