"""Owns the scale words that a text's own language does not know: a number that one scales has no known value."""

from ingest.parse.figures.grammar import Sentence
from ingest.parse.figures.quantities import Quantity
from ingest.parse.figures.tokens import NUMBER

REACH = 8  # tokens behind a sum in an unknown language: "R$ 10 a R$ 12 bilhões" scales both
MARKED = "money.mark"


def is_foreign_scale(sentence: Sentence, found: Quantity) -> bool:
    """Return whether a scale word of another language stands behind a number: "R$ 10 bilhões" in a Spanish text."""
    is_money = MARKED in found.rules
    behind = found.number_last + (sentence.word(found.number_last) == "-")
    if is_scale_word(sentence, behind, is_money=is_money):
        return True
    if found.last != found.number_last and is_scale_word(sentence, found.last, is_money=is_money):
        return True
    other = found.last + 1  # "R$ 10 a 12 bi"
    is_pair = is_money and other < len(sentence.tokens) and sentence.tokens[other].kind == NUMBER
    return is_pair and is_scale_word(sentence, other + 1, is_money=True)


def is_scale_word(sentence: Sentence, place: int, *, is_money: bool) -> bool:
    """Return whether a word scales what stands before it and the language has no meaning for it."""
    word, scales = sentence.word(place), sentence.marks.foreign_scales
    if word in scales["words"]:
        return sentence.lexicon.units.at(sentence.tokens, place) is None
    return is_money and word in scales["short"]


def may_be_scaled(sentence: Sentence, found: Quantity) -> bool:
    """Return whether any of the words behind a sum may scale it, in a language of which nothing is known."""
    scales = sentence.marks.foreign_scales
    stems = tuple(scales["stems"])
    behind = (sentence.word(place) for place in range(found.number_last, found.number_last + REACH))
    return any(word.startswith(stems) or word in scales["words"] or word in scales["short"] for word in behind)
