"""Where sentences begin and end."""

import pytest

from ingest.figures.sentences import sentence_spans


@pytest.mark.parametrize(
    "sentences",
    [
        ["It rained.", "Boats sank!", "Why?"],
        ["Mr. Ruiz met Dr. Gil on Nov. 5 in the U.S. capital.", "He left."],
        ["He lives in the U.S.", "The boat sank."],
        ["“It rained.”", "He left."],
        ["El Sr. Gil vive en EE. UU. desde mayo.", "Es de Lima."],
        ["Costó S/. 20 el viaje.", "¿Quién paga?"],
        ["It cost 3.5 million.", "They paid."],
        ["3. Start slow.", "Then run."],
        ["J. K. Gil wrote it.", "He left."],
        ["A Profa. Lima e o Sr. Gil chegaram em 5 de maio.", "Ela ficou."],
        ["M. Durand et Mme. Petit ont signé.", "« C'est fait. »", "Elle est partie."],
    ],
)
def test_sentences_are_parted_where_they_end(sentences: list[str]) -> None:
    text = " ".join(sentences)

    assert [text[start:end] for start, end in sentence_spans(text)] == sentences


def test_a_line_break_ends_a_sentence() -> None:
    text = "A headline of 12 words\nThe story begins."

    assert [text[start:end] for start, end in sentence_spans(text)] == ["A headline of 12 words", "The story begins."]
