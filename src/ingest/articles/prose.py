"""How much a block reads like prose: what an article is made of weighs much, lists of links less than nothing."""

import re

from .blocks import Block

SHORTEST_PROSE = 60  # characters

_RIGHTS = ("©", "all rights reserved", "todos los derechos", "tous droits", "alle rechte")
_RIGHTS_OF_A_YEAR = re.compile(r"\(c\) ?(?:19|20)\d\d")
_DENSE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
_SENTENCE_ENDS = tuple(".!?…:;\"”»'’)。！？」』")


def weigh_prose(block: Block) -> float:
    """Weigh how much a block reads like prose; lists of links weigh less than nothing."""
    if block.is_heading:
        return 0.0
    density = block.linked / len(block.text)
    size = len(block.text) + 2 * _dense_characters(block.text)
    if density > 0.6:
        return -min(size, 100) * 0.5
    if size < SHORTEST_PROSE:
        if block.text.endswith(_SENTENCE_ENDS):
            return size * 0.3
        return 0.0 if block.is_item or block.owner.name in {"td", "th", "p"} else -5.0
    if _tells_rights(block.text.lower()):
        return -20.0
    weight = min(size, 500) * (1 - density) + max(0, size - 500) * 0.3
    if block.owner.name == "p":
        weight *= 1.3
    if not block.text.endswith(_SENTENCE_ENDS):
        weight *= 0.5
    if block.is_item:
        weight *= 0.6
    return weight


def is_prose(block: Block) -> bool:
    """Return whether a block is a sentence, or as long as one."""
    if block.is_heading:
        return False
    size = len(block.text) + 2 * _dense_characters(block.text)
    return size >= SHORTEST_PROSE or block.text.endswith(_SENTENCE_ENDS)


def is_sentence_of_links(block: Block) -> bool:
    """Return whether a block is running text most of which happens to be links."""
    unlinked = len(block.text) - block.linked
    return len(block.text) > 100 and unlinked >= (20 if block.text.endswith(_SENTENCE_ENDS) else 60)


def _tells_rights(text: str) -> bool:
    """Return whether a line in small letters is of a page's rights; word after word is found four times as fast."""
    return any(words in text for words in _RIGHTS) or _RIGHTS_OF_A_YEAR.search(text) is not None


def _dense_characters(text: str) -> int:
    """Count the characters that say as much as a syllable or a word does elsewhere."""
    return 0 if text.isascii() else len(_DENSE.findall(text))
