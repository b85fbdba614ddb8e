"""Appeals: boxes within an article in which its newsroom asks for money."""

from collections import Counter
from collections.abc import Sequence

from bs4 import Tag

from .blocks import Block
from .boilerplate import asks_for_support

FEWEST = 2  # lines that ask; an article may quote one
LONGEST = 3_000  # characters of such a box
MOST = 0.3  # of the article: what holds more than that is the article


def find_appeals(blocks: Sequence[Block], container: Tag) -> set[int]:
    """Return, by their ids, the blocks within an article's element that stand in such boxes."""
    asking: Counter[int] = Counter()
    for block in blocks:
        if asks_for_support(block.text):
            asking.update(id(tag) for tag in block.ancestors)
    boxes = {key for key, lines in asking.items() if lines >= FEWEST} - {id(container), *map(id, container.parents)}
    if not boxes:
        return set()
    held: Counter[int] = Counter()
    for block in blocks:
        held.update({id(tag): len(block.text) for tag in block.ancestors if id(tag) in boxes})
    most = min(LONGEST, MOST * sum(len(block.text) for block in blocks))
    boxes = {key for key in boxes if held[key] <= most}
    return {id(block) for block in blocks if not boxes.isdisjoint(map(id, block.ancestors))}
