"""Near-duplicates: found by the sketches of articles in the state, compared, and linked to the earliest of them.

What an article copies is decided by the texts and by when they were first seen, never by the order of publishing: the
earliest earlier article that it is a copy of. Where that is a copy itself, both point to the same original.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import Any

from ..state import State
from ..state.rows import noun
from ..state.values import decoded_rows
from .article_rows import keep_unreleased
from .near_duplicate_model import ArticleText, DuplicateRule, Sketch
from .warehouse import Row, Transaction

SKETCH_COLUMNS = tuple(f"sketch_{place}" for place in range(1, 9))  # of the state's `articles`
MOST_HOLDERS = 50  # of one number; what more articles share is no sign of an article
MOST_COMPARED = 16  # articles that one is compared with in earnest, on either side of it in time
COMPARED_AT_ONCE = 1_000  # texts held at once, beside those of the batch

Seen = tuple[datetime, str]  # when an article was first seen, and its key where two came at once


def link_near_duplicates(
    transaction: Transaction, state: State, duplicate_rule: DuplicateRule, unsettled: Iterable[Mapping[str, Any]]
) -> dict[str, Row]:
    """Compare what the batches have just made public with all that is, and link near-duplicates, earlier and later.

    Returns the sketch of each of their articles, by the columns of the state's `articles`. Publications that are
    `unsettled` count as if the state knew of them.
    """
    rows = transaction.run("texts_published_now")
    fresh = {row["article_id"]: noun(ArticleText, row) for row in rows}
    corrected = [row["article_id"] for row in rows if row["version"] > 1]
    bereft = _near_duplicates_of(transaction, corrected) - fresh.keys()
    texts = fresh | article_texts(transaction, bereft)
    sketches = {article_id: duplicate_rule.sketch(text) for article_id, text in texts.items()}
    wanted = {key for sketch in sketches.values() for key in (*sketch.kept, *sketch.sought)}
    holders = _holders(state, wanted, but=fresh.keys(), unsettled=unsettled)
    kept = _keep_sketches([fresh[one] for one in sorted(fresh)], sketches, holders)
    _link(transaction, _pairs(texts, fresh.keys(), sketches, holders), texts, duplicate_rule)
    return kept


def unlink_near_duplicates(
    transaction: Transaction, state: State, duplicate_rule: DuplicateRule, article_id: str
) -> None:
    """Link what copies an article that is removed to the earliest other that it is a copy of, if to any."""
    texts = article_texts(transaction, _near_duplicates_of(transaction, [article_id]))
    sketches = {key: duplicate_rule.sketch(text) for key, text in texts.items()}
    wanted = {key for sketch in sketches.values() for key in sketch.sought}
    holders = _holders(state, wanted, but={article_id}, unsettled=())
    _link(transaction, _pairs(texts, (), sketches, holders), texts, duplicate_rule)


def sketch_published(texts: Sequence[ArticleText], state: State, duplicate_rule: DuplicateRule) -> None:
    """Keep the sketches of articles that were published before articles had any."""
    sketches = {text.article_id: duplicate_rule.sketch(text) for text in texts}
    wanted = {key for sketch in sketches.values() for key in sketch.kept}
    holders = _holders(state, wanted, but=sketches.keys(), unsettled=())
    kept = _keep_sketches(texts, sketches, holders)
    with state.write() as transaction:
        transaction.run_each("keep_sketch", [row | {"article_id": article_id} for article_id, row in kept.items()])


def _seen(text: ArticleText) -> Seen:
    return text.first_seen_at, text.article_id


def _holders(
    state: State, wanted: set[int], *, but: Collection[str], unsettled: Iterable[Mapping[str, Any]]
) -> dict[int, set[Seen]]:
    """Return which published articles, but for those whose text is another now, have each of some numbers."""
    holders: dict[int, set[Seen]] = defaultdict(set)
    anew = {row["article_id"]: row for one in unsettled for row in one["articles"]}
    for row in state.read("holders_of_keys", {"story_keys": sorted(wanted)}):
        if row["article_id"] not in but and row["article_id"] not in anew:
            holders[row["story_key"]].add((row["first_seen_at"], row["article_id"]))
    for article_id in anew.keys() - set(but):
        [row] = decoded_rows([*anew[article_id]], [[*anew[article_id].values()]])
        for key in wanted & {row.get(column) for column in SKETCH_COLUMNS}:
            holders[key].add((row["first_seen_at"], article_id))
    return holders


def _keep_sketches(
    fresh: Iterable[ArticleText], sketches: Mapping[str, Sketch], holders: dict[int, set[Seen]]
) -> dict[str, Row]:
    """Return the columns of each sketch, and count its article among the holders of a number while these are few."""
    kept: dict[str, Row] = {}
    for text in fresh:
        row: Row = dict.fromkeys(SKETCH_COLUMNS)
        for column, key in zip(SKETCH_COLUMNS, sketches[text.article_id].kept, strict=False):
            if len(holders[key]) < MOST_HOLDERS:
                holders[key].add(_seen(text))
                row[column] = key
        kept[text.article_id] = row
    return kept


def _pairs(
    texts: Mapping[str, ArticleText],
    fresh: Collection[str],
    sketches: Mapping[str, Sketch],
    holders: Mapping[int, set[Seen]],
) -> dict[Seen, list[tuple[Seen, Seen]]]:
    """Return what is to be compared, of each pair the earlier first, by what a text is compared with."""
    seekers: dict[int, list[Seen]] = defaultdict(list)
    for text in texts.values():
        for key in sketches[text.article_id].sought:
            seekers[key].append(_seen(text))
    few = {key: listed for key, listed in seekers.items() if len(listed) <= MOST_HOLDERS}
    pairs: dict[Seen, list[tuple[Seen, Seen]]] = defaultdict(list)
    for seen in sorted(map(_seen, texts.values())):
        sketch = sketches[seen[1]]
        found = (holders.get(key, ()) for key in sketch.sought)
        near = Counter(chain.from_iterable((*found, *(few.get(key, ()) for key in sketch.kept))))
        del near[seen]
        for other in _best(near, [other for other in near if other < seen]):
            pairs[other].append((other, seen))
        if seen[1] in fresh:
            for other in _best(near, [other for other in near if other > seen and other[1] not in texts]):
                pairs[other].append((seen, other))
    return pairs


def _best(near: Counter[Seen], others: Iterable[Seen]) -> list[Seen]:
    """Choose those that share the most, of equals the earliest."""
    return sorted(others, key=lambda other: (-near[other], other))[:MOST_COMPARED]


def _link(
    transaction: Transaction,
    pairs: Mapping[Seen, Sequence[tuple[Seen, Seen]]],
    texts: Mapping[str, ArticleText],
    duplicate_rule: DuplicateRule,
) -> None:
    """Compare the pairs, and link each near-duplicate, and the near-duplicates of it, to their earliest original."""
    links = _confirmed(transaction, pairs, texts, duplicate_rule)
    moved = _keep_links(transaction, links, anew=texts.keys())
    _point_to_originals(transaction, {*texts, *moved})


def _confirmed(
    transaction: Transaction,
    pairs: Mapping[Seen, Sequence[tuple[Seen, Seen]]],
    texts: Mapping[str, ArticleText],
    duplicate_rule: DuplicateRule,
) -> dict[str, Seen]:
    """Return the earliest original of each near-duplicate; each text is fetched and fingerprinted once.

    Pairs are compared in the order of time, so that the first article found is the earliest.
    """
    links: dict[str, Seen] = {}
    compared = {article_id for pair in chain.from_iterable(pairs.values()) for _, article_id in pair}
    own = {article_id: duplicate_rule.fingerprint(texts[article_id]) for article_id in compared & texts.keys()}
    others = sorted(pairs)
    for start in range(0, len(others), COMPARED_AT_ONCE):
        some = others[start : start + COMPARED_AT_ONCE]
        fetched = article_texts(transaction, [article_id for _, article_id in some if article_id not in own])
        known = own | {article_id: duplicate_rule.fingerprint(text) for article_id, text in fetched.items()}
        # The state may know of articles that this warehouse lacks, until they are published again.
        for earlier, later in chain.from_iterable(pairs[other] for other in some if other[1] in known):
            if later[1] not in links and duplicate_rule.are_near_duplicates(known[earlier[1]], known[later[1]]):
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
    while below := _near_duplicates_of(transaction, below) - reached:
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


def _near_duplicates_of(transaction: Transaction, article_ids: Iterable[str]) -> set[str]:
    return {row["article_id"] for row in transaction.run_for("copies_of", sorted(article_ids))}


def article_texts(transaction: Transaction, article_ids: Iterable[str]) -> dict[str, ArticleText]:
    """Return the texts of published articles."""
    rows = transaction.run_for("texts", sorted(article_ids))
    return {row["article_id"]: noun(ArticleText, row) for row in rows}
