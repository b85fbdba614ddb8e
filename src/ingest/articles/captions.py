"""Captions without a caption's markup: the few words beside a picture in a box that is called after it."""

import re
from collections import Counter
from collections.abc import Sequence

from bs4 import Tag

from .blocks import Block
from .tree import elements_in

LONGEST = 400  # characters that such a box holds
CLOSE = 3  # elements around a caption
_PICTURE = re.compile(
    r"(?<![a-z])(?:images?|img|imgs|photos?|fotos?|bild|bilder|pictures?|pics?|imagen)(?![a-z])", re.I
)


def find_captions(blocks: Sequence[Block], container: Tag) -> set[int]:
    """Return, by their ids, the blocks within an article's element that are captions."""
    close = {id(tag): tag for block in blocks for tag in block.ancestors[-CLOSE:]}
    called = {key for key, tag in close.items() if _PICTURE.search(str(tag.attrs.get("class", "")))}
    if not called:
        return set()
    held: Counter[int] = Counter()
    for block in blocks:
        for tag in block.ancestors[-CLOSE:]:
            held[id(tag)] += len(block.text)
    pictured: dict[int, bool] = {}
    found = set()
    for block in blocks:
        for tag in reversed(block.ancestors[-CLOSE:]):
            if tag is container or held[id(tag)] > LONGEST:
                break
            if id(tag) not in pictured:
                pictured[id(tag)] = id(tag) in called and _shows_a_picture(tag)
            if pictured[id(tag)]:
                found.add(id(block))
    return found


def _shows_a_picture(tag: Tag) -> bool:
    return next(elements_in(tag, {"img"}), None) is not None
