"""Parts of units, compounds, and what an elliptical number takes over from its neighbours."""

import pytest

from ingest.figures import read_figures


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("It took a year and a half.", "en", ("a year and a half", "1.5", "duration", "year")),
        ("It took half an hour.", "en", ("half an hour", "0.5", "duration", "hour")),
        ("It took three quarters of an hour.", "en", ("three quarters of an hour", "0.75", "duration", "hour")),
        ("It cost a quarter of a million dollars.", "en", ("a quarter of a million dollars", "250000", "money", "USD")),
        ("It took an hour and fifteen minutes.", "en", ("an hour and fifteen minutes", "75", "duration", "minute")),
        ("It took 1h30m.", "en", ("1h30m", "90", "duration", "minute")),
        (
            "Rates rose half a percentage point.",
            "en",
            ("half a percentage point", "0.5", "percent", "percentage_point"),
        ),
        ("She is 6-foot-3.", "en", ("6-foot-3", "6.25", "measurement", "foot")),
        ("She bought a dozen and a half eggs.", "en", ("a dozen and a half", "18", "count", "egg")),
        ("They got three more years.", "en", ("three more years", "3", "duration", "year")),
        ("Tardó media hora.", "es", ("media hora", "0.5", "duration", "hour")),
        ("Tardó hora y media.", "es", ("hora y media", "1.5", "duration", "hour")),
        ("Tardó tres cuartos de hora.", "es", ("tres cuartos de hora", "0.75", "duration", "hour")),
        ("Mide 1 metro 80.", "es", ("1 metro 80", "1.8", "measurement", "metre")),
        ("El frente llegó con menos 12 grados.", "es", ("menos 12 grados", "-12", "measurement", "degree")),
    ],
)
def test_a_part_of_a_unit_is_read_with_its_unit(text: str, language: str, expected: tuple[str, ...]) -> None:
    figures = read_figures(text, language=language)

    assert [(one.text, f"{one.value.normalize():f}", one.kind, one.unit) for one in figures] == [expected]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Bills rise £94 to £1,738.", "en", [("94", "GBP"), ("1738", "GBP")]),
        ("Water use is 310 liters, down from 355.", "en", [("310", "litre"), ("355", "litre")]),
        ("3 million riders came in 2020 and 4 in 2021.", "en", [("3000000", "rider"), ("4000000", "rider")]),
        ("Sales rose from 11 to 13.5 million bags.", "en", [("11000000", "bag"), ("13500000", "bag")]),
        ("The hall is 12 by 15 feet.", "en", [("12", "foot"), ("15", "foot")]),
        ("He fired 23 rounds, wounding three.", "en", [("23", "round"), ("3", "person")]),
        ("Facturó 1.240 millones y ganó 86 millones de euros.", "es", [("1240000000", "EUR"), ("86000000", "EUR")]),
        ("Cuatro de los cinco diputados renunciaron.", "es", [("4", "diputado"), ("5", "diputado")]),
    ],
)
def test_an_elliptical_number_takes_over_what_it_leaves_out(
    text: str, language: str, expected: list[tuple[str, str]]
) -> None:
    figures = read_figures(text, language=language)

    assert [(f"{one.value:f}", one.unit) for one in figures] == expected


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("Vendieron un 3% menos, según la cámara, que reúne a 1.900 locales.", "local"),
        ("Ganó un 3% con 45 activos.", "activo"),
        ("La tasa bajó un 3% y hay 12 vacantes.", "vacante"),
        ("Creció un 3% la red, que llega a 45 municipales.", None),
    ],
)
def test_a_number_with_a_word_of_its_own_takes_no_unit_from_its_neighbour(text: str, unit: str | None) -> None:
    last = read_figures(text, language="es")[-1]

    assert (last.kind, last.unit) == ("count", unit)
