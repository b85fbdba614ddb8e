"""Owns the numbers that tell the hour."""

from .grammar import Sentence
from .quantities import Quantity
from .tokens import WORD

HOURS, MINUTES = 24, 60


def is_clock(sentence: Sentence, found: Quantity) -> bool:
    """Return whether a number is an hour: "6am", "at 7", "a las 8"."""
    if is_zoned(sentence, found) or is_lettered(sentence, found):
        return True
    if found.kind not in {None, "duration", "ratio"} or found.value > 24:
        return False
    if found.unit == "hour" and sentence.word(found.first - 1) in sentence.sets["dates.clock_hours_before"]:
        return True
    after = sentence.word(found.last)
    if after in sentence.sets["dates.clock"] or (after[:1] in {"a", "p", "."} and is_half_day(sentence, found.last)):
        return True
    if found.kind is None and is_beside_clock(sentence, found):
        return True
    if found.kind is None and sentence.phrases["dates.clock_behind"].at(sentence.tokens, found.last):
        is_at = sentence.word(found.first - 1) in sentence.sets["dates.clock_before"]
        return is_at or not sentence.lexicon.flags["head_last"]
    if found.kind in {None, "ratio"} and is_told_clock(sentence, found):
        return True
    if found.kind or found.is_spelled or sentence.word(found.first - 1) not in sentence.sets["dates.clock_before"]:
        return False
    if sentence.word(found.first - 2).startswith(tuple(sentence.sets["groups.changes"])):
        return False  # "deaths rose by 12 to 450"
    return found.last >= len(sentence.tokens) or not is_noun_like(sentence, found.last)


def is_half_day(sentence: Sentence, place: int) -> bool:
    """Return whether the half of the day stands at a place, in one token or several: "a.m.", ".pm"."""
    spaced = "".join(sentence.word(place + step) for step in range(3))
    return spaced.startswith(("a.m", "p.m", ".am", ".pm"))


def is_lettered(sentence: Sentence, found: Quantity) -> bool:
    """Return whether a letter makes an hour of a number, as in "14h30" and "20 h", and is no duration."""
    letters, units = sentence.sets["dates.clock_letters"], sentence.sets["dates.clock_units"]
    if not letters:
        return False
    if found.kind is None and sentence.word(found.first - 1) in letters:
        return sentence.word(found.first - 2).isdigit()  # "11 h 30"
    if found.unit == "hour" and found.value_high is not None and found.value_high <= HOURS:
        told = [token for token in sentence.tokens[found.first : found.last] if token.lower in units]
        return len(told) > 1  # "de 14 heures à 18 heures"
    hours = found.value / MINUTES if found.unit == "minute" else found.value
    if found.unit not in {"hour", "minute"} or hours >= HOURS or sentence.word(found.number_last) not in letters:
        return False
    return sentence.word(found.first - 1) not in sentence.sets["dates.lasting_before"]


def is_zoned(sentence: Sentence, found: Quantity) -> bool:
    """Return whether four digits tell hour and minute before a clock's word: "by 1130 GMT", "a las 1930 horas"."""
    digits = sentence.word(found.first)
    is_hour = len(digits) == 4 and digits.isdigit() and digits < "2460" and digits[2] < "6"
    if not is_hour or found.last - found.first > 2:
        return False
    is_told = sentence.word(found.number_last) in sentence.sets["dates.clock"] | sentence.sets["dates.clock_units"]
    return is_told and (found.kind is None or sentence.word(found.first - 1) in sentence.sets["dates.clock_before"])


def is_beside_clock(sentence: Sentence, found: Quantity) -> bool:
    """Return whether a number is one end of a span of hours: "10:30 to 3", "from 7 to 7:30"."""
    first, last, joins = found.first, found.last, sentence.sets["dates.clock_joins"]
    is_joined = sentence.word(first - 1) in joins
    if is_joined and sentence.word(first - 3) == ":" and sentence.word(first - 2).isdigit():
        return True
    if sentence.word(last) in joins and sentence.word(last + 1).isdigit():
        behind = sentence.word(last + 2)
        if behind == ":" or behind in sentence.sets["dates.clock"]:
            return True  # "from 5 to 7 pm"
    if is_joined and sentence.word(first - 2) in sentence.sets["dates.clock"]:
        return not is_noun_like(sentence, last) if last < len(sentence.tokens) else True
    is_span = found.value_high is not None and found.value_high <= 24
    return is_span and sentence.word(last) in sentence.sets["dates.days_near"]


def is_noun_like(sentence: Sentence, place: int) -> bool:
    """Return whether a word that may be a noun or an adjective stands at a place, or a hyphen that ties one."""
    token = sentence.tokens[place]
    if token.kind != WORD:
        return token.text == "-"
    return token.lower not in sentence.sets["nouns.stop"] and token.lower not in sentence.sets["nouns.joins"]


def is_told_clock(sentence: Sentence, found: Quantity) -> bool:
    """Return whether words tell the hour: "half past seven", "quarter to 6", "las siete y media"."""
    word, first, last, sets = sentence.word, found.first, found.last, sentence.sets
    if word(first - 1) in sets["dates.clock_past"]:
        return word(first - 2) in sets["dates.clock_parts"] | sentence.lexicon.cardinals.keys()
    if word(last) == "past" and (word(last + 1).isdigit() or word(last + 1) in sentence.lexicon.cardinals):
        return True
    if not found.is_spelled or sentence.lexicon.flags["head_last"]:
        return False
    joint = sentence.lexicon.words["and_word"]
    if word(first - 1) in sets["dates.clock_articles"]:
        return not found.is_whole or (word(last) == joint and word(last + 1) in sentence.lexicon.cardinals)
    return word(first - 1) == joint and word(first - 3) in sets["dates.clock_before"]
