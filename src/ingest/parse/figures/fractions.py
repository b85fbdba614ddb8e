"""Owns numbers that are parts: "half a million", "two-thirds", "la mitad", "una cuarta parte"."""

from dataclasses import replace
from decimal import Decimal

from ingest.parse.figures.grammar import Sentence
from ingest.parse.figures.numbers import VULGAR, Number, read_cardinal, scale_at
from ingest.parse.figures.tokens import NUMBER


def read_number(sentence: Sentence, start: int) -> Number | None:
    """Read the longest number that starts here, or None."""
    token = sentence.tokens[start]
    if token.kind == NUMBER:
        return read_cardinal(sentence, start)
    if token.text in VULGAR:
        value = VULGAR[token.text]
        return Number(first=start, last=start + 1, value=value, is_fraction=True, rules=("number.vulgar",))
    if token.lower not in sentence.lexicon.starters:
        return None
    if found := read_half_scale(sentence, start) or read_fraction(sentence, start):
        return found
    whole = read_cardinal(sentence, start)
    return with_fraction(sentence, whole) if whole else None


def with_fraction(sentence: Sentence, whole: Number) -> Number:
    """Add the fraction behind a spelled number to it: "three and two thirds", "diez con un cuarto"."""
    if sentence.word(whole.last) not in sentence.sets["fraction_joins"] or not whole.is_spelled:
        return whole
    part = read_fraction(sentence, whole.last + 1) if whole.last + 1 < len(sentence.tokens) else None
    if not part or part.value >= 1 or part.last - part.first < 2:
        return whole
    value = whole.value + part.value * whole.scale
    return replace(whole, last=part.last, value=value, rules=(*whole.rules, "number.mixed"))


def read_half_scale(sentence: Sentence, start: int) -> Number | None:
    """Read "half a million", "half a dozen", "medio millón", "quarter million"."""
    if sentence.word(start) not in sentence.sets["groups.half_words"]:
        return None
    place = start + 1
    if sentence.word(place) in sentence.sets["one_words"]:
        place += 1
    worth = scale_at(sentence, place)
    if worth is None:
        return None
    return Number(
        first=start,
        last=place + 1,
        value=worth / 2,
        scale=worth,
        is_spelled=True,
        takes_link=True,
        rules=("number.half_scale",),
    )


def read_fraction(sentence: Sentence, start: int) -> Number | None:
    """Read "two-thirds", "a third of", "half", "la mitad", "una cuarta parte"."""
    word = sentence.word(start)
    value = Decimal(1) if word in sentence.sets["one_words"] else sentence.lexicon.cardinals.get(word)
    place = start if value is None else start + 1
    is_hyphened = value is not None and sentence.word(place) == "-"
    found = denominator_at(sentence, place + is_hyphened)
    if not found or sentence.word(found[1]) == "-":
        return None
    denominator, last = Decimal(found[0]), found[1]
    if value is None and denominator != 2:
        return None
    needs_whole = value is None or value == 1 or denominator == 4
    if needs_whole and not is_hyphened and not stands_as_part(sentence, start, last):
        return None
    return Number(
        first=start,
        last=last,
        value=(Decimal(1) if value is None else value) / denominator,
        is_fraction=True,
        is_spelled=True,
        takes_link=True,
        rules=("number.fraction",),
    )


def denominator_at(sentence: Sentence, place: int) -> tuple[str, int] | None:
    """Give the denominator a place names, and the place behind it: "thirds", "cuarta parte", "treintavos"."""
    if found := sentence.lexicon.fractions.at(sentence.tokens, place):
        return found
    word = sentence.word(place)
    for ending in sentence.sets["fraction_endings"]:
        stem = word.removesuffix(ending) if word.endswith(ending) else ""
        value = sentence.lexicon.cardinals.get(stem) or sentence.lexicon.cardinals.get(f"{stem}a")
        if stem and value:
            return str(value), place + 1
    return None


def stands_as_part(sentence: Sentence, first: int, last: int) -> bool:
    """A half is a share when "of" or a determiner follows, or "by" stands before; not when it is half a match."""
    before, after = sentence.word(first - 1), sentence.word(last)
    not_after = sentence.sets["fraction_context.not_after"]
    if before in sentence.sets["fraction_context.not_before"] or after in not_after:
        return False
    if sentence.word(last + 1) in not_after:
        return False
    return after in sentence.sets["fraction_context.after"] or before in sentence.sets["fraction_context.before"]
