"""Owns what digits and separators are worth, by their form and by a given decimal mark."""

import re
from decimal import Decimal

UNSETTLED = "?"  # no decimal mark is known, and a lone separator before three digits is not read
LONGEST = 24  # more digits than that are an identifier, and no DECIMAL(38, 6) holds them scaled
GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{3})+\Z")
INDIAN = re.compile(r"\d{1,3}(?:,\d{2})+,\d{3}\Z")
AMBIGUOUS = re.compile(r"[1-9]\d{0,2}[.,]\d{3}\Z")
APOSTROPHES = "'’´"  # "2’500.000": Spanish of the Andes, and Swiss
APOSTROPHE = re.compile(rf"[{APOSTROPHES}]")
APOSTROPHED = re.compile(rf"[0-9]{{1,3}}(?:[{APOSTROPHES}][0-9]{{3}})+(?:[.,][0-9]+)*\Z")
GROUPED_BEHIND = re.compile(r"\d(?:[.,]\d{3})+\Z")
POWER = re.compile(r"([eE^])([+-]?\d{1,6})\Z")


def read_digits(digits: str, decimal_mark: str) -> Decimal | None:
    """Return what digits with separators are worth; None when they are no number but a date, a version or a list."""
    if len(digits) > LONGEST:
        return None
    if digits.isdigit():
        return Decimal(digits) if digits.isascii() else None
    if any(sign in digits for sign in APOSTROPHES):
        return read_apostrophes(digits, decimal_mark)
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
    return read_lone(digits, separator, decimal_mark)


def read_lone(digits: str, separator: str, decimal_mark: str) -> Decimal | None:
    """Return what digits with one separator are worth; None where its meaning is not known."""
    if not AMBIGUOUS.match(digits) or separator == decimal_mark:
        return Decimal(digits.replace(separator, "."))
    return None if decimal_mark == UNSETTLED else Decimal(digits.replace(separator, ""))


def read_power(digits: str, power: re.Match[str], decimal_mark: str) -> Decimal | None:
    """Return what "1.5e6" and "2^10" are worth, as far as a figure can be that large."""
    base, exponent = read_digits(digits, decimal_mark), int(power[2])
    if base is None or abs(exponent) > LONGEST:
        return None
    value = base * Decimal(10) ** exponent if power[1] in "eE" else base**exponent if base else base
    return value if abs(value) < Decimal(10) ** LONGEST else None


def read_both(digits: str) -> Decimal | None:
    """Return what digits with both separators are worth: the last one is the decimal mark."""
    decimal, grouping = (",", ".") if digits.rfind(",") > digits.rfind(".") else (".", ",")
    whole, _, part = digits.rpartition(decimal)
    if decimal in whole or not (GROUPED.match(whole) or INDIAN.match(whole)):
        return None
    return Decimal(f"{whole.replace(grouping, '')}.{part}")


def read_apostrophes(digits: str, decimal_mark: str) -> Decimal | None:
    """Return what digits with apostrophes are worth: each groups three, and so does one separator behind them."""
    if not APOSTROPHED.match(digits):
        return None
    whole = APOSTROPHE.sub("", digits)
    separators = [sign for sign in whole if sign in ".,"]
    if not separators or len(set(separators)) > 1:
        return read_digits(whole, decimal_mark)
    mark = separators[0]
    return Decimal(whole.replace(mark, "")) if GROUPED_BEHIND.search(whole) else read_digits(whole, mark)
