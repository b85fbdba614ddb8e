"""Owns a number together with its unit, as its neighbours name it."""

from dataclasses import dataclass, replace
from decimal import Decimal

from ..core.model import FigureKind
from .currencies import ASSUMED
from .digits import AMBIGUOUS
from .fractions import read_number
from .grammar import Sentence
from .numbers import Number
from .tokens import NUMBER
from .units import currency_before, unit_behind

MILLION = 1000000
OPENING_SIGNS = frozenset('([<>=≤≥“"')
MINUS_SIGNS = frozenset("-−–‑")
DASHES = frozenset("-–—‑−~")


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A number and what it measures, if its neighbours say so; `kind` is None while it may be a count."""

    first: int  # tokens
    last: int  # one behind the last token
    number_last: int  # one behind the last token of the number alone
    value: Decimal
    value_high: Decimal | None = None
    scale: Decimal = Decimal(1)
    kind: FigureKind | None
    unit: str | None = None
    is_hyphened: bool = False
    is_rough: bool = False
    is_spelled: bool = False
    rules: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        """Whether the value has no decimals, as all that is counted."""
        return self.value == self.value.to_integral_value()


def quantity_of(number: Number) -> Quantity:
    """Return a number as a quantity of which nothing is known but whether it is a fraction."""
    return Quantity(
        first=number.first,
        last=number.last,
        number_last=number.last,
        value=number.value,
        scale=number.scale,
        kind="ratio" if number.is_fraction else None,
        is_rough=number.is_rough,
        is_spelled=number.is_spelled,
        rules=number.rules,
    )


def measure(sentence: Sentence, start: int) -> Quantity | None:
    """Read the number that starts here, with the unit its neighbours name."""
    number = read_number(sentence, start)
    if not number:
        return None
    found = with_unit(sentence, quantity_of(number), number)
    return below_zero(sentence, with_sign(sentence, with_foreign_scale(sentence, found)))


def with_foreign_scale(sentence: Sentence, found: Quantity) -> Quantity:
    """Scale a sum by another language's word that is worth the same everywhere: "R$ 10 bilhões" in a Spanish text."""
    scales, word = sentence.marks.foreign_scales, sentence.word(found.last)
    worth = MILLION if word in scales["millions"] else MILLION * 1000 if word in scales["thousand_millions"] else None
    if worth is None:
        return found
    opening = sentence.tokens[found.number_last - 1].text
    is_plain = found.scale == 1 and found.last == found.number_last and not AMBIGUOUS.match(opening)
    if "money.mark" not in found.rules or not is_plain:
        return found
    value, last = found.value * worth, found.last + 1
    rules = (*found.rules, "number.scale")
    return replace(found, value=value, scale=Decimal(worth), last=last, number_last=last, rules=rules)


def below_zero(sentence: Sentence, found: Quantity) -> Quantity:
    """Make degrees negative where the words behind them say so: "12 grados bajo cero", "5 degrees below zero"."""
    if found.kind != "measurement" or not (found.unit or "").startswith("degree"):
        return found
    behind = sentence.phrases["below_zero.words"].at(sentence.tokens, found.last)
    return (
        replace(found, value=-abs(found.value), last=behind[1], rules=(*found.rules, "number.below_zero"))
        if behind
        else found
    )


def with_unit(sentence: Sentence, found: Quantity, number: Number) -> Quantity:
    """Return a quantity its unit: a mark before it, words behind it, or both."""
    mark = currency_before(sentence, number.first)
    unit = unit_behind(sentence, number)
    if mark and not (unit and unit.kind == "money"):
        rules = (*found.rules, "money.mark", *((ASSUMED,) if mark[0].is_assumed else ()))
        return replace(found, first=mark[1], kind="money", unit=mark[0].code, rules=rules)
    if not unit:
        return with_unit_before(sentence, found)
    return replace(
        found,
        first=mark[1] if mark else found.first,
        last=unit.last,
        value=found.value * unit.factor,
        kind=unit.kind,
        unit=unit.name,
        is_hyphened=unit.is_hyphened,
        rules=(
            *found.rules,
            *((ASSUMED,) if unit.is_assumed else ()),
            unit.rule,
            *(("money.mark",) if mark else ()),
        ),
    )


def with_unit_before(sentence: Sentence, found: Quantity) -> Quantity:
    """Return a bare number the unit that is named before it: "magnitude 7.2"."""
    unit = sentence.lexicon.units_before.before(sentence.tokens, found.first)
    if not unit or found.kind:
        return found
    kind: FigureKind = "percent" if unit[0] == "percent" else "measurement"
    if kind == "percent" and is_number_word(sentence, unit[1] - 1):
        return found  # "10 percent of 22 boats"
    return replace(found, kind=kind, unit=unit[0], rules=(*found.rules, f"{kind}.before"))


def is_signable(found: Quantity) -> bool:
    """Return whether what a quantity measures goes below zero every day."""
    return found.kind == "percent" or (found.unit or "").startswith("degree")


def closes_aside(sentence: Sentence, place: int) -> bool:
    """Return whether a dash from a place on closes what one before it opened."""
    return any(token.text == "–" and token.glued for token in sentence.tokens[place:])


def is_number_word(sentence: Sentence, place: int) -> bool:
    """Return whether digits or a number word stand at a place."""
    is_digits = 0 <= place < len(sentence.tokens) and sentence.tokens[place].kind == NUMBER
    return is_digits or sentence.word(place) in sentence.lexicon.cardinals


def with_sign(sentence: Sentence, found: Quantity) -> Quantity:
    """Make a quantity negative where a minus is glued to it and stands free, or the word stands before it."""
    if not found.first:
        return found
    sign, opening = sentence.tokens[found.first - 1], sentence.tokens[found.first]
    is_negative = sign.lower in sentence.sets["groups.negatives"]
    is_open_negative = sign.lower in sentence.sets["groups.open_negatives"]
    if not (is_negative or is_open_negative or sign.text in MINUS_SIGNS):
        return found
    is_free = not sign.glued or sentence.word(found.first - 2) in OPENING_SIGNS
    is_tied = opening.glued and (opening.kind == NUMBER or found.kind == "money")
    is_sign = sign.text in MINUS_SIGNS and is_free and is_tied
    if sign.text == "–":  # opens an aside too: "–12 de ellos niños–"
        is_sign = is_sign and is_signable(found) and not closes_aside(sentence, found.last)
    if is_open_negative:  # "a menos 12 grados", but not "al menos 12"
        is_sign = found.first == 1 or sentence.word(found.first - 2) in sentence.sets["groups.before_negatives"]
    if sentence.word(found.first - 2) in {"or", "/"}:  # "plus or minus 3 points"
        return found
    if not is_sign and not is_negative:
        return found
    return replace(found, first=found.first - 1, value=-found.value, rules=(*found.rules, "number.negative"))
