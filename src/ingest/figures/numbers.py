"""Owns how digits and number words make one number: cardinals, scales, collectives. Fractions are `fractions.py`'s."""

import re
from dataclasses import dataclass
from decimal import Decimal

from .digits import read_digits
from .grammar import Sentence
from .separators import ASSUMED, decimal_mark
from .subjects import is_plural
from .sums import LARGEST, Sum
from .tokens import NUMBER, behind_hyphen

SPACED_SCALES = frozenset({"M", "MM", "Md", "Mds", "G", "k"})
THOUSANDS = 3  # as a power of ten
MILLIONS = 6
GROUPED = 3  # digits
GROUP = re.compile(r"[0-9]{3}(?:[.,][0-9]{1,2})?\Z")
RACES = frozenset({"10", "12", "15", "21", "42", "50", "100", "401", "403"})  # kilometres run, and pensions
SIGNED_SCALE = 3  # tokens of "- 10 k"
AMBIGUOUS_SCALES = frozenset({"m", "k", "mm", "g"})
CURRENCY_LETTERS = frozenset({"r", "q", "l", "rs", "rm", "/", "bs"})
SIGNS_BEFORE = frozenset("-−+~")
VULGAR = {
    "½": Decimal("0.5"),
    "¼": Decimal("0.25"),
    "¾": Decimal("0.75"),
    "⅕": Decimal("0.2"),
    "⅛": Decimal("0.125"),
    "⅓": Decimal(1) / 3,
    "⅔": Decimal(2) / 3,
    "⅙": Decimal(1) / 6,
    "⅖": Decimal("0.4"),
    "⅗": Decimal("0.6"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number as read, before anyone asks what it counts."""

    first: int  # tokens
    last: int  # one behind the last token
    value: Decimal
    scale: Decimal = Decimal(1)  # of the scale word it ends with
    is_fraction: bool = False
    is_spelled: bool = False  # no digit in it
    is_rough: bool = False  # "una veintena"
    takes_link: bool = False  # "millones de", "docena de"
    rules: tuple[str, ...]


def scale_at(sentence: Sentence, place: int) -> Decimal | None:
    """Return what the scale or collective at a place is worth."""
    word = sentence.word(place)
    if word in sentence.lexicon.collectives:
        return Decimal(sentence.lexicon.collectives[word])
    return Decimal(10) ** sentence.lexicon.scales[word] if word in sentence.lexicon.scales else None


def read_cardinal(sentence: Sentence, start: int) -> Number | None:
    """Read digits or number words with the scales behind them."""
    tokens, lexicon = sentence.tokens, sentence.lexicon
    opened = open_digits(sentence, start) if tokens[start].kind == NUMBER else open_words(sentence, start)
    if not opened:
        return None
    total, place, rules = opened
    last = extend(sentence, place, total, is_spoken=tokens[start].kind != NUMBER)
    if last == start or total.value >= LARGEST:
        return None
    closing = tokens[last - 1].lower
    is_collective = closing in lexicon.collectives
    return Number(
        first=start,
        last=last,
        value=total.value,
        scale=total.scale if total.open is None else Decimal(1),
        is_spelled=tokens[start].kind != NUMBER,
        is_rough=closing in sentence.sets["groups.approximate_collectives"],
        takes_link=is_collective or (total.scale >= 1000000 and total.open is None),
        rules=(
            *rules,
            *(("number.collective",) if is_collective else ()),
            *(("number.scale",) if total.chunks else ()),
        ),
    )


def open_digits(sentence: Sentence, start: int) -> tuple[Sum, int, tuple[str, ...]] | None:
    """Start a sum with digits, joined where single spaces group them, as in "40 000"."""
    tokens = sentence.tokens
    first = tokens[start].text
    mark, is_assumed = decimal_mark(sentence, start)
    value = read_digits(first, mark)
    if value is None:
        return None
    place = start + 1
    if first.isdigit() and len(first) <= 3 and first[0] != "0":
        while place < len(tokens) and place - start < 6 and continues_group(sentence, place):
            whole, _, part = tokens[place].text.replace(",", ".").partition(".")  # "1 031,8" ends with its decimals
            value, place = value * 1000 + Decimal(f"{whole}.{part}" if part else whole), place + 1
            if part:
                break
    if place < len(tokens) and tokens[place].text in VULGAR and tokens[place].glued:
        value, place = value + VULGAR[tokens[place].text], place + 1
    return Sum(value), place, ("number.digits", ASSUMED) if is_assumed else ("number.digits",)


def continues_group(sentence: Sentence, place: int) -> bool:
    """Return whether three digits one space behind others are their next group, perhaps the last one with decimals."""
    token, before = sentence.tokens[place], sentence.tokens[place - 1]
    if token.kind != NUMBER or not GROUP.match(token.text) or token.start - before.end != 1:
        return False
    is_model = token.text in sentence.sets["names.models"] and place + 1 < len(sentence.tokens)
    return not (is_model and sentence.tokens[place + 1].text[0].isupper())  # "400 737 Max jets"


def open_words(sentence: Sentence, start: int) -> tuple[Sum, int, tuple[str, ...]] | None:
    """Start a sum with words: an article before a scale, a bare scale, or a cardinal."""
    word, following = sentence.word(start), sentence.word(start + 1)
    if word in sentence.sets["one_words"] and following in sentence.sets["one_scales"]:
        return Sum(Decimal(1)), start + 1, ("number.one_scale",)
    if word in sentence.sets["bare_scales"] and sentence.word(start - 1) not in sentence.sets["vague"]:
        return Sum(Decimal(1)), start, ("number.bare_scale",)
    if word in sentence.lexicon.scales and following in sentence.lexicon.scales:
        return Sum(Decimal(1)), start, ("number.bare_scale",)
    return (Sum(None), start, ("number.words",)) if word in sentence.lexicon.cardinals else None


def extend(sentence: Sentence, place: int, total: Sum, *, is_spoken: bool) -> int:
    """Add what follows to a sum while it continues one number; give the place behind the last token of it."""
    last, end = place, len(sentence.tokens)
    while place < end:
        word = sentence.tokens[place].lower
        if word in sentence.lexicon.collectives:
            return halve_collective(sentence, add_collective(sentence, place, total), total) or last
        if is_attached_scale(sentence, place):
            return place + 1 if total.multiply(Decimal(10) ** sentence.lexicon.attached_scales[word]) else last
        if half := half_behind(sentence, place, total):
            total.add_half()
            place = last = half
        elif is_joint(sentence, place, total):
            place += 1
        elif add_word(sentence, place, total, is_spoken=is_spoken or total.scale > 1):
            place = last = place + 1
        elif decimals := decimals_behind(sentence, place, total):
            total.open, place = decimals
            last = place
        else:
            break
    return last


def add_word(sentence: Sentence, place: int, total: Sum, *, is_spoken: bool) -> bool:
    """Add the scale, cardinal or continuing digits at a place to a sum; False when none is there."""
    token, lexicon = sentence.tokens[place], sentence.lexicon
    if token.lower in lexicon.scales:
        return total.multiply(Decimal(10) ** lexicon.scales[token.lower])
    value = lexicon.cardinals.get(token.lower)
    if value is not None and is_spoken and total.takes(value):
        total.add(value)
        return True
    if token.kind != NUMBER or total.open is not None or not total.chunks:
        return False
    is_scaled = lexicon.scales.get(sentence.word(place + 1), 0) >= THOUSANDS  # "12 million 345 thousand"
    if not (lexicon.flags["digits_follow_scale"] or is_scaled):
        return False
    whole, _, part = token.text.replace(",", ".").partition(".")  # "2 mil 644.50 pesos"
    if len(whole) > 3 or not whole.isdecimal() or len(part) > 2 or not (part.isdecimal() or token.text == whole):
        return False
    total.add(Decimal(f"{whole}.{part}" if part else whole))
    return True


def decimals_behind(sentence: Sentence, place: int, total: Sum) -> tuple[Decimal, int] | None:
    """Return a number with the decimals spoken behind it, and the place behind: "two point five", "dos coma cinco"."""
    if sentence.word(place) not in sentence.sets["decimal_words"] or total.open is None or total.open % 1:
        return None
    digits, mark, place = "", sentence.word(place), place + 1
    while len(digits) < 6:
        word = sentence.word(place)
        value = Decimal(0) if word in sentence.sets["zero_words"] else sentence.lexicon.cardinals.get(word)
        if value is None or value >= 1000:
            break
        if value >= 20:
            spoken, place = spoken_below_thousand(sentence, place)
            digits = f"{digits}{spoken}"
            break
        digits, place = f"{digits}{value}", place + 1
    is_sure = mark not in sentence.sets["weak_decimal_words"] or ends_spoken(sentence, place)
    return (total.open + Decimal(f"0.{digits}"), place) if digits and is_sure else None


def spoken_below_thousand(sentence: Sentence, place: int) -> tuple[Decimal, int]:
    """Return a number of tens and hundreds spoken without a scale, and the place behind it: "setenta y uno"."""
    total, cardinals = Sum(None), sentence.lexicon.cardinals
    joints = {"-", sentence.lexicon.words["and_word"]}
    while (value := cardinals.get(sentence.word(place))) is not None and total.takes(value):
        total.add(value)
        place += 1
        following = cardinals.get(sentence.word(place + 1))
        if sentence.word(place) in joints and following is not None and total.takes(following):
            place += 1
    return total.value, place


def ends_spoken(sentence: Sentence, place: int) -> bool:
    """Return whether a spoken number surely ends here: with its sentence, or before a percent or money word."""
    unit = sentence.lexicon.units.at(sentence.tokens, place)
    return place >= len(sentence.tokens) or bool(unit and unit[0].startswith(("percent", "money")))


def add_collective(sentence: Sentence, place: int, total: Sum) -> int | None:
    """Multiply a sum by a dozen or its like, which ends the number; None where none can."""
    if total.open is None or total.chunks:
        return None
    total.open *= sentence.lexicon.collectives[sentence.word(place)]
    return place + 1


def halve_collective(sentence: Sentence, last: int | None, total: Sum) -> int | None:
    """Add the half of a dozen told behind it: "a dozen and a half", "docena y media"."""
    if not last or total.open is None or sentence.word(last) != sentence.lexicon.words["and_word"]:
        return last
    half = last + 1 + (sentence.word(last + 1) in sentence.sets["one_words"])
    if sentence.word(half) not in sentence.sets["groups.half_words"]:
        return last
    total.open += Decimal(sentence.lexicon.collectives[sentence.word(last - 1)]) / 2
    return half + 1


def is_attached_scale(sentence: Sentence, place: int) -> bool:
    """Return whether letters glued to digits scale them: "$5m", "10k homes"; "30m" and "4K" alone do not."""
    token = sentence.tokens[place]
    if token.lower not in sentence.lexicon.attached_scales:
        return False
    is_marked = sentence.word(place - 2) in sentence.marks.symbols or sentence.word(place + 1) in sentence.marks.symbols
    is_marked = is_marked or sentence.word(place + 1) == sentence.lexicon.words["link"]
    is_spaced = token.text in SPACED_SCALES and is_marked  # "US$1.200 M", "45 M€"
    is_spaced = is_spaced or (token.text == "k" and place + 1 == len(sentence.tokens) <= SIGNED_SCALE)
    is_scale = (token.glued or is_spaced) and place > 0
    if not is_scale or sentence.tokens[place - 1].kind != NUMBER:
        return False
    if token.lower not in AMBIGUOUS_SCALES:
        return True
    mark = sentence.word(place - 2)
    is_money = mark in sentence.marks.symbols or mark.upper() in sentence.marks.codes or mark in CURRENCY_LETTERS
    following = sentence.word(place + 1)
    is_counting = following.endswith(sentence.lexicon.words["plural_ending"]) or following in sentence.lexicon.plurals
    is_dashed = following in {"-", "–"} and sentence.word(place + 2)[:1].isdigit()
    is_ranged = is_dashed or sentence.word(place - 2) in {"-", "–"}
    if token.text == "k" and is_spoken_k(sentence, place):
        return True
    is_code = following.upper() in sentence.marks.codes or following in sentence.marks.symbols or is_spaced
    if place == len(sentence.tokens) - 1 and is_only_signed(sentence, place):
        return token.text != "mm"  # nothing but the number is said
    if token.lower == "mm":
        return is_money or is_code  # "25mm of rain", "40mm rounds" are millimetres
    return is_money or is_counting or is_ranged or is_code


def is_spoken_k(sentence: Sentence, place: int) -> bool:
    """Return whether a lone "k" behind digits means thousands: "about 25k", "earned 5k"; not "a 10k run"."""
    digits, before, following = sentence.tokens[place - 1].text, sentence.word(place - 2), sentence.word(place + 1)
    if before in sentence.sets["money_verbs"]:
        return True
    is_closed = not following[:1].isalpha() or following in sentence.sets["nouns.stop"]
    return len(digits) > 1 and digits not in RACES and before not in sentence.sets["one_words"] and is_closed


def is_only_signed(sentence: Sentence, place: int) -> bool:
    """Return whether nothing but digits, and perhaps their sign, stands before a place."""
    return place == 1 or (place == 2 and sentence.word(0) in SIGNS_BEFORE)


def half_behind(sentence: Sentence, place: int, total: Sum) -> int | None:
    """Return the place behind "and a half", "y medio", where it belongs to the number said."""
    place = behind_hyphen(sentence.tokens, place)
    if sentence.word(place) != sentence.lexicon.words["and_word"]:
        return None
    place = behind_hyphen(sentence.tokens, place + 1)
    if sentence.word(place) in sentence.sets["one_words"]:
        place = behind_hyphen(sentence.tokens, place + 1)
    if sentence.word(place) not in sentence.sets["groups.half_words"]:
        return None
    if total.open is None:
        return place + 1 if total.chunks else None
    unit = behind_hyphen(sentence.tokens, place + 1)
    is_unit = bool(sentence.lexicon.units.at(sentence.tokens, unit)) or place + 1 >= len(sentence.tokens)
    return place + 1 if total.open <= 20 and (is_unit or scale_at(sentence, place + 1)) else None


def is_thousand_joined(sentence: Sentence, place: int, total: Sum) -> bool:
    """Return whether digits behind "e" and a spoken thousand continue it, with what they count: "mil e 247 casos"."""
    is_thousand = total.open is None and total.scale == 10**THOUSANDS
    is_spoken = is_thousand and sentence.tokens[max(0, place - 2)].kind != NUMBER
    if not sentence.lexicon.flags["and_joins_hundreds"] or not is_spoken or place + 2 >= len(sentence.tokens):
        return False
    digits = sentence.word(place + 1)
    if sentence.word(place) != sentence.lexicon.words["and_word"] or not digits.isdecimal() or len(digits) > GROUPED:
        return False
    unit = sentence.lexicon.units.at(sentence.tokens, place + 2)
    return unit is not None or is_plural(sentence.word(place + 2), sentence.lexicon)


def is_joint(sentence: Sentence, place: int, total: Sum) -> bool:
    """Return whether a hyphen or "and" is inside a number: "forty-five", "one hundred and six", "treinta y uno"."""
    token = sentence.tokens[place]
    if token.text != "-" and token.lower != sentence.lexicon.words["and_word"]:
        return False
    if sentence.lexicon.scales.get(sentence.word(place + 1), 0) >= MILLIONS:  # "a $5-billion takeover"
        return token.text == "-" and token.glued and sentence.tokens[place + 1].glued
    if is_thousand_joined(sentence, place, total):
        return True
    value = sentence.lexicon.cardinals.get(sentence.word(place + 1))
    part = sentence.lexicon.fractions.at(sentence.tokens, place + 2)
    if value is None or (part and value < Decimal(part[0])):
        return False
    if token.text == "-":
        is_glued = token.glued and sentence.tokens[place + 1].glued
        return is_glued and value < 10 and bool(total.open) and total.takes(value)
    if sentence.lexicon.flags["and_joins_hundreds"]:  # "mil e duzentos", "cento e vinte e um"
        is_old = total.open is not None and total.open >= 20 and total.takes(value)
        return is_old or (total.open is None and bool(total.chunks) and value < total.scale)
    if sentence.lexicon.flags["and_joins_tens"]:
        return total.open is not None and total.open % 100 >= 20 and value < 10 and total.takes(value)
    if total.open is None:
        return value < 100 and bool(total.chunks)
    is_old = total.open >= 20 and value < 10 and sentence.word(place - 1) in sentence.lexicon.cardinals
    return value < 100 and (total.open >= 100 or is_old) and total.takes(value)  # "four and twenty", turned round
