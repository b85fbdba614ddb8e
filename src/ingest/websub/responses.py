"""What is answered to whoever calls `ingest listen`: hubs that make sure or push, and people who ping."""

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256

from ..core.ids import content_key
from ..core.model import Source
from ..core.pushes import PINGED, Delivery, Inbox, Ping, Reply, Subscription
from ..core.urls import normalise_url
from ..feeds.hub_links import read_hub_links
from . import subscription_rules, trust
from .signatures import is_signed, same_secret

log = logging.getLogger("ingest")

LONGEST_CHALLENGE = 4_096  # characters
NO_SUCH = Reply(status=404, text="not found")
THIN = "thin_push"


class Listener:
    """Answers what comes in. Nothing is answered 2xx before it is safe, and nothing is fetched here."""

    def __init__(
        self,
        inbox: Inbox,
        *,
        sources: Callable[[], Sequence[Source]],
        ping_token: str | None,
        clock: Callable[[], datetime],
        ring: Callable[[], None],
    ) -> None:
        """Take the inbox, the sources as they are listed now, and whom to tell that something waits."""
        self._inbox = inbox
        self._sources = sources
        self._ping_token = ping_token
        self._clock = clock
        self._ring = ring

    def knows(self, token: str) -> bool:
        """Return whether a callback is one of ours."""
        return self._inbox.subscription(token) is not None

    def confirm(self, token: str, query: Mapping[str, str]) -> Reply:
        """Verify to a hub what we asked it for, or deny it; anything else is not known here."""
        subscription, now = self._inbox.subscription(token), self._clock()
        mode, topic_url = query.get("hub.mode", ""), query.get("hub.topic", "")
        if subscription is None or subscription.topic_url != topic_url:
            return NO_SUCH
        if mode == "denied":
            reason = query.get("hub.reason", "")
            self._inbox.change(token, lambda one: subscription_rules.denied(one, reason, now))
            log.warning("denied source=%s hub=%s", subscription.source_id, subscription.hub_url)
            return Reply(status=200)
        challenge = query.get("hub.challenge", "")
        if not challenge or len(challenge) > LONGEST_CHALLENGE:
            return NO_SUCH
        if not subscription_rules.may_confirm(subscription, mode, topic_url, now):
            return NO_SUCH
        lease_seconds = _lease_seconds(query.get("hub.lease_seconds", ""))
        kept = self._inbox.change(
            token, lambda one: subscription_rules.confirmed(one, lease_seconds, now) if one.asked_mode == mode else one
        )
        if kept is None or kept.asked_mode != mode:
            return NO_SUCH
        log.info("confirmed source=%s mode=%s lease_ends=%s", kept.source_id, mode, kept.lease_ends_at)
        return Reply(status=200, text=challenge)

    def deliver(self, token: str, headers: Sequence[tuple[str, str]], body: bytes) -> Reply:
        """Keep what a hub pushes, if it is signed as agreed; what is not is thrown away, and counted.

        Both are answered alike (W3C WebSub, 8): whoever guesses at signatures learns nothing.
        """
        subscription, now = self._inbox.subscription(token), self._clock()
        if subscription is None:
            return NO_SUCH
        if subscription.state == "left":
            return Reply(status=410, text="gone")
        told = dict(reversed(headers))  # the first of each
        if not is_signed(body, told.get("x-hub-signature"), secret=subscription.secret):
            kept = self._inbox.change(token, _refused)
            log.warning("unsigned source=%s refused=%d", subscription.source_id, kept.refused if kept else 0)
            return Reply(status=202)
        hub_urls, self_url = read_hub_links(headers, subscription.topic_url)
        is_thin = not body.strip()
        if is_thin or subscription_rules.names_another(subscription, hub_urls, self_url):
            self._inbox.ping(Ping(source_id=subscription.source_id, reason=THIN, received_at=now))
        if not is_thin and not self._keep(subscription, told.get("content-type"), body, now):
            return Reply(status=202)
        self._inbox.change(token, lambda one: trust.after_push(one, now))
        log.info("pushed source=%s bytes=%d", subscription.source_id, len(body))
        self._ring()
        return Reply(status=202)

    def overflow(self, token: str) -> None:
        """Take that a hub pushes more than we take: its source is visited instead."""
        subscription = self._inbox.subscription(token)
        if subscription is not None:
            self._inbox.ping(Ping(source_id=subscription.source_id, reason=THIN, received_at=self._clock()))
            self._ring()

    def refuse_ping(self, authorization: str | None) -> Reply | None:
        """Answer who may not ping; None for whoever has the token."""
        if self._ping_token is None:
            return NO_SUCH
        scheme, _, told = (authorization or "").strip().partition(" ")
        if scheme.lower() != "bearer" or not same_secret(told.strip(), self._ping_token):
            return Reply(status=401, text="a bearer token is wanted")
        return None

    def ping(self, authorization: str | None, body: bytes) -> Reply:
        """Make a listed source due now, for whoever has the token."""
        if refusal := self.refuse_ping(authorization):
            return refusal
        try:
            wanted = json.loads(body)
        except (ValueError, RecursionError):
            return Reply(status=400, text="not JSON")
        if not isinstance(wanted, dict) or len(wanted) != 1:
            return Reply(status=400, text='name one of "source" and "feed_url"')
        source = _named(self._sources(), wanted)
        if source is None:
            return NO_SUCH
        self._inbox.ping(Ping(source_id=source.source_id, reason=PINGED, received_at=self._clock()))
        log.info("pinged source=%s", source.source_id)
        self._ring()
        return Reply(status=202, text=source.source_id)

    def health(self) -> Reply:
        """Return that we are there, and can read what we keep."""
        return Reply(status=200, text=f"ok, {len(self._inbox.waiting_sources())} sources wait")

    def _keep(self, subscription: Subscription, content_type: str | None, body: bytes, now: datetime) -> bool:
        """Keep a delivery; say whether it had not come before."""
        delivery = Delivery(
            delivery_id=content_key("delivery", subscription.token, sha256(body).hexdigest()),
            token=subscription.token,
            source_id=subscription.source_id,
            topic_url=subscription.topic_url,
            content_type=content_type[:200] if content_type else None,
            body=body,
            received_at=now,
        )
        return self._inbox.deliver(delivery)


def _refused(subscription: Subscription) -> Subscription:
    return replace(subscription, refused=subscription.refused + 1)


def _lease_seconds(written: str) -> int | None:
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 12 and int(written) else None


def _named(sources: Sequence[Source], wanted: Mapping[str, object]) -> Source | None:
    key, url = wanted.get("source"), wanted.get("feed_url")
    if isinstance(key, str):
        return next((one for one in sources if one.source_id == key), None)
    if not isinstance(url, str):
        return None
    address = normalise_url(url[:2_000])
    return next(
        (one for one in sources if address in map(normalise_url, (one.feed_url, *one.feed_candidates))),
        None,
    )
