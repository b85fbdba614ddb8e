"""How each country writes money and separators: a table of our own words, and what an article decides for its parts."""

from pathlib import Path

import pytest

from ingest.core.model import Figure
from ingest.figures import read_figures

ASSUMED = {"c": "currency_assumed", "s": "separator_assumed"}


def read_rows() -> list[list[str]]:
    lines = (Path(__file__).parent / "conventions.txt").read_text(encoding="utf-8").splitlines()
    return [[cell.strip() for cell in line.split("|")] for line in lines if not line.startswith("#")]


def write_value(figure: Figure) -> str:
    ends = [figure.value] if figure.value_high is None else [figure.value, figure.value_high]
    return "..".join(f"{end.normalize():f}" for end in ends)


@pytest.mark.parametrize(("origin", "sentence", "figure", "value", "unit", "assumed"), read_rows())
def test_a_figure_is_read_as_its_country_writes_it(
    origin: str, sentence: str, figure: str, value: str, unit: str, assumed: str
) -> None:
    country, language = origin.split()
    found = read_figures(sentence, language=language, country=None if country == "--" else country)
    flags = tuple(ASSUMED[letter] for letter in assumed.strip("-"))

    assert (figure, value, unit, flags) in [(one.text, write_value(one), one.unit or "-", one.flags) for one in found]


@pytest.mark.parametrize(
    ("context", "country", "text", "expected"),
    [
        ("El índice subió 3,5%.", "MX", "Mide 4.825 metros.", ("4825", "metre", ())),
        ("El índice subió 3.5%.", "AR", "Mide 4.825 metros.", ("4.825", "metre", ())),
        ("Llegaron 2.515 personas.", "MX", "Mide 4.825 metros.", ("4825", "metre", ())),
        ("Llegaron 2,515 personas.", "CO", "Mide 4,825 metros.", ("4825", "metre", ())),
        ("Subió 3,5% y bajó 2.5%.", "MX", "Mide 4.825 metros.", ("4.825", "metre", ("separator_assumed",))),
        ("Empezó a las 10.30 horas.", "AR", "Mide 4.825 metros.", ("4825", "metre", ("separator_assumed",))),
        ("El precio está en pesos.", "CO", "Cuesta $ 500 mil.", ("500000", "COP", ())),
        ("Ayer costaba $ 400 mil pesos.", "AR", "Cuesta $ 500 mil.", ("500000", "ARS", ())),
        ("Ayer costaba $400 mil dólares.", "CO", "Cuesta $500 mil.", ("500000", "USD", ())),
        ("Cambió dólares por pesos.", "CO", "Cuesta $ 500 mil.", ("500000", "COP", ("currency_assumed",))),
        ("Pagó US$ 20 y mil pesos.", "CO", "Cuesta $ 500 mil.", ("500000", "COP", ())),
        ("Los dólares faltan.", "EC", "Cuesta $500.", ("500", "USD", ())),
        ("Los dólares faltan.", None, "Cuesta $500.", ("500", "USD", ())),
        ("La empresa es de Chile.", None, "Cuesta 500 pesos.", ("500", "MXN", ("currency_assumed",))),
        ("La empresa de Chile cobra en pesos.", None, "Cuesta 500 pesos.", ("500", "CLP", ("currency_assumed",))),
        ("A bank in Bogotá, Colombia, lent pesos.", "US", "It cost 500 pesos.", ("500", "COP", ("currency_assumed",))),
        ("Pesos of Chile and of Colombia fell.", "US", "It cost 500 pesos.", ("500", None, ())),
        ("It was paid in US dollars.", "AU", "It cost $500.", ("500", "USD", ())),
    ],
)
def test_what_the_rest_of_an_article_shows_decides_before_its_country(
    context: str, country: str | None, text: str, expected: tuple[str, str | None, tuple[str, ...]]
) -> None:
    language = "en" if text.startswith("It ") else "es"
    (found,) = read_figures(text, language=language, country=country, context=context)

    assert (write_value(found), found.unit, found.flags) == expected


def test_a_paragraph_decides_for_itself_before_its_article_does() -> None:
    found = read_figures("Subió 3,5% y mide 4.825 metros.", language="es", country="MX", context="Bajó 2.5%.")

    assert [write_value(one) for one in found] == ["3.5", "4825"]


def test_a_sum_that_borrows_an_assumed_currency_is_flagged_too() -> None:
    found = read_figures(
        "Pagó $ 30 mil millones, frente a 12 mil millones, y entre 20 y 30 $.", language="es", country="CO"
    )

    assert {one.flags for one in found if one.kind == "money"} == {("currency_assumed",)}
