"""What holds for every text: exact places, no overlap, no surprise, no long wait."""

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.figures import read_figures
from ingest.figures.conventions import find_place, hide_addresses, trigger_pattern, windows
from ingest.figures.lexicon import load_lexicon, load_marks
from ingest.figures.sentences import sentence_spans

WORDS = (
    "12 1,204 3.5 4.500 2019 one hundred and dos mil millones de pesos euros $ % US$ S/ - – to a entre y between half "
    "dozen una docena people personas years-old años said according to según Ana Ruiz , . ( ) : / 's k million in of "
    "five times más veces May mayo the las at "
    "1'125.709 2’500 0,125 UF U$S $U Gs. palos mdp k pc fold fourfold – − １２ ＄"
).split(" ")
texts = st.one_of(st.text(max_size=200), st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join))
languages = st.sampled_from(["en", "es", "pt", "fr", "de", None])
countries = st.sampled_from([None, "MX", "AR", "US", "CO", "??"])


@given(text=texts, language=languages, country=countries, context=st.one_of(st.none(), texts))
def test_a_figure_stands_where_it_says(
    text: str, language: str | None, country: str | None, context: str | None
) -> None:
    figures = read_figures(text, language=language, country=country, context=context)

    assert all(text[figure.start : figure.end] == figure.text != "" for figure in figures)
    assert all(figure.sentence_start <= figure.start < figure.end <= figure.sentence_end for figure in figures)
    assert all(before.end <= after.start for before, after in pairwise(figures))
    assert all(figure.value.is_finite() and abs(figure.value) < 10**32 and figure.rules for figure in figures)
    assert read_figures(text, language=language, country=country, context=context) == figures


# Texts without end, and the languages in which they are read: that of their words, or any.
PIECES: dict[str, tuple[str, list[str | None]]] = {
    "digits": ("1", ["en", None]),
    "mixed": ("".join(random.Random(7).choices("0123456789,. ", k=9_000)), ["es", None]),
    "dashes": ("5-", ["en"]),
    "ats": ("5@", ["pt"]),
    "stops": (".", ["es"]),
    "words": ("one hundred and ", ["en"]),
    "palabras": ("dos mil y ", ["es"]),
    "said": ("Ana said 5 ", ["en"]),
    "halves": ("a year and a half of ", ["en"]),
    "medias": ("hora y media de ", ["es"]),
    "grouped": ("1.111.111,", ["es", "pt"]),
    "signed": ("$ 5 mil mil MM", ["es", None]),
    "peso": ("$5 peso ", ["en"]),
    "palavras": ("mil e cento e ", ["pt"]),
    "mots": ("quatre-vingt-dix-", ["fr"]),
    "elisions": ("l'd'", ["fr"]),
    "scales": ("R$ 10 bi ", ["pt", None]),
    "sides": ("1/2 x 5'11\" by ", ["fr"]),
}
guard = pytest.mark.timeout(60)  # seconds, of which a case takes one; in time that grows with the square, minutes


def repeated(piece: str, length: int) -> str:
    """Begin with a digit, and go on with nothing but this."""
    return "1" + piece * (length // len(piece))


@pytest.mark.parametrize(
    ("piece", "language"),
    [
        pytest.param(piece, language, id=f"{name}-{language}")
        for name, (piece, languages) in PIECES.items()
        for language in languages
    ],
)
@guard
@pytest.mark.slow
def test_a_long_hostile_text_is_read_in_bounded_time(piece: str, language: str | None) -> None:
    text = repeated(piece, 40_000)

    assert all(text[figure.start : figure.end] == figure.text for figure in read_figures(text, language=language))


@pytest.mark.parametrize("piece", [piece for piece, _ in PIECES.values()], ids=PIECES)
@guard
def test_the_time_to_cut_a_text_grows_with_its_length_alone_and_no_cut_is_long(piece: str) -> None:
    text = repeated(piece, 400_000)
    find_place(text, lexicon=load_lexicon("es"), marks=load_marks(), country=None)
    trigger_pattern("es").search(text, 1)
    cuts = [cut for span in sentence_spans(hide_addresses(text)) for cut in windows(text, *span)]

    assert "".join("".join(text[start:end].split()) for start, end in cuts) == "".join(text.split())
    assert max(end - start for start, end in cuts) <= 4_000
