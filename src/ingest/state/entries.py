"""Entries and the fetches of their pages."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from ..core.errors import error_kind, passing_reasons
from ..core.fetch_state import KnownFeed, Listed, Rechecks, Waiting
from ..core.model import Capture, Entry, Event, Fetch, Poll
from ..core.parsed_articles import Fetched
from ..core.ports import EntryOutcome
from . import Row, State, StateTransaction, row_of
from .removed import removed_entries
from .rows import entry_of, keep_events, noun

LONGEST_WAIT = timedelta(days=7)  # for a retry (scheduling/retries.py); a longer one was set by a clock that was ahead


def sources_with(state: State, entry_state: str, now: datetime) -> set[str]:
    """Return the sources that have entries in a state, and not all of them waiting for a later fetch."""
    wanted = {"state": entry_state, "now": now, "latest": now + LONGEST_WAIT}
    return {row["source_id"] for row in state.read("sources_with", wanted)}


def listed_entries(state: State, source_id: str, entry_ids: Iterable[str]) -> dict[str, Listed]:
    """Return what is known of those of the entries that the source has listed before, by entry_id."""
    rows = state.read("listed_entries", {"source_id": source_id, "entry_ids": list(entry_ids)})
    return {row["entry_id"]: noun(Listed, row) for row in rows}


def keep_poll(
    state: State,
    poll: Poll,
    run_id: str,
    *,
    found: Iterable[Entry],
    outcomes: Iterable[EntryOutcome],
    events: Iterable[Event],
    known: KnownFeed | None = None,
    addresses: Iterable[tuple[str, str]] = (),
) -> int:
    """Keep the poll of a feed, what it told of it and the entries it listed; return how many have a new page."""
    found = list(found)
    outcomes = list(outcomes)
    listed_as_before = [entry_outcome.entry_id for entry_outcome in outcomes]
    with state.write() as transaction:
        _keep_known(transaction, known)
        news = keep_found(transaction, found, run_id, poll.polled_at, addresses=addresses)
        row = row_of(poll) | {"entries_found": news, "error_kind": error_kind(poll.reason)}
        transaction.merge("polls", [row | _newest_run(transaction)], key=["source_id", "polled_at"])
        # Entries just found have it already.
        transaction.run("mark_listed", entry_ids=listed_as_before, now=poll.polled_at)
        _come_in(transaction, [{"entry_id": key, "source_id": poll.source_id} for key in listed_as_before], run_id)
        end_entries(transaction, outcomes, poll.polled_at)
        keep_events(transaction, events)
    return news


def take_in_waiting(state: State, source_id: str, run_id: str, now: datetime) -> list[str]:
    """Add all entries whose page is due to a run; return them, newest first, but those whose page we have last."""
    with state.write() as transaction:
        due = {"source_id": source_id, "now": now, "latest": now + LONGEST_WAIT}
        transaction.run("take_in_waiting", run_id=run_id, **due)
        rows = transaction.run("due_entries", **due)
    return [row["entry_id"] for row in rows]


def fetches_of_run(state: State, run_id: str, source_ids: Iterable[str]) -> dict[str, int]:
    """Return how many pages of some sources a run has fetched, by source; those with none are left out."""
    rows = state.read("fetches_of_run", {"run_id": run_id, "source_ids": list(source_ids)})
    return {row["source_id"]: row["fetches"] for row in rows}


def last_fetched(state: State) -> dict[str, int]:
    """Return the number of the last run that fetched pages of a source, by source."""
    return {row["source_id"]: row["run_number"] for row in state.read("last_fetched")}


def waiting_entries(state: State, entry_ids: Sequence[str]) -> list[Waiting]:
    """Return entries whose page is to be visited, in this order."""
    rows = {row["entry_id"]: row for row in state.read("waiting_entries", {"entry_ids": list(entry_ids)})}
    waiting = [rows[key] for key in entry_ids]
    return [noun(Waiting, row | {"entry": entry_of(row), "capture": _capture_of(row)}) for row in waiting]


def has_served(state: State, source_id: str, host: str) -> bool:
    """Return whether a host ever gave a page of the source's entries."""
    return bool(state.read("has_served", {"source_id": source_id, "host": host}))


def take_in_rechecks(state: State, source_ids: Iterable[str], run_id: str, wanted: Rechecks, now: datetime) -> set[str]:
    """Have published articles fetched again whose page is due; return the sources that have any."""
    asked = {"source_ids": list(source_ids), "run_id": run_id, "passing_reasons": passing_reasons()}
    waits = {"now": now, "latest": now + LONGEST_WAIT}
    with state.write() as transaction:
        rows = transaction.run("rechecked_entries", **asked)
        # Hosts where something waits already are in trouble.
        troubled = {_host(row["url"]) for row in transaction.run("waiting_addresses", **waits)} if rows else set()
        due = _due_rechecks([row for row in rows if _host(row["url"]) not in troubled], wanted, now)
        transaction.run("refetch_entries", entry_ids=[row["entry_id"] for row in due])
        # One that its feed has listed in this run as before has come in, and is under way again.
        nowhere = {"run_id": run_id} | dict.fromkeys(_ENDED)
        again = [{name: row[name] for name in ("entry_id", "source_id")} | nowhere for row in due]
        transaction.merge("entry_outcomes", again, key=_OUTCOME, update=_ENDED)
    return {row["source_id"] for row in due}


def keep_fetches(
    state: State,
    fetches: Iterable[Fetch],
    *,
    outcomes: Iterable[EntryOutcome],
    events: Iterable[Event],
    gone: Iterable[str] = (),
    back: Iterable[str] = (),
) -> None:
    """Keep fetches of pages, and which articles' pages are gone, or are as we have them.

    An entry without an outcome goes on to be parsed, unless it is to be retried.
    """
    fetches = list(fetches)
    outcomes = list(outcomes)
    ended = {entry_outcome.entry_id for entry_outcome in outcomes}
    now = max(fetch.fetched_at for fetch in fetches)
    with state.write() as transaction:
        newest = _newest_run(transaction)
        rows = [_fetch_row(fetch) | newest for fetch in fetches]
        transaction.merge("fetches", rows, key=["entry_id", "fetched_at"])
        visited = [_visited_row(fetch, has_ended=fetch.entry_id in ended) for fetch in fetches]
        transaction.run_each("record_fetch", visited)
        _keep_presence(transaction, gone=list(gone), back=list(back))
        end_entries(transaction, outcomes, now)
        keep_events(transaction, events)


def keep_presence(state: State, *, gone: Iterable[str], back: Iterable[str], shortened: Iterable[str] = ()) -> None:
    """Set or clear the flags of articles whose pages are gone, show less than is published, or are back whole."""
    went, came, less = list(gone), list(back), list(shortened)
    if went or came or less:
        with state.write() as transaction:
            _keep_presence(transaction, gone=went, back=came, shortened=less)


def postpone_entries(
    state: State, entry_ids: Iterable[str], retry_at: datetime, *, outcome_reason: str, now: datetime
) -> None:
    """Postpone the fetch of entries until a time; for this run they have failed."""
    keys = list(entry_ids)
    outcomes = [EntryOutcome(entry_id=key, outcome="failed", reason=outcome_reason) for key in keys]
    with state.write() as transaction:
        transaction.run("postpone_entries", entry_ids=keys, retry_at=retry_at)
        end_entries(transaction, outcomes, now)


def fetched_entries(state: State, source_id: str, limit: int) -> list[Fetched]:
    """Return entries whose page was visited and not read yet, first found first."""
    rows = state.read("fetched_entries", {"source_id": source_id, "most": limit})
    return [
        Fetched(
            entry=entry_of(row),
            capture=_capture_of(row),
            fetched_at=row["fetched_at"],
            article_id=row["article_id"],
            visits=row["visits"],
            is_from_feed=row["is_from_feed"],
            known_as=row["known_as"],
        )
        for row in rows
    ]


_OUTCOME = ("run_id", "entry_id")
_ENDED = ("outcome", "reason", "error_kind", "detail", "ended_at")
_FOUND_AGAIN = (
    *("guid", "url", "title", "authors", "summary", "content_html", "published_at", "updated_at", "published_raw"),
    *("language", "tags", "listing_hash", "last_listed_at"),
    *("state", "attempts", "retry_at", "capture_id", "batch_id"),
)


def keep_found(
    transaction: StateTransaction,
    found: Iterable[Entry],
    run_id: str,
    now: datetime,
    *,
    addresses: Iterable[tuple[str, str]],
) -> int:
    """Add new and changed entries to a run; those end at once whose page another brings. Count the others."""
    listed = list(found)
    removed = removed_entries(transaction, listed, dict(addresses))
    entries = [entry for entry in listed if entry.entry_id not in removed]
    transaction.merge("entries", [_found_row(entry, now) for entry in entries], key=["entry_id"], update=_FOUND_AGAIN)
    blank = [_blank_row(entry, removed[entry.entry_id], now) for entry in listed if entry.entry_id in removed]
    transaction.merge("entries", blank, key=["entry_id"], update=("listing_hash", "last_listed_at"))
    _come_in(transaction, [{"entry_id": entry.entry_id, "source_id": entry.source_id} for entry in listed], run_id)
    new = {key: url for key, url in dict(addresses).items() if key not in removed}
    known = _adopt_known(transaction, entries[0].source_id, new, now) if entries else []
    outcomes = [EntryOutcome(entry_id=entry_id, outcome="unchanged", reason="known_address") for entry_id in known]
    outcomes += [EntryOutcome(entry_id=entry_id, outcome="unchanged", reason="removed") for entry_id in removed]
    end_entries(transaction, outcomes, now)
    return len(listed) - len(outcomes)


def _come_in(transaction: StateTransaction, entries: Iterable[Row], run_id: str) -> None:
    transaction.merge("entry_outcomes", [row | {"run_id": run_id} for row in entries], key=_OUTCOME)


def _adopt_known(
    transaction: StateTransaction, source_id: str, addresses: Mapping[str, str], now: datetime
) -> list[str]:
    """End entries found for the first time whose page another of their source brings; return their keys.

    One of the two goes by its guid, the other by its address. `addresses` has those of the entries in another form, by
    entry_id.
    """
    found = transaction.run("found_entries", entry_ids=list(addresses), now=now) if addresses else []
    urls = {row["entry_id"]: {url for url in (row["url"], addresses[row["entry_id"]]) if url} for row in found}
    known = transaction.run("entries_at", source_id=source_id, urls=sorted(set().union(*urls.values()))) if urls else []
    adopted = []
    for row in found:
        brought = [
            one
            for one in known
            if one["url"] in urls[row["entry_id"]] and one["is_bare"] != row["is_bare"] and one["entry_id"] not in urls
        ]
        if brought:
            best = max(brought, key=lambda one: one["article_id"] or "")
            adopted.append({key: best[key] for key in ("article_id", "capture_id")} | {"entry_id": row["entry_id"]})
    transaction.run_each("adopt_entry", adopted)
    return [row["entry_id"] for row in adopted]


def _due_rechecks(rows: Iterable[Row], wanted: Rechecks, now: datetime) -> list[Row]:
    """Return the entries that are due to be fetched again, of each source the most recent, and no more than wanted.

    Of an article's entries, the first row counts.
    """
    due: list[Row] = []
    articles: set[str] = set()
    count: Counter[str] = Counter()
    for row in rows:
        if row["article_id"] in articles:
            continue
        articles.add(row["article_id"])
        times = [row["first_at"] + timedelta(seconds=age) for age in wanted.ages_seconds]
        is_due = (wanted.whole_listing and row["is_listed"]) or any(row["last_at"] < at <= now for at in times)
        if is_due and row["is_of_earlier_run"] and (wanted.most is None or count[row["source_id"]] < wanted.most):
            count[row["source_id"]] += 1
            due.append(row)
    return due


def _host(url: str | None) -> str | None:
    """Return the host of an address, with its port where it names one."""
    found = re.match(r"https?://([^/?#]+)", (url or "").lower())
    return found[1] if found else None


def end_entries(transaction: StateTransaction, outcomes: Iterable[EntryOutcome], now: datetime) -> None:
    """Write down where entries ended in the run that has them under way."""
    rows = [row_of(one) | {"error_kind": error_kind(one.reason), "now": now} for one in outcomes]
    transaction.run_each("end_entry", rows)


def _found_row(entry: Entry, found_at: datetime) -> Row:
    nothing = dict.fromkeys(("retry_at", "capture_id", "batch_id"))
    row = row_of(entry) | {"found_at": found_at, "last_listed_at": found_at, "state": "found", "attempts": 0}
    return row | nothing


def _blank_row(entry: Entry, article_id: str, now: datetime) -> Row:
    """Return the row of an entry of a removed article: by what it is known again, and nothing that it says."""
    nothing = dict.fromkeys(("summary", "content_html", "published_at", "updated_at", "published_raw", "language"))
    blank = {"title": "", "authors": [], "tags": [], "article_id": article_id, "state": "ended"}
    return _found_row(entry, now) | nothing | blank


def _keep_known(transaction: StateTransaction, known: KnownFeed | None) -> None:
    if known:
        row = row_of(known)
        update = [column for column in row if column != "source_id"]
        transaction.merge("known_feeds", [row], key=["source_id"], update=update)


def _newest_run(transaction: StateTransaction) -> Row:
    """Return the number of the run that began last: it orders polls and fetches also where a clock was wrong."""
    (newest,) = transaction.run("newest_run")
    return {"run_number": newest["number"]}


def _fetch_row(fetch: Fetch) -> Row:
    row = {name: getattr(fetch, name) for name in Fetch.__slots__ if name != "capture"}
    capture_id = fetch.capture.capture_id if fetch.capture else None
    return row | {"capture_id": capture_id, "error_kind": error_kind(fetch.reason), "host": _host(fetch.url)}


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


def _keep_presence(
    transaction: StateTransaction, *, gone: Sequence[str], back: Sequence[str], shortened: Sequence[str] = ()
) -> None:
    """Write down which articles' pages are gone, shortened or back; the warehouse learns it with a publication."""
    for change, keys in (("mark_gone", gone), ("mark_shortened", shortened), ("mark_back", back)):
        changed = transaction.run(change, article_ids=keys) if keys else []
        transaction.merge("presence_changes", changed, key=["article_id"])
