"""What a page says twice: a paragraph word for word, or its whole article once more in one piece."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from .blocks import Block

SHORTEST_REPEAT = 40  # characters; shorter lines may well come twice
LONG_PIECE = 1_000  # characters, in which an article may be told once more
TOLD_BEFORE = 0.6  # of its pairs of words: in Markdown, addresses stand between them
_WORD = re.compile(r"\w+")


def without_repeats(blocks: Iterable[Block]) -> list[Block]:
    """Drop what was said before: a print version, say, or the article as Markdown for machines."""
    seen: set[str] = set()
    told: set[tuple[str, str]] = set()  # the pairs of words of what is kept, as far as they were needed
    kept: list[Block] = []
    counted = 0
    for block in blocks:
        key = block.text.casefold()
        if len(key) > SHORTEST_REPEAT and key in seen:
            continue
        if len(key) > LONG_PIECE:
            told.update(pair for other in kept[counted:] for pair in _pairs(other.text.casefold()))
            counted = len(kept)
            pairs = set(_pairs(key))
            if len(pairs & told) > TOLD_BEFORE * len(pairs):
                continue
        seen.add(key)
        kept.append(block)
    return kept


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    return pairwise(_WORD.findall(text))
