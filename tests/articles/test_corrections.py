"""Figures in a newsroom's note on what it corrected are no claims of its article; all others are."""

import pytest

from ingest.articles.parse import parse_article
from tests.articles.test_parse import a_page
from tests.makers import a_source, an_entry

BEFORE = "The council gave $198 million to mend the old pier before the winter, after a vote of nine hours."
NOTES = (
    "Correction: The council gave $198 million, not $189 million.",
    "CORRECTION (3 May 2024): The sum is $198 million, not $189 million.",
    "Correction, May 3, 2024: This article originally gave the sum as $189 million.",
    "Correction added on Tuesday: The sum is $198 million, not $189 million.",
    "* Clarification — The $189 million were pledged and have not been paid.",
    "An earlier version of this article gave the sum as $189 million. It is $198 million.",
    "This article was amended on 3 May 2024. The sum is $198 million, not $189 million.",
    "This May 3 story has been corrected to show that the sum is $198 million, not $189 million.",
    "This story incorrectly stated that the council gave $189 million.",
    "The headline and first paragraph of an earlier version of this story gave $189 million.",
    "(Corrects sum in paragraph 2 to $198 million from $189 million)",
    "A correction was made on May 3: The sum is $198 million, not $189 million.",
    "This story was first published on May 3. It was updated on May 4 to correct the sum, which is not $189 million.",
    "Corrección: el concejo dio US$198 millones, y no US$189 millones.",
    "Fe de errores. El concejo dio US$198 millones, y no US$189 millones.",
    "En una versión anterior de este artículo se decía que el concejo dio US$189 millones.",
    "Esta nota fue corregida: el concejo dio US$198 millones y no US$189 millones.",
    "Este artículo indicó por error que el concejo dio US$189 millones.",
    "(Corrige la cifra en el segundo párrafo: US$198 millones, y no US$189 millones)",
    "Erramos: o conselho deu US$ 198 milhões, e não US$ 189 milhões.",
    "Uma versão anterior desta reportagem informava que o conselho deu US$ 189 milhões.",
    "Diferentemente do que foi publicado, o conselho deu US$ 198 milhões, e não US$ 189 milhões.",
    "Rectificatif : la somme est de 198 millions $ et non de 189 millions $.",
    "Une version précédente de cet article indiquait une somme de $189 millions.",
    "Contrairement à ce que nous avons écrit, la somme n’est pas de $189.",
)
CLAIMS = (
    "A stock market correction wiped out $189 million in a day.",
    "Markets fell into correction territory: banks lost $189 million on Monday.",
    "An earlier version of the bill gave the pier $189 million.",
    "This story begins in a harbour where $189 million were spent on a pier that nobody wanted.",
    "The state wrongly billed the town $189 million, this newspaper found.",
    "The original version of the report put the damage at $189 million.",
    "The mayor corrected himself: the pier will cost $189 million.",
    "This article is the first of three about the $189 million that the pier will cost.",
    "Update: The council now puts the cost of the pier at $189 million.",
    "Una versión anterior del proyecto daba al muelle US$189 millones.",
    "El alcalde pagó por error US$189 millones a una empresa que no existe.",
    "La corrección del presupuesto costará US$189 millones, dijo el alcalde.",
)


def figures(*paragraphs: str) -> tuple[list[str], tuple[str, ...]]:
    story = parse_article(a_source(), an_entry(), a_page([BEFORE, *paragraphs]))
    return [figure.text for found in story.figures[1:] for figure in found], story.article.flags


@pytest.mark.parametrize("note", NOTES)
def test_what_a_note_on_a_correction_repeats_is_no_claim(note: str) -> None:
    found, flags = figures(note)

    assert found == []
    assert "corrected" in flags


@pytest.mark.parametrize("claim", CLAIMS)
def test_what_only_sounds_like_a_note_is_a_claim(claim: str) -> None:
    found, flags = figures(claim)

    assert "189" in "".join(found)
    assert "corrected" not in flags


@pytest.mark.parametrize(
    "label", ["Correction", "CORRECTION:", "Corrections and clarifications", "Fe de errores", "Erramos"]
)
def test_the_paragraph_below_the_word_is_the_note_and_no_other(label: str) -> None:
    note, after = "The sum is $198 million, not $189 million.", "The pier is to be closed for 11 weeks."

    assert figures(label, note, after)[0] == ["11 weeks"]


def test_what_stands_before_a_note_in_its_paragraph_is_a_claim() -> None:
    told = "The work takes 11 weeks. An earlier version of this article said 9 weeks."

    assert figures(told)[0] == ["11 weeks"]


def test_of_a_long_paragraph_the_sentence_alone_is_a_note() -> None:
    told = f"An earlier version of this article said 9 weeks. {'The pier is old. ' * 70}The work takes 11 weeks."

    assert figures(told)[0] == ["11 weeks"]
