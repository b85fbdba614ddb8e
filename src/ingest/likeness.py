"""What it takes to know copies of a story: the texts, and the rule that compares them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryText:
    """What an article says, and when we first saw it: all that it takes to know its copies."""

    article_id: str
    title: str
    body: str = field(repr=False)
    content_hash: str
    first_seen_at: datetime


class Likeness(Protocol):
    """How copies of a story are found and known: `decide/resemblance.py`, handed to the store that has the texts."""

    def search_keys(self, story: StoryText) -> tuple[int, ...]:
        """Give numbers of 64 bits, of which copies have at least one in common."""
        ...

    def is_same_story(self, a: StoryText, b: StoryText) -> bool:
        """Say whether one is a copy of the other."""
        ...
