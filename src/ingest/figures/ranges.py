"""Owns two numbers read as one figure: ranges, ratios; and the number that borrows its neighbour's unit."""

from dataclasses import replace

from .compounds import read_compound, read_stature, with_unit_before_it
from .currencies import ASSUMED
from .dates import is_year
from .fractions import read_number
from .grammar import Sentence
from .halves import read_part
from .multiples import read_fold
from .quantities import DASHES, Quantity, measure
from .shares import read_listed_share
from .subjects import is_plural
from .tokens import SIGN, WORD
from .units import FACTORS

STEP = 6  # what moves by A to B was less than that often A, or "rose $1 to $5" is a range
THOUSAND, MILLION = 1000, 1000000
NEAR = 20  # times that a sum grows or shrinks to at most, or what it left has no scale to share
SHORT = 5  # tokens of "over one hundred and twenty", where nothing else is said
LONGEST_LIST = 8  # numbers that share a unit
BOUNDS = {(lower, upper) for lower in ("more_than", "at_least") for upper in ("less_than", "at_most")}


def read_quantity(sentence: Sentence, start: int) -> Quantity | None:
    """Read the number that starts here with its unit, joined to a second number where both are one figure."""
    if part := read_fold(sentence, start) or read_part(sentence, start) or with_unit_before_it(sentence, start):
        return part
    low = measure(sentence, start)
    if not low or low.last >= len(sentence.tokens):
        return low and read_listed_share(sentence, low)
    return (
        read_stature(sentence, low)
        or read_ratio(sentence, low)
        or read_range(sentence, low)
        or read_bounds(sentence, low)
        or read_compound(sentence, low)
        or borrow(sentence, low)
    )


def read_ratio(sentence: Sentence, low: Quantity) -> Quantity | None:
    """Read "1 in 10", "three out of four", "uno de cada diez"."""
    if low.kind or not low.is_whole or not 0 < low.value <= 1000:
        return None
    strict = sentence.phrases["groups.out_of_words"].at(sentence.tokens, low.last)
    if noun_ratio := read_noun_ratio(sentence, low):
        return noun_ratio
    if not low.first and sentence.word(low.last) == "over" and len(sentence.tokens) - low.last <= SHORT:
        strict = "over", low.last + 1
    found = strict or sentence.phrases["groups.in_words"].at(sentence.tokens, low.last)
    if not found or found[1] >= len(sentence.tokens):
        return None
    whole = read_number(sentence, found[1])
    if not whole or whole.value <= low.value or whole.is_fraction:
        return None
    if not strict and not is_share(sentence, low, found[1]):
        return None
    value = low.value / whole.value
    rules = (*low.rules, "ratio.n_in_m")
    return replace(low, last=whole.last, number_last=whole.last, value=value, kind="ratio", rules=rules)


def read_noun_ratio(sentence: Sentence, low: Quantity) -> Quantity | None:
    """Read a ratio that its noun parts: "un Français sur quatre", "3 salariés sur 10"."""
    joint = low.last + 1
    if sentence.word(joint) not in sentence.sets["groups.ratio_joins"] or joint + 1 >= len(sentence.tokens):
        return None
    if sentence.word(low.last) in sentence.sets["nouns.stop"] or sentence.tokens[low.last].kind != WORD:
        return None
    whole = measure(sentence, joint + 1)
    if not whole or whole.kind or whole.value <= low.value:
        return None
    rules = (*low.rules, "ratio.noun_in_m")
    return replace(low, last=whole.last, value=low.value / whole.value, kind="ratio", rules=rules)


def is_share(sentence: Sentence, low: Quantity, start: int) -> bool:
    """A bare "in" makes a share of small whole numbers without a unit: "1 in 10", not "5 in 2019"."""
    whole = measure(sentence, start)
    if not whole or whole.kind or low.value > 9 or whole.value > 1000000:
        return False
    return not 1500 <= whole.value <= 2100


def read_range(sentence: Sentence, low: Quantity) -> Quantity | None:
    """Read "10 to 12", "$5-7 billion", "between 400 and 500"; None where a change, a list or nothing follows."""
    tokens, place = sentence.tokens, low.last
    if low.kind == "ratio" or place + 1 >= len(tokens):
        return None
    is_dash = tokens[place].text in DASHES and tokens[place].glued == tokens[place + 1].glued
    if not is_dash and not joins_range(sentence, low):
        return None
    start = (
        place + 1 + (tokens[place].lower in sentence.sets["groups.between_joins"] and is_article(sentence, place + 1))
    )
    while (
        start < min(len(tokens), place + 4)
        and tokens[start].kind == SIGN
        and tokens[start].text in sentence.marks.symbols
    ):
        start += 1
    prefix = sentence.marks.prefixes.at(tokens, start)
    if prefix and not is_moved(sentence, low):  # "R$ 90 a R$ 480"
        start = prefix[1]
    high = measure(sentence, start) if start < len(tokens) else None
    if not high or high.kind == "ratio" or (high.first < place + 1 and not is_dash):
        return None
    if not low.kind and high.first < start:
        return None  # "in 2022 to $5": what has its own mark lends none
    if not is_dash and (is_step(sentence, low, high) or is_given(sentence, low, high) or is_choice(low, high)):
        return None
    return join_range(low, high, rule="range.dash" if is_dash else "range.words")


def is_article(sentence: Sentence, place: int) -> bool:
    """Return whether an article stands before the higher end of a range: "entre el 10 y el 15 %"."""
    return sentence.word(place) in sentence.sets["articles_in_lists"]


def read_bounds(sentence: Sentence, low: Quantity) -> Quantity | None:
    """Read a lower and an upper bound as one range: "above 1000 and below 1500", "más de 10 y menos de 20"."""
    joint = sentence.word(low.last)
    if joint != "," and joint not in sentence.sets["groups.between_joins"]:
        return None
    qualifiers = sentence.phrases["qualifiers"]
    lower, upper = qualifiers.before(sentence.tokens, low.first), qualifiers.at(sentence.tokens, low.last + 1)
    if not lower or not upper or (lower[0], upper[0]) not in BOUNDS:
        return None
    high = measure(sentence, upper[1]) if upper[1] < len(sentence.tokens) else None
    return join_range(low, high, rule="range.bounds") if high and (high.kind or not low.kind) else None


def joins_range(sentence: Sentence, low: Quantity) -> bool:
    """Return whether a word behind a quantity joins it to a range."""
    word = sentence.word(low.last)
    if word in sentence.sets["groups.between_joins"]:
        return (
            sentence.phrases["groups.between_words"].before(sentence.tokens, skip_words(sentence, low.first))
            is not None
        )
    return word in sentence.sets["groups.range_words"] and not is_change(sentence, low)


def skip_words(sentence: Sentence, first: int) -> int:
    """Return the place before the articles and qualifiers of a figure."""
    for _ in range(3):
        if sentence.word(first - 1) in sentence.sets["skips.before"]:
            first -= 1
        elif found := sentence.phrases["qualifiers"].before(sentence.tokens, first):
            first = found[1]
        else:
            break
    return first


def join_range(low: Quantity, high: Quantity, *, rule: str) -> Quantity | None:
    """Join two quantities to a range: each borrows kind and unit from the other, the low end the high one's scale."""
    if low.kind and high.kind and (low.kind, low.unit) != (high.kind, high.unit):
        return None
    if low.kind and not high.kind:
        if low.kind != "money":
            return None
        high = replace(high, kind=low.kind, unit=low.unit)
    value, top = low.value, abs(high.value)
    if low.scale == 1 and high.scale >= 1000 and (value < 1000 or value * high.scale < top):
        value *= high.scale
    if not low.kind and "money.cents" in high.rules:
        value *= FACTORS["cents"]
    if value >= top:
        return None
    rules = (*low.rules, *high.rules, rule)
    return replace(high, first=low.first, value=value, value_high=top, is_spelled=low.is_spelled, rules=rules)


def is_change(sentence: Sentence, low: Quantity) -> bool:
    """Return whether "from A to B" tells a change, which is two figures, and not a range."""
    at = low.first - 1
    if sentence.word(at) not in sentence.sets["groups.change_words"]:
        return False
    nearby = [token.lower for token in sentence.tokens[max(0, at - 6) : at]]
    if sentence.lexicon.flags["from_is_change"]:
        return not any(word in sentence.sets["groups.range_verbs"] for word in nearby)
    changes = tuple(sentence.sets["groups.changes"])
    return (
        any(word.startswith(changes) for word in nearby) or sentence.word(low.last) in sentence.sets["groups.reaches"]
    )


def is_step(sentence: Sentence, low: Quantity, high: Quantity) -> bool:
    """Return whether something moved by the first and reached the second: "rose £94 to £1,738", "fell by 3 to 160"."""
    if sentence.word(low.last) not in sentence.sets["groups.reach_words"] or not is_moved(sentence, low):
        return False
    is_right_behind = sentence.word(low.first - 1).startswith(tuple(sentence.sets["groups.changes"]))
    if is_right_behind and is_marked(low) and is_marked(high):
        return True  # each with its own mark right behind the verb: "fell $28.63 to $38.65"
    return abs(high.value) > STEP * abs(low.value)


def is_moved(sentence: Sentence, low: Quantity) -> bool:
    """Return whether a verb of change stands shortly before a quantity."""
    nearby = [token.lower for token in sentence.tokens[max(0, low.first - 5) : low.first]]
    changes = tuple(sentence.sets["groups.changes"])
    return any(word.startswith(changes) for word in nearby)


def is_marked(quantity: Quantity) -> bool:
    """Return whether a sum of money has a mark of its own."""
    return quantity.kind == "money" and "money.mark" in quantity.rules


def is_choice(low: Quantity, high: Quantity) -> bool:
    """Return whether each number tells a scale of its own, and no range has such ends: "10 million or 10 billion"."""
    return THOUSAND <= low.scale < high.scale and high.value >= THOUSAND * low.value


def is_given(sentence: Sentence, low: Quantity, high: Quantity) -> bool:
    """Return whether the second number counts who got the first: "gave $500 to 1,200 families"."""
    if low.kind != "money" or high.kind:
        return False
    if low.rules[-1] == "money.word":
        return True
    after = sentence.word(high.last)
    if high.scale >= THOUSAND:
        place = high.last + (after == sentence.lexicon.words["link"])
        return sentence.word(place) in sentence.marks.whole_nouns  # "R$ 50 a 100 milhões de famílias"
    return bool(after) and is_plural(after, sentence.lexicon)


def last_of_list(sentence: Sentence, low: Quantity) -> Quantity | None:
    """Return the number that ends the list a bare number opens: the 7 percent of "3, 5 and 7 percent"."""
    joins, tokens = sentence.sets["groups.list_joins"], sentence.tokens
    at, is_joined = low.last, False
    for _ in range(LONGEST_LIST):
        joint = sentence.word(at)
        is_joined = joint in joins
        if not (is_joined or joint == ",") or at + 1 >= len(tokens):
            return None
        at += 1 + (sentence.word(at + 1) in sentence.sets["articles_in_lists"])
        following = measure(sentence, at) if at < len(tokens) else None
        if not following or following.first != at:
            return None
        if is_joined or following.kind:
            return following if is_joined else None
        at = following.last
    return None


def borrow(sentence: Sentence, low: Quantity) -> Quantity:
    """Return a bare number the unit of the one it is listed with: "9 from 7 percent", "22 and 25 percent"."""
    if (share := read_listed_share(sentence, low)).kind != low.kind:
        return share
    if side := read_side(sentence, low):
        return side
    if scaled := with_scale_reached(sentence, low):
        return scaled
    high = None if low.kind else last_of_list(sentence, low)
    if high and not high.kind and shares_scale(sentence, low, high):
        return replace(low, value=low.value * high.scale, scale=high.scale, rules=(*low.rules, "scale.borrowed"))
    if not high or high.kind not in {"money", "percent", "measurement", "duration"}:
        return low
    if (low.scale != high.scale and low.scale != 1) or is_year(sentence, low):
        return low
    factor = high.scale if low.scale == 1 and high.scale >= 1000 and low.value < 10 * high.value / high.scale else 1
    factor = FACTORS["cents"] if "money.cents" in high.rules else factor  # "de 24,2 a 27,8 centavos"
    rules = (*low.rules, *((ASSUMED,) if ASSUMED in high.rules else ()), "unit.borrowed")
    return replace(low, kind=high.kind, unit=high.unit, value=low.value * factor, rules=rules)


def with_scale_reached(sentence: Sentence, low: Quantity) -> Quantity | None:
    """Scale a sum that changed to one of its size: the first of "rose from $2 to $3.5 billion"."""
    if low.kind != "money" or low.scale != 1:
        return None
    is_left = sentence.word(low.first - 1) in sentence.sets["groups.change_words"]
    if not is_left or sentence.word(low.last) not in sentence.sets["groups.reach_words"]:
        return None
    start = low.last + 1
    prefix = sentence.marks.prefixes.at(sentence.tokens, start)
    start = prefix[1] if prefix else start + (sentence.word(start) in sentence.marks.symbols)
    high = measure(sentence, start) if start < len(sentence.tokens) else None
    if not high or (high.kind, high.unit) != (low.kind, low.unit) or high.scale < MILLION:
        return None
    value = low.value * high.scale
    if not high.value / NEAR < value < high.value * NEAR:
        return None
    return replace(low, value=value, scale=high.scale, rules=(*low.rules, "scale.borrowed"))


def shares_scale(sentence: Sentence, low: Quantity, high: Quantity) -> bool:
    """Return whether a change names its scale only once: "rose from 11 to 13.5 million bags"."""
    is_change_told = sentence.word(low.first - 1) in sentence.sets["groups.change_words"]
    is_reached = sentence.word(low.last) in sentence.sets["groups.reach_words"]
    return is_change_told and is_reached and low.scale == 1 and high.scale >= THOUSAND and low.value < THOUSAND


def read_side(sentence: Sentence, low: Quantity) -> Quantity | None:
    """Return a side of a surface or a body its unit, which only the last one tells: "12 by 15 feet", "3 x 4 x 5 cm"."""
    at, high = low.last, None
    for _ in range(LONGEST_LIST):
        if low.kind or sentence.word(at) not in sentence.sets["groups.side_joins"] or at + 1 >= len(sentence.tokens):
            return None
        high = measure(sentence, at + 1)
        if not high or high.first != at + 1:
            return None
        if high.kind == "measurement":
            return replace(low, kind="measurement", unit=high.unit, rules=(*low.rules, "unit.side"))
        at = high.last
    return None
