"""Polls, entries and the visits to their pages."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime

from ...errors import error_kind, passing_reasons
from ...model import Capture, Entry, Event, Fetch, Poll
from ...ports import Ending
from ...stories import Fetched
from ...visiting import KnownFeed, Listed, PollHistory, Rechecks, Waiting
from ..warehouse import Row, Transaction
from .rows import Rows, capture_row, entry_of, keep_events, keep_unreleased, noun


class EntryRows(Rows):
    """What is kept of entries on their way from a feed to a batch."""

    def last_polls(self, source_ids: Sequence[str] | None = None) -> dict[str, Poll]:
        """Give the last visit to each source that was ever visited; to some, or all. What was pushed is no visit."""
        rows = self._warehouse.read("last_polls", {"source_ids": source_ids})
        return {row["source_id"]: noun(Poll, row) for row in rows}

    def known_feeds(self, source_ids: Sequence[str] | None = None) -> dict[str, KnownFeed]:
        """Give what is known of the feed of each source beside its entries; of some, or all."""
        rows = self._warehouse.read("known_feeds", {"source_ids": source_ids})
        return {row["source_id"]: noun(KnownFeed, row) for row in rows}

    def poll_history(self, source_id: str) -> PollHistory:
        """Give how often a source's feed was visited, and when it had something new."""
        return noun(PollHistory, self._warehouse.read("poll_history", {"source_id": source_id})[0])

    def sources_with(self, state: str, now: datetime) -> set[str]:
        """Name the sources that have entries in a state, and not all of them waiting for a later visit."""
        return {row["source_id"] for row in self._warehouse.read("sources_with", {"state": state, "now": now})}

    def listed(self, source_id: str, entry_ids: Iterable[str]) -> dict[str, Listed]:
        """Give what is known of those of the entries that the source has listed before, by entry_id."""
        rows = self._warehouse.read("listed_entries", {"source_id": source_id, "entry_ids": list(entry_ids)})
        return {row["entry_id"]: noun(Listed, row) for row in rows}

    def keep_poll(
        self,
        poll: Poll,
        run_id: str,
        *,
        captures: Iterable[Capture],
        found: Iterable[Entry],
        endings: Iterable[Ending],
        events: Iterable[Event],
        known: KnownFeed | None = None,
        addresses: Iterable[tuple[str, str]] = (),
    ) -> int:
        """Keep a visit to a feed, what it taught us and the entries it brought; count those whose page is new."""
        found = list(found)
        endings = list(endings)
        came_in = [*(entry.entry_id for entry in found), *(ending.entry_id for ending in endings)]
        with self._warehouse.write() as transaction:
            transaction.insert("ops.known_feeds", [asdict(known)] if known else [], on_conflict=_KNOWN_AGAIN)
            _keep_captures(transaction, captures)
            news = keep_found(transaction, found, run_id, poll.polled_at, addresses=addresses)
            row = asdict(poll) | {"entries_found": news, "error_kind": error_kind(poll.reason)}
            transaction.insert("ops.polls", [row])
            _mark_listed(transaction, came_in, poll.polled_at)
            transaction.insert(
                "ops.entry_outcomes",
                [{"run_id": run_id, "entry_id": key, "source_id": poll.source_id} for key in dict.fromkeys(came_in)],
                on_conflict="on conflict do nothing",
            )
            end_entries(transaction, endings, poll.polled_at)
            keep_events(transaction, events)
        return news

    def take_in_waiting(self, source_id: str, run_id: str, now: datetime) -> list[str]:
        """Take in all entries whose page is due to be visited, and name them, those whose page we have last."""
        with self._warehouse.write() as transaction:
            transaction.run("take_in_waiting", source_id=source_id, run_id=run_id, now=now)
            rows = transaction.run("due_entries", source_id=source_id, now=now)
        return [row["entry_id"] for row in rows]

    def waiting_entries(self, entry_ids: Sequence[str]) -> list[Waiting]:
        """Give entries whose page is to be visited, in this order."""
        rows = {row["entry_id"]: row for row in self._warehouse.read("waiting_entries", {"entry_ids": list(entry_ids)})}
        waiting = [rows[key] for key in entry_ids]
        return [noun(Waiting, row | {"entry": entry_of(row), "capture": _capture_of(row)}) for row in waiting]

    def has_served(self, source_id: str, host: str) -> bool:
        """Say whether a host ever gave a page of the source's entries."""
        return bool(self._warehouse.read("served_pages", {"source_id": source_id, "host": host}))

    def take_in_rechecks(self, source_ids: Iterable[str], run_id: str, wanted: Rechecks, now: datetime) -> set[str]:
        """Let published articles come in again whose page is to be asked again; name the sources that have any."""
        chosen = asdict(wanted) | {"ages_seconds": list(wanted.ages_seconds), "source_ids": list(source_ids)}
        with self._warehouse.write() as transaction:
            due = transaction.run("due_rechecks", run_id=run_id, now=now, passing_reasons=passing_reasons(), **chosen)
            transaction.run("ask_again", entry_ids=[row["entry_id"] for row in due])
            # One that its feed has listed in this run as before has come in, and is under way again.
            transaction.insert("ops.entry_outcomes", [row | {"run_id": run_id} for row in due], on_conflict=_IN_AGAIN)
        return {row["source_id"] for row in due}

    def keep_fetches(
        self,
        fetches: Iterable[Fetch],
        *,
        endings: Iterable[Ending],
        events: Iterable[Event],
        gone: Iterable[str] = (),
        back: Iterable[str] = (),
    ) -> None:
        """Keep visits to pages, and which articles' pages are gone, or are as we have them.

        An entry without an ending goes on to be read, unless it is to be retried.
        """
        fetches = list(fetches)
        endings = list(endings)
        ended = {ending.entry_id for ending in endings}
        now = max(fetch.fetched_at for fetch in fetches)
        with self._warehouse.write() as transaction:
            transaction.insert(
                "ops.fetches", [_fetch_row(fetch) for fetch in fetches], on_conflict="on conflict do nothing"
            )
            _keep_captures(
                transaction, [answer for fetch in fetches for answer in (*fetch.hops, fetch.capture) if answer]
            )
            visited = [_visited_row(fetch, has_ended=fetch.entry_id in ended) for fetch in fetches]
            transaction.run("visited_entries", visited=visited)
            _keep_presence(transaction, gone=gone, back=back)
            end_entries(transaction, endings, now)
            keep_events(transaction, events)

    def keep_captures(self, captures: Iterable[Capture]) -> None:
        """Keep where answers lie in the archive; what is known already stays as it is."""
        with self._warehouse.write() as transaction:
            _keep_captures(transaction, captures)

    def keep_presence(self, *, gone: Iterable[str], back: Iterable[str]) -> None:
        """Keep of which articles the pages went away, and of which they are there, whatever was found before."""
        with self._warehouse.write() as transaction:
            _keep_presence(transaction, gone=gone, back=back)

    def postpone(self, entry_ids: Iterable[str], retry_at: datetime, *, ending_reason: str, now: datetime) -> None:
        """Let entries wait unvisited until a time; for this run they have failed."""
        keys = list(entry_ids)
        endings = [Ending(entry_id=key, outcome="failed", reason=ending_reason) for key in keys]
        with self._warehouse.write() as transaction:
            transaction.run("postpone_entries", entry_ids=keys, retry_at=retry_at)
            end_entries(transaction, endings, now)

    def fetched_entries(self, source_id: str, limit: int) -> list[Fetched]:
        """Give entries whose page was visited and not read yet, first found first."""
        rows = self._warehouse.read("fetched_entries", {"source_id": source_id, "limit": limit})
        return [
            Fetched(
                entry=entry_of(row),
                capture=_capture_of(row),
                fetched_at=row["fetched_at"],
                article_id=row["article_id"],
                is_from_feed=row["is_from_feed"],
                known_as=row["known_as"],
            )
            for row in rows
        ]


_KNOWN_AGAIN = """on conflict do update set
  listed_url = excluded.listed_url, feed_url = excluded.feed_url, format = excluded.format,
  ttl_seconds = excluded.ttl_seconds, skip_hours = excluded.skip_hours, skip_days = excluded.skip_days,
  gone_at = excluded.gone_at, site_url = excluded.site_url, hub_urls = excluded.hub_urls,
  topic_url = excluded.topic_url"""

_IN_AGAIN = """on conflict do update set
  outcome = null, reason = null, error_kind = null, detail = null, ended_at = null"""

_FOUND_AGAIN = """on conflict do update set
  guid = excluded.guid, url = excluded.url, title = excluded.title, authors = excluded.authors,
  summary = excluded.summary, content_html = excluded.content_html, published_at = excluded.published_at,
  updated_at = excluded.updated_at, published_raw = excluded.published_raw, language = excluded.language,
  tags = excluded.tags, listing_hash = excluded.listing_hash, last_listed_at = excluded.last_listed_at,
  state = 'found', attempts = 0, retry_at = null, capture_id = null, batch_id = null"""


def keep_found(
    transaction: Transaction,
    found: Iterable[Entry],
    run_id: str,
    now: datetime,
    *,
    addresses: Iterable[tuple[str, str]],
) -> int:
    """Let new and changed entries come in with a run; those end at once whose page another brings. Count the others."""
    entries = list(found)
    transaction.insert("raw.entries", [_found_row(entry, now) for entry in entries], on_conflict=_FOUND_AGAIN)
    transaction.insert(
        "ops.entry_outcomes",
        [{"run_id": run_id, "entry_id": entry.entry_id, "source_id": entry.source_id} for entry in entries],
        on_conflict="on conflict do nothing",
    )
    news = [{"entry_id": entry_id, "address": address} for entry_id, address in addresses]
    known = transaction.run("adopt_known", news=news, now=now) if news else []
    endings = [Ending(entry_id=row["entry_id"], outcome="unchanged", reason="known_address") for row in known]
    end_entries(transaction, endings, now)
    return len(entries) - len(endings)


def end_entries(transaction: Transaction, endings: Iterable[Ending], now: datetime) -> None:
    """Write down where entries ended in the run that has them under way."""
    rows = [asdict(ending) | {"error_kind": error_kind(ending.reason)} for ending in endings]
    if rows:
        transaction.run("end_entries", ended=rows, now=now)


def _found_row(entry: Entry, found_at: datetime) -> Row:
    return asdict(entry) | {"found_at": found_at, "last_listed_at": found_at, "state": "found", "attempts": 0}


def _fetch_row(fetch: Fetch) -> Row:
    row = {name: getattr(fetch, name) for name in Fetch.__slots__ if name not in {"capture", "hops"}}
    capture_id = fetch.capture.capture_id if fetch.capture else None
    return row | {"capture_id": capture_id, "error_kind": error_kind(fetch.reason)}


def _visited_row(fetch: Fetch, *, has_ended: bool) -> Row:
    if fetch.retry_at:
        state = "found"
    elif has_ended:
        state = "ended"
    else:
        state = "fetched"
    capture_id = fetch.capture.capture_id if fetch.capture and state == "fetched" and not fetch.reason else None
    return {"entry_id": fetch.entry_id, "state": state, "retry_at": fetch.retry_at, "capture_id": capture_id}


def _capture_of(row: Row) -> Capture | None:
    return noun(Capture, row | {"url": row["capture_url"]}) if row["capture_id"] else None


def _mark_listed(transaction: Transaction, entry_ids: Iterable[str], now: datetime) -> None:
    keys = list(entry_ids)
    if keys:
        transaction.run("mark_listed", entry_ids=keys, now=now)
        transaction.run("mark_article_listed", entry_ids=keys, now=now)


def _keep_presence(transaction: Transaction, *, gone: Iterable[str], back: Iterable[str]) -> None:
    keep_unreleased(transaction, transaction.run("flag_gone", article_ids=list(gone)))
    keep_unreleased(transaction, transaction.run("unflag_gone", article_ids=list(back)))


def _keep_captures(transaction: Transaction, captures: Iterable[Capture]) -> None:
    rows = [capture_row(capture) for capture in captures]
    transaction.insert("ops.captures", rows, on_conflict="on conflict do nothing")
