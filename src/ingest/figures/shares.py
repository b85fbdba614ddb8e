"""Owns the percents of a list with its sign written only once: "the PS 28.1 and Chega 16.4" behind "the AD 29.3%"."""

from dataclasses import replace

from .grammar import Sentence
from .quantities import Quantity
from .speech_verbs import is_beside_figure
from .tokens import NUMBER, WORD

WHOLE = 100  # percent
LONGEST_NAME = 3  # words
LONGEST_LIST = 8  # numbers that leave their sign to the first
PARALLEL = 10  # tokens between two numbers with the same word before them
NEAR = 5  # tokens between a percent, with what it is of, and the comma or "and" behind it
CLOSERS = frozenset(".,;")


def read_listed_share(sentence: Sentence, low: Quantity) -> Quantity:
    """Return a bare number as a percent where only a name stands between it and the list that a percent opens."""
    if low.kind or low.is_spelled or not 0 < low.value < WHOLE or low.scale > 1 or low.last - low.first > 1:
        return low
    joins = {sentence.lexicon.words["and_word"], "e"} & sentence.sets["groups.list_joins"] | CLOSERS | {""}
    if sentence.word(low.last) not in joins:
        return low
    place = low.first
    for _ in range(LONGEST_LIST):
        opening = before_name(sentence, place)
        if opening is None:
            return as_percent(low) if is_parallel(sentence, low) else low
        if sentence.tokens[opening - 1].kind == NUMBER:
            place = opening - 1
        elif ends_percent(sentence, opening):
            return as_percent(low)
        else:
            return low
    return low


def as_percent(low: Quantity) -> Quantity:
    """Return a bare number as a percent."""
    return replace(low, kind="percent", unit="percent", rules=(*low.rules, "unit.listed"))


def is_parallel(sentence: Sentence, low: Quantity) -> bool:
    """Return whether "on" stands before a number and before the percent it is set beside: "on 27% and Gil on 26"."""
    if sentence.word(low.first - 1) not in sentence.sets["groups.stands_before"]:
        return False
    joint = sentence.lexicon.words["and_word"]
    for place in range(low.first - 2, max(0, low.first - PARALLEL), -1):
        if sentence.tokens[place].kind == NUMBER:
            is_same = sentence.word(place - 1) == sentence.word(low.first - 1)
            behind = {sentence.word(near) for near in range(place + 1, low.first)}
            return is_same and joint in behind and ends_percent(sentence, place + 2)
    return False


def before_name(sentence: Sentence, first: int) -> int | None:
    """Return the place of the comma or "and" before the name right before a number: ", o PS 28,1", "; Chile, el 12"."""
    definites, place = sentence.sets["attribution.definites"], first
    if sentence.word(place - 1) in definites and sentence.word(place - 2) == ",":
        place -= 2
    end = place
    while end - place < LONGEST_NAME and is_name_word(sentence, place - 1):
        place -= 1
    if place == end:
        return None
    place -= 1 + (sentence.word(place - 1) in definites)
    is_joined = sentence.word(place) in {",", ";", sentence.lexicon.words["and_word"]}
    return place if is_joined and place > 0 else None


def is_name_word(sentence: Sentence, place: int) -> bool:
    """Return whether a word with a capital stands at a place that is no month."""
    if place < 0 or sentence.tokens[place].kind != WORD or not sentence.tokens[place].text[0].isupper():
        return False
    return sentence.word(place) not in sentence.sets["dates.months"] | sentence.sets["dates.weekdays"]


def ends_percent(sentence: Sentence, end: int) -> bool:
    """Return whether a percent, and perhaps what it is of, stands before a place, with no other number between."""
    for place in range(end, max(0, end - NEAR), -1):
        token = sentence.tokens[place - 1]
        if token.kind == NUMBER or token.text in CLOSERS:
            return False
        unit = sentence.lexicon.units.before(sentence.tokens, place)
        is_sign = token.text in sentence.marks.percent_signs or (unit is not None and unit[0] == "percent:percent")
        if is_sign:
            return is_beside_figure(sentence.tokens, place - 1 if unit is None else unit[1], sentence.lexicon)
    return False
