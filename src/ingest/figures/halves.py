"""Owns parts of a unit: "half an hour", "a year and a half", "hora y media", "three quarters of a mile"."""

from dataclasses import replace
from decimal import Decimal

from .fractions import denominator_at
from .grammar import Sentence
from .quantities import Quantity
from .tokens import NUMBER
from .units import KINDS

HALF = Decimal("0.5")
PARTED = frozenset({"duration", "measurement", "percent"})


def read_part(sentence: Sentence, start: int) -> Quantity | None:
    """Read the part of a unit that starts here, or that ends here behind its unit."""
    if sentence.tokens[start].kind == NUMBER:
        return None
    return unit_and_half(sentence, start) or half_unit(sentence, start) or part_of_unit(sentence, start)


def unit_and_half(sentence: Sentence, start: int) -> Quantity | None:
    """Read "a year and a half", "hora y media": the unit stands before its half, and no number before the unit."""
    words = sentence.sets
    half = start + (sentence.word(start) in words["one_words"])
    if sentence.word(half) not in words["groups.half_words"] or sentence.word(start - 1) != joint(sentence):
        return None
    if sentence.word(half + 1) in words["groups.of_words"] and sentence.word(half + 2) in words["nouns.determiners"]:
        return None
    unit = sentence.lexicon.units.before(sentence.tokens, start - 1)
    if not unit or is_many(sentence, start - 2):
        return None
    opens = unit[1] - (sentence.word(unit[1] - 1) in words["one_words"])
    return name_part(unit[0], Decimal(1) + HALF, first=opens, last=half + 1)


def half_unit(sentence: Sentence, start: int) -> Quantity | None:
    """Read "half an hour", "half-mile", "medio kilo"; not "half-year", "mediodía"."""
    words = sentence.sets
    if sentence.word(start) not in words["groups.half_words"] or sentence.word(start - 1) == joint(sentence):
        return None
    is_tied = sentence.word(start + 1) == "-"
    place = start + 1 + (is_tied or sentence.word(start + 1) in words["one_words"])
    unit = sentence.lexicon.units.at(sentence.tokens, place)
    if not unit or is_many(sentence, place) or sentence.word(place) in words["attribution.auxiliaries"]:
        return None  # "la clase media ha perdido"
    if sentence.word(place) in words["halves.none"] and (place == start + 1 or is_tied):
        return None
    found = name_part(unit[0], HALF, first=start, last=unit[1])
    return replace(found, is_hyphened=is_tied) if found else None


def part_of_unit(sentence: Sentence, start: int) -> Quantity | None:
    """Read "a quarter of an hour", "tres cuartos de hora", "two thirds of a mile"."""
    if sentence.word(start) not in sentence.lexicon.starters:
        return None
    word = sentence.word(start)
    above = Decimal(1) if word in sentence.sets["one_words"] else sentence.lexicon.cardinals.get(word)
    below = denominator_at(sentence, start + 1 + (sentence.word(start + 1) == "-"))
    if not above or not below or sentence.word(below[1]) != sentence.lexicon.words["link"]:
        return None
    place = below[1] + 1 + (sentence.word(below[1] + 1) in sentence.sets["one_words"])
    is_single = place > below[1] + 1 or not sentence.lexicon.flags["head_last"]
    unit = sentence.lexicon.units.at(sentence.tokens, place)
    if not is_single or not unit or is_many(sentence, place):
        return None
    return name_part(unit[0], above / Decimal(below[0]), first=start, last=unit[1])


def joint(sentence: Sentence) -> str:
    """Return the word that adds a half."""
    return sentence.lexicon.words["and_word"]


def is_many(sentence: Sentence, place: int) -> bool:
    """Return whether a unit stands in the plural."""
    return sentence.word(place).endswith(sentence.lexicon.words["plural_ending"])


def name_part(meaning: str, value: Decimal, *, first: int, last: int) -> Quantity | None:
    """Make a quantity of a part of what a unit word means; sums of money and counts are parted elsewhere."""
    kind, name, *_ = meaning.split(":")
    if kind not in PARTED:
        return None
    rules = ("number.part_of_unit", f"{kind}.word")
    return Quantity(
        first=first, last=last, number_last=last, value=value, kind=KINDS[kind], unit=name, is_spelled=True, rules=rules
    )
