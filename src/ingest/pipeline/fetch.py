"""The second arrow: a visit to the page of every entry that waits, and to pages that are asked again."""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, partial

from ..core.errors import CaptureUnreadable, IngestError, PageMissing, Permanent, WarehouseUnusable
from ..core.events import Payload, event
from ..core.fetch_state import Turn, Waiting
from ..core.log_lines import line
from ..core.model import Conditions, Fetch, Page, Source
from ..core.ports import EntryOutcome, Web
from ..scheduling import retries, source_order
from ..state import State, entries
from . import fetch_outcomes, poll_outcomes

log = logging.getLogger("ingest")

PAGES_PER_WRITE = 25  # what a killed run may have to fetch again
ENTRIES_AT_ONCE = 200  # that wait and are held; a feed may list twenty thousand
VISITS_PER_WRITE = 500  # entries without an address cost no request


@dataclass(frozen=True, slots=True, kw_only=True)
class Visited:
    """An entry's page after a visit, and what that says of the article we may have of it."""

    fetch: Fetch
    entry_outcome: EntryOutcome | None = None
    gone: str | None = None  # the article whose page went away
    back: str | None = None  # the article whose page is as we have it


def fetch(
    source: Source,
    *,
    web: Web,
    state: State,
    run_id: str,
    clock: Callable[[], datetime],
    turn: Turn | None = None,
    is_stopping: Callable[[], bool] = lambda: False,
) -> int:
    """Visit the page of every entry that waits for it; say how many were served. One bad page stops no other.

    A host that asks for time, is not reached, or takes too much of it, is left alone: what waits for it is put off.
    So is everything when the archive takes nothing more, for which no page is to blame; that is raised in the end.
    When a turn is over, or the run is to stop, the rest waits for the next.
    """
    begun_at = clock()
    due = entries.take_in_waiting(state, source.source_id, run_id, turn.due_at if turn else begun_at)
    left = turn.most if turn else len(due)
    served = 0
    visited: list[Visited] = []
    hosts = _Hosts()
    let_in = cache(partial(entries.has_served, state, source.source_id))
    for one in _waiting(due, state):
        now = clock()
        if left <= 0 or is_stopping() or (turn and source_order.is_over(turn, begun_at, now)):
            if not hosts.are_any_left_alone:
                break
            hosts.put_off_alone(one)
            continue
        taken = _take(one, hosts, partial(_visit, web=web, let_in=let_in, now=now), clock)
        visited += taken
        left -= sum(one.fetch.reason != fetch_outcomes.NO_ADDRESS for one in taken)  # which costs next to nothing
        if _are_enough(visited):
            served += _keep(source, visited, state=state, run_id=run_id, now=clock())
            visited = []
    served += _keep(source, visited, state=state, run_id=run_id, now=clock())
    for (retry_at, reason), entry_ids in hosts.put_off.items():
        entries.postpone_entries(state, entry_ids, retry_at, outcome_reason=reason, now=clock())
    if due:
        log.info(line("fetched", source=source.source_id, waiting=len(due), served=served))
    if hosts.trouble:
        raise hosts.trouble
    return served


def _take(
    one: Waiting, hosts: "_Hosts", visit: Callable[[Waiting], Visited], clock: Callable[[], datetime]
) -> list[Visited]:
    """Visit an entry's page; where its host is left alone, put the entry off, or take what its feed carried."""
    host = fetch_outcomes.host_of(one.entry)
    if not hosts.left_alone(host):
        try:
            visited = visit(one)
        except WarehouseUnusable as error:
            hosts.stop(error, clock())
        else:
            hosts.heed(host, visited.fetch)
            return [visited]
    return hosts.pass_by(one, host, clock())


def _waiting(due: Sequence[str], state: State) -> Iterator[Waiting]:
    """Yield the entries that are due, a few held at a time."""
    for start in range(0, len(due), ENTRIES_AT_ONCE):
        yield from entries.waiting_entries(state, due[start : start + ENTRIES_AT_ONCE])


class _Hosts:
    """The hosts of one go: how they have treated us, and which are left alone, until when and why."""

    def __init__(self) -> None:
        self.shut: dict[str, tuple[datetime, str]] = {}
        self.put_off: dict[tuple[datetime, str], list[str]] = {}  # entries that are not visited for that
        self.trouble: WarehouseUnusable | None = None
        self._everywhere: tuple[datetime, str] | None = None
        self._patience: defaultdict[str, fetch_outcomes.Patience] = defaultdict(fetch_outcomes.Patience)

    def heed(self, host: str, visit: Fetch) -> None:
        """Take in how a visit went; a host that asked for time, or wore our patience, is left alone from then on."""
        self._patience[host] = self._patience[host].after(visit)
        if why := fetch_outcomes.why_shut(visit, self._patience[host]):
            self.shut[host] = (visit.retry_at or retries.after_last_visit(visit.fetched_at), why)

    def stop(self, error: WarehouseUnusable, now: datetime) -> None:
        """Leave every host alone for the rest of this go; the next may begin at once."""
        self.trouble, self._everywhere = error, (now, error.reason)

    @property
    def are_any_left_alone(self) -> bool:
        """Return whether any host is left alone."""
        return bool(self.shut or self._everywhere)

    def left_alone(self, host: str) -> tuple[datetime, str] | None:
        """Return until when a host is left alone, and why; None for one that is not."""
        return self.shut.get(host) or self._everywhere

    def pass_by(self, waiting: Waiting, host: str, now: datetime) -> list[Visited]:
        """Put an entry off with its host, unless it can go on with what its feed carried."""
        if self.put_off_alone(waiting):
            return []
        until_and_why = self.left_alone(host)
        return [_unvisited(waiting, until_and_why[1], now)] if until_and_why else []

    def put_off_alone(self, waiting: Waiting) -> bool:
        """Put an entry off whose host is left alone, and that cannot go on without its page; say whether it is one."""
        until_and_why = self.left_alone(fetch_outcomes.host_of(waiting.entry))
        if until_and_why is None or fetch_outcomes.goes_without(waiting, until_and_why[1]):
            return False
        self.put_off.setdefault(until_and_why, []).append(waiting.entry.entry_id)
        return True


def _are_enough(visited: Sequence[Visited]) -> bool:
    asked = sum(bool(one.fetch.url) for one in visited)
    return asked >= PAGES_PER_WRITE or len(visited) >= VISITS_PER_WRITE


def _keep(source: Source, visited: Sequence[Visited], *, state: State, run_id: str, now: datetime) -> int:
    if not visited:
        return 0
    served = sum(one.fetch.reason is None for one in visited)
    told: Payload = {"source": source.source_id, "run": run_id, "pages": served, "failed": len(visited) - served}
    entries.keep_fetches(
        state,
        [one.fetch for one in visited],
        outcomes=[one.entry_outcome for one in visited if one.entry_outcome],
        events=[event("pages.fetched", now, told)],
        gone=[one.gone for one in visited if one.gone],
        back=[one.back for one in visited if one.back],
    )
    return served


def _unvisited(waiting: Waiting, reason: str, now: datetime) -> Visited:
    """Return an entry to go on with what its feed carried, while its page's host is left alone."""
    entry = waiting.entry
    detail = "the host is left alone for now"
    fetch = Fetch(entry_id=entry.entry_id, source_id=entry.source_id, url="", fetched_at=now, reason=reason)
    return Visited(fetch=replace(fetch, detail=detail))


def _visit(waiting: Waiting, *, web: Web, let_in: Callable[[str], bool], now: datetime) -> Visited:
    """Visit an entry's page; an entry whose feed carried the whole article goes on even when its page is lost."""
    entry = waiting.entry
    visit = Fetch(entry_id=entry.entry_id, source_id=entry.source_id, url=entry.url or "", fetched_at=now)
    if entry.url is None:
        nowhere = replace(visit, reason=fetch_outcomes.NO_ADDRESS)
        return Visited(fetch=nowhere, entry_outcome=fetch_outcomes.outcome_without_address(waiting))
    try:
        page = _ask(waiting, entry.url, web=web)
    except WarehouseUnusable:
        raise
    except IngestError as error:
        return _lost(waiting, visit, poll_outcomes.doubted(error, lambda: let_in(fetch_outcomes.host_of(entry))))
    served = replace(
        visit,
        fetched_at=page.fetched_at,
        status=page.status,
        final_url=page.final_url,
        received_bytes=page.received_bytes,
        elapsed_ms=page.elapsed_ms,
        capture=page.capture,
    )
    entry_outcome = fetch_outcomes.outcome_of_same_page(waiting, page)
    return Visited(fetch=served, entry_outcome=entry_outcome, back=waiting.article_id if entry_outcome else None)


def _ask(waiting: Waiting, url: str, *, web: Web) -> Page:
    """Ask for a page as it was when we last read it, if we did; one that leads to the front page is missing."""
    page = web.visit(url, conditions=_conditions(waiting, web=web))
    if fetch_outcomes.leads_home(page):
        missing = PageMissing(f"{url} leads to the front page, {page.final_url}", about=page.final_url)
        missing.hop, missing.captures = page.final_url, page.captures
        raise missing
    return page


def _conditions(waiting: Waiting, *, web: Web) -> Conditions | None:
    """Repeat what the page told us, as far as the archive still knows."""
    if waiting.capture is None:
        return None
    try:
        return fetch_outcomes.conditions_of(web.recall(waiting.capture))
    except CaptureUnreadable:
        return None


def _lost(waiting: Waiting, visit: Fetch, error: IngestError) -> Visited:
    failed = fetch_outcomes.failed_fetch(visit, error)
    if isinstance(error, Permanent) or fetch_outcomes.goes_without(waiting, error.reason):
        gone = waiting.article_id if fetch_outcomes.is_gone(waiting, error) else None
        return Visited(fetch=failed, entry_outcome=fetch_outcomes.outcome_without_page(waiting, error), gone=gone)
    retry_at = retries.next_visit(error, waiting.visits + 1, visit.fetched_at)
    entry_outcome = EntryOutcome(entry_id=visit.entry_id, outcome="failed", reason=error.reason, detail=str(error))
    return Visited(fetch=replace(failed, retry_at=retry_at), entry_outcome=entry_outcome)
