"""Owns what an elliptical figure takes over from its neighbours: the unit, the scale, or the level of an index."""

from collections.abc import Sequence
from dataclasses import replace

from .currencies import ASSUMED
from .ellipsis import is_free
from .flags import MOST_PERCENT
from .grammar import Sentence
from .quantities import Quantity
from .readings import Reading

MILLION = 1000000
FEW = 10  # percentage points; more are scored, or an index has them
CONVERSIONS = frozenset({"(", "or", "o", "ou"})
ASIDE = 3  # tokens
BESIDE = 5  # tokens
NEAR = 10  # times that one price is another at most
LENDERS = frozenset({"money", "percent", "measurement"})


def recover(sentence: Sentence, readings: Sequence[Reading]) -> list[Reading]:
    """Return the readings of a sentence again, each that leaves something out with what the others tell."""
    whole: list[Reading] = []
    for place, reading in enumerate(readings):
        points = [other for other in whole if other.quantity.unit == "point"]
        is_level = "ratio.bare" in reading.quantity.rules or (
            "count.elliptical" in reading.quantity.rules
            and sentence.word(reading.quantity.first - 1) in sentence.sets["ellipsis.levels"]
        )
        if reading.quantity.unit == "point" and is_of_percents(sentence, readings, place):
            told = replace(reading.quantity, kind="percent", unit="percentage_point")
            whole.append(replace(reading, quantity=replace(told, rules=(*told.rules, "unit.of_percents"))))
        elif points and is_level:
            whole.append(take(reading, points[-1].quantity, rule="unit.level"))  # "gained 20.5 points to 1,200.45"
        else:
            whole.append(complete(sentence, reading, whole, readings[place + 1 :]))
    return whole


def is_of_percents(sentence: Sentence, readings: Sequence[Reading], place: int) -> bool:
    """Return whether points are those that a percent differs by: "cayó al 2,1 %, 0,3 puntos menos"."""
    found, sets = readings[place].quantity, sentence.sets
    is_percent = any(other.quantity.unit == "percent" for other in readings)
    nearby = {sentence.word(near) for near in (*range(found.first - BESIDE, found.first), found.last, found.last + 1)}
    words = {token.lower for token in sentence.tokens}
    if not is_percent or found.value > FEW or not words.isdisjoint(sets["ellipsis.indices"]):
        return False
    if not nearby.isdisjoint(sets["ellipsis.margins"]):
        return True
    is_moved = any(word.startswith(tuple(sets["groups.changes"])) for word in nearby)
    is_moved = is_moved or sentence.word(found.first - 1) in sets["ellipsis.steps"]
    return not found.is_whole and (is_moved or sentence.word(found.last) in sets["ellipsis.differences"])


def complete(sentence: Sentence, reading: Reading, told: Sequence[Reading], after: Sequence[Reading]) -> Reading:
    """Complete one reading by the first rule that can."""
    found, before = reading.quantity, told[-1] if told else None
    if "ratio.bare" in found.rules:
        return as_price(sentence, reading, told)
    if "count.elliptical" not in found.rules:
        return reading
    is_lent = before and (before.quantity.kind != "percent" or found.value < MOST_PERCENT)  # "rose 2% to 13,500"
    if before and is_lent and before.quantity.kind in LENDERS and is_compared(sentence, found):
        return take(reading, before.quantity, rule="unit.recovered")
    if before and before.quantity.kind == "count" and is_again(sentence, before.quantity, found):
        value = found.value * before.quantity.scale
        return replace(reading, quantity=replace(found, value=value, rules=(*found.rules, "scale.recovered")))
    is_large = found.scale >= MILLION and not found.is_spelled and (before is None or before.quantity.kind != "count")
    sums = [other.quantity for other in (*reversed(told), *after) if other.quantity.kind == "money"]
    sums = [money for money in sums if not is_converted(sentence, money)] or sums
    return take(reading, sums[0], rule="unit.recovered") if is_large and sums else reading


def is_converted(sentence: Sentence, money: Quantity) -> bool:
    """Return whether a sum only repeats another in a second currency: "40 billion pesos, or about US$2 billion"."""
    return any(sentence.word(place) in CONVERSIONS for place in range(money.first - ASIDE, money.first))


def as_price(sentence: Sentence, reading: Reading, told: Sequence[Reading]) -> Reading:
    """Return a bare decimal as money where a price of its size stands before it: "custa R$ 13,90; saía por 9,50"."""
    found = reading.quantity
    prices = [other.quantity for other in told if other.quantity.kind == "money" and other.quantity.scale == 1]
    is_price = sentence.word(found.first - 1) in sentence.sets["ellipsis.prices"] and is_free(sentence, found.last)
    if not (prices and is_price and prices[-1].value / NEAR < found.value < prices[-1].value * NEAR):
        return reading
    return take(reading, prices[-1], rule="unit.recovered")


def take(reading: Reading, lender: Quantity, *, rule: str) -> Reading:
    """Take over kind and unit, and the scale of a number that has none and is of the lender's size."""
    found = reading.quantity
    is_short = found.scale == 1 and lender.scale >= MILLION and found.value * lender.scale < 10 * abs(lender.value)
    value = found.value * lender.scale if is_short else found.value
    rules = (*found.rules, *((ASSUMED,) if ASSUMED in lender.rules else ()), rule)
    return replace(reading, quantity=replace(found, kind=lender.kind, unit=lender.unit, value=value, rules=rules))


def is_compared(sentence: Sentence, found: Quantity) -> bool:
    """Return whether a number stands where the one before it is set against it: "down from 355", "frente a 12".

    An adjective behind it tells of a noun of its own that was left out: "a 1.500 indirectos".
    """
    if sentence.word(found.last) in sentence.sets["nouns.leaving_out"]:
        return False
    return sentence.phrases["ellipsis.comparisons"].before(sentence.tokens, found.first) is not None


def is_again(sentence: Sentence, before: Quantity, found: Quantity) -> bool:
    """Return whether a small number repeats a large one for another year: "3 million in 2020 and 4 in 2021"."""
    is_small = found.scale == 1 and before.scale >= MILLION and found.value * before.scale < 10 * before.value
    is_year = sentence.word(found.last) in sentence.sets["ellipsis.year_joins"] and (
        len(sentence.word(found.last + 1)) == 4 and sentence.word(found.last + 1).isdigit()
    )
    return is_small and is_year
