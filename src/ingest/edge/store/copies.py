"""Copies of one story: found by the keys they share, compared, and linked to the earliest of them.

What an article copies is decided by the texts and by when they were first seen, never by the order of publishing: the
earliest earlier article that it is a copy of. Where that is a copy itself, both point to the same original.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from heapq import nsmallest
from itertools import chain

from ...likeness import Likeness, StoryText
from ..warehouse import Row, Transaction
from .rows import keep_unreleased, noun

MOST_HOLDERS = 200  # of one key; what more articles share is no sign of a story
MOST_COMPARED = 50  # articles that one is compared with in earnest, on either side of it in time
COMPARED_AT_ONCE = 1_000  # texts held at once, beside those of the batch

Seen = tuple[datetime, str]  # when an article was first seen, and its key where two came at once


def link_copies(transaction: Transaction, likeness: Likeness) -> None:
    """Compare what the batch has just made public with all that is, and link the copies on either side."""
    rows = transaction.run("texts_published_now")
    fresh = {row["article_id"]: noun(StoryText, row) for row in rows}
    corrected = [row["article_id"] for row in rows if row["version"] > 1]
    bereft = _copies_of(transaction, corrected) - fresh.keys()
    texts = fresh | story_texts(transaction, bereft)
    keys = {article_id: likeness.search_keys(text) for article_id, text in texts.items()}
    holders = _take_in(transaction, [fresh[one] for one in sorted(fresh)], keys)
    pairs: dict[Seen, list[tuple[Seen, Seen]]] = defaultdict(list)  # the earlier first, by what a text is compared with
    for seen in sorted(map(_seen, texts.values())):
        near = _near(seen, keys[seen[1]], holders)
        for other in _best(near, [other for other in near if other < seen]):
            pairs[other].append((other, seen))
        if seen[1] in fresh:
            for other in _best(near, [other for other in near if other > seen and other[1] not in texts]):
                pairs[other].append((seen, other))
    links = _confirmed(transaction, pairs, texts, likeness)
    moved = _keep_links(transaction, links, anew=texts.keys())
    _point_to_originals(transaction, {*texts, *moved})


def _seen(text: StoryText) -> Seen:
    return text.first_seen_at, text.article_id


def _take_in(
    transaction: Transaction, fresh: Sequence[StoryText], keys: Mapping[str, Sequence[int]]
) -> dict[int, set[Seen]]:
    """Return who has each of the keys, the new articles among them; these are kept while a key has few holders."""
    holders: dict[int, set[Seen]] = defaultdict(set)
    named = sorted({key for listed in keys.values() for key in listed})
    for row in transaction.run("holders_of_keys", story_keys=named):
        holders[row["story_key"]].add((row["first_seen_at"], row["article_id"]))
    kept: list[tuple[int, str]] = []
    for text in fresh:
        for key in keys[text.article_id]:
            if len(holders[key]) < MOST_HOLDERS and _seen(text) not in holders[key]:
                holders[key].add(_seen(text))
                kept.append((key, text.article_id))
    story_keys, article_ids = zip(*kept, strict=True) if kept else ((), ())
    transaction.run("keep_story_keys", story_keys=story_keys, article_ids=article_ids)
    return holders


def _near(seen: Seen, keys: Iterable[int], holders: Mapping[int, set[Seen]]) -> Counter[Seen]:
    """Count the keys an article shares with each other article."""
    near = Counter(other for key in keys for other in holders[key])
    del near[seen]
    return near


def _best(near: Counter[Seen], others: Iterable[Seen]) -> list[Seen]:
    """Choose those that share the most, of equals the earliest."""
    return nsmallest(MOST_COMPARED, others, key=lambda other: (-near[other], other))


def _confirmed(
    transaction: Transaction,
    pairs: Mapping[Seen, Sequence[tuple[Seen, Seen]]],
    texts: Mapping[str, StoryText],
    likeness: Likeness,
) -> dict[str, Seen]:
    """Return the earliest original of each near-duplicate; each text is fetched and fingerprinted once.

    Pairs are compared in the order of time, so that the first article found is the earliest.
    """
    links: dict[str, Seen] = {}
    own = {article_id: likeness.fingerprint(text) for article_id, text in texts.items()}
    others = sorted(pairs)
    for start in range(0, len(others), COMPARED_AT_ONCE):
        some = others[start : start + COMPARED_AT_ONCE]
        fetched = story_texts(transaction, [article_id for _, article_id in some if article_id not in own])
        known = own | {article_id: likeness.fingerprint(text) for article_id, text in fetched.items()}
        for earlier, later in chain.from_iterable(pairs[other] for other in some):
            if later[1] not in links and likeness.are_near_duplicates(known[earlier[1]], known[later[1]]):
                links[later[1]] = earlier
    return links


def _keep_links(transaction: Transaction, links: Mapping[str, Seen], *, anew: Iterable[str]) -> set[str]:
    """Keep what each article copies, unless it is known to copy an earlier one; say which links are new.

    What was known of the articles decided `anew` counts no more.
    """
    anew = set(anew)
    before = {row["article_id"]: row for row in transaction.run_for("copies", [*links])}
    moved = {
        article_id: seen
        for article_id, seen in links.items()
        if article_id in anew or article_id not in before or seen < _earliest(before[article_id])
    }
    transaction.run_for("forget_copies", sorted(anew - moved.keys()))
    transaction.merge(
        "ops.copies",
        [
            {"article_id": article_id, "earliest_id": earliest_id, "earliest_seen_at": seen_at}
            for article_id, (seen_at, earliest_id) in moved.items()
        ],
        key=["article_id"],
        update=["earliest_id", "earliest_seen_at"],
    )
    return moved.keys() - anew


def _earliest(row: Row) -> Seen:
    return row["earliest_seen_at"], row["earliest_id"]


def _point_to_originals(transaction: Transaction, article_ids: set[str]) -> None:
    """Set `duplicate_of` for these articles and for whatever copies them, however many hops away."""
    below, reached = article_ids, set(article_ids)
    while below := _copies_of(transaction, below) - reached:
        reached |= below
    earliest: dict[str, str] = {}
    asked: set[str] = set()
    while above := (reached | set(earliest.values())) - asked:
        rows = transaction.run_for("copies", sorted(above))
        earliest |= {row["article_id"]: row["earliest_id"] for row in rows}
        asked |= above
    moved = []
    for row in transaction.run_for("duplicates", sorted(reached)):
        original = row["article_id"]
        while original in earliest:
            original = earliest[original]
        duplicate_of = original if original != row["article_id"] else None
        if row["duplicate_of"] != duplicate_of:
            moved.append(row | {"duplicate_of": duplicate_of})
    transaction.merge("published.articles", moved, key=["article_id"], update=["duplicate_of"])
    keep_unreleased(transaction, moved)


def _copies_of(transaction: Transaction, article_ids: Iterable[str]) -> set[str]:
    return {row["article_id"] for row in transaction.run_for("copies_of", sorted(article_ids))}


def story_texts(transaction: Transaction, article_ids: Iterable[str]) -> dict[str, StoryText]:
    """Give the texts of published articles."""
    rows = transaction.run_for("texts", sorted(article_ids))
    return {row["article_id"]: noun(StoryText, row) for row in rows}
