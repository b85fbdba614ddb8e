"""Owns the numbers of tables and product lists, which stand in no sentence and count nothing that is named."""

from collections.abc import Sequence

from .grammar import Sentence
from .quantities import Quantity
from .readings import Reading
from .tokens import NUMBER, WORD

UNNAMED = frozenset({"count.elliptical", "ratio.bare"})
SETTLED = frozenset({"number.collective", "count.crowd", "unit.recovered", "unit.level", "scale.recovered"})
BORDERS = frozenset("|•·/")
YEAR = 4  # digits: "in 2019 45 were rescued"
LABEL = 2  # tokens: a word and its colon
FEWEST_CELLS = 2  # numbers side by side between words that make no sentence
FEWEST_TOLD = 3  # numbers side by side in a sentence, or anywhere in a row of labels


def without_cells(sentence: Sentence, readings: Sequence[Reading]) -> list[Reading]:
    """Leave out the bare numbers that are cells: beside others of a row, or under labels instead of in a sentence."""
    bare = [place for place, reading in enumerate(readings) if is_bare(sentence, reading)]
    if not bare:
        return list(readings)
    count = sum(token.kind == NUMBER for token in sentence.tokens)
    is_told = is_prose(sentence)
    has_label = any(token.text == ":" for token in sentence.tokens)
    cells = set()
    for place in bare:
        found = readings[place].quantity
        is_row = count >= (FEWEST_TOLD if is_told else FEWEST_CELLS) and is_cell(sentence, found)
        is_under = count >= FEWEST_TOLD and (has_label or not is_listed(sentence, found))
        if is_row or (not is_told and (is_under or is_labelled(sentence, found))):
            cells.add(place)
    return [reading for place, reading in enumerate(readings) if place not in cells]


def is_bare(sentence: Sentence, reading: Reading) -> bool:
    """Return whether nothing near a number in digits tells what it counts or how surely."""
    found = reading.quantity
    if found.is_spelled or found.scale > 1 or UNNAMED.isdisjoint(found.rules) or not SETTLED.isdisjoint(found.rules):
        return False
    return not sentence.phrases["qualifiers"].before(sentence.tokens, found.first)


def is_labelled(sentence: Sentence, found: Quantity) -> bool:
    """Return whether a label and its number are all there is: "Shares: 120"."""
    is_label = found.first == LABEL and sentence.word(1) == ":" and sentence.tokens[0].text[0].isupper()
    return is_label and found.last == len(sentence.tokens)


def is_listed(sentence: Sentence, found: Quantity) -> bool:
    """Return whether a comma lists a number with others: "numbers 4, 8, 15"."""
    return "," in {sentence.word(found.first - 1), sentence.word(found.last)}


def is_cell(sentence: Sentence, found: Quantity) -> bool:
    """Return whether another number, or the border of a cell, stands right beside a number."""
    for place in (found.first - 1, found.last):
        token = sentence.tokens[place] if 0 <= place < len(sentence.tokens) else None
        if token and token.text in BORDERS:
            return True
        if token and token.kind == NUMBER and not (len(token.text) == YEAR and token.text.isdigit()):
            return True
    return False


def is_prose(sentence: Sentence) -> bool:
    """Return whether a sentence has small words, as any told one has; two numbers alone are taken as they are said."""
    words = [token.lower for token in sentence.tokens if token.kind == WORD]
    if not words:
        return sum(token.kind == NUMBER for token in sentence.tokens) < FEWEST_TOLD
    lexicon = sentence.lexicon
    is_number = all(
        word in lexicon.scales or word in lexicon.cardinals or word == lexicon.words["and_word"] for word in words
    )
    return is_number or not sentence.sets["nouns.stop"].isdisjoint(words)
