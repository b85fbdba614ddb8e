"""The body of an article: the part of the page that holds most of its prose, without what is not of it."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice, pairwise

from bs4 import BeautifulSoup, Tag

from .blocks import Block
from .boilerplate import is_furniture, opens_others, opens_replies
from .boilerplate_exceptions import find_exceptions
from .captions import find_captions
from .donation_appeals import find_appeals
from .linked_sentences import find_linked_sentences
from .prose import SHORTEST_PROSE, is_prose, is_sentence_of_links, weigh_prose
from .repeats import without_repeats
from .teasers import find_cards, leads_away

SHORTEST_TOLD = 40  # characters of a heading that tells what others leave to a paragraph
MOST = 0.8  # a child that keeps this share of an element's prose is gone into
CLOSE_AROUND = 5  # elements
ENOUGH_SAID = 300.0  # prose, before replies may open
TWINS_APART = 3  # levels up to an element that holds two that belong together
MOST_STANDFIRST = 4  # blocks
MOST_PER_HEADING = 2  # lines that tell what another page is about
LONGEST_HEADLINE = 300  # characters; more is a mistake
MOST_OF_A_HEADLINE = 100.0  # prose, however long it is
MOST_SAID = 0.6  # share of the prose, before a list of other articles may end it


@dataclass(frozen=True, slots=True)
class Body:
    """The blocks of an article in reading order, what was cut out among them, and where they were found."""

    blocks: tuple[Block, ...]
    dropped: tuple[Block, ...]
    container: Tag | None
    evidence: str
    announced: tuple[tuple[str, int], ...] = ()  # where headings lead to, and the characters told below each


def find_body(soup: BeautifulSoup, blocks: list[Block], *, headline: int = -1, hints: Iterable[str] = ()) -> Body:
    """Find the article among a page's blocks.

    `headline` is where its title stands among them.
    """
    prose = _weighed(blocks)
    before = sum(max(0.0, prose[id(block)]) for block in blocks[: max(0, headline)])
    if before < 0.4 * sum(max(0.0, value) for value in prose.values()):
        for block in blocks[: max(0, headline)]:
            prose[id(block)] *= 0.2
    exceptions = find_exceptions(blocks, prose)
    clean = [block for block in blocks if all(id(tag) in exceptions for tag in block.boilerplate)]
    weights, held = _weights(clean, prose)
    container, evidence = _hinted(soup, hints), "source hint"
    if container is None:
        container, evidence = _container(clean, held), "most prose"
    if container is None:
        return Body((), (), None, "nothing")
    twins = {id(container), *_twins(clean, container, held)}
    inside = [block for block in blocks if not twins.isdisjoint(map(id, block.ancestors))]
    left_out = _cards(inside, container, prose) | _endless_headlines(inside, prose)
    left_out |= find_captions(inside, container) | find_appeals(inside, container)
    wanted = {id(block) for block in clean} - left_out
    standfirst = _standfirst(blocks, headline, inside, exceptions)
    leading = set(map(id, standfirst))
    kept = [*standfirst, *(block for block in inside if id(block) in wanted)]
    kept = _before_end(kept, prose)
    kept = [block for block in kept if not is_furniture(block.text)]
    linked = find_linked_sentences(kept)
    kept = [block for block in kept if id(block) in linked or not _is_linkish(block)]
    kept = [
        block for block in kept
        if id(block) in leading or _is_in_prose(linked.get(id(block), block), twins, weights)
    ]  # fmt: skip
    kept = without_repeats(_trimmed(kept))
    chosen = {id(block) for block in kept}
    dropped = tuple(block for block in inside if id(block) not in chosen)
    return Body(tuple(kept), dropped, container, evidence, _announced(inside, chosen))


def _announced(inside: list[Block], chosen: set[int]) -> tuple[tuple[str, int], ...]:
    """Return the addresses that headings lead to, with how much of what was chosen stands right below each."""
    told: Counter[str] = Counter()
    address, lines = "", 0
    for block in inside:
        if block.is_heading:
            address, lines = str(block.links[0].attrs.get("href")) if leads_away(block) else "", 0
            told[address] += 0
        elif id(block) in chosen and address and lines < MOST_PER_HEADING:
            told[address] += len(block.text)
            lines += 1
    del told[""]
    return tuple(told.items())


def _weighed(blocks: list[Block]) -> dict[int, float]:
    """Weigh each block as prose; what is said a third time, as in slides that go round, weighs nothing."""
    prose: dict[int, float] = {}
    seen: Counter[str] = Counter()
    for block in blocks:
        weight = weigh_prose(block)
        weight = min(weight, MOST_OF_A_HEADLINE) if _is_endless_headline(block) else weight
        prose[id(block)] = min(weight, 0.0) if seen[block.text] > 1 else weight
        seen[block.text] += weight > 0
    return prose


def _cards(inside: list[Block], container: Tag, prose: dict[int, float]) -> set[int]:
    """Return the blocks of cards, unless cards are all there is."""
    cards = find_cards(inside, container)
    rest = sum(max(0.0, prose[id(block)]) for block in inside if id(block) not in cards)
    return cards if rest > ENOUGH_SAID else set()


def _is_endless_headline(block: Block) -> bool:
    return block.owner.name == "h1" and len(block.text) > LONGEST_HEADLINE


def _endless_headlines(inside: list[Block], prose: dict[int, float]) -> set[int]:
    """Return the main headlines that are too long to be one, unless their words are all there is."""
    endless = {id(block) for block in inside if _is_endless_headline(block)}
    rest = sum(max(0.0, prose[id(block)]) for block in inside if id(block) not in endless)
    return endless if rest > ENOUGH_SAID else set()


def _weights(blocks: list[Block], prose: dict[int, float]) -> tuple[dict[int, float], dict[int, float]]:
    """Weigh what each element holds: all of it, and what weighs more than nothing alone."""
    weights: dict[int, float] = defaultdict(float)
    held: dict[int, float] = defaultdict(float)
    for block in blocks:
        value = prose[id(block)]
        for key in map(id, block.ancestors):
            weights[key] += value
            if value > 0:
                held[key] += value
    return weights, held


def _before_end(blocks: list[Block], prose: dict[int, float]) -> list[Block]:
    """Stop at the line that opens the replies, or other articles where little is left to say."""
    total = sum(max(0.0, prose[id(block)]) for block in blocks)
    said = 0.0
    for index, block in enumerate(blocks):
        if said > ENOUGH_SAID and opens_replies(block.text):
            return blocks[:index]
        if said > MOST_SAID * total and opens_others(block.text):
            return blocks[:index]
        said += max(0.0, prose[id(block)])
    return blocks


def _standfirst(blocks: list[Block], headline: int, inside: list[Block], exceptions: set[int]) -> list[Block]:
    """Find the prose between the headline and the article's element: what frames the headline frames it too."""
    start = next((index for index, block in enumerate(blocks) if block is inside[0]), 0)
    if not 0 <= headline < start:
        return []
    frame = exceptions | {id(tag) for tag in blocks[headline].boilerplate}
    return [
        block for block in blocks[headline + 1 : start]
        if len(block.text) >= SHORTEST_PROSE and block.linked < 0.3 * len(block.text)
        and all(id(tag) in frame for tag in block.boilerplate)
    ][:MOST_STANDFIRST]  # fmt: skip


def _is_in_prose(block: Block, containers: set[int], weights: dict[int, float]) -> bool:
    """Return whether the elements close around a block, within the article's, are of prose, not of links and labels."""
    for tag in block.ancestors[: -CLOSE_AROUND - 1 : -1]:
        if id(tag) in containers:
            return True
        if tag is block.owner and is_sentence_of_links(block):
            continue
        if weights.get(id(tag), 0.0) < 0:
            return False
    return True


def _hinted(soup: BeautifulSoup, hints: Iterable[str]) -> Tag | None:
    return next((tag for hint in hints for tag in soup.select(hint)[:1]), None)


def _container(blocks: list[Block], weights: dict[int, float]) -> Tag | None:
    """Go down from the page's top for as long as one child keeps most of the prose."""
    children: dict[int, dict[int, Tag]] = {}
    for block in blocks:
        for below, above in pairwise(reversed(block.ancestors)):
            known = children.setdefault(id(above), {})
            if id(below) in known:  # and so is all that is around it
                break
            known[id(below)] = below
    top = blocks[0].ancestors[0] if blocks else None
    while top is not None:
        best = max(children.get(id(top), {}).values(), key=lambda tag: weights[id(tag)], default=None)
        if best is None or best.name == "p" or weights[id(best)] < MOST * weights[id(top)]:
            return top
        top = best
    return None


def _twins(blocks: list[Block], container: Tag, weights: dict[int, float]) -> set[int]:
    """Return nearby elements that hold more of the article: of the same kind and class as the one that holds most."""
    named = container.attrs.get("class")
    if not named:
        return set()
    close = {id(tag) for tag in islice(container.parents, TWINS_APART)}
    found, seen = set(), set()
    for block in blocks:
        above = block.ancestors
        for depth, tag in enumerate(above):
            if tag.name != container.name or tag.attrs.get("class") != named or id(tag) in seen:
                continue
            seen.add(id(tag))
            near = map(id, above[max(0, depth - TWINS_APART) : depth])
            if weights[id(tag)] > SHORTEST_PROSE and not close.isdisjoint(near):
                found.add(id(tag))
    return found


def _is_linkish(block: Block) -> bool:
    """Return whether a block only points elsewhere."""
    size = len(block.text)
    if block.is_heading:
        return block.linked > 0.8 * size
    if block.linked > 0.8 * size:
        return True
    return block.is_item and block.linked > 0.6 * size and not is_sentence_of_links(block)


def _trimmed(blocks: list[Block]) -> list[Block]:
    """Drop labels before the first prose and after the last, and headings that nothing follows."""
    first = next((index for index, block in enumerate(blocks) if is_prose(block)), len(blocks))
    blocks = [block for block in blocks[:first] if block.is_heading or block.is_item][-1:] + blocks[first:]
    while blocks and not is_prose(blocks[-1]) and not blocks[-1].is_item:
        blocks.pop()
    kept: list[Block] = []
    for block in reversed(blocks):
        is_bare = not kept or (kept[-1].is_heading and kept[-1].owner.name <= block.owner.name)
        if block.is_heading and is_bare and not _is_told(block):
            continue
        kept.append(block)
    return kept[::-1]


def _is_told(block: Block) -> bool:
    """Return whether a heading is a sentence of its own, as in rows of pictures each under one."""
    return len(block.text) > SHORTEST_TOLD and block.text.endswith(".")
