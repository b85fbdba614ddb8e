"""Owns the scale words that a text's own language does not know: a number that one scales has no known value."""

from .grammar import Sentence
from .quantities import DASHES, Quantity
from .subjects import is_plural
from .tokens import NUMBER

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
    return is_money and is_pair_scaled(sentence, found)


def is_pair_scaled(sentence: Sentence, found: Quantity) -> bool:
    """Return whether a scale behind the next number may be a sum's too: "R$ 10 a 12 bi", but not "R$ 412 mi no 2T24".

    One that the language knows was read where both make a range; it stays open where they are listed.
    """
    other = found.last + 1
    if other >= len(sentence.tokens) or sentence.tokens[other].kind != NUMBER:
        return False
    if not is_scale_word(sentence, other + 1, is_money=True):
        return False
    if sentence.word(other + 1) not in sentence.lexicon.scales:
        following = sentence.tokens[other + 2 : other + 3]
        return not (following and following[0].kind == NUMBER and following[0].glued)
    is_joined = sentence.word(found.last) in sentence.sets["groups.list_joins"] | DASHES | {","}
    return found.scale == 1 and is_joined and not counts_others(sentence, other + 2)


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


def counts_others(sentence: Sentence, place: int) -> bool:
    """Return whether a noun in the plural, which is no money, follows "de" behind a scale: "19 milhões de famílias"."""
    if sentence.word(place) != sentence.lexicon.words["link"]:
        return False
    is_unit = sentence.lexicon.units.at(sentence.tokens, place + 1) is not None
    return is_plural(sentence.word(place + 1), sentence.lexicon) and not is_unit
