"""Whether a hub's pushes do for visits to a feed: it has to have pushed, and not to have missed anything since."""

from dataclasses import replace
from datetime import datetime, timedelta

from ..core.model import Poll
from ..core.pushes import Listening, Subscription
from ..scheduling.retries import LONGEST_WAIT

GRACE = timedelta(minutes=30)  # in which a hub may push what we have found ourselves
PAUSE = timedelta(minutes=5)  # longer without a word, and `ingest listen` was not there
SAFETY = LONGEST_WAIT  # between two visits to a feed whose hub is trusted
PUSHES_TO_TRUST = 1
PUSHES_TO_TRUST_AGAIN = 5
TIME_TO_TRUST_AGAIN = timedelta(days=1)


def after_push(subscription: Subscription, now: datetime) -> Subscription:
    """Take a delivery that was signed as agreed; a hub that failed us has to keep its word for a while."""
    kept_word = subscription.kept_word + 1
    distrusted_at = subscription.distrusted_at
    wanted = PUSHES_TO_TRUST if distrusted_at is None else PUSHES_TO_TRUST_AGAIN
    is_over = distrusted_at is None or now - distrusted_at >= TIME_TO_TRUST_AGAIN
    return replace(
        subscription,
        pushes=subscription.pushes + 1,
        last_push_at=now,
        kept_word=kept_word,
        is_trusted=subscription.is_trusted or (is_over and kept_word >= wanted),
    )


def after_miss(subscription: Subscription, missed: int, now: datetime) -> Subscription:
    """Take that entries came which a hub did not push: it is believed no longer."""
    return replace(subscription, is_trusted=False, kept_word=0, distrusted_at=now, missed=missed)


def owes(subscription: Subscription, last: Poll | None, listening: Listening | None, now: datetime) -> bool:
    """Return whether a hub owes us what is new since the last visit: it was bound to push, and we there to hear it."""
    since = subscription.active_since
    if last is None or listening is None or since is None or not subscription.is_active(now):
        return False
    return is_there(listening, now) and last.polled_at >= max(since, listening.since)


def rests(subscription: Subscription | None, last: Poll | None, listening: Listening | None, now: datetime) -> bool:
    """Return whether a feed need not be visited because its hub pushes: for a day, while all is well."""
    if subscription is None or last is None or last.outcome == "failed" or not is_there(listening, now):
        return False
    is_believed = subscription.is_trusted and subscription.is_active(now)
    return is_believed and timedelta(0) <= now - last.polled_at < SAFETY


def is_there(listening: Listening | None, now: datetime) -> bool:
    """Return whether `ingest listen` is there to take what is pushed."""
    return listening is not None and abs(now - listening.seen_at) <= PAUSE
