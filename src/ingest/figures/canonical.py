"""Owns the English name of a unit, so that figures in several languages can be compared."""

from collections.abc import Mapping
from functools import lru_cache

from ..core.model import FigureKind
from .lexicon import read_table


@lru_cache(maxsize=1)
def load_names() -> Mapping[str, Mapping[str, str]]:
    """Load the English names of what is counted, by language and singular lemma."""
    return read_table("units")


def find_canonical_unit(kind: FigureKind, unit: str | None, language: str) -> str | None:
    """Return a unit in English: only a count's unit is a word of its text, and None where that word is not known."""
    if kind != "count" or unit is None:
        return unit
    return load_names().get(language, {}).get(unit, unit if language == "en" else None)
