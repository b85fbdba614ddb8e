"""Owns how many times as much: "three times higher", "three-fold", "tenfold", "multiplied by four"."""

from dataclasses import replace

from .fractions import read_number
from .grammar import Sentence
from .numbers import Number
from .quantities import Quantity, quantity_of
from .readings import Reading
from .subjects import Phrase
from .tokens import NUMBER


def read_fold(sentence: Sentence, start: int) -> Quantity | None:
    """Read "tenfold", "three-fold", "3.5-fold", "4x faster"; of a number of one word or of digits."""
    endings, following = sentence.sets["multiples.endings"], sentence.word(start + 1)
    if sentence.tokens[start].kind != NUMBER:
        for ending in endings:
            is_fold = sentence.word(start).endswith(ending)
            value = sentence.lexicon.cardinals.get(sentence.word(start).removesuffix(ending)) if is_fold else None
            if value:
                whole = Number(first=start, last=start + 1, value=value, is_spelled=True, rules=())
                return make_multiple(quantity_of(whole), last=start + 1, rule="ratio.fold")
    is_tied = following == "-" and sentence.word(start + 2) in endings
    if not (is_tied or following in endings or following in sentence.sets["multiples.signs"]):
        return None
    number = read_number(sentence, start)
    if not number or number.is_fraction:
        return None
    if is_sign(sentence, number.last):
        return make_multiple(quantity_of(number), last=number.last + 1, rule="ratio.sign")
    last = number.last + (sentence.word(number.last) in {"-", "‑"})
    is_tied = sentence.word(last + 1) == "-" or (last == number.last and number.is_spelled)
    if sentence.word(last) not in endings or is_tied:
        return None  # "two fold-and-cut methods"
    return make_multiple(quantity_of(number), last=last + 1, rule="ratio.fold")


def is_sign(sentence: Sentence, place: int) -> bool:
    """Return whether a sign of times is glued to digits, and a comparison follows: "3x more", "10x the"."""
    is_glued = place < len(sentence.tokens) and sentence.tokens[place].glued
    is_compared = sentence.word(place + 1) in sentence.sets["multiples.marks"]
    return is_glued and is_compared and sentence.word(place) in sentence.sets["multiples.signs"]


def make_multiple(found: Quantity, *, last: int, rule: str) -> Quantity:
    """Make a number a multiple that ends at a place."""
    return replace(found, last=last, kind="ratio", unit="times", rules=(*found.rules, rule))


def read_multiple(sentence: Sentence, found: Quantity) -> Reading | None:
    """Read "three times higher", "dos veces más"; "three times" alone counts occasions."""
    if found.kind:
        return None
    if sentence.phrases["multiples.before"].before(sentence.tokens, found.first):
        return Reading(quantity=make_multiple(found, last=found.last, rule="ratio.multiplied"))
    if sentence.word(found.last) not in sentence.sets["multiples.words"]:
        return None
    after = sentence.word(found.last + 1)
    is_compared = after.endswith("er") and sentence.word(found.last + 2) == "than"  # "12 times wider than"
    if not found.is_whole or is_compared or after in sentence.sets["multiples.marks"]:  # nobody meets 1.5 times
        return Reading(quantity=make_multiple(found, last=found.last + 1, rule="ratio.times"))
    noun = Phrase(first=found.last, last=found.last + 1, head=found.last)
    unit = sentence.lexicon.words["occasion"]
    return Reading(quantity=replace(found, kind="count", unit=unit, rules=(*found.rules, "count.times")), subject=noun)
