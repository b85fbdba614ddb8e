"""Reports about rejected batches: which rules they broke, what was in them, and how much of that is public."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .contents import Read

Row = dict[str, Any]

_TOLD_FIRST = ("batch_id", "source_id", "staged_at", "judged_at", "articles", "figures")


def rejected_batches(*, state: "Read", sources: Sequence[str] = (), beginning: str = "") -> list[Row]:
    """Return the rejected batches of some sources, or of all, first staged first: those whose id begins so."""
    batches = state("report_rejected_batches", {"sources": list(sources) or None, "beginning": beginning})
    if not batches:
        return []
    wanted = {"batch_ids": [batch["batch_id"] for batch in batches]}
    kept: Counter[str] = Counter()
    for part in state("staged_article_ids", wanted):
        kept[part["batch_id"]] += len(part["article_ids"])
    rules: dict[str, list[str]] = defaultdict(list)
    for broken in state("report_broken_rules", wanted):
        if broken["severity"] == "critical":
            rules[broken["batch_id"]].append(broken["rule"])
    return [
        {
            **{name: batch[name] for name in _TOLD_FIRST},
            "rules": ", ".join(rules[batch["batch_id"]]) or None,
            "articles_kept": kept[batch["batch_id"]],
            "not_public": batch["not_public"],
        }
        for batch in batches
    ]


def broken_rules(batch_id: str, *, state: "Read") -> list[Row]:
    """Return the rules that a batch broke, what rejected it first."""
    rows = state("report_broken_rules", {"batch_ids": [batch_id]})
    return [{name: value for name, value in row.items() if name != "batch_id"} for row in rows]


def held_articles(
    batch_id: str, *, state: "Read", unpacked: Callable[[bytes], Mapping[str, Sequence[Row]]]
) -> list[Row]:
    """Return the articles of a rejected batch by title, with their figures as far as they are kept."""
    held = {row["article_id"]: row | {"figures": None} for row in state("entries_of_batch", {"batch_id": batch_id})}
    for part in state("staged_parts", {"batch_ids": [batch_id]}):
        held |= {row["article_id"]: row for row in _with_figures(unpacked(part["contents"]))}
    public = {row["article_id"] for row in state("public_articles", {"article_ids": list(held)})}
    told = [
        {
            **{name: row[name] for name in ("article_id", "title", "url", "published_at")},
            "is_public": row["article_id"] in public,
            "figures": row["figures"],
        }
        for row in held.values()
    ]
    return sorted(told, key=lambda row: (row["title"], row["article_id"]))


def _with_figures(tables: Mapping[str, Sequence[Row]]) -> list[Row]:
    """Return the parsed articles of a batch, each with its figures in reading order; None without any."""
    figures: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(tables.get("figures", ()), key=lambda row: (row["paragraph"], row["span_start"])):
        figure = {"text": row["text"], "value": Decimal(row["value"]), "kind": row["kind"], "unit": row["unit"]}
        figures[row["article_id"]].append(figure)
    return [
        row
        | {
            "published_at": row["published_at"] and datetime.fromisoformat(row["published_at"]),
            "figures": figures.get(row["article_id"]),
        }
        for row in tables.get("articles", ())
    ]
