"""Owns what a text shows of its own conventions: its decimal mark, and what its bare "$" and its pesos are."""

import re
from dataclasses import dataclass
from functools import lru_cache

from .lexicon import Marks, load_marks

# "{mark}" is the decimal mark, "{group}" the other one: decimals that are not three, two separators, whole things.
DECIMALS = (
    r"(?<![\d.,'’´])(?<!las )\d{{1,9}}(?:{group}\d{{3}})*{mark}(?:\d{{1,2}}|\d{{4,6}})(?![\d.,]?\d)(?! ?h(?:s|oras)?\b)"
)
GROUPS = r"(?<![\d.,])\d{{1,3}}(?:{group}\d{{3}}){{2,}}(?![.,]?\d)"
BOTH = r"(?<![\d.,])\d{{1,3}}(?:{group}\d{{3}})+{mark}\d{{3}}(?![.,]?\d)"
SMALL = r"(?<![\d.,])0{mark}\d{{3}}(?![.,]?\d)"
COUNTED = r"(?<![\d.,])[1-9]\d{{0,2}}{group}\d{{3}} (?:{nouns})\b"
PESOS = re.compile(
    r"\bpesos\b|\bmm?dp\b|\b(?:MXN|ARS|CLP|COP|UYU|DOP|CUP)(?![A-Za-z])"
    r"|\bpeso (?:mexican|argentin|chilen|colombian|uruguay|dominican|cuban)",
    re.IGNORECASE,
)
DOLLAR_SIGNS = re.compile(r"\bU\.?S\.? ?\$|\bU\$[SD]|\$US\b|\bUSD", re.IGNORECASE)
DOLLARS = re.compile(r"\bd[óo]lar(?:es)?\b|\bdollars?\b|\bmm?dd\b", re.IGNORECASE)
SCALES = r"(?: ?(?:mil|mill[oó]n|millones|bill[oó]n|billones|million|billion|milh[õã]es|milhão|bilhões|MM?)\b){0,3}"
SIGNED = re.compile(
    rf"(?<![\w$])\$ ?\d[\d.,'’´]*{SCALES}(?: de)? (?:(pesos)|(d[óo]lares|dollars|USD))\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a text shows; each is said by the text itself, not by where it comes from."""

    shows_comma: bool = False  # as its decimal mark
    shows_point: bool = False
    tells_pesos: bool = False
    tells_dollars: bool = False
    marks_dollars: bool = False  # by a sign that differs from the bare one: "US$"
    signs_pesos: bool = False  # "$500 pesos"
    signs_dollars: bool = False  # "$500 dólares"
    countries: frozenset[str] = frozenset()  # of pesos, that it names

    @property
    def decimal_mark(self) -> str | None:
        """Return the decimal mark where the text shows one alone."""
        if self.shows_comma == self.shows_point:
            return None
        return "," if self.shows_comma else "."


@lru_cache(maxsize=4)  # an article's paragraphs are read one after the other, each with the whole of it as its context
def find_evidence(text: str) -> Evidence:
    """Find what a text shows, in whatever language; time grows with its length."""
    signs = SIGNED.findall(text) if "$" in text else []
    is_marked = DOLLAR_SIGNS.search(text) is not None
    has_digits = any(mark in text for mark in ".,")
    return Evidence(
        shows_comma=has_digits and decimal_pattern(",").search(text) is not None,
        shows_point=has_digits and decimal_pattern(".").search(text) is not None,
        tells_pesos=PESOS.search(text) is not None,
        tells_dollars=is_marked or DOLLARS.search(text) is not None,
        marks_dollars=is_marked,
        signs_pesos=any(pesos for pesos, _dollars in signs),
        signs_dollars=any(dollars for _pesos, dollars in signs),
        countries=name_countries(text, load_marks()) if "pesos" in text else frozenset(),
    )


@lru_cache(maxsize=2)
def decimal_pattern(mark: str) -> re.Pattern[str]:
    """Compile the forms that show a decimal mark: its decimals, the other one's groups, and whole things counted."""
    group = "." if mark == "," else ","
    nouns = "|".join(sorted(load_marks().whole_nouns))
    parts = (DECIMALS, GROUPS, BOTH, SMALL, COUNTED)
    return re.compile(
        "|".join(part.format(mark=re.escape(mark), group=re.escape(group), nouns=nouns) for part in parts)
    )


def name_countries(text: str, marks: Marks) -> frozenset[str]:
    """Return the countries of pesos that a text names: "Colombia", "colombianos"."""
    return frozenset(marks.countries[found] for found in country_pattern().findall(text))


@lru_cache(maxsize=1)
def country_pattern() -> re.Pattern[str]:
    """Compile the beginnings of words that name a country of pesos."""
    return re.compile(rf"\b({'|'.join(re.escape(name) for name in sorted(load_marks().countries, reverse=True))})")
