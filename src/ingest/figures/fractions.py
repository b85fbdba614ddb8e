"""Owns numbers that are parts: "half a million", "two-thirds", "la mitad", "una cuarta parte"."""

from dataclasses import replace
from decimal import Decimal

from .grammar import Sentence
from .numbers import VULGAR, Number, read_cardinal, scale_at
from .subjects import is_plural
from .tokens import NUMBER, SIGN

HALVES, QUARTERS = 2, 4
SLASHED = frozenset({2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 16, 20, 32, 64, 100, 1000})  # denominators that digits write


def read_number(sentence: Sentence, start: int) -> Number | None:
    """Read the longest number that starts here, or None."""
    token = sentence.tokens[start]
    if token.kind == NUMBER:
        part = read_slashed(sentence, start, is_tail=False)
        whole = None if part else read_cardinal(sentence, start)
        return part or (with_fraction(sentence, whole) if whole else None)
    if token.text in VULGAR:
        value = VULGAR[token.text]
        return Number(first=start, last=start + 1, value=value, is_fraction=True, rules=("number.vulgar",))
    if token.lower not in sentence.lexicon.starters:
        return None
    if found := read_half_scale(sentence, start) or read_fraction(sentence, start, is_tail=False):
        return found
    whole = read_cardinal(sentence, start)
    if not whole:
        return None
    return read_many_parts(sentence, whole) or with_fraction(sentence, whole)


def with_fraction(sentence: Sentence, whole: Number) -> Number:
    """Add the fraction behind a number to it: "three and two thirds", "diez con un cuarto", "1 3/4"."""
    at = whole.last + (sentence.word(whole.last) in sentence.sets["fraction_joins"])
    if at >= len(sentence.tokens) or whole.is_fraction:
        return whole
    is_slashed = sentence.tokens[at].kind == NUMBER
    is_spelled = at > whole.last and whole.is_spelled
    if not (is_slashed or is_spelled) or whole.value != whole.value.to_integral_value():
        return whole
    part = (read_slashed if is_slashed else read_fraction)(sentence, at, is_tail=True)
    if not part or part.value >= 1 or part.last - part.first < 2:
        return whole
    value, last, scale = whole.value + part.value * whole.scale, part.last, whole.scale
    worth = scale_at(sentence, last)
    if worth and scale == 1:
        value, last, scale = value * worth, last + 1, worth
    return replace(whole, last=last, value=value, scale=scale, rules=(*whole.rules, "number.mixed"))


def read_slashed(sentence: Sentence, start: int, *, is_tail: bool) -> Number | None:
    """Read a fraction in digits where it is no date: "2/3 of", "1/2 inch", "-4/5"; behind a number: "1 3/4"."""
    tokens = sentence.tokens[start : start + 3]
    if len(tokens) < 3 or tokens[1].text != "/" or not (tokens[1].glued and tokens[2].glued):
        return None
    if not (tokens[0].text.isdecimal() and tokens[2].text.isdecimal()) or max(len(token.text) for token in tokens) > 4:
        return None
    above, below = int(tokens[0].text), int(tokens[2].text)
    if below not in SLASHED or not 0 < above < below or tokens[0].text[0] == "0" or tokens[2].text[0] == "0":
        return None
    last = start + 3
    if last < len(sentence.tokens) and sentence.tokens[last].text == "/":
        return None
    if not is_tail and not stands_as_slashed(sentence, start, last):
        return None
    value = Decimal(above) / below
    return Number(first=start, last=last, value=value, is_fraction=True, takes_link=True, rules=("number.slashed",))


def stands_as_slashed(sentence: Sentence, first: int, last: int) -> bool:
    """Return whether digits with a slash are a part and no date: alone, negative, or of something measured."""
    if is_alone(sentence, first, last) or sentence.word(last) in sentence.sets["fraction_context.after"]:
        return True
    if sentence.word(first - 1) in {"-", "−"} and is_alone(sentence, first - 1, last):
        return True
    unit = last + (sentence.word(last) == "-")
    return bool(sentence.lexicon.units.at(sentence.tokens, unit)) or sentence.word(last) in sentence.marks.percent_signs


def is_alone(sentence: Sentence, first: int, last: int) -> bool:
    """Return whether nothing but a number is said."""
    is_ended = last == len(sentence.tokens) or (last + 1 == len(sentence.tokens) and sentence.word(last) in {".", "?"})
    return first == 0 and is_ended


def read_many_parts(sentence: Sentence, many: Number) -> Number | None:
    """Read a fraction of any numerator: "thirty fifths", "one hundred thirty-fifths", "veintidós treintavos"."""
    tens, at = Decimal(0), many.last
    if not many.is_spelled or at >= len(sentence.tokens):
        return None
    if sentence.word(at) == "-" and sentence.tokens[at].glued:
        tens, at = sentence.lexicon.cardinals.get(sentence.word(at - 1), Decimal(0)), at + 1
        if not 20 <= tens < 100 or many.last - many.first < 2:
            return None
    found = denominator_at(sentence, at)
    if not found or not sentence.word(at).endswith(sentence.lexicon.words["plural_ending"]):
        return None
    below = Decimal(found[0])
    if below == HALVES and is_plural_half(sentence, many.first, at, found[1]):
        return None
    if (tens and below >= 10) or (below in {2, 4} and not stands_as_part(sentence, many.first, found[1])):
        return None
    return replace(
        many,
        last=found[1],
        value=(many.value - tens) / (tens + below),
        scale=Decimal(1),
        is_fraction=True,
        takes_link=True,
        rules=("number.fraction",),
    )


def read_half_scale(sentence: Sentence, start: int) -> Number | None:
    """Read "half a million", "a half dozen", "medio millón", "quarter million"."""
    at = start + (sentence.word(start) in sentence.sets["one_words"])
    is_half = sentence.word(at) in sentence.sets["groups.half_words"]
    if not is_half and sentence.word(at) not in sentence.sets["groups.quarter_words"]:
        return None
    place = at + 1 + (is_half and sentence.word(at + 1) in sentence.sets["one_words"] | {"-"})  # "un demi-million"
    worth = scale_at(sentence, place)
    if worth is None:
        return None
    return Number(
        first=start,
        last=place + 1,
        value=worth / (2 if is_half else QUARTERS),
        scale=worth,
        is_spelled=True,
        is_rough=is_half and sentence.word(place) in sentence.sets["groups.approximate_collectives"],
        takes_link=True,
        rules=("number.half_scale",),
    )


def read_fraction(sentence: Sentence, start: int, *, is_tail: bool) -> Number | None:
    """Read "two-thirds", "a third of", "half", "la mitad", "una cuarta parte"; as a tail of a number, without "of"."""
    word = sentence.word(start)
    value = Decimal(1) if word in sentence.sets["one_words"] else sentence.lexicon.cardinals.get(word)
    place = start if value is None else start + 1
    is_hyphened = value is not None and sentence.word(place) == "-"
    found = denominator_at(sentence, place + is_hyphened)
    if not found or sentence.word(found[1]) == "-":
        return None
    denominator, last = Decimal(found[0]), found[1]
    if worth := scale_behind_part(sentence, last):
        return part_of_scale(start, (Decimal(1) if value is None else value) / denominator, *worth)
    has_article = value is None and sentence.word(start - 1) in sentence.sets["halves.articles"]
    if value is None and has_article and last - place > 1:
        value, start = Decimal(1), start - 1  # "la tercera parte"
    is_bare_plural = value is None and word.endswith(sentence.lexicon.words["plural_ending"])  # "medios estatales"
    if value is None and (denominator != 2 or is_bare_plural):
        return None
    is_noun = denominator == HALVES and is_plural_half(sentence, start, place, last)
    if is_noun and value is not None and value != 1:
        return None  # "once medios aéreos", "dos medios de comunicación"
    if denominator == QUARTERS and value is not None and value % 2 == 0:
        return None  # "two quarters" are half a year's business and no half
    needs_whole = value is None or value == 1 or denominator == 4
    if is_tail and not (value and closes_tail(sentence, last)):
        return None
    if needs_whole and not is_hyphened and not is_tail and not stands_as_part(sentence, start, last):
        return None
    return Number(
        first=start - (value is None and has_article),
        last=last,
        value=(Decimal(1) if value is None else value) / denominator,
        is_fraction=True,
        is_spelled=True,
        takes_link=True,
        rules=("number.fraction",),
    )


def is_plural_half(sentence: Sentence, start: int, place: int, last: int) -> bool:
    """Return whether the half at a place is one word in the plural, in a sentence a noun of its own: "medios"."""
    is_word = not sentence.lexicon.flags["head_last"] and last - place == 1
    is_plural = is_word and sentence.word(place).endswith(sentence.lexicon.words["plural_ending"])
    return is_plural and not is_alone(sentence, start, last)


def part_of_scale(first: int, share: Decimal, worth: Decimal, last: int) -> Number:
    """Make a number of a share of a scale."""
    rules = ("number.part_of_scale",)
    return Number(
        first=first, last=last, value=share * worth, scale=worth, is_spelled=True, takes_link=True, rules=rules
    )


def scale_behind_part(sentence: Sentence, last: int) -> tuple[Decimal, int] | None:
    """Return the scale that a part is of, and the place behind it: "a quarter of a million"."""
    place = last + 1 + (sentence.word(last + 1) in sentence.sets["one_words"])
    is_single = place > last + 1 or not sentence.lexicon.flags["head_last"]
    is_scale = sentence.word(place) in sentence.sets["one_scales"] and sentence.word(place) in sentence.lexicon.scales
    if sentence.word(last) != sentence.lexicon.words["link"] or not is_single or not is_scale:
        return None
    worth = scale_at(sentence, place)
    return (worth, place + 1) if worth else None


def closes_tail(sentence: Sentence, last: int) -> bool:
    """Return whether a fraction may end a number here: before a stop, unit, scale or plural, not before a verb."""
    if last >= len(sentence.tokens) or sentence.tokens[last].kind == SIGN:
        return True
    if sentence.word(last) in sentence.sets["groups.of_words"]:
        return True
    is_counting = scale_at(sentence, last) is not None or is_plural(sentence.word(last), sentence.lexicon)
    return is_counting or bool(sentence.lexicon.units.at(sentence.tokens, last))


def denominator_at(sentence: Sentence, place: int) -> tuple[str, int] | None:
    """Return the denominator a place names, and the place behind it: "thirds", "cuarta parte", "treintavos"."""
    if found := sentence.lexicon.fractions.at(sentence.tokens, place):
        return found
    word = sentence.word(place)
    if not word.endswith(tuple(sentence.sets["fraction_endings"])):
        return None
    for ending in sentence.sets["fraction_endings"]:
        stem = word.removesuffix(ending) if word.endswith(ending) else ""
        value = sentence.lexicon.cardinals.get(stem) or sentence.lexicon.cardinals.get(f"{stem}a")
        if stem and value:
            return str(value), place + 1
    return None


def stands_as_part(sentence: Sentence, first: int, last: int) -> bool:
    """A half is a share when "of" or a determiner follows, or "by" stands before; not when it is half a match."""
    if is_alone(sentence, first, last):
        return True
    before, after = sentence.word(first - 1), sentence.word(last)
    not_after = sentence.sets["fraction_context.not_after"]
    if before in sentence.sets["fraction_context.not_before"] or after in not_after:
        return False
    if sentence.word(last + 1) in not_after:
        return False
    unit = sentence.lexicon.units.at(sentence.tokens, last)
    if unit and unit[0].startswith(("percent", "measurement")):
        return True
    return after in sentence.sets["fraction_context.after"] or before in sentence.sets["fraction_context.before"]
