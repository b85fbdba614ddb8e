"""Owns the words: loads one lexicon per language and turns its tables into what the grammar asks by."""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from importlib import resources
from typing import Any

from .tokens import NUMBER, TOKEN, Token, elided_pattern, tokenize

LANGUAGES = ("en", "es", "pt", "fr")
MEANINGS = ("qualifiers", "qualifiers_after", "leads")  # tables whose keys are what their phrases mean


class Phrases:
    """Phrases of one to several words, each with a meaning, looked up at a place in a sentence."""

    def __init__(self, meanings: Iterable[tuple[str, str]], pattern: re.Pattern[str] = TOKEN) -> None:
        self._starting: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        self._ending: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for phrase, meaning in meanings:
            words = tuple(token.lower for token in tokenize(phrase, pattern=pattern))
            self._starting.setdefault(words[0], []).append((words, meaning))
            self._ending.setdefault(words[-1], []).append((words, meaning))
        for table in (self._starting, self._ending):
            for found in table.values():
                found.sort(key=lambda entry: -len(entry[0]))

    def at(self, tokens: Sequence[Token], start: int) -> tuple[str, int] | None:
        """Return the meaning of the longest phrase that starts here, and the place behind it."""
        if start >= len(tokens) or not (phrases := self._starting.get(tokens[start].lower)):
            return None
        for words, meaning in phrases:
            end = start + len(words)
            if len(words) == 1 or (
                tuple(token.lower for token in tokens[start:end]) == words and is_exponent_tied(tokens, end)
            ):
                return meaning, end
        return None

    def before(self, tokens: Sequence[Token], end: int) -> tuple[str, int] | None:
        """Return the meaning of the longest phrase that ends just before here, and where it starts."""
        if end <= 0 or not (phrases := self._ending.get(tokens[end - 1].lower)):
            return None
        for words, meaning in phrases:
            start = end - len(words)
            if len(words) == 1:
                return meaning, start
            is_first = start >= 0 and tokens[start].lower == words[0]
            if is_first and tuple(token.lower for token in tokens[start:end]) == words:
                return meaning, start
        return None


def is_exponent_tied(tokens: Sequence[Token], end: int) -> bool:
    """Return whether a phrase that ends in digits has them glued: "ft2" is an area, "12 ft 2 in" is none."""
    return tokens[end - 1].kind != NUMBER or tokens[end - 1].glued or len(tokens[end - 1].text) > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What is written the same in every language."""

    symbols: Mapping[str, str]
    prefixes: Phrases
    prefix_texts: frozenset[str]  # the same, as they are written
    codes: frozenset[str]
    code_words: frozenset[str]  # codes that are words in small letters
    percent_signs: frozenset[str]
    local: Mapping[str, Mapping[str, str]]  # by word ("peso"), then by country, or "default"
    countries: Mapping[str, str]  # of pesos, by how a word that names them begins
    accounts: Mapping[str, str]  # units that contracts are in, by how they are written
    whole_nouns: frozenset[str]  # what is counted one by one, in any language
    rate_words: frozenset[str]  # beside prices with three decimals
    comma_countries: frozenset[str]
    point_countries: frozenset[str]
    foreign_scales: Mapping[str, frozenset[str]]  # "words", "short" forms, and the "stems" they begin with


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """One language's words, in the shape the grammar asks for them."""

    language: str
    pattern: re.Pattern[str]  # of tokens
    decimal_mark: str
    flags: Mapping[str, bool]
    words: Mapping[str, str]  # single words with a role: and_word, link, person, plural_ending
    cardinals: Mapping[str, Decimal]
    scales: Mapping[str, int]
    attached_scales: Mapping[str, int]
    collectives: Mapping[str, int]
    fractions: Phrases  # the meaning is the denominator
    units: Phrases  # the meaning is "kind:unit" or "kind:unit:cents"
    unit_words: frozenset[str]  # the units of one word
    units_before: Phrases  # the meaning is the unit
    attached_units: Mapping[str, str]
    sets: Mapping[str, frozenset[str]]  # by "table.name"
    phrases: Mapping[str, Phrases]  # by "table.name"
    plurals: Mapping[str, str]
    starters: frozenset[str]  # words a number may begin with
    fraction_words: frozenset[str]  # words a fraction begins with behind its article


def read_table(name: str) -> dict[str, Any]:
    """Read one of the package's own tables."""
    text = resources.files(__package__).joinpath("lexicons", f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@lru_cache(maxsize=1)
def load_marks() -> Marks:
    """Return the marks that every language shares."""
    table = read_table("marks")
    return Marks(
        symbols=table["symbols"],
        prefixes=Phrases(table["prefixes"].items()),
        prefix_texts=frozenset(table["prefixes"]),
        codes=frozenset(table["codes"]["list"]),
        code_words=frozenset(table["codes"]["words"]),
        percent_signs=frozenset(table["percent_signs"]),
        local={word: dict(part) for word, part in table["local"].items()},
        countries=table["countries"],
        accounts=table["units_of_account"],
        whole_nouns=frozenset(table["whole_nouns"]),
        rate_words=frozenset(table["rate_words"]),
        comma_countries=frozenset(table["comma_decimal_countries"]),
        point_countries=frozenset(table["point_decimal_countries"]),
        foreign_scales={name: frozenset(words) for name, words in table["foreign_scales"].items()},
    )


@lru_cache(maxsize=8)
def load_lexicon(language: str) -> Lexicon:
    """Return a language's words. The language is one of `LANGUAGES`."""
    table = read_table(language)
    numbers = table["numbers"]
    cardinals = {word: Decimal(value) for word, value in numbers["cardinals"].items()}
    lists = collect_lists(table)
    compounds = [word for word in cardinals if "-" in word]
    pattern = elided_pattern(compounds) if table["has_elisions"] else TOKEN
    starters = {*cardinals, *table["one_words"], *table["bare_scales"], *numbers["groups"]["half_words"]}
    starters |= {f"{word}{ending}" for word in cardinals for ending in table["multiples"]["endings"]}
    starters |= {phrase.split()[0] for phrase in numbers["fractions"]} | set(table["bare_hundreds"])
    return Lexicon(
        language=language,
        pattern=pattern,
        decimal_mark=table["decimal_mark"],
        flags={key: value for key, value in table.items() if isinstance(value, bool)},
        words={key: value for key, value in table.items() if isinstance(value, str)},
        cardinals=cardinals,
        scales=numbers["scales"],
        attached_scales=numbers["attached_scales"],
        collectives=numbers["collectives"],
        fractions=Phrases(((phrase, str(value)) for phrase, value in numbers["fractions"].items()), pattern),
        units=Phrases(unit_meanings(table), pattern),
        unit_words=frozenset(form for form, _meaning in unit_meanings(table) if " " not in form),
        units_before=Phrases(
            ((form, unit) for unit, forms in table["units_before"].items() for form in forms), pattern
        ),
        attached_units={
            form: f"{part['kind']}:{unit}" for unit, part in table["attached"].items() for form in part["forms"]
        },
        sets={name: frozenset(word for word in values if " " not in word) for name, values in lists.items()},
        phrases=collect_phrases(table, lists, pattern),
        plurals=table["plurals"],
        starters=frozenset(starters),
        fraction_words=frozenset(phrase.split()[0] for phrase in numbers["fractions"]),
    )


def collect_lists(table: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return every list of a lexicon by its table and name; those of `numbers` by "groups" and name."""
    lists = {key: value for key, value in table.items() if isinstance(value, list)}
    parts = {name: part for name, part in table.items() if isinstance(part, dict)}
    for name, part in {**parts, "groups": table["numbers"]["groups"]}.items():
        lists |= {f"{name}.{key}": value for key, value in part.items() if isinstance(value, list)}
    lists["attribution.tellers"] = lists["attribution.verbs"] + lists["attribution.weak_verbs"]
    openings = [phrase.split()[0] for name in ("leads.named", "leads.relative") for phrase in lists[name]]
    told = lists["attribution.participles"] + lists["attribution.placed"]
    lists["attribution.triggers"] = [*lists["attribution.tellers"], *told, *openings]
    lists["nouns.closers"] = lists["nouns.joins"] + lists["nouns.not_qualified"] + lists["nouns.verbs_in_s"]
    lists["nouns.determiners"] = lists["attribution.determiners"] + lists["nouns.limiters"]
    return lists


def collect_phrases(
    table: Mapping[str, Any], lists: Mapping[str, list[str]], pattern: re.Pattern[str]
) -> dict[str, Phrases]:
    """Return every list as phrases that mean its name, and the tables of meanings as phrases that mean their key."""
    phrases = {
        name: Phrases(((value, name.rsplit(".", 1)[1]) for value in values), pattern)
        for name, values in lists.items()
        if "." in name
    }
    for name in MEANINGS:
        phrases[name] = Phrases(
            ((value, meaning) for meaning, values in table[name].items() for value in values), pattern
        )
    return phrases


def unit_meanings(table: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """Yield every unit word of a lexicon with its kind and canonical unit."""
    for kind in ("money", "percent", "duration", "measurement"):
        yield from ((form, f"{kind}:{unit}") for unit, forms in table[kind].items() for form in forms)
    yield from ((form, f"money:local:{word}") for form, word in table["money_local"].items())
    yield from ((form, f"money:{unit}:thousands") for form, unit in table.get("money_thousands", {}).items())
    yield from ((form, f"money:{unit}:millions") for form, unit in table["money_millions"].items())
    yield from ((form, f"money:{unit}:billions") for form, unit in table.get("money_billions", {}).items())
    yield from ((form, f"money:{unit}:cents") for unit, forms in table["money_subunits"].items() for form in forms)
