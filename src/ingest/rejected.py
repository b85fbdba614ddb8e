"""Reports about rejected batches: which rules they broke, what was in them, and how much of that is public."""

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .reporting import Read

Row = dict[str, Any]

_TOLD_FIRST = ("batch_id", "source_id", "staged_at", "judged_at", "articles", "figures")


def rejected_batches(
    *, state: "Read", warehouse: "Read", sources: Sequence[str] = (), beginning: str = ""
) -> list[Row]:
    """Return the rejected batches of some sources, or of all, first staged first: those whose id begins so."""
    batches = state("report_rejected_batches", {"sources": list(sources) or None, "beginning": beginning})
    if not batches:
        return []
    wanted = {"batch_ids": [batch["batch_id"] for batch in batches]}
    kept = {row["batch_id"]: row["articles"] for row in warehouse("count_staged", wanted)}
    rules: dict[str, list[str]] = defaultdict(list)
    for broken in state("report_broken_rules", wanted):
        if broken["severity"] == "critical":
            rules[broken["batch_id"]].append(broken["rule"])
    return [
        {
            **{name: batch[name] for name in _TOLD_FIRST},
            "rules": ", ".join(rules[batch["batch_id"]]) or None,
            "articles_kept": kept.get(batch["batch_id"], 0),
            "not_public": batch["not_public"],
        }
        for batch in batches
    ]


def broken_rules(batch_id: str, *, state: "Read") -> list[Row]:
    """Return the rules that a batch broke, what rejected it first."""
    rows = state("report_broken_rules", {"batch_ids": [batch_id]})
    return [{name: value for name, value in row.items() if name != "batch_id"} for row in rows]


def held_articles(batch_id: str, *, state: "Read", warehouse: "Read") -> list[Row]:
    """Return the articles of a rejected batch by title, with their figures as far as they are kept."""
    listed = {row["article_id"]: row | {"figures": None} for row in state("entries_of_batch", {"batch_id": batch_id})}
    held = listed | {row["article_id"]: row for row in warehouse("staged_with_figures", {"batch_id": batch_id})}
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
