"""Owns what digits and separators are worth: by their form, else by what the text shows, the country, the language."""

import re
from decimal import Decimal

from ingest.parse.figures.lexicon import Lexicon, Marks

LONGEST = 24  # more digits than that are an identifier, and no DECIMAL(38, 6) holds them scaled
GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{3})+\Z")
INDIAN = re.compile(r"\d{1,3}(?:,\d{2})+,\d{3}\Z")
AMBIGUOUS = re.compile(r"[1-9]\d{0,2}[.,]\d{3}\Z")
POWER = re.compile(r"([eE^])([+-]?\d{1,6})\Z")
SHOWS_COMMA = re.compile(
    r"(?<![\d.,])\d{1,3}(?:\.\d{3})*,\d{1,2}(?![\d.,]?\d)|(?<![\d.,])\d{1,3}(?:\.\d{3}){2,}(?![.,]?\d)"
)
SHOWS_POINT = re.compile(
    r"(?<![\d.,])\d{1,3}(?:,\d{3})*\.\d{1,2}(?![\d.,]?\d)|(?<![\d.,])\d{1,3}(?:,\d{3}){2,}(?![.,]?\d)"
)


def find_decimal_mark(text: str, *, lexicon: Lexicon, marks: Marks, country: str | None) -> str:
    """Give a text's decimal mark: what its clear forms show, else its country's, else its language's; "" is unsure."""
    comma, point = bool(SHOWS_COMMA.search(text)), bool(SHOWS_POINT.search(text))
    if comma != point and lexicon.decimal_mark == ",":
        return "," if comma else "."
    if country in marks.comma_countries and lexicon.decimal_mark == ",":
        return ","
    if country in marks.point_countries:
        return "."
    if not any(letter.isalpha() for letter in text[:LONGEST]):
        return lexicon.decimal_mark  # nothing but a number: no newsroom's habit to weigh against the language's own
    return "" if lexicon.decimal_mark == "," else "."


def read_digits(digits: str, decimal_mark: str) -> Decimal | None:
    """Give what digits with separators are worth; None when they are no number but a date, a version or a list."""
    if len(digits) > LONGEST:
        return None
    if digits.isdigit():
        return Decimal(digits) if digits.isascii() else None
    if not digits.isascii():
        return None
    if digits[0] == ".":
        return Decimal(digits) if digits[1:].isdigit() else None
    if power := POWER.search(digits):
        return read_power(digits[: power.start()], power, decimal_mark)
    if "." in digits and "," in digits:
        return read_both(digits)
    separator = "." if "." in digits else ","
    if digits.count(separator) > 1:
        return Decimal(digits.replace(separator, "")) if GROUPED.match(digits) or INDIAN.match(digits) else None
    if AMBIGUOUS.match(digits) and separator != decimal_mark:
        return Decimal(digits.replace(separator, ""))
    return Decimal(digits.replace(separator, "."))


def read_power(digits: str, power: re.Match[str], decimal_mark: str) -> Decimal | None:
    """Give what "1.5e6" and "2^10" are worth, as far as a figure can be that large."""
    base, exponent = read_digits(digits, decimal_mark), int(power[2])
    if base is None or abs(exponent) > LONGEST:
        return None
    value = base * Decimal(10) ** exponent if power[1] in "eE" else base**exponent if base else base
    return value if abs(value) < Decimal(10) ** LONGEST else None


def read_both(digits: str) -> Decimal | None:
    """Give what digits with both separators are worth: the last one is the decimal mark."""
    decimal, grouping = (",", ".") if digits.rfind(",") > digits.rfind(".") else (".", ",")
    whole, _, part = digits.rpartition(decimal)
    if decimal in whole or not (GROUPED.match(whole) or INDIAN.match(whole)):
        return None
    return Decimal(f"{whole.replace(grouping, '')}.{part}")
