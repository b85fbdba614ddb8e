"""Owns what is found out about a whole text before its numbers are read: marks, dollar, addresses, size."""

import re
from collections.abc import Sequence
from functools import lru_cache

from .digits import LONGEST
from .evidence import Evidence, find_evidence
from .grammar import Place
from .lexicon import Lexicon, Marks, load_lexicon, load_marks
from .numbers import VULGAR

WINDOW = 4000  # characters; what is longer is no sentence, and is read piece by piece, so that time stays linear
ADDRESS_SIGNS = ("://", "www.", "@", ".com", ".org", ".net", ".gov", ".edu", ".co/", "10.")
ADDRESS = re.compile(r"\S*(?:://|www\.|\w@\w|\.(?:com|org|net|gov|edu)\b|\.co/)\S*|\W?10\.\d{4,9}/\S+")
CHUNK = re.compile(r"\S+")
LONGEST_ADDRESS = 500
LETTERS = re.compile(r"[^\W\d_]+")
LONE = re.compile(r"(?<![\d.,])[1-9]\d{0,2}[.,]\d{3}(?![\d.,]?\d)")
FULL_WIDTH = {0xFF01 + place: 0x21 + place for place in range(94)} | {0xFFE5: ord("¥")}  # "１２％": one for one
FULL_WIDTH_SIGN = re.compile(f"[{re.escape(''.join(map(chr, FULL_WIDTH)))}]")


def find_place(text: str, *, lexicon: Lexicon, marks: Marks, country: str | None, context: str | None = None) -> Place:
    """Settle a text's conventions by what it shows, then by what its article shows, then by its country."""
    country = country.upper() if country else None
    home = marks.local["dollar"].get(country or "")
    shown: list[Evidence] = []
    if leaves_open(text, lexicon=lexicon, home=home):
        shown = [find_evidence(text), *([find_evidence(context)] if context else [])]
    pesos, is_named = find_pesos(shown, lexicon=lexicon, marks=marks, country=country)
    dollar = find_dollar(shown, lexicon=lexicon, home=home, country=country)
    name, is_assumed = (pesos, dollar[1] or is_named) if dollar[0] == "pesos" else dollar
    return Place(
        country=country,
        decimal_mark=find_decimal_mark(shown, lexicon),
        habit=find_habit(text, lexicon=lexicon, marks=marks, country=country),
        dollar=name,
        is_dollar_assumed=is_assumed,
        pesos=pesos,
        is_pesos_assumed=is_named,
    )


def find_decimal_mark(shown: Sequence[Evidence], lexicon: Lexicon) -> str | None:
    """Return the decimal mark that the language has wherever it is written, else the one that is shown."""
    if lexicon.flags["decimal_mark_is_settled"]:
        return lexicon.decimal_mark
    if lexicon.decimal_mark != ",":
        return None
    return next((one.decimal_mark for one in shown if one.decimal_mark), None)


def leaves_open(text: str, *, lexicon: Lexicon, home: str | None) -> bool:
    """Return whether a text has what evidence decides: pesos, a bare "$", a lone separator before three digits."""
    if "peso" in text or "Peso" in text:
        return True
    if lexicon.decimal_mark == ".":
        return home not in {None, "USD"} and "$" in text
    return "$" in text or LONE.search(text) is not None


def find_habit(text: str, *, lexicon: Lexicon, marks: Marks, country: str | None) -> str:
    """Return the decimal mark by habit: of the country, else of the language; "" is unsure."""
    if lexicon.decimal_mark != ",":
        return "" if country in marks.comma_countries else lexicon.decimal_mark
    if country in marks.comma_countries:
        return ","
    if country in marks.point_countries:
        return "."
    is_bare = not any(letter.isalpha() for letter in text[:LONGEST])  # nothing but a number, from no source
    return lexicon.decimal_mark if is_bare else ""


def find_pesos(
    shown: Sequence[Evidence], *, lexicon: Lexicon, marks: Marks, country: str | None
) -> tuple[str | None, bool]:
    """Return what bare pesos are, and whether it is assumed: the source's, else those of the one country it names."""
    table = marks.local["peso"]
    named = next((one.countries for one in shown if one.countries), frozenset())
    if own := table.get(country or ""):
        return own, bool(named) and country not in named  # the text may mean another country's
    if len(named) == 1:
        return table[next(iter(named))], True
    is_likeliest = not named and country is None and lexicon.language == "es"
    return (table["default"], True) if is_likeliest else (None, False)


def find_dollar(
    shown: Sequence[Evidence], *, lexicon: Lexicon, home: str | None, country: str | None
) -> tuple[str, bool]:
    """Return what a bare "$" is, or "pesos", and whether it is assumed: nothing the text settles is."""
    if lexicon.language == "en" and home in {None, "USD"}:
        return "USD", False
    tells_dollars = any(one.tells_dollars for one in shown)
    tells_pesos = any(one.tells_pesos for one in shown)
    if lexicon.language == "en":
        return "USD", not tells_dollars or tells_pesos
    for one in shown:
        if one.signs_pesos != one.signs_dollars:
            return ("pesos" if one.signs_pesos else "USD"), False
    is_peso = home is not None and home != "USD"
    if tells_pesos and (is_peso or (home is None and not tells_dollars)):
        return "pesos", tells_dollars and not any(one.marks_dollars for one in shown)
    if is_peso:
        return home or "", True
    return "USD", tells_pesos or (not tells_dollars and (home is not None or country is None))


def hide_addresses(text: str) -> str:
    """Blank out addresses and document identifiers and narrow full-width signs, each character in its place."""
    if not text.isascii() and FULL_WIDTH_SIGN.search(text):
        text = text.translate(FULL_WIDTH)
    if not any(map(text.__contains__, ADDRESS_SIGNS)):
        return text
    return CHUNK.sub(lambda chunk: "\ue000" * len(chunk[0]) if is_address(chunk[0]) else chunk[0], text)


def is_address(chunk: str) -> bool:
    """Return whether a piece of text without space is an address or an identifier."""
    return len(chunk) <= LONGEST_ADDRESS and ADDRESS.fullmatch(chunk) is not None


def windows(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Cut what is too long for a sentence at spaces; a sentence of usual length is one window."""
    spans = []
    while end - start > WINDOW:
        cut = text.rfind(" ", start + WINDOW // 2, start + WINDOW)
        cut = cut if cut > start else start + WINDOW
        spans.append((start, cut))
        start = cut
    return [*spans, (start, end)]


@lru_cache(maxsize=1)
def signed_pattern() -> re.Pattern[str]:
    """Return what any text with a signed figure holds: a percent sign, a currency's sign or code, or its letters before
    a number, whatever signs and blanks stand between.
    """
    marks = load_marks()
    signs = {*marks.symbols, *marks.percent_signs}
    codes = "|".join(sorted({*marks.codes, *map(str.lower, marks.codes)}))
    lettered = {
        r"\W*".join(LETTERS.findall(mark)) for mark in marks.prefix_texts if not any(sign in mark for sign in signs)
    }
    return re.compile(
        rf"{'|'.join(map(re.escape, sorted(signs)))}|(?<![^\W\d_])M?(?:{codes})(?![^\W\d_])"
        rf"|(?<![^\W\d_])(?i:{'|'.join(sorted(lettered))})\W*[\d{''.join(VULGAR)}]"
    )


@lru_cache(maxsize=8)
def trigger_pattern(language: str) -> re.Pattern[str]:
    """Return what any sentence with a figure must hold, in small letters: a digit, or words a number begins with."""
    lexicon = load_lexicon(language)
    articles = "|".join(sorted(lexicon.sets["one_words"]))
    followers = "|".join(sorted({*lexicon.sets["one_scales"], *lexicon.fraction_words}))
    starters = lexicon.starters - lexicon.sets["one_words"] | lexicon.sets["one_starters"]
    words = "|".join(
        f"{letter}(?:{'|'.join(word[1:] for word in sorted(starters, key=len) if word[0] == letter)})"
        for letter in sorted({word[0] for word in starters})
    )
    return re.compile(rf"\d|[{''.join(VULGAR)}]|\b(?:{words})\b|\b(?:{articles})[\s-](?:{followers})\b")
