"""Owns what an elliptical figure takes over from its neighbours: the unit, the scale, or the level of an index."""

from collections.abc import Sequence
from dataclasses import replace

from ingest.parse.figures.currencies import ASSUMED
from ingest.parse.figures.flags import MOST_PERCENT
from ingest.parse.figures.grammar import Sentence
from ingest.parse.figures.quantities import Quantity
from ingest.parse.figures.readings import Reading

MILLION = 1000000
LENDERS = frozenset({"money", "percent", "measurement"})


def recover(sentence: Sentence, readings: Sequence[Reading]) -> list[Reading]:
    """Give the readings of a sentence again, each that leaves something out with what the others tell."""
    whole: list[Reading] = []
    for place, reading in enumerate(readings):
        points = [other for other in whole if other.quantity.unit == "point"]
        is_level = "ratio.bare" in reading.quantity.rules or (
            "count.elliptical" in reading.quantity.rules
            and sentence.word(reading.quantity.first - 1) in sentence.sets["ellipsis.levels"]
        )
        if points and is_level:
            whole.append(take(reading, points[-1].quantity, rule="unit.level"))  # "gained 20.5 points to 1,200.45"
        else:
            whole.append(complete(sentence, reading, whole, readings[place + 1 :]))
    return whole


def complete(sentence: Sentence, reading: Reading, told: Sequence[Reading], after: Sequence[Reading]) -> Reading:
    """Complete one reading by the first rule that can."""
    found, before = reading.quantity, told[-1] if told else None
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
    return take(reading, sums[0], rule="unit.recovered") if is_large and sums else reading


def take(reading: Reading, lender: Quantity, *, rule: str) -> Reading:
    """Take over kind and unit, and the scale of a number that has none and is of the lender's size."""
    found = reading.quantity
    is_short = found.scale == 1 and lender.scale >= MILLION and found.value * lender.scale < 10 * abs(lender.value)
    value = found.value * lender.scale if is_short else found.value
    rules = (*found.rules, *((ASSUMED,) if ASSUMED in lender.rules else ()), rule)
    return replace(reading, quantity=replace(found, kind=lender.kind, unit=lender.unit, value=value, rules=rules))


def is_compared(sentence: Sentence, found: Quantity) -> bool:
    """Say whether a number stands where the one before it is set against it: "down from 355", "frente a 12".

    An adjective behind it tells of a noun of its own that was left out: "a 1.500 indirectos".
    """
    if sentence.word(found.last) in sentence.sets["nouns.leaving_out"]:
        return False
    return sentence.phrases["ellipsis.comparisons"].before(sentence.tokens, found.first) is not None


def is_again(sentence: Sentence, before: Quantity, found: Quantity) -> bool:
    """Say whether a small number repeats a large one for another year: "3 million in 2020 and 4 in 2021"."""
    is_small = found.scale == 1 and before.scale >= MILLION and found.value * before.scale < 10 * before.value
    is_year = sentence.word(found.last) in sentence.sets["ellipsis.year_joins"] and (
        len(sentence.word(found.last + 1)) == 4 and sentence.word(found.last + 1).isdigit()
    )
    return is_small and is_year
