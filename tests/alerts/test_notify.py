"""Every message reaches every receiver, whatever happens on the way; a repetition is known by its key."""

import os
import signal
import sqlite3
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from ingest.alerts.channels import AppriseNotifier
from ingest.alerts.delivery import quiet_hours
from ingest.alerts.life_cycle import next_alert, overdue_change
from ingest.alerts.notify import notify
from ingest.alerts.texts import Trouble
from ingest.core.messages import LOG, Notification
from ingest.state import State
from ingest.state.alerts import due_notifications, keep_alert, open_alerts, recent_alerts
from tests.command import surroundings
from tests.conftest import FirstPass
from tests.fakes import FakeNotifier
from tests.forkserver import Forked, fork
from tests.makers import NOON
from tests.receiver import Mood, Receiver
from tests.state import state_in
from tests.waiting import LONGEST_SECONDS, wait_until

pytestmark = pytest.mark.integration
TROUBLE = Trouble(severity="warning", title="gazette: rows held back", body="Too many.")
BEGAN, ENDED = "gazette: rows held back", "Resolved: gazette: rows held back"


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    with closing(state_in(tmp_path)) as opened:
        yield opened


def see(state: State, trouble: Trouble | None, now: datetime = NOON, source: str = "gazette") -> None:
    alerts = {alert.source_id: alert for alert in recent_alerts(state, now).values()}
    keep_alert(state, next_alert("batch.numbers", source, now=now, last=alerts.get(source), trouble=trouble), now)


def minutes(number: int) -> datetime:
    return NOON + timedelta(minutes=number)


class Dying(FakeNotifier):
    """Delivers, and dies before anybody hears of it."""

    def deliver(self, notification: Notification) -> None:
        super().deliver(notification)
        raise SystemExit


class GivingUp:
    """Gives up soon on a receiver that won't answer what comes next, and on no other, however slow the machine is."""

    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver
        self.receivers = AppriseNotifier([receiver.address]).receivers

    def deliver(self, notification: Notification) -> None:
        if notification.receiver == LOG:
            return
        requests, mood = self._receiver.requests, next(iter(self._receiver.moods), "takes")
        seconds = 0.1 if mood.endswith("hangs") else LONGEST_SECONDS
        try:
            AppriseNotifier([self._receiver.address], delivery_seconds=seconds).deliver(notification)
        finally:
            wait_until(lambda: self._receiver.requests > requests)


def test_a_message_cut_off_is_repeated_as_such(state: State) -> None:
    see(state, TROUBLE)
    with pytest.raises(SystemExit):
        notify(notifier=Dying(), state=state, now=NOON)

    (notification,) = due_notifications(state, ["desk"])

    assert (notification.message.title, notification.attempts, notification.retry_at) == (BEGAN, 1, None)


def test_a_receiver_gets_what_another_could_not_take(state: State) -> None:
    see(state, TROUBLE)
    with Receiver(moods=["refuses"]) as broken, Receiver() as sound:
        notifier = AppriseNotifier([broken.address, sound.address])
        first = notify(notifier=notifier, state=state, now=NOON)
        notify(notifier=notifier, state=state, now=minutes(1))

        assert first == 2  # the log and the sound one
        assert [one.title for one in sound.taken] == [BEGAN]
        assert [one.title for one in broken.taken] == [BEGAN]


def test_a_dead_receiver_is_tried_once_a_run(state: State) -> None:
    for source in ("gazette", "herald", "mercury"):
        see(state, TROUBLE, source=source)
    with Receiver(moods=["refuses"] * 9) as receiver:
        notify(notifier=AppriseNotifier([receiver.address]), state=state, now=NOON)

        assert receiver.requests == 1


def test_why_it_failed_and_when_it_is_tried_next_are_kept(state: State) -> None:
    see(state, TROUBLE)
    notifier = FakeNotifier(is_reachable=False)
    for now in (NOON, minutes(1), minutes(2), minutes(3)):
        notify(notifier=notifier, state=state, now=now)

    (notification,) = due_notifications(state, ["desk"])

    assert (notification.attempts, notification.retry_at) == (3, minutes(7))


def test_at_night_a_warning_waits_for_the_morning(state: State) -> None:
    see(state, TROUBLE)
    notifier = FakeNotifier()
    quiet = quiet_hours("11:00-13:00")
    notify(notifier=notifier, state=state, now=NOON, quiet=quiet)
    at_night = list(notifier.delivered)
    notify(notifier=notifier, state=state, now=minutes(60), quiet=quiet)

    assert (at_night, notifier.delivered) == ([], [BEGAN])


def test_time_alone_reminds(state: State) -> None:
    see(state, TROUBLE)
    notifier = FakeNotifier()
    for now in (NOON, minutes(60), minutes(240), minutes(241)):
        notify(notifier=notifier, state=state, now=now)

    assert notifier.delivered == [BEGAN, f"Still so: {BEGAN}"]


def test_a_receiver_listed_later_is_not_told_old_articles(state: State) -> None:
    see(state, TROUBLE)
    notify(notifier=FakeNotifier(), state=state, now=NOON)

    assert due_notifications(state, ["desk", "newcomer"]) == []


MOODS: list[list[Mood]] = [
    ["refuses", "hangs", "hangs up", "takes", "refuses"],
    ["takes and hangs", "hangs up", "takes and hangs", "takes"],
    ["hangs up", "hangs up", "takes and hangs", "refuses", "takes", "takes and hangs"],
]


@pytest.mark.parametrize("moods", MOODS, ids=" ".join)
def test_nothing_is_lost_and_nothing_doubled_on_a_receiver_that_knows_keys(state: State, moods: Sequence[Mood]) -> None:
    see(state, TROUBLE)
    see(state, None, minutes(1))
    with Receiver(moods=list(moods)) as receiver:
        for number in range(2, 400, 3):
            notify(notifier=GivingUp(receiver), state=state, now=minutes(number))

        titles = {one.key: one.title for one in receiver.taken}
        keys = [one.key for one in receiver.taken]
        repeated = [one for number, one in enumerate(receiver.taken) if one.key in keys[:number]]
        assert [titles[key] for key in receiver.keys] == [BEGAN, ENDED]
        assert all("perhaps you have it already" in one.body for one in repeated)
        assert receiver.requests == len(moods) + 1


def test_an_alert_that_is_not_open_is_not_changed_by_time(state: State) -> None:
    see(state, TROUBLE)

    (alert,) = open_alerts(state).values()

    assert overdue_change(alert, minutes(239)).message is None


@pytest.mark.parametrize("mood", ["takes", "hangs"])
def test_a_run_killed_while_it_tells_tells_it_again_under_the_same_key(
    first_pass: FirstPass, tmp_path: Path, mood: Mood
) -> None:
    warehouse = first_pass.copy_warehouse(tmp_path)
    with closing(sqlite3.connect(warehouse / "state.db")) as state, state:
        state.executescript("delete from deliveries; update messages set sent_at = null")
        ((notification,),) = state.execute("select count(*) from messages")
    with Receiver(moods=[mood]) as receiver:
        killed = run_until_told(first_pass, warehouse, receiver)
        done = start(first_pass, warehouse, receiver).wait()

        assert (killed, done) == (-signal.SIGKILL, 0)
        assert len(receiver.keys) == notification
        assert receiver.requests == notification + 1
        assert "attempt 2: perhaps you have it already" in receiver.taken[-1].body


def run_until_told(first_pass: FirstPass, warehouse: Path, receiver: Receiver) -> int:
    """Run, and be killed the moment the first message arrives."""
    begun = Future[Forked]()
    receiver.on_arrival = lambda _: os.kill(begun.result(LONGEST_SECONDS).pid, signal.SIGKILL)
    begun.set_result(start(first_pass, warehouse, receiver))
    code = begun.result().wait()
    receiver.on_arrival = lambda _: None
    return code


def start(first_pass: FirstPass, warehouse: Path, receiver: Receiver) -> Forked:
    command = ["run", "--direct", "--sources", str(first_pass.sources), "--warehouse", str(warehouse)]
    environment = surroundings({"INGEST_ALERT_ADDRESSES": f'["{receiver.address}"]'})
    with Path(os.devnull).open("r+b") as nothing:
        streams = (nothing.fileno(),) * 3
        return fork(command, cwd=warehouse, environment=environment, streams=streams)
