"""Owns what a lone separator before three digits means: what it counts decides, then the text, then habit."""

from .digits import AMBIGUOUS
from .grammar import Sentence
from .tokens import NUMBER, SIGN, WORD

ASSUMED = "number.separator_assumed"
FINE = frozenset(  # measured to the thousandth
    {"kilogram", "gram", "litre", "second", "degree_celsius", "magnitude", "point", "millimetre", "centimetre", "inch"}
)
WHOLE_SPANS = frozenset({"day", "night", "week", "month", "year", "hour"})
RANGE_STEPS = 2  # numbers of a range or a list that share their noun: "1.200, 1.300 y 1.400 casas"


def decimal_mark(sentence: Sentence, at: int) -> tuple[str, bool]:
    """Return the decimal mark to read a number's digits by, and whether it is assumed."""
    digits, place = sentence.tokens[at].text, sentence.place
    known = place.habit if place.decimal_mark is None else place.decimal_mark
    if digits.isdigit() or not AMBIGUOUS.match(digits):
        return known, False
    separator = "," if "," in digits else "."
    grouped = "." if separator == "," else ","
    kind, unit = counted(sentence, at)
    is_english = sentence.lexicon.decimal_mark == "."
    if kind == "whole" or (is_english and separator == ","):
        return grouped, False
    if is_english and known == ".":
        return known, False
    if (is_english or separator == known) and is_unlikely(sentence, digits, kind, unit):
        return grouped, True
    if is_english:
        return separator, True
    return known, place.decimal_mark is None


def is_unlikely(sentence: Sentence, digits: str, kind: str | None, unit: str | None) -> bool:
    """Return whether nobody writes decimals so: sums have two, and three that end in zero are written shorter."""
    if unit in FINE or kind == "percent" or not any(token.kind == WORD for token in sentence.tokens):
        return False
    is_rate = any(token.lower in sentence.marks.rate_words for token in sentence.tokens)
    return not is_rate and (kind in {"money", None} or digits.endswith("0"))


def counted(sentence: Sentence, at: int) -> tuple[str | None, str | None]:
    """Return what stands behind a number, and its unit: "whole" for what is counted or dated, "scale", or a kind."""
    place = skip_range(sentence, at + 1)
    if place >= len(sentence.tokens):
        return (kind_before(sentence, at), None)
    token = sentence.tokens[place]
    if token.text in sentence.marks.percent_signs:
        return "percent", None
    if token.lower in sentence.lexicon.scales:
        return "scale", None
    if found := sentence.lexicon.units.at(sentence.tokens, place):
        kind, unit, *_ = found[0].split(":")
        return ("whole" if kind == "duration" and unit in WHOLE_SPANS else kind), unit
    if meaning := sentence.lexicon.attached_units.get(token.text):
        kind, unit, *_ = meaning.split(":")
        return kind, unit
    if named := kind_before(sentence, at):
        return named, None
    return ("whole" if is_counted(sentence, place) else None), None


def skip_range(sentence: Sentence, place: int) -> int:
    """Return the place behind the other numbers of a range or a list."""
    joins = sentence.sets["groups.list_joins"] | sentence.sets["groups.range_words"] | {"-", "–", ","}
    for _ in range(RANGE_STEPS):
        following = sentence.tokens[place + 1 : place + 2]
        if sentence.word(place) not in joins or not following or following[0].kind != NUMBER:
            break
        place += 2
    return place


def kind_before(sentence: Sentence, at: int) -> str | None:
    """Return whether a mark of money or a named unit stands before a number."""
    before = sentence.tokens[at - 1] if at else None
    if before and (before.text in sentence.marks.symbols or sentence.marks.prefixes.before(sentence.tokens, at)):
        return "money" if before.kind == SIGN or before.text[0].isupper() else None
    unit = sentence.lexicon.units_before.before(sentence.tokens, at)
    return (unit[0] if unit[0] == "percent" else "measurement") if unit else None


def is_counted(sentence: Sentence, place: int) -> bool:
    """Return whether the word at a place is a noun in the plural, which a number counts one by one."""
    token = sentence.tokens[place]
    never = sentence.sets["nouns.stop"] | sentence.sets["multiples.words"]
    if token.kind != WORD or token.text.isupper() or token.lower in never:
        return False
    if token.lower in sentence.marks.whole_nouns or token.lower in sentence.lexicon.plurals:
        return True
    return len(token.text) > 3 and token.lower.endswith(sentence.lexicon.words["plural_ending"])
