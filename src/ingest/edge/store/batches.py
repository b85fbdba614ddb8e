"""Batches: staging them, keeping what the judge says of them, and publishing them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from types import MappingProxyType

from ...errors import JudgeFailed
from ...events import Payload, event
from ...likeness import Likeness, StoryText
from ...messages import AlertChange
from ...model import Batch, Event, Verdict
from ...ports import Ending
from ...stories import StagedStory
from ..warehouse import Row, Transaction, statement
from .alerts import keep_change
from .copies import link_copies, story_texts
from .entries import end_entries
from .rows import Rows, keep_events, noun, stage_rows, staged_rows

NO_REVISITS: Mapping[str, datetime] = MappingProxyType({})


class BatchRows(Rows):
    """What is kept of batches."""

    def content_hashes(self, batch_id: str, article_ids: Iterable[str]) -> Mapping[str, str | None]:
        """Give the content hash of each article that is published, and None for one that the batch holds already."""
        rows = self._warehouse.read("content_hashes", {"batch_id": batch_id, "article_ids": list(article_ids)})
        return {row["article_id"]: row["content_hash"] for row in rows}

    def articles_at(self, addresses: Iterable[str]) -> Mapping[str, str]:
        """Give the published article whose page lay at each of the addresses, or called itself so."""
        rows = self._warehouse.read("articles_at", {"addresses": list(addresses)})
        return {row["url"]: row["article_id"] for row in rows}

    def last_paragraphs(self, source_id: str, articles: int) -> Mapping[str, tuple[str, Sequence[str]]]:
        """Return headline and paragraphs of so many articles of a source, those whose pages were read last."""
        rows = self._warehouse.read("last_paragraphs", {"source_id": source_id, "articles": articles})
        return {row["article_id"]: (row["title"], row["texts"]) for row in rows}

    def story_texts(self, article_ids: Iterable[str]) -> Mapping[str, StoryText]:
        """Give the texts of published articles."""
        with self._warehouse.write() as transaction:
            return story_texts(transaction, article_ids)

    def stage_batch(
        self,
        batch: Batch,
        stories: Sequence[StagedStory],
        *,
        endings: Iterable[Ending],
        events: Iterable[Event],
        revisits: Mapping[str, datetime] = NO_REVISITS,
    ) -> None:
        """Add stories to a batch (made if need be), and end the entries that go no further.

        Of those, `revisits` gives the time of the next visit to a page by entry_id; the others need nothing more.
        """
        endings = list(endings)
        ended = {ending.entry_id for ending in endings}
        tables: dict[str, list[Row]] = {}
        for story in stories:
            for table, rows in staged_rows(story, batch.batch_id).items():
                tables.setdefault(table, []).extend(rows)
        placed = [
            {"entry_id": story.entry.entry_id, "article_id": story.story.article.article_id}
            for story in stories
            if story.entry.entry_id not in ended
        ]
        with self._warehouse.write() as transaction:
            if stories:
                _upsert_batch(transaction, batch)
            stage_rows(transaction, tables)
            if placed:
                transaction.run("place_entries", batch_id=batch.batch_id, placed=placed)
            if ended:
                end_entries(transaction, endings, batch.staged_at)
                transaction.run("close_entries", entry_ids=list(ended - revisits.keys()))
            if revisits:
                rows = [{"entry_id": entry_id, "retry_at": retry_at} for entry_id, retry_at in revisits.items()]
                transaction.run("revisit_entries", revisits=rows)
            keep_events(transaction, events)

    def batches(self, state: str) -> list[Batch]:
        """Give the batches in a state, first staged first."""
        return [noun(Batch, row) for row in self._warehouse.read("batches", {"state": state})]

    def keep_verdicts(
        self,
        batch: Batch,
        verdicts: Sequence[Verdict],
        *,
        broken: Sequence[str],
        refusing: Sequence[Verdict],
        changes: Sequence[AlertChange],
        now: datetime,
    ) -> int:
        """Keep what the judge said: end the batch where rules broke, else quarantine what was refused; count it."""
        with self._warehouse.write() as transaction:
            _keep_verdicts(transaction, verdicts, now)
            for verdict in refusing:
                _quarantine(transaction, batch, verdict, now)
            transaction.run("refuse_orphans", batch_id=batch.batch_id, source_id=batch.source_id, now=now)
            withheld = transaction.run("withheld", batch_id=batch.batch_id, refused_ids=None)
            held = [row["refused_id"] for row in withheld]
            transaction.run("unaccept", batch_id=batch.batch_id, refused_ids=held)
            refused = int(transaction.run("count_refused", batch_id=batch.batch_id)[0]["refused"])
            state = "rejected" if broken else "validated"
            transaction.run("set_batch_state", batch_ids=[batch.batch_id], state=state, now=now)
            if broken:
                transaction.run("reject_entries", batch_id=batch.batch_id, reason=broken[0], now=now)
                transaction.run("close_batch_entries", batch_id=batch.batch_id)
            for change in changes:
                keep_change(transaction, change, now)
            keep_events(transaction, _verdict_events(batch, broken, refused, now))
        return refused

    def last_audit(self) -> tuple[datetime | None, datetime | None]:
        """Say when the warehouse was last judged as a whole, and when a batch was last published."""
        row = self._warehouse.read("last_audit")[0]
        return row["audited_at"], row["published_at"]

    def keep_audit(self, verdicts: Sequence[Verdict], change: AlertChange, now: datetime) -> None:
        """Keep what the judge said of the warehouse as a whole, and what becomes of the alert about it."""
        with self._warehouse.write() as transaction:
            _keep_verdicts(transaction, verdicts, now)
            keep_change(transaction, change, now)

    def count_stopped(self, source_id: str, *, passing: str | None = None) -> int:
        """Count articles of a source's stopped batches that are not public, nor in the batch that passes now."""
        rows = self._warehouse.read("count_stopped", {"source_id": source_id, "passing": passing})
        return int(rows[0]["articles"])

    def is_reread(self, batch_id: str) -> bool:
        """Say whether a batch was read again from the archive."""
        return any(row["is_reread"] for row in self._warehouse.read("is_reread", {"batch_id": batch_id}))

    def prune_stopped(self, judged_before: datetime) -> list[Row]:
        """Let go of what is staged of stopped batches that are superseded or were judged so long ago; say of which."""
        with self._warehouse.write() as transaction:
            transaction.run("name_prunable", judged_before=judged_before)
            transaction.script("unstage")
            return transaction.run("pruned")

    def publish_batches(self, batches: Sequence[Batch], now: datetime, *, likeness: Likeness) -> None:
        """Make the good rows of validated batches public and link copies of one story, all or none."""
        with self._warehouse.write() as transaction:
            for apart, article_ids in _without_common_articles(transaction, batches):
                _publish(transaction, apart, article_ids, now, likeness)


def _without_common_articles(
    transaction: Transaction, batches: Sequence[Batch]
) -> list[tuple[dict[str, Batch], set[str]]]:
    """Part batches, by their keys and in their order, so that no article is twice in a part, and name its articles."""
    articles: dict[str, set[str]] = {batch.batch_id: set() for batch in batches}
    for row in transaction.run("staged_articles", batch_ids=[*articles]):
        articles[row["batch_id"]].add(row["article_id"])
    parts: list[tuple[dict[str, Batch], set[str]]] = []
    for batch in batches:
        if not parts or parts[-1][1] & articles[batch.batch_id]:
            parts.append(({}, set()))
        apart, article_ids = parts[-1]
        apart[batch.batch_id] = batch
        article_ids |= articles[batch.batch_id]
    return parts


def _publish(
    transaction: Transaction,
    batches: Mapping[str, Batch],
    article_ids: Iterable[str],
    now: datetime,
    likeness: Likeness,
) -> None:
    """Publish batches that have none of their articles in common."""
    keys = [*batches]
    transaction.run("name_publishing", batch_ids=keys, now=now)
    transaction.script("begin_publishing")
    transaction.run_for("name_known_articles", sorted(article_ids))
    transaction.script("publish_batches")
    transaction.script("unstage")
    link_copies(transaction, likeness)
    transaction.run("set_batch_state", batch_ids=keys, state="published", now=now)
    keep_events(transaction, _published_events(transaction, batches, now))


def _published_events(transaction: Transaction, batches: Mapping[str, Batch], now: datetime) -> Iterator[Event]:
    """Tell, batch by batch, what became public, and which stories corrected their figures."""
    for row in transaction.run("count_published"):
        batch = batches[row["batch_id"]]
        counts = {"articles": row["articles"], "figures": row["figures"]}
        told: Payload = {"source": batch.source_id, "run": batch.run_id, "batch": batch.batch_id}
        yield event("batch.published", now, told | counts)
    for row in transaction.run("count_corrections"):
        told = {"source": batches[row["batch_id"]].source_id, "article": row["article"], "changes": row["changes"]}
        yield event("figure.corrected", now, told)


def _upsert_batch(transaction: Transaction, batch: Batch) -> None:
    transaction.run(
        "upsert_batch",
        batch_id=batch.batch_id,
        run_id=batch.run_id,
        source_id=batch.source_id,
        staged_at=batch.staged_at,
        articles=batch.articles,
        figures=batch.figures,
    )


def _keep_verdicts(transaction: Transaction, verdicts: Iterable[Verdict], now: datetime) -> None:
    rows = [_verdict_row(verdict, now) for verdict in verdicts]
    transaction.merge("ops.validations", rows, key=["batch_id", "suite", "rule"])


def _verdict_row(verdict: Verdict, now: datetime) -> Row:
    row = asdict(verdict) | {"judged_at": now}
    del row["failing_rows"], row["is_final"]
    return row


def _quarantine(transaction: Transaction, batch: Batch, verdict: Verdict, now: datetime) -> None:
    """Hold back the rows a rule refuses; they must be exactly as many as the judge counted."""
    has_article = verdict.suite != "authors"
    sql = statement("quarantine_rows").format(
        table=verdict.suite,
        predicate=verdict.failing_rows,
        article_id="article_id" if has_article else "null",
    )
    parameters = {
        "batch_id": batch.batch_id,
        "rule": verdict.rule,
        "source_id": batch.source_id,
        "note": verdict.note,
        "is_final": verdict.is_final,
        "now": now,
    }
    transaction.connection.execute(sql, parameters)
    found = transaction.run("count_held", batch_id=batch.batch_id, table_name=verdict.suite, rule=verdict.rule)
    held = int(found[0]["held"])
    if held != verdict.unexpected:
        rule = f"{verdict.suite}.{verdict.rule}"
        message = f"{rule} found {verdict.unexpected} rows, but its failing_rows finds {held}; mend the suite"
        raise JudgeFailed(message, about=rule)


def _verdict_events(batch: Batch, broken: Sequence[str], refused: int, now: datetime) -> list[Event]:
    told: Payload = {"source": batch.source_id, "run": batch.run_id, "batch": batch.batch_id}
    if broken:
        return [event("batch.rejected", now, told | {"rules": ", ".join(broken)})]
    events = [event("batch.validated", now, told | {"quarantined": refused})]
    if refused:
        events.append(event("rows.quarantined", now, told | {"rows": refused}))
    return events
