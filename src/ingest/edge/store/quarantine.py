"""Rows in quarantine, and archived pages that are read again: proposed, approved or withdrawn."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from ...model import Batch, Capture, Verdict
from ...stories import Fetched, StagedStory
from ..warehouse import Row, statement
from .batches import upsert_batch
from .rows import entry_of, noun
from .staged import StagedRows, keep_staged, mark_accepted, unstage


class QuarantineRows(StagedRows):
    """What is kept of refused rows and of rereadings."""

    def rereadable(self, source_id: str, *, since: datetime | None, article_ids: Sequence[str] | None) -> list[Fetched]:
        """Give the stories of a source whose pages are in the archive; those of some articles, or all."""
        wanted = None if article_ids is None else list(article_ids)
        rows = self._state.read("rereadable", {"source_id": source_id, "since": since, "article_ids": wanted})
        return [
            Fetched(
                entry=entry_of(row),
                capture=noun(Capture, row | {"url": row["capture_url"]}),
                fetched_at=row["captured_at"],
                article_id=row["article_id"],
                is_from_feed=row["is_from_feed"],
            )
            for row in rows
        ]

    def propose_batch(self, batch: Batch, stories: Sequence[StagedStory]) -> None:
        """Add stories to a batch that nothing publishes before it is approved."""
        with self._state.write() as transaction:
            upsert_batch(transaction, batch, "proposed")
            keep_staged(transaction, batch, stories)

    def rows_to_hold(self, batch_id: str, refusing: Sequence[Verdict]) -> dict[str, list[str]]:
        """Name by table the rows of a proposed batch that these verdicts would send to quarantine."""
        held: dict[str, set[str]] = {}
        with self._warehouse.write() as transaction:
            for verdict in refusing:
                sql = statement("rows_to_hold").format(table=verdict.suite, predicate=verdict.failing_rows)
                refused = transaction.connection.execute(sql, {"batch_id": batch_id}).fetchall()
                held.setdefault(verdict.suite, set()).update(key for (key,) in refused)
            if paragraphs := held.get("paragraphs"):
                rows = transaction.run("figures_in_paragraphs", batch_id=batch_id, paragraphs=list(paragraphs))
                held.setdefault("figures", set()).update(row["row_key"] for row in rows)
        return {table: sorted(keys) for table, keys in held.items() if keys}

    def rereading_changes(self, batch_id: str, held: Mapping[str, Sequence[str]]) -> Mapping[str, int]:
        """Count what a proposed batch would change in what is published, these rows being held back."""
        return self._warehouse.read("report_rereading", _without(batch_id, held))[0]

    def reread_figures(self, batch_id: str, held: Mapping[str, Sequence[str]], limit: int) -> list[Row]:
        """Give the first of the figures that a proposed batch would add, change or drop, these rows being held back."""
        return self._warehouse.read("report_reread_figures", _without(batch_id, held) | {"limit": limit})

    def approve_batch(self, batch_id: str) -> None:
        """Let a proposed batch be judged and published as any other."""
        with self._state.write() as transaction:
            transaction.run("approve_batch", batch_id=batch_id)

    def withdraw_proposals(self) -> None:
        """Forget every batch that was proposed and not approved."""
        with self._state.write() as transaction:
            batch_ids = [row["batch_id"] for row in transaction.run("delete_proposals")]
            transaction.run("delete_staged_parts", batch_ids=batch_ids)
        if batch_ids:
            with self._warehouse.write() as warehouse:
                unstage(warehouse, batch_ids)

    def articles_of_refused(self, refused_ids: Sequence[str]) -> dict[str, list[str]]:
        """Give the articles that rows in quarantine were read from, by source."""
        refused = self._warehouse.read("origins_of_refused", {"refused_ids": list(refused_ids)})
        found = self._state.read(
            "articles_of_rows",
            {
                "article_ids": [row["article_id"] for row in refused if row["article_id"]],
                "batch_ids": [row["batch_id"] for row in refused if not row["article_id"]],
            },
        )
        sources = {(row["source_id"], row["article_id"] or row["batch_id"]) for row in refused}
        articles: dict[str, list[str]] = {}
        for row in found:
            source_id, article_id = row["source_id"], row["article_id"]
            is_theirs = not sources.isdisjoint({(source_id, article_id), (source_id, row["batch_id"])})
            if is_theirs and article_id not in articles.setdefault(source_id, []):
                articles[source_id].append(article_id)
        return {source_id: listed for source_id, listed in articles.items() if listed}

    def still_read(self, refused_ids: Sequence[str], batch_id: str) -> set[str]:
        """Name those of some rows in quarantine that a batch brings again."""
        parameters = {"refused_ids": list(refused_ids), "batch_id": batch_id}
        return {row["refused_id"] for row in self._warehouse.read("still_read", parameters)}

    def accept_refused(self, refused_id: str, batch_id: str, why: str, now: datetime) -> None:
        """Let no rule refuse a row any more, neither in the batch that brings it again nor in a later one."""
        with self._warehouse.write() as transaction:
            transaction.run("accept_refused", refused_id=refused_id, why=why, now=now)
        with self._warehouse.write() as transaction:
            mark_accepted(transaction, [batch_id])

    def forget_accepted(self, refused_id: str) -> None:
        """Let rules refuse a row again that was accepted, and not published all the same."""
        with self._warehouse.write() as transaction:
            transaction.run("forget_accepted", refused_id=refused_id)

    def withheld(self, refused_id: str, batch_id: str) -> list[Row]:
        """Name the rows that keep a batch from publishing a row in quarantine: what it belongs to, then itself."""
        return self._warehouse.read("withheld", {"refused_ids": [refused_id], "batch_id": batch_id})

    def settle_refused(self, refused_ids: Sequence[str], batch: Batch, article_ids: Sequence[str]) -> None:
        """Keep that the articles of rows in quarantine were read again in a batch, and which rows it published."""
        with self._warehouse.write() as transaction:
            transaction.run(
                "settle_refused",
                refused_ids=list(refused_ids),
                batch_id=batch.batch_id,
                article_ids=list(article_ids),
                now=batch.staged_at,
            )


def _without(batch_id: str, held: Mapping[str, Sequence[str]]) -> dict[str, object]:
    articles, figures = (list(held.get(table, ())) for table in ("articles", "figures"))
    return {"batch_id": batch_id, "held_articles": articles, "held_figures": figures}
