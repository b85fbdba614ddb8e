"""What looks like a figure and is none."""

import pytest

from ingest.figures import read_figures

NO_FIGURES = {
    "en": [
        "It opened on May 2 and closed on Nov. 5.",
        "It opened on November 18th.",
        "It opened in 2019 and closed in the 1990s.",
        "He ruled from 1925-40 (1885-1941).",
        "His 1861 address was short.",
        "It opens at 10:30, at 7 or at 6 a.m.",
        "It opens at 6am and shuts at 8pm.",
        "It opens from 10:30 to 3, or from 7 to 7:30.",
        "Where were they between 3 and 8 yesterday?",
        "They won 3-1 and then 6-2, 7-5.",
        "The vote was 53-36.",
        "He bat .300 and kept a .22 rifle.",
        "Due on 5/12, 22/04 or 3/4/2019.",
        "Call 347-966-3806 any day.",
        "It is at 520 Third Street.",
        "The Nikkei 225 fell, as did Article 5 and Boeing 737 orders.",
        "It was in category 4, level 3 and phase 2.",
        "Covid-19 and 9/11 changed T3, K-12 and 5G.",
        "The Group of Seven met in the Big Ten hall.",
        "No one knew which one it was.",
        "Thousands of people and dozens of dogs fled.",
        "Several hundred people fled.",
        "A few million people fled.",
        "It came two years ago and left three days later.",
        "A two-state solution and a three-way race.",
        "3. Start slow.",
        "Write to ana500@example.com or see https://example.com/a/500/b.",
        "He finished 40th.",
        "The ID is 20231117884.",
        "The first half of the match was dull.",
        "Sales grew in Q1 2025.",
        "Snow helps (31), as others found [4] (5, 6).",
        "The lamp (code: 3066988) broke.",
        "They call for zero and mean it.",
        "It moved from one business to another.",
        "Call 911 now.",
        "The iPhone 4 has a 4K screen.",
        "The “50 Lakes” shop closed.",
        "11 The lamp is described below.",
        "The board approved it by a vote of 68 to 31.",
        "They won 4 to 2.",
        "He was born in nineteen ninety-five and left in two thousand and sixteen.",
        "We are shut from 4 to 22 January and on the twenty-second.",
        "Come at half past seven, from 5 to 7 pm, or Friday the 15.",
        "His 401(k) plan, a 4K-ready screen and a 712.",
        "Write to 455 N. 3rd St. or see p. 14.",
        "The wall dates from 500 BC.",
        "It was a week or two.",
        "She is a five time champion.",
        "The shop sells The 7 Habits of Happy Cooks.",
        "They print with 3-D printers in a three-way race.",
        "It runs on November 4 and 5 between the docks, and on July 9 and 10.",
        "Type 2 patients use Window 365 users' tools.",
        "Drivers may use SH16, SH200 or SH1.",
        "Call police quoting log 318.",
        "Rescue 1122 workers came.",
        "A litre of 93 unleaded is sold out.",
        "Data from 88.co and 77.pdf showed it.",
        "See Article 12c and section 5c, or sections 4, 8 and 12.",
        "It was shown in another study in people (23).",
    ],
    "es": [
        "Abrió el 8 de mayo de 2018.",
        "Abrió el lunes, 4 de diciembre.",
        "Abrió el martes 25.",
        "Abre a las 8 y cierra a las 5.",
        "Una mujer vio un perro.",
        "Miles de personas y decenas de perros huyeron.",
        "Ganaron 3-1.",
        "Ocurrió hace tres años y volvió dos días después.",
        "El artículo 14 y la fase 2 siguen.",
        "Llegó en tercer lugar, el 3º.",
        "Dura desde el 2 hasta el 15 de mayo.",
        "Llame al teléfono 677 904 624 o al 112.",
        "El Senado votó 44 a 28 a favor.",
        "Nos vemos a las siete y media, a las ocho menos cuarto o a las 5 de la tarde.",
        "Cierra del 4 al 22 de enero de dos mil quince.",
        "Los años 80 y la generación del 27.",
        "Un auto cero kilómetro.",
        "Cayó en el minuto 87, en la pista 2.",
        "Pidió ayuda a medios estatales y a distintos medios de información en medio de la crisis.",
        "La clase media ha perdido y la temperatura media ha subido.",
        "Viven allí desde los años cincuenta y la década de los ochenta, o a finales de los 70.",
        "El 1° de mayo y el martes 1° de marzo se cerró.",
        "El Oficio N° 25 llegó a la 35.ª edición.",
        "Cayó el jefe del bloque 57 con un revólver calibre 38, en la fecha 14.",
        "Chocaron en la ruta nacional 9, en la carretera federal 15 y sobre la carrera 11.",
        "Fallaron la unidad 3 de Mariel y la 4 de Felton.",
        "Salió el tomo 6 de sus obras, con motor 1.5 turbo.",
        "Pasó hasta la semana epidemiológica 31.",
        "Observó los artículos 12, 20 y 35.",
        "Cortan la ruta entre los kilómetros 201 y 207.",
        "El Juzgado de Garantías N.º 4 decide.",
        "Emitió bonos G6.",
        "El PAN (34) y Morena (40) ganaron.",
    ],
    "pt": [
        "Votou a emenda 21 no plenário 5, com NIS final 3.",
        "Tem motor 1.8 turbo, na bandeira vermelha patamar 2.",
        "Citou os artigos 12 e 35.",
        "A denúncia chegou pelo 181.",
        "O lote 4 ficou sem oferta e o do portão 12 também.",
    ],
}


@pytest.mark.parametrize(
    ("language", "text"), [(language, text) for language, texts in NO_FIGURES.items() for text in texts]
)
def test_a_number_that_is_no_amount_is_no_figure(language: str, text: str) -> None:
    assert [figure.text for figure in read_figures(text, language=language)] == []


@pytest.mark.parametrize("language", [None, "it", "xx"])
def test_in_an_unknown_language_only_signs_tell_a_figure(language: str | None) -> None:
    figures = read_figures("Il paie $40 et 20 % de plus, 12 personnes, 3 millions $.", language=language)

    assert [(figure.text, figure.kind, figure.subject) for figure in figures] == [
        ("$40", "money", None),
        ("20 %", "percent", None),
    ]


@pytest.mark.parametrize(
    ("sum_told", "unit"),
    [
        ("Rs .5", "INR"), ("Rs. .5", "INR"), ("Rs ½", "INR"), ("S/ 500", "PEN"), ("S/. 500", "PEN"),
        ("Bs.F 500", "VES"), ("RM 5", "MYR"), ("100 MEUR", "EUR"), ("100 usd", "USD"), ("5 EUR", "EUR"),
        ("５％", "percent"), ("5 ٪", "percent"), ("GH¢5", "GHS"),
    ],
)  # fmt: skip
def test_in_an_unknown_language_each_mark_of_a_sum_or_percent_tells_a_figure(sum_told: str, unit: str) -> None:
    figures = read_figures(f"Alpha {sum_told} beta.", language=None)

    assert [(figure.text, figure.unit) for figure in figures] == [(sum_told, unit)]


def test_a_year_that_a_percent_is_set_against_is_no_figure() -> None:
    figures = read_figures("Output rose to a level 0.7% above 2021.", language="en")

    assert [figure.text for figure in figures] == ["0.7%"]
