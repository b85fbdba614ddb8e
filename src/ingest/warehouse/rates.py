"""The exchange rates that the analysts' file carries: those that ship, and a person's own in their place."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from pathlib import Path

from ..core.assets import asset
from ..core.errors import Misconfigured
from ..core.files import read_text
from ..core.ids import content_key

SHIPPED = "warehouse/seeds/exchange_rates.csv"
COLUMNS = ("currency", "per_usd", "valid_from", "valid_to", "basis", "source")
BASES = ("fixed", "yearly_average", "monthly_average", "daily")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """How many of a currency one US dollar was, over some days."""

    currency: str
    per_usd: Decimal
    valid_from: date
    valid_to: date | None
    basis: str
    source: str


def exchange_rates(own: Path | None) -> tuple[Rate, ...]:
    """Return the rates that ship; for currencies that a file of one's own names, only those it has.

    Misconfigured names the file, the line and what is wrong with it.
    """
    ours, theirs = read_rates(asset(SHIPPED)), read_rates(own) if own else ()
    named = {rate.currency for rate in theirs}
    return (*(rate for rate in ours if rate.currency not in named), *theirs)


def rates_mark(rates: tuple[Rate, ...]) -> str:
    """Return a key that changes when a rate does."""
    return content_key(*(str(astuple(rate)) for rate in rates))


def read_rates(path: Path) -> tuple[Rate, ...]:
    """Read a CSV file of rates, whose spans must not overlap."""
    lines = csv.DictReader(read_text(path).splitlines())
    if tuple(lines.fieldnames or ()) != COLUMNS:
        message = f"{path}: the first line must be {','.join(COLUMNS)}, not {','.join(lines.fieldnames or ())}"
        raise Misconfigured(message, about=str(path))
    found = sorted(_rates(lines, path), key=lambda rate: (rate.currency, rate.valid_from))
    for one, later in pairwise(found):
        if one.currency == later.currency and (one.valid_to is None or one.valid_to >= later.valid_from):
            message = f"{path}: two rates of {one.currency} stand for {later.valid_from}; let the first end before"
            raise Misconfigured(message, about=str(path))
    return tuple(found)


def _rates(lines: "csv.DictReader[str]", path: Path) -> Iterator[Rate]:
    for line in lines:
        try:
            yield _rate(line)
        except (ValueError, InvalidOperation, TypeError) as error:
            raise Misconfigured(f"{path}, line {lines.line_num}: {error or 'no number'}", about=str(path)) from error


def _rate(line: Mapping[str, str]) -> Rate:
    rate = Rate(
        currency=line["currency"],
        per_usd=Decimal(line["per_usd"]),
        valid_from=date.fromisoformat(line["valid_from"]),
        valid_to=date.fromisoformat(line["valid_to"]) if line["valid_to"] else None,
        basis=line["basis"],
        source=line["source"].strip(),
    )
    if len(rate.currency) != 3 or not rate.currency.isascii() or not rate.currency.isupper():
        raise ValueError(f"{rate.currency!r} is no ISO 4217 code, such as MXN")
    if not (rate.per_usd.is_finite() and 0 < rate.per_usd < 10**12):
        raise ValueError(f"per_usd must be how many of it one dollar is, not {rate.per_usd}")
    if rate.valid_to is not None and rate.valid_to < rate.valid_from:
        raise ValueError(f"valid_to {rate.valid_to} is before valid_from {rate.valid_from}")
    if rate.basis not in BASES:
        raise ValueError(f"basis must be one of {', '.join(BASES)}, not {rate.basis!r}")
    if not rate.source:
        raise ValueError("the source must be named")
    return rate
