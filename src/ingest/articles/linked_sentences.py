"""Sentences of an article that are mostly a link, parted by their place from lines that lead to another page."""

import re
from collections.abc import Sequence
from itertools import groupby, pairwise

from .blocks import Block
from .prose import is_prose

MOST = 0.6  # share of a block's characters
MOST_IN_A_ROW = 2  # more make a list of links
CLOSE_AROUND = 3  # elements around two paragraphs, which have to be of the same kinds
_ENDS_A_SENTENCE = re.compile(r"[^.…][.。]['\"”’»)\]]*$")  # headlines ask and exclaim, but have no full stop


def find_linked_sentences(blocks: Sequence[Block]) -> dict[int, Block]:
    """Return, by id, the blocks that are mostly a link but stand between two paragraphs, with the first of these."""
    rows = [list(row) for _, row in groupby(blocks, lambda block: _is_mostly(block.linked, block))]
    found: dict[int, Block] = {}
    for (before, row), (_, after) in pairwise(pairwise(rows)):
        paragraphs = (before[-1], after[0])
        if len(row) <= MOST_IN_A_ROW and all(_may_be_one(block, paragraphs) for block in row):
            found |= dict.fromkeys(map(id, row), before[-1])
    return found


def _may_be_one(block: Block, around: Sequence[Block]) -> bool:
    if not _is_mostly(block.linked, block) or _is_mostly(block.bold, block):
        return False
    if block.is_heading or block.is_item or not _ENDS_A_SENTENCE.search(block.text):
        return False
    return all(is_prose(other) and not other.is_item and _kinds(other) == _kinds(block) for other in around)


def _is_mostly(characters: int, block: Block) -> bool:
    return characters > MOST * len(block.text)


def _kinds(block: Block) -> list[tuple[str, object]]:
    return [(tag.name, tag.attrs.get("class")) for tag in block.ancestors[-CLOSE_AROUND:]]
