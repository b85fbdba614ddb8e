"""What holds for every text: exact places, no overlap, no surprise, no long wait."""

import random
import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.parse.figures import read_figures

WORDS = (
    "12 1,204 3.5 4.500 2019 one hundred and dos mil millones de pesos euros $ % US$ S/ - – to a entre y between half "
    "dozen una docena people personas years-old años said according to según Ana Ruiz , . ( ) : / 's k million in of "
    "five times más veces May mayo the las at"
).split(" ")
texts = st.one_of(st.text(max_size=200), st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join))
languages = st.sampled_from(["en", "es", "fr", None])
countries = st.sampled_from([None, "MX", "AR", "US", "??"])


@given(text=texts, language=languages, country=countries)
def test_a_figure_stands_where_it_says(text: str, language: str | None, country: str | None) -> None:
    figures = read_figures(text, language=language, country=country)

    assert all(text[figure.start : figure.end] == figure.text != "" for figure in figures)
    assert all(figure.sentence_start <= figure.start < figure.end <= figure.sentence_end for figure in figures)
    assert all(before.end <= after.start for before, after in pairwise(figures))
    assert all(figure.value.is_finite() and abs(figure.value) < 10**32 and figure.rules for figure in figures)
    assert read_figures(text, language=language, country=country) == figures


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(
    "text",
    [
        "1" * 100_000,
        "".join(random.Random(7).choices("0123456789,. ", k=100_000)),
        "5-" * 50_000,
        "5@" * 50_000,
        "1" + "." * 100_000,
        "one hundred and " * 7_000,
        "dos mil y " * 10_000,
        "Ana said 5 " * 9_000,
        "a year and a half of " * 5_000,
        "hora y media de " * 6_000,
        "1/2 x 5'11\" by " * 6_000,
    ],
    ids=["digits", "mixed", "dashes", "ats", "stops", "words", "palabras", "said", "halves", "medias", "sides"],
)
def test_a_long_hostile_text_is_read_in_bounded_time(text: str, language: str) -> None:
    started = time.process_time()
    read_figures(text, language=language)

    assert time.process_time() - started < 8
