"""Backwards along the path: archived pages are read again by today's readers, looked at, validated and published.

What is read again is a batch like any other, only proposed: nothing publishes it before somebody has approved it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from ..articles.learned_boilerplate import PAGES_LOOKED_AT, mark_boilerplate
from ..articles.parse_task import ParseAll
from ..articles.parser_version import PARSER_VERSION
from ..core.errors import IngestError, ValidatorFailed
from ..core.ids import batch_key
from ..core.model import Batch, Source, ValidationResult
from ..core.ports import Validator, Web
from ..quality import rejection
from ..state import State
from ..warehouse import batches, quarantine
from ..warehouse.staged import load_staged
from ..warehouse.warehouse import Warehouse
from . import stage_selection, steps


@dataclass(frozen=True, slots=True, kw_only=True)
class Rereading:
    """What one source's archived pages say when they are read again, before anything of it is public."""

    batch: Batch
    article_ids: tuple[str, ...]
    unread: Mapping[str, int]  # pages that hold no article now, by reason
    validations: tuple[ValidationResult, ...] = ()  # those that failed, once it has been validated
    held: Mapping[str, Sequence[str]] = field(default_factory=dict)  # rows that would be held back, once weighed
    changes: Mapping[str, int] = field(default_factory=dict)  # what would become of the others, once weighed

    @property
    def broken(self) -> list[ValidationResult]:
        """Return the results that would stop the batch."""
        return rejection.broken_rules(self.validations)


def reread(
    source: Source,
    *,
    web: Web,
    state: State,
    warehouse: Warehouse,
    parse_all: ParseAll,
    run_id: str,
    now: datetime,
    since: datetime | None = None,
    article_ids: Sequence[str] | None = None,
) -> Rereading | None:
    """Read a source's archived pages again, not validated yet; None when there are none."""
    waiting = quarantine.rereadable_entries(state, source.source_id, since=since, article_ids=article_ids)
    if not waiting:
        return None
    batch_id = batch_key(run_id, source.source_id)
    batch = Batch(batch_id=batch_id, run_id=run_id, source_id=source.source_id, staged_at=now, articles=0, figures=0)
    unread: dict[str, int] = {}
    read: list[str] = []
    while waiting:
        portion = waiting[: steps.ARTICLES_PER_WRITE]
        fetched, parsed_articles, failed = steps.parse_pages(source, portion, web=web, parse_all=parse_all)
        waiting = waiting[len(fetched) + len(failed) :]
        again, _ = steps.known_again(fetched, parsed_articles, state=state, warehouse=warehouse, batch_id=batch_id)
        again = mark_boilerplate(again, batches.last_paragraphs(warehouse, source.source_id, PAGES_LOOKED_AT))
        staged, _ = stage_selection.select_staged(fetched, again, {}, parser_version=PARSER_VERSION)
        news = [one for one in staged if one.is_new_content]
        figures = sum(len(found) for one in news for found in one.parsed.figures)
        batch = replace(batch, articles=batch.articles + len(news), figures=batch.figures + figures)
        quarantine.propose_batch(state, batch, news)
        read += [one.parsed.article.article_id for one in news]
        for entry_outcome in failed:
            unread[entry_outcome.reason] = unread.get(entry_outcome.reason, 0) + 1
    return Rereading(batch=batch, article_ids=tuple(read), unread=unread)


def validate_rereadings(
    found: Sequence[Rereading], *, validator: Validator, state: State, warehouse: Warehouse
) -> list[Rereading]:
    """Validate each as if it were to be published; raise ValidatorFailed when one could not be."""
    answers: dict[str, tuple[ValidationResult, ...] | ValidatorFailed] = {}
    for group in rejection.validated_together(one.batch for one in found):
        load_staged(state, warehouse, group)
        answers |= validator.validate_all(group)
    return [replace(one, validations=_failures(answers[one.batch.batch_id])) for one in found]


def weigh(found: Rereading, *, state: State, warehouse: Warehouse) -> Rereading:
    """Count what a validated rereading would change in what is published, and what would be held back of it."""
    batch_id = found.batch.batch_id
    held = quarantine.rows_to_hold(state, warehouse, batch_id, rejection.refusing_rules(found.validations))
    return replace(found, held=held, changes=quarantine.rereading_changes(warehouse, batch_id, held))


def publish_rereadings(
    found: Sequence[Rereading], *, validator: Validator, state: State, warehouse: Warehouse, now: datetime
) -> list[Rereading]:
    """Take rereadings the way of every batch; give those that their suites let be published."""
    if not found:
        return []
    for one in found:
        quarantine.approve_batch(state, one.batch.batch_id)
    failed: list[tuple[str, IngestError]] = []
    for group in rejection.validated_together(one.batch for one in found):
        failed += steps.validate_all(group, validator=validator, state=state, warehouse=warehouse, now=now)
    published = {batch.batch_id for batch in steps.publish(state=state, warehouse=warehouse, now=now)}
    if failed:
        raise failed[0][1]
    return [one for one in found if one.batch.batch_id in published]


def _failures(answer: tuple[ValidationResult, ...] | ValidatorFailed) -> tuple[ValidationResult, ...]:
    if isinstance(answer, ValidatorFailed):
        raise answer
    return tuple(validation for validation in answer if not validation.passed)
