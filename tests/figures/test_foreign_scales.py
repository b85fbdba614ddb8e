"""A scale that is not understood never leaves its number behind: a figure is read whole or not at all."""

import pytest

from ingest.figures import read_figures


@pytest.mark.parametrize("language", [None, "it", "de", "ca", "nl", "pl"])
@pytest.mark.parametrize(
    "text",
    [
        "R$ 10 bilhões",
        "R$ 10 bi, R$ 5 mi e R$ 2 tri",
        "Entre R$ 10 e R$ 12 bilhões foram gastos.",
        "10 milliards d'euros ou 5 Md€",
        "€ 3 Milliarden, 3 Mrd. €, 3 Mio. Euro, € 5 Tsd.",
        "€ 2 milioni, € 5 mila, 3 mld €, € 2 miliardi di euro",
        "5 milions d'euros, € 5 milions, € 2 mil",
        "€ 5 miljoen, $ 3 miljard, € 4 mln",
        "$ 3 млрд, $10 миллионов, $5亿, $ 5 万",
        "$10 billion",
        "$10m",
    ],
)
def test_in_an_unknown_language_a_scaled_sum_is_not_read(language: str | None, text: str) -> None:
    assert read_figures(text, language=language) == ()


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("es", "Ganó R$ 10 bi y R$ 5 mi."),
        ("es", "Ganó R$ 10 a 12 bilhões."),
        ("es", "Ganó R$ 1,234 bilhão."),
        ("es", "Ganó 10 milliards d'euros."),
        ("es", "Ganó 3 Milliarden Euro, € 3 Mrd., 2 milioni di euro o 5 milions."),
        ("es", "Ganó $10 billion."),
        ("en", "It made R$ 10 bi and R$ 5 mi."),
        ("en", "It made 10 milliards, 3 Milliarden Euro and € 2 mila."),
        ("en", "It made $5 mil millones."),
        ("en", "It made US$ 5 billones."),
        ("pt", "Ganhou US$ 10 billion e 3 Milliarden Euro."),
        ("pt", "Ganhou 10 milliards d'euros."),
        ("fr", "Il a gagné 10 bilhões, 3 Milliarden, € 2 mila ou $5 mil."),
    ],
)
def test_a_scale_word_of_another_language_takes_its_number_with_it(language: str, text: str) -> None:
    assert [figure.text for figure in read_figures(text, language=language)] == []


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("es", "Ganó R$ 10,5 bilhões.", ("R$ 10,5 bilhões", 10_500_000_000, "BRL")),
        ("es", "Ganó $10 million.", ("$10 million", 10_000_000, "USD")),
        ("en", "It made US$189 millones.", ("US$189 millones", 189_000_000, "USD")),
        ("en", "It made € 3 Milliarden.", ("€ 3 Milliarden", 3_000_000_000, "EUR")),
        ("pt", "Ganhou US$ 5 millones.", ("US$ 5 millones", 5_000_000, "USD")),
        ("fr", "Il a gagné R$ 10 bilhões.", ("R$ 10 bilhões", 10_000_000_000, "BRL")),
    ],
)
def test_a_sum_is_read_whole_where_its_scale_word_is_worth_the_same_everywhere(
    language: str, text: str, expected: tuple[str, int, str]
) -> None:
    (figure,) = read_figures(text, language=language)

    assert (figure.text, int(figure.value), figure.unit) == expected


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Der Preis beträgt 1.250,50 €.", ["1250.50"]),
        ("Der Preis beträgt 1.250 €.", []),
        ("Der Preis beträgt 1,250 €.", []),
        ("Der Preis beträgt 1.250 € und stieg um 12,5 %.", ["1250", "12.5"]),
        ("Il prezzo è di 1.250.000 € e sale del 3 %.", ["1250000", "3"]),
        ("El preu és de 1 250,50 € i de 45 €.", ["1250.50", "45"]),
        ("Der Preis beträgt 12'500 CHF.", ["12500"]),
        ("De prijs is € 12,50 per stuk.", ["12.50"]),
    ],
)
def test_in_an_unknown_language_a_separator_is_read_only_where_the_text_shows_what_it_is(
    text: str, values: list[str]
) -> None:
    assert [f"{figure.value:f}" for figure in read_figures(text, language="de", country="DE")] == values


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [("en", "It spent $10 on military aid.", 10), ("es", "Gastó US$ 10 por persona.", 10), ("en", "It ran 10 mi.", 10)],
)
def test_a_word_that_scales_nothing_leaves_the_number_alone(language: str, text: str, value: int) -> None:
    assert [figure.value for figure in read_figures(text, language=language)] == [value]
