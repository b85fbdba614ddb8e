"""Owns what stands around a number and says what it measures: currency marks before it, unit words and signs behind."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ..core.model import FigureKind
from .currencies import Currency, name_local, name_symbol
from .grammar import Sentence
from .numbers import Number
from .tokens import NUMBER, SIGN, WORD, Token

ONE = Decimal(1)
FACTORS = {
    "cents": Decimal("0.01"),
    "thousands": Decimal(1000),
    "millions": Decimal(10) ** 6,
    "billions": Decimal(10) ** 9,
}
KINDS: dict[str, FigureKind] = {kind: kind for kind in ("money", "percent", "duration", "measurement")}
FASTEST_RATE = 1000  # no rate moves by more basis points: "9600 bps" are bits
PORTUGUESE = "PTE"  # escudos where the source's country has none of its own
FOMENTO = "UF"  # the one unit of account that is written before its number: "UF 3.500"
HYPHENS = frozenset({"-", "‑"})
CENTS_BEHIND = frozenset({"and", "or", "more", "less", "each"})  # "82c more for diesel"
CAPITAL_MARKS = frozenset({"RM", "NR", "RS", "KSH"})  # other capitals glued to digits are roads and codes: "SH14"
TIED = 3  # words that hyphens tie to one unit, "mile-per-hour"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A kind and its canonical unit, as far as the tokens beside a number say it."""

    kind: FigureKind
    name: str | None
    last: int  # one behind the last token of number and unit
    factor: Decimal = ONE
    is_hyphened: bool = False  # "18-month": what follows is what it qualifies
    is_assumed: bool = False  # its currency, from where the text comes from
    rule: str


def currency_before(sentence: Sentence, first: int) -> tuple[Currency, int] | None:
    """Return the currency whose mark stands before a number, and where the mark starts."""
    if not first:
        return None
    tokens, marks = sentence.tokens, sentence.marks
    prefix = marks.prefixes.before(tokens, first)
    if prefix:
        before = tokens[prefix[1] - 1] if prefix[1] else None
        is_local = prefix[0] == marks.local["letter"].get(sentence.place.country or "")
        is_letter = len(tokens[prefix[1]].text) == 1 and all(
            token.text == "." for token in tokens[prefix[1] + 1 : first]
        )
        is_known = not is_letter or is_local or tokens[prefix[1]].lower in sentence.sets["currency_letters"]
        if is_known and is_prefix(tokens[prefix[1] : first + 1], before, is_local=is_local):
            return name_local(sentence, prefix[0]), prefix[1]
    text = tokens[first - 1].text
    if text in marks.symbols:
        return name_symbol(sentence, first - 1, is_before=True), first - 1
    if is_code(sentence, text):
        return Currency(text.upper()), first - 1
    if text == FOMENTO and sentence.language == "es":
        return Currency(sentence.marks.accounts[text]), first - 1
    return None


def is_prefix(mark: Sequence[Token], before: Token | None, *, is_local: bool) -> bool:
    """Letters are a currency when they stand free and end in a sign, or are capitals, glued or at home: "Q179"."""
    *letters, number = mark
    first = letters[0].text
    if letters[0].glued and before is not None and before.kind != SIGN:
        return False
    is_capitals = len(letters) == 1 and len(first) > 1 and first.isalpha() and first.isupper()
    if is_capitals and number.glued and first not in CAPITAL_MARKS:
        return False
    if not number.glued and len(letters) > 1 and not any(token.glued for token in letters):
        is_word = first in {"a", "A", "s", "e", "o", "y"}  # "subió a $ 30 mil"
        return letters[-1].text == "$" and before is not None and not is_word  # "c $ 1.34": spaces round every sign
    if any(token.text in "$/." for token in letters):
        is_mark = len(letters) > 2 or len(first) > 1 or first.isupper() or first == "$"
        return is_mark and all(token.glued for token in letters[1:])
    return first[0].isupper() and (number.glued or len(first) > 1 or is_local)


def is_code(sentence: Sentence, text: str) -> bool:
    """Return whether letters are a currency's code, in capitals, or in small letters where they are no word."""
    marks = sentence.marks
    return text in marks.codes or (text.islower() and text.upper() in marks.codes and text not in marks.code_words)


def unit_behind(sentence: Sentence, number: Number) -> Unit | None:
    """Return the unit that stands behind a number: "%", "million euros", "-mile", "km"."""
    tokens, at = sentence.tokens, number.last
    if at >= len(tokens):
        return None
    token = tokens[at]
    is_hyphened = token.text in HYPHENS and token.glued and at + 1 < len(tokens) and tokens[at + 1].glued
    if is_hyphened:
        at += 1
    elif token.kind != NUMBER and (sign := sign_behind(sentence, number)):
        return sign
    elif token.lower == sentence.lexicon.words["link"] and number.takes_link:
        at += 1
    word = word_behind(sentence, number, at, is_hyphened=is_hyphened)
    is_longer = word is not None and word.last > at + 1  # "3 m/s" is no length
    return word if is_longer else abbreviation_at(sentence, at) or word


def sign_behind(sentence: Sentence, number: Number) -> Unit | None:
    """Return the unit of a sign or a currency code behind a number: "%", "€", "USD"."""
    tokens, at = sentence.tokens, number.last
    text = tokens[at].text
    if text in sentence.marks.percent_signs:
        return Unit(kind="percent", name="percent", last=at + 1, rule="percent.sign")
    if mark := mark_behind(sentence, at):
        (name, is_assumed), last = mark
        return Unit(kind="money", name=name, last=last, rule="money.symbol_behind", is_assumed=is_assumed)
    if text in sentence.marks.symbols:
        if at + 1 < len(tokens) and tokens[at + 1].kind == NUMBER and tokens[at + 1].glued:
            return None  # the sign belongs to the next number
        factor = FACTORS["cents"] if text == "¢" else ONE
        name, is_assumed = name_symbol(sentence, at, is_before=False)
        rule = "money.symbol_behind"
        return Unit(kind="money", name=name, last=at + 1, factor=factor, rule=rule, is_assumed=is_assumed)
    if is_code(sentence, text):
        return Unit(kind="money", name=text.upper(), last=at + 1, rule="money.code")
    if text in sentence.marks.accounts and sentence.language == "es":
        return Unit(kind="money", name=sentence.marks.accounts[text], last=at + 1, rule="money.account")
    if text[0] == "M" and text[1:] in sentence.marks.codes:  # "120 MEUR"
        return Unit(kind="money", name=text[1:], last=at + 1, factor=FACTORS["millions"], rule="money.code")
    return None


def mark_behind(sentence: Sentence, at: int) -> tuple[Currency, int] | None:
    """Return the currency of a mark with "$" and letters behind a number, and the place behind it: "500 U$S"."""
    mark = sentence.marks.prefixes.at(sentence.tokens, at)
    if not mark or mark[1] == at + 1:
        return None
    tied, following = sentence.tokens[at + 1 : mark[1]], sentence.tokens[mark[1] : mark[1] + 1]
    is_sign = any(token.text == "$" for token in sentence.tokens[at : mark[1]]) and all(token.glued for token in tied)
    is_free = not following or following[0].kind != NUMBER
    return (name_local(sentence, mark[0]), mark[1]) if is_sign and is_free else None


def abbreviation_at(sentence: Sentence, at: int) -> Unit | None:
    """Return the unit of letters glued to digits: "3h", "100m"."""
    if at >= len(sentence.tokens) or sentence.tokens[at - 1].kind != NUMBER:
        return None
    token = sentence.tokens[at]
    meaning = sentence.lexicon.attached_units.get(token.text)
    is_of = sentence.word(at + 1) == sentence.lexicon.words["link"]  # "5 L of milk"
    if not meaning or not (token.glued or token.text == "m" or is_of or is_degree(sentence, at)):
        return None
    kind, name, *special = meaning.split(":")
    if name == "local":
        return cents_at(sentence, at)
    factor = FACTORS[special[0]] if special else ONE
    return Unit(kind=KINDS[kind], name=name, last=at + 1, factor=factor, rule=f"{kind}.abbreviation")


def cents_at(sentence: Sentence, at: int) -> Unit | None:
    """Return the cents of a letter glued to digits where the country writes them so: "42c a litre", no "Article 5c"."""
    before, following = sentence.tokens[at - 2 : at - 1], sentence.word(at + 1)
    is_free = not before or (before[0].text.islower() and before[0].lower not in sentence.sets["names.words"])
    is_closed = not following[:1].isalpha() or following in CENTS_BEHIND | sentence.sets["nouns.stop"]
    code = sentence.marks.local["cents"].get(sentence.place.country or "")
    if not (code and is_free and is_closed):
        return None
    return Unit(kind="money", name=code, last=at + 1, factor=FACTORS["cents"], rule="money.cents")


def is_degree(sentence: Sentence, at: int) -> bool:
    """Return whether a free capital behind digits tells a temperature: "20 C." but no "5 F students"."""
    following = sentence.word(at + 1)
    is_closed = (
        not following[:1].isalpha() or following in sentence.sets["nouns.stop"] | sentence.sets["groups.list_joins"]
    )
    return sentence.tokens[at].text in {"C", "F"} and is_closed


def word_behind(sentence: Sentence, number: Number, at: int, *, is_hyphened: bool) -> Unit | None:
    """Return the unit of the words at a place."""
    found = tied_unit(sentence, at) or sentence.lexicon.units.at(sentence.tokens, at)
    if not found and sentence.word(at) in sentence.sets["nouns.between_units"]:
        found = sentence.lexicon.units.at(sentence.tokens, at + 1)  # "three more years", "5 business days"
        found = found if found and not found[0].startswith("money") else None
    if not found:
        return None
    is_hyphened = is_hyphened or is_joined(sentence, number, at, found[1])
    kind, named, *rest = found[0].split(":")
    place = sentence.place
    name, is_assumed = name_local(sentence, f"local:{rest[0]}") if named == "local" else Currency(named)
    if name is None and rest and rest[0] in {"palo", "conto"}:
        return None  # goalposts, tales
    special = rest[-1] if rest and rest[-1] in FACTORS else ""
    rule = f"{kind}.{special or 'word'}"
    is_paid = sentence.word(number.first - 1) in sentence.sets["money_verbs"]
    if name == "point" and sentence.word(found[1] + 1) in sentence.sets["nouns.point_places"]:
        return None  # "puntos de venta"
    if name == PORTUGUESE:
        name = sentence.marks.local["escudo"].get(place.country or "", name)
    if name == "pound" and (number.scale >= 1000 or is_paid or place.country in {"GB", "IE"}):
        kind, name, rule = "money", "GBP", "money.pounds"
    if sentence.word(at) == "bps" and number.value >= FASTEST_RATE:
        kind, name, rule = "measurement", "bit_per_second", "measurement.word"
    factor = FACTORS.get(special, ONE)
    last = at if sentence.word(at) in sentence.sets["nouns.scale_links"] else found[1]  # "6.8 on the Richter scale"
    return Unit(
        kind=KINDS[kind],
        name=name,
        last=last,
        factor=factor,
        is_hyphened=is_hyphened,
        is_assumed=is_assumed,
        rule=rule,
    )


def tied_unit(sentence: Sentence, at: int) -> tuple[str, int] | None:
    """Return the unit of several words that hyphens tie, and the place behind it: "2,700-square-foot"."""
    places = [at]
    while len(places) < TIED and sentence.word(places[-1] + 1) in HYPHENS and places[-1] + 2 < len(sentence.tokens):
        places.append(places[-1] + 2)
    found = sentence.lexicon.units.at([sentence.tokens[place] for place in places], 0) if len(places) > 1 else None
    return (found[0], places[found[1] - 1] + 1) if found and found[1] > 1 else None


def is_joined(sentence: Sentence, number: Number, at: int, last: int) -> bool:
    """Return whether a unit in the singular qualifies what follows it, as if hyphened: "a six month stay"."""
    if number.value == 1 or number.is_fraction or last != at + 1 or not sentence.lexicon.flags["head_last"]:
        return False
    ending = sentence.lexicon.words["plural_ending"]
    is_single = f"{sentence.word(at)}{ending}" in sentence.lexicon.unit_words and last < len(sentence.tokens)
    return is_single and sentence.tokens[last].kind == WORD and sentence.word(last) not in sentence.sets["nouns.stop"]
