"""Cards: boxes alike, side by side, each of which announces another article with a linked line and few words."""

from collections.abc import Sequence

from bs4 import Tag

from .blocks import HEADINGS, Block

FEWEST = 3  # boxes; two alike may well be an article's halves
MOST_OF_THEM = 0.7
MOST_WORDS = 800  # characters of a card that are no link
SHORTEST_LINE = 8
LONGEST_LINE = 220  # characters of the line that leads to the other article
_PLAIN = HEADINGS | frozenset(
    {"ul", "ol", "dl", "p", "span", "tr", "td", "th", "tbody", "table", "br", "a", "b", "strong"}
)


def find_cards(blocks: Sequence[Block], container: Tag) -> set[int]:
    """Return, by their ids, the blocks that stand in such boxes within an article's element."""
    groups: dict[tuple[int, str, str], list[list[Block]]] = {}
    boxes: dict[int, list[Block]] = {}
    for block in blocks:
        within = block.ancestors
        for depth in range(len(within) - 1, 0, -1):
            below = within[depth]
            if below is container:
                break
            if below.name in _PLAIN:
                continue
            if id(below) not in boxes:
                boxes[id(below)] = []
                groups.setdefault((id(within[depth - 1]), below.name, _kind(below)), []).append(boxes[id(below)])
            boxes[id(below)].append(block)
    found: set[int] = set()
    for alike in groups.values():
        if len(alike) >= FEWEST and sum(map(_announces, alike)) >= MOST_OF_THEM * len(alike):
            found.update(id(block) for box in alike for block in box)
    return found


def _kind(tag: Tag) -> str:
    """Return the first of an element's classes: the others often number it."""
    return str(tag.attrs.get("class") or "").partition(" ")[0]


def _announces(box: Sequence[Block]) -> bool:
    """Return whether a box is a linked line with few words beside it."""
    if len(box) < 2 or sum(len(block.text) - block.linked for block in box) > MOST_WORDS:
        return False
    return any(leads_away(block) for block in box)


def leads_away(block: Block) -> bool:
    """Return whether a line is a link to another page, and little else."""
    if len(block.text) > LONGEST_LINE or block.linked < 0.8 * len(block.text):
        return False
    return len(block.text) >= SHORTEST_LINE and any(
        "#" not in str(link.attrs.get("href") or "#") for link in block.links
    )
