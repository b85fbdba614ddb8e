"""What it takes to know near-duplicates: the texts, and the rule that compares them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleText:
    """What an article says, and when we first saw it: all that it takes to know its near-duplicates."""

    article_id: str
    title: str
    body: str = field(repr=False)
    content_hash: str
    first_seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """Numbers of 64 bits by which near-duplicates are found: one of those `kept` of a text is `sought` by the other."""

    kept: Sequence[int]
    sought: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """What is compared of a text, in a few bytes a word; the hashes are Python's, which differ between processes."""

    content_hash: str
    words: int
    shingles: Collection[int] = field(repr=False)  # hashes of its runs of words, each once
    bits: int = field(repr=False)  # one bit is set for each shingle, and may be for several
    numbers: Mapping[int, Sequence[str]]  # by a hash of the words around them
    all_numbers: frozenset[str]
    headline: frozenset[int]  # hashes of the beginnings of its words
    stems: Collection[int] = field(repr=False)  # the same, of headline and body


class DuplicateRule(Protocol):
    """How near-duplicates are found and known: `near_duplicate_rules.py`, handed to whoever has the texts."""

    def sketch(self, story: ArticleText) -> Sketch:
        """Return the numbers by which near-duplicates of a text are found."""
        ...

    def fingerprint(self, story: ArticleText) -> Fingerprint:
        """Return what is compared of a text."""
        ...

    def are_near_duplicates(self, one: Fingerprint, other: Fingerprint) -> bool:
        """Return whether one of the texts is a near-duplicate of the other."""
        ...
