"""Sentences as agencies write them, and every figure each holds: tables of our own words, one file per language.

A sentence stands behind its source's country, "--" for none; below it, one line per figure:
text | value..high | kind | unit | qualifier | subject | attributed to.
"""

from decimal import Decimal
from pathlib import Path

import pytest

from ingest.core.model import Figure
from ingest.figures import read_figures
from ingest.figures.lexicon import LANGUAGES

Case = tuple[str, str | None, str, list[str]]  # language, country, sentence, rows


def read_table(language: str) -> list[Case]:
    cases: list[Case] = []
    for line in (Path(__file__).parent / f"news_{language}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("    "):
            cases[-1][3].append(line.strip())
        else:
            country, _, sentence = line.partition(" ")
            cases.append((language, None if country == "--" else country, sentence, []))
    return cases


def write_row(figure: Figure) -> str:
    ends = [figure.value] if figure.value_high is None else [figure.value, figure.value_high]
    value = "..".join(f"{round(end, 4).normalize():f}" for end in ends if isinstance(end, Decimal))
    told = (figure.unit, figure.qualifier, figure.subject, figure.attributed_to)
    return " | ".join([figure.text, value, figure.kind, *(part or "-" for part in told)])


@pytest.mark.parametrize(
    ("language", "country", "sentence", "rows"), [case for language in LANGUAGES for case in read_table(language)]
)
def test_a_sentence_of_news_gives_its_figures(
    language: str, country: str | None, sentence: str, rows: list[str]
) -> None:
    figures = read_figures(sentence, language=language, country=country)

    assert [write_row(figure) for figure in figures] == rows
