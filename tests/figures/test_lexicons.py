"""Each language is a lexicon with the same tables, and nouns come out in the singular."""

import pytest

from ingest.figures.lexicon import LANGUAGES, load_lexicon
from ingest.figures.subjects import singular


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_lexicon_answers_what_the_grammar_asks(language: str) -> None:
    lexicon, english = load_lexicon(language), load_lexicon("en")

    units = ("money.", "percent.", "ratio.", "duration.", "measurement.", "qualifiers", "money_")
    asked = {name for name in english.sets if not name.startswith(units)}

    assert asked - lexicon.sets.keys() == set()
    assert english.words.keys() == lexicon.words.keys()
    assert english.flags.keys() == lexicon.flags.keys()


@pytest.mark.parametrize(
    ("language", "plural", "one"),
    [
        ("en", "people", "person"),
        ("en", "vacancies", "vacancy"),
        ("en", "churches", "church"),
        ("en", "buses", "bus"),
        ("en", "officers", "officer"),
        ("en", "personnel", "personnel"),
        ("en", "servicemen", "serviceman"),
        ("en", "grandchildren", "grandchild"),
        ("en", "townspeople", "townsperson"),
        ("en", "tornadoes", "tornado"),
        ("en", "quizzes", "quiz"),
        ("en", "bacteria", "bacterium"),
        ("en", "iraqis", "iraqi"),
        ("en", "specimen", "specimen"),
        ("es", "relojes", "reloj"),
        ("es", "cómplices", "cómplice"),
        ("es", "dictámenes", "dictamen"),
        ("es", "camiones", "camión"),
        ("es", "retenes", "retén"),
        ("es", "luces", "luz"),
        ("es", "hospitales", "hospital"),
        ("es", "personas", "persona"),
        ("es", "estudiantes", "estudiante"),
        ("es", "jóvenes", "joven"),
        ("es", "planes", "plan"),
        ("es", "mujeres", "mujer"),
        ("pt", "milhões", "milhão"),
        ("pt", "alemães", "alemão"),
        ("pt", "irmãos", "irmão"),
        ("pt", "hospitais", "hospital"),
        ("pt", "papéis", "papel"),
        ("pt", "automóveis", "automóvel"),
        ("pt", "lençóis", "lençol"),
        ("pt", "homens", "homem"),
        ("pt", "professores", "professor"),
        ("pt", "vezes", "vez"),
        ("pt", "meses", "mês"),
        ("pt", "países", "país"),
        ("pt", "ônibus", "ônibus"),
        ("pt", "casas", "casa"),
        ("pt", "padres", "padre"),
        ("fr", "journaux", "journal"),
        ("fr", "bureaux", "bureau"),
        ("fr", "lieux", "lieu"),
        ("fr", "travaux", "travail"),
        ("fr", "pays", "pays"),
        ("fr", "décès", "décès"),
        ("fr", "élèves", "élève"),
        ("fr", "œufs", "œuf"),
    ],
)
def test_a_noun_comes_out_in_the_singular(language: str, plural: str, one: str) -> None:
    assert singular(plural, language) == one
