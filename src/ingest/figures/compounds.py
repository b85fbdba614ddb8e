"""Owns one figure told in two units or with its parts: "two hours and 30 minutes", "5 feet 2", "10 euros con 50"."""

from dataclasses import replace
from decimal import Decimal

from .grammar import Sentence
from .quantities import Quantity, measure
from .subjects import is_plural
from .tokens import NUMBER, WORD, Token
from .units import FACTORS, is_code

SMALLER = {  # a unit, and what its smaller part makes of it
    "hour": ("minute", 60),
    "minute": ("second", 60),
    "foot": ("inch", 12),
    "pound": ("ounce", 16),
    "stone": ("pound", 14),
    "metre": ("centimetre", 100),
    "week": ("day", 7),
    "year": ("month", 12),
    "day": ("hour", 24),
}
INCHES = 12
CENT_DIGITS = 2
FEET_MARKS, INCH_MARKS = frozenset("'’′"), frozenset('"”″')
TALLEST = 9  # feet


def read_compound(sentence: Sentence, low: Quantity) -> Quantity | None:
    """Join "two hours and 30 minutes", "5 feet 2 inches": time in the smaller unit, lengths in the larger."""
    if half := with_half(sentence, low) or with_minutes(sentence, low):
        return half
    if escudos := with_escudos(sentence, low):
        return escudos
    if low.kind == "money":
        return with_cents(sentence, low) or with_coins(sentence, low)
    if low.unit not in SMALLER or low.is_hyphened or not low.is_whole:  # "17.31 metres, 42 centimetres above"
        return None
    unit, parts = SMALLER[low.unit]
    place = low.last
    while place < low.last + 2 and sentence.word(place) in sentence.sets["groups.compound_joins"]:
        place += 1
    high = measure(sentence, place) if place < len(sentence.tokens) else None
    if high and low.unit == "foot" and not high.kind and sentence.word(high.last) == "in":
        high = replace(high, last=high.last + 1, kind="measurement", unit="inch")
    if not high or high.unit != unit or not 0 < high.value < parts:
        return None
    rules = (*low.rules, "compound")
    if low.kind == "measurement":
        return replace(high, first=low.first, unit=low.unit, value=low.value + high.value / parts, rules=rules)
    return replace(high, first=low.first, value=low.value * parts + high.value, rules=rules)


def with_half(sentence: Sentence, low: Quantity) -> Quantity | None:
    """Add the half told behind a unit: "two hours and a half", "tres años y medio"."""
    place = low.last + 1
    if low.kind not in {"duration", "measurement"} or sentence.word(low.last) != sentence.lexicon.words["and_word"]:
        return None
    place += sentence.word(place) in sentence.sets["one_words"]
    is_half = sentence.word(place) in sentence.sets["groups.half_words"] and low.scale == 1 and low.is_whole
    is_other = sentence.lexicon.flags["head_last"] and sentence.word(place + 1) in sentence.sets["groups.of_words"]
    if not is_half or is_other:  # "two hours and half of the night"
        return None
    value = low.value + Decimal("0.5")
    return replace(low, last=place + 1, value=value, rules=(*low.rules, "compound"))


def with_minutes(sentence: Sentence, low: Quantity) -> Quantity | None:
    """Add the minutes glued behind an hour's letter: "1h30", "2h15m"."""
    place = low.last
    is_hour = low.unit == "hour" and sentence.word(place - 1) == "h" and place < len(sentence.tokens)
    if not is_hour or sentence.tokens[place].kind != NUMBER or not sentence.tokens[place].text.isdecimal():
        return None
    minutes, last = int(sentence.tokens[place].text), place + 1
    if not sentence.tokens[place].glued or minutes >= SMALLER["hour"][1]:
        return None
    last += last < len(sentence.tokens) and sentence.tokens[last].glued and sentence.word(last) in {"m", "min"}
    told = replace(low, last=last, unit="minute", value=low.value * SMALLER["hour"][1] + minutes)
    return with_seconds(sentence, replace(told, rules=(*low.rules, "compound")))


def with_seconds(sentence: Sentence, low: Quantity) -> Quantity:
    """Add the seconds glued behind minutes: "2h04min35s"."""
    tied = sentence.tokens[low.last : low.last + 2]
    if len(tied) < 2 or not (tied[0].glued and tied[1].glued and tied[0].text.isdecimal()):
        return low
    if tied[1].lower not in {"s", "seg", "sec"} or int(tied[0].text) >= SMALLER["minute"][1]:
        return low
    value = low.value * SMALLER["minute"][1] + int(tied[0].text)
    return replace(low, last=low.last + 2, unit="second", value=value)


def with_escudos(sentence: Sentence, low: Quantity) -> Quantity | None:
    """Read a sum of escudos, whose sign stands for the decimal mark: "1.846$00"."""
    sign, cents = sentence.tokens[low.last : low.last + 1], sentence.tokens[low.last + 1 : low.last + 2]
    name = sentence.marks.local["escudo"].get(sentence.place.country or "")
    if low.kind or not low.is_whole or not (sign and cents and name and sign[0].text == "$"):
        return None
    is_tied = sign[0].glued and cents[0].glued and cents[0].text.isdecimal() and len(cents[0].text) == CENT_DIGITS
    if not is_tied:
        return None
    value, last = low.value + int(cents[0].text) * FACTORS["cents"], low.last + 2
    rules = (*low.rules, "money.symbol_behind")
    return replace(low, last=last, number_last=last, value=value, kind="money", unit=name, rules=rules)


def with_coins(sentence: Sentence, low: Quantity) -> Quantity | None:
    """Add the smaller coins told behind a sum: "3 dollars and 50 cents", "10 dólares con 50 centavos"."""
    place = low.last + (sentence.word(low.last) in sentence.sets["groups.compound_joins"])
    high = measure(sentence, place) if place < len(sentence.tokens) else None
    if not high or "money.cents" not in high.rules or high.value >= 1 or low.scale > 1 or not low.is_whole:
        return None
    if high.unit != low.unit and high.unit != "USD":  # "centavos" are those of the money before them
        return None
    return replace(
        low, last=high.last, number_last=low.number_last, value=low.value + high.value, rules=(*low.rules, "compound")
    )


def with_cents(sentence: Sentence, low: Quantity) -> Quantity | None:
    """Add the cents told behind a currency's name: "15 dollars 50"."""
    if low.rules[-1] not in {"money.word", "money.code"} or low.scale > 1 or not low.is_whole:
        return None
    at = low.last + (sentence.word(low.last) in sentence.sets["fraction_joins"] - {sentence.lexicon.words["and_word"]})
    if at >= len(sentence.tokens):
        return None
    token, after = sentence.tokens[at], sentence.tokens[at + 1 : at + 2]
    is_cents = token.kind == NUMBER and token.text.isdigit() and len(token.text) == 2
    if not is_cents or (after and not closes_cents(sentence, after[0])):
        return None
    return replace(
        low, last=at + 1, value=low.value + int(token.text) * FACTORS["cents"], rules=(*low.rules, "compound")
    )


def closes_cents(sentence: Sentence, after: Token) -> bool:
    """Return whether what stands behind two digits leaves them cents: a stop, or a word that they do not count."""
    if after.kind != WORD:
        return after.text in ".,;"
    if sentence.lexicon.units.at((after,), 0) or is_code(sentence, after.text):
        return False
    return after.lower not in sentence.sets["multiples.words"] and not is_plural(after.lower, sentence.lexicon)


def with_unit_before_it(sentence: Sentence, start: int) -> Quantity | None:
    """Read "an hour and fifteen minutes": one of the larger unit without a number, then the smaller."""
    if sentence.word(start - 1) != sentence.lexicon.words["and_word"]:
        return None
    unit = sentence.lexicon.units.before(sentence.tokens, start - 1)
    if not unit:
        return None
    kind, name, *_ = unit[0].split(":")
    if kind != "duration" or name not in SMALLER or sentence.word(unit[1] - 1) not in sentence.sets["one_words"]:
        return None
    smaller, parts = SMALLER[name]
    low = measure(sentence, start)
    if not low or low.unit != smaller or not 0 < low.value < parts:
        return None
    return replace(low, first=unit[1] - 1, value=low.value + parts, rules=(*low.rules, "compound"))


def read_stature(sentence: Sentence, low: Quantity) -> Quantity | None:
    """Read how tall one is: "5'11\"", "6-foot-2", "1 metro 80"."""
    tokens, at = sentence.tokens[low.last : low.last + 3], low.last
    if len(tokens) > 1 and not low.kind and tokens[0].text in FEET_MARKS and tokens[1].kind == NUMBER:
        is_marked = len(tokens) > 2 and tokens[2].text in INCH_MARKS and low.value <= TALLEST and tokens[0].glued
        return with_inches(low, tokens[1], last=at + 3) if is_marked else None
    if (
        low.unit == "foot"
        and len(tokens) > 1
        and tokens[0].text == "-"
        and tokens[1].glued
        and tokens[1].kind == NUMBER
    ):
        return with_inches(low, tokens[1], last=at + 2)
    if low.unit != "metre" or not low.is_whole or low.value > TALLEST or not tokens:
        return None
    high = measure(sentence, at)
    is_bare = (
        bool(high)
        and high.kind is None
        and 10 <= high.value < 100
        and not is_plural(sentence.word(high.last), sentence.lexicon)
        if high
        else False
    )
    if not high or not is_bare:
        return None
    return replace(low, last=high.last, value=low.value + high.value * FACTORS["cents"], rules=(*low.rules, "compound"))


def with_inches(low: Quantity, token: Token, *, last: int) -> Quantity | None:
    """Add inches to feet."""
    if not token.text.isdecimal() or int(token.text) >= INCHES:
        return None
    value = low.value + Decimal(int(token.text)) / INCHES
    return replace(low, last=last, value=value, kind="measurement", unit="foot", rules=(*low.rules, "compound"))
