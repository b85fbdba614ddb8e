"""What happens next: one function per arrow of the path. Each reads, thinks, keeps and tells, and may be run again."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from ..alerts import life_cycle, texts
from ..alerts.notify import keep_trouble, left_to_do
from ..articles import versions
from ..articles.learned_boilerplate import PAGES_LOOKED_AT, mark_boilerplate
from ..articles.parse_task import ParseAll, ParseTask
from ..articles.parser_version import PARSER_VERSION
from ..core.errors import CaptureUnreadable, IngestError, Misconfigured, Permanent, ValidatorFailed
from ..core.events import Payload, event
from ..core.ids import alert_fingerprint, batch_key
from ..core.log_lines import line
from ..core.model import Alert, Batch, Source, ValidationResult
from ..core.parsed_articles import Fetched, ParsedArticle
from ..core.ports import EntryOutcome, Validator, Web
from ..quality import rejection
from ..state import State, entries
from ..state.alerts import recent_alerts
from ..warehouse import near_duplicate_rules, publication, releases
from ..warehouse.batches import (
    articles_at,
    batches_in,
    content_hashes,
    count_rejected,
    is_reread,
    keep_validations,
    last_paragraphs,
    prune_rejected,
    published_texts,
    stage_batch,
)
from ..warehouse.near_duplicate_model import ArticleText
from ..warehouse.staged import load_staged
from ..warehouse.warehouse import Warehouse
from . import fetch_outcomes, stage_selection

log = logging.getLogger("ingest")

ARTICLES_PER_WRITE = 50  # what a killed run may have to read again
UNVALIDATED = "suites.broken"  # the alert about batches that could not be validated
ARTICLES_PER_BATCH = 250  # and up to a write more: what is validated and published together has to fit into memory
BYTES_PER_WRITE = 16_000_000  # of pages, so that a few large ones are not held together


def stage(
    source: Source,
    *,
    web: Web,
    state: State,
    warehouse: Warehouse,
    parse_all: ParseAll,
    run_id: str,
    now: datetime,
    part: str = "",
) -> Batch | None:
    """Read pages that were fetched and stage what is new in them as a batch; None when nothing is.

    A run may stage several batches of a source, one after another: each is a part with a name of its own. What is too
    much for one waits for the next.
    """
    batch_id = batch_key(run_id + part, source.source_id)
    batch = Batch(batch_id=batch_id, run_id=run_id, source_id=source.source_id, staged_at=now, articles=0, figures=0)
    unread = 0
    while batch.articles < ARTICLES_PER_BATCH and (
        waiting := entries.fetched_entries(state, source.source_id, ARTICLES_PER_WRITE)
    ):
        fetched, parsed_articles, failed = parse_pages(source, waiting, web=web, parse_all=parse_all)
        is_last = len(fetched) + len(failed) == len(waiting) < ARTICLES_PER_WRITE
        parsed_articles, known = known_again(
            fetched, parsed_articles, state=state, warehouse=warehouse, batch_id=batch_id
        )
        shortened = versions.shortened(parsed_articles, _texts_that_change(parsed_articles, known, warehouse=warehouse))
        parsed_articles = mark_boilerplate(
            parsed_articles, last_paragraphs(warehouse, source.source_id, PAGES_LOOKED_AT)
        )
        staged, outcomes = stage_selection.select_staged(
            fetched, parsed_articles, known, shortened=shortened, parser_version=PARSER_VERSION
        )
        news = [one.parsed for one in staged if one.is_new_content]
        shown = {parsed.article.article_id for parsed in parsed_articles if stage_selection.is_shown(parsed.article)}
        unread += sum(entry_outcome.outcome == "failed" for entry_outcome in failed)
        gone = {entry_outcome.entry_id for entry_outcome in failed if entry_outcome.reason == fetch_outcomes.PAGE_GONE}
        entries.keep_presence(
            state,
            gone=[one.article_id for one in waiting if one.article_id and one.entry.entry_id in gone],
            back=(known.keys() & shown) - {parsed.article.article_id for parsed in news} - shortened,
            shortened=shortened & shown,  # what a feed carries says nothing of the page
        )
        batch = replace(
            batch,
            articles=batch.articles + len(news),
            figures=batch.figures + sum(len(figures) for parsed in news for figures in parsed.figures),
        )
        told: Payload = {"source": source.source_id, "run": run_id, "batch": batch_id}
        events = [event("batch.staged", now, told | {"articles": batch.articles, "figures": batch.figures})]
        stage_batch(
            state,
            batch,
            staged,
            outcomes=[*outcomes, *failed],
            events=events if staged else [],
            revisits=fetch_outcomes.revisits(waiting, failed, now),
        )
        if is_last:
            break
    if batch.articles or unread:
        counts = {"articles": batch.articles, "figures": batch.figures, "unread": unread}
        log.info(line("staged", source=source.source_id, batch=batch_id, **counts))
    return batch if batch.articles else None


def _texts_that_change(
    parsed_articles: Sequence[ParsedArticle], known: Mapping[str, str | None], *, warehouse: Warehouse
) -> Mapping[str, ArticleText]:
    """Return the published texts of the articles whose content is another now, by article_id."""
    changed = {
        parsed.article.article_id
        for parsed in parsed_articles
        if (before := known.get(parsed.article.article_id)) and before != stage_selection.hash_of(parsed.article)
    }
    return published_texts(warehouse, changed) if changed else {}


def known_again(
    fetched: Sequence[Fetched],
    parsed_articles: Sequence[ParsedArticle],
    *,
    state: State,
    warehouse: Warehouse,
    batch_id: str,
) -> tuple[list[ParsedArticle], Mapping[str, str | None]]:
    """Return articles that have moved to another address as the articles that they were before.

    With them comes what their batch has to know of their articles: see `content_hashes`.
    """
    known = content_hashes(state, batch_id, {parsed.article.article_id for parsed in parsed_articles})
    news = [
        (one, parsed)
        for one, parsed in zip(fetched, parsed_articles, strict=True)
        if parsed.article.article_id not in known
    ]
    addresses = {address for _, parsed in news for address in (parsed.article.url, parsed.article.canonical_url)}
    brought = {one.article_id for one, _ in news if one.article_id}
    moved = stage_selection.moved_articles(
        [one for one, _ in news],
        [parsed for _, parsed in news],
        at=articles_at(state, addresses) if addresses else {},
        texts=published_texts(warehouse, brought) if brought else {},
    )
    if not moved:
        return list(parsed_articles), known
    again = [
        replace(parsed, article=replace(parsed.article, article_id=moved[parsed.article.article_id]))
        if parsed.article.article_id in moved
        else parsed
        for parsed in parsed_articles
    ]
    return again, content_hashes(state, batch_id, {parsed.article.article_id for parsed in again})


def validate_all(
    batches: Sequence[Batch], *, validator: Validator, state: State, warehouse: Warehouse, now: datetime
) -> list[tuple[str, IngestError]]:
    """Validate batches together and conclude for each by itself; return those, by batch_id, that could not be.

    That some could not is told, once for all of them, and that it is over when none waits any more.
    """
    load_staged(state, warehouse, batches)
    failed: list[tuple[str, IngestError]] = []
    for batch, answer in _answers(validator, batches):
        try:
            if isinstance(answer, IngestError):
                raise answer
            validate(batch, answer, state=state, warehouse=warehouse, now=now)
        except Permanent as error:
            failed.append((batch.batch_id, error))
    broken = [error for _, error in failed if isinstance(error, ValidatorFailed | Misconfigured)]
    waiting = batches_in(state, "staged")
    if broken or not waiting:
        trouble = texts.validator_trouble(broken, waiting)
        keep_trouble(UNVALIDATED, trouble, state=state, now=now)
    return failed


def _answers(
    validator: Validator, batches: Sequence[Batch]
) -> list[tuple[Batch, Sequence[ValidationResult] | IngestError]]:
    """Return what the validator finds in each batch, or why it finds nothing: without every suite it validates none."""
    try:
        found = validator.validate_all(batches)
    except Misconfigured as error:
        return [(batch, error) for batch in batches]
    return [(batch, found[batch.batch_id]) for batch in batches]


def validate(
    batch: Batch, found: Sequence[ValidationResult], *, state: State, warehouse: Warehouse, now: datetime
) -> bool:
    """Keep what was said of a batch, hold back what was refused; say whether the batch may be published."""
    broken = rejection.broken_rules(found)
    alerts = recent_alerts(state, now)
    changes = []
    for kind, trouble in texts.batch_troubles(batch, found).items():
        last = alerts.get(alert_fingerprint(kind, batch.source_id))
        if last and not trouble and _goes_on(last, batch, state=state):
            continue
        left = left_to_do(last, state=state, passing=batch.batch_id) if last and not trouble else None
        changes.append(
            life_cycle.next_alert(kind, batch.source_id, now=now, last=last, trouble=trouble, left=left),
        )
    quarantined = keep_validations(
        state,
        warehouse,
        batch,
        found,
        broken=[f"{validation.suite}.{validation.rule}" for validation in broken],
        refusing=[] if broken else rejection.refusing_rules(found),
        changes=changes,
        now=now,
    )
    keys = {"source": batch.source_id, "batch": batch.batch_id}
    log.info(line("validated", **keys, passed=not broken, rules=len(found), quarantined=quarantined))
    return not broken


def _goes_on(alert: Alert, passing: Batch, *, state: State) -> bool:
    """Return whether an alert about rejected articles goes on although a batch passes, which only replays others."""
    if not life_cycle.is_about_rejected(alert) or not is_reread(state, passing.batch_id):
        return False
    return count_rejected(state, passing.source_id, passing=passing.batch_id) > 0


def publish(*, state: State, warehouse: Warehouse, now: datetime) -> list[Batch]:
    """Publish every batch that was validated, each whole, and hand analysts the new file; say which they were."""
    batches = batches_in(state, "validated")
    for group in rejection.published_together(batches):
        publish_batches(group, state=state, warehouse=warehouse, now=now)
    release(state=state, warehouse=warehouse, now=now)
    return batches


def publish_batches(batches: Sequence[Batch], *, state: State, warehouse: Warehouse, now: datetime) -> None:
    """Publish batches that were validated, each whole, all or none."""
    publication.publish_batches(state, warehouse, batches, now, duplicate_rule=near_duplicate_rules)
    for batch in batches:
        keys = {"source": batch.source_id, "batch": batch.batch_id}
        log.info(line("published", **keys, articles=batch.articles, figures=batch.figures))


def prune(*, state: State, now: datetime, keep: timedelta) -> None:
    """Delete what is staged of rejected batches: superseded by what is public, or older than is kept."""
    for one in prune_rejected(state, now - keep):
        keys = {"source": one["source_id"], "batch": one["batch_id"]}
        log.info(line("pruned", **keys, articles=one["articles"], reason=one["reason"]))


def release(*, state: State, warehouse: Warehouse, now: datetime, release_time_share: float = 1) -> None:
    """Hand analysts a file that holds all that is published.

    Where that file takes more than a minute to make, it waits until it takes no more than its share of the time.
    """
    last = releases.last_release(state, warehouse)
    if last and last[0] <= now < (
        due_at := releases.next_release(*last, share=release_time_share)
    ):  # else a clock was wrong
        if releases.is_released(state, warehouse, now):
            return
        log.warning(
            "analysts keep the file they have until %s: to make it took %.0f s, and may take %g of the time",
            *(due_at.isoformat(timespec="seconds"), last[1].total_seconds(), release_time_share),
        )
    else:
        releases.release_file(state, warehouse, now)


def parse_pages(
    source: Source, waiting: Sequence[Fetched], *, web: Web, parse_all: ParseAll
) -> tuple[list[Fetched], list[ParsedArticle], list[EntryOutcome]]:
    """Part the first of the pages into those that are stories, with the stories, and outcomes for those that are none.

    Pages are recalled as they are read, until there are bytes enough; the others go on waiting.
    """
    recalled: list[Fetched] = []
    fetched, parsed_articles, outcomes = [], [], []

    def tasks() -> Iterator[ParseTask]:
        left = BYTES_PER_WRITE
        for one in waiting:
            if left <= 0:
                return
            try:
                page = web.recall(one.capture) if one.capture else None
            except CaptureUnreadable as error:
                outcomes.append(fetch_outcomes.outcome_without_article(one, error.reason, str(error)))
                continue
            task = ParseTask(source=source, fetched=one, page=page)
            left -= len(task)
            recalled.append(one)
            yield task

    read = parse_all(tasks())
    for one, result in zip(recalled, read, strict=True):
        if isinstance(result, ParsedArticle):
            fetched.append(one)
            parsed_articles.append(result)
        else:
            outcomes.append(fetch_outcomes.outcome_without_article(one, result.reason, result.detail))
    return fetched, parsed_articles, outcomes
