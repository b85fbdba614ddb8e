"""What digits and number words are worth, by language and country."""

from decimal import Decimal

import pytest

from ingest.figures import read_figures

ENGLISH = [
    ("the town has 12,500 homes", "12500"),
    ("the town has 1,234,567 homes", "1234567"),
    ("the lender has 12,34,567 clients", "1234567"),
    ("there are 40 000 homes", "40000"),
    ("there are 3.5 million homes", "3500000"),
    ("they own 5bn shares", "5000000000"),
    ("they own 7k shares", "7000"),
    ("they counted five boats", "5"),
    ("they counted forty-two boats", "42"),
    ("they counted one hundred and sixteen boats", "116"),
    ("they counted two thousand three hundred boats", "2300"),
    ("they counted a dozen boats", "12"),
    ("they counted three dozen boats", "36"),
    ("they counted half a million boats", "500000"),
    ("they counted two and a half million boats", "2500000"),
    ("they counted a hundred boats", "100"),
    ("they counted a million boats", "1000000"),
    ("they counted 6 crore votes", "60000000"),
    ("they counted two point five million boats", "2500000"),
    ("a third of the boats sank", "0.3333"),
    ("two-thirds of the boats sank", "0.6667"),
    ("three and a quarter of the boats", "3.25"),
    ("half of the boats sank", "0.5"),
    ("the fleet was cut by half", "0.5"),
    ("1 in 10 boats sank", "0.1"),
    ("three out of four boats sank", "0.75"),
    ("temperatures fell to -5 degrees", "-5"),
    ("thirty fifths", "6"),
    ("one hundred and thirty fifths", "26"),
    ("one hundred thirty-fifths", "2.8571"),
    ("two hundredths of a second", "0.02"),
    ("it measures two hundred and a thirtieth", "200.0333"),
    ("five and a quarter million boats", "5250000"),
    ("1/3 of the boats sank", "0.3333"),
    ("it measures 1 3/4 inches", "1.75"),
    ("it is 5/8-inch thick", "0.625"),
    ("-4/5", "-0.8"),
    ("the limit is .08 percent", "0.08"),
    ("they counted 1.5e6 grains", "1500000"),
    ("they counted 12 million 345 thousand boats", "12345000"),
    ("they paid 5 millions of euros", "5000000"),
    ("they paid 120 MEUR", "120000000"),
    ("they paid 3 dollars and 50 cents", "3.5"),
    ("they waited two hours and a half", "2.5"),
    ("the rate was 0.57", "0.57"),
    ("three quarters", "0.75"),
    ("they counted 3 hundred and one boats", "301"),
    ("hundred thousand boats", "100000"),
    ("they counted nine point twenty-five million boats", "9250000"),
]

SPANISH = [
    ("hay 12.500 casas", None, "12500"),
    ("hay 12,500 casas", "MX", "12500"),
    ("hay 12.500 casas", "AR", "12500"),
    ("hay 1.250,5 casas", "MX", "1250.5"),
    ("hay 1,250.5 casas", "CO", "1250.5"),
    ("miden 4,825 metros", "ES", "4.825"),
    ("miden 4.825 metros", "MX", "4.825"),
    ("miden 4,800 metros", "PE", "4800"),
    ("suben 3,5% y miden 4.800 metros", "MX", "3.5"),
    ("hay mil 644 casos", "MX", "1644"),
    ("hay 12 mil 500 casos", "MX", "12500"),
    ("hay 3 millones 200 mil casos", "MX", "3200000"),
    ("hay 10 mil millones de casos", "CO", "10000000000"),
    ("hay un billón de casos", "ES", "1000000000000"),
    ("hay dos billones de casos", "ES", "2000000000000"),
    ("hay un trillón de casos", "ES", "1000000000000000000"),
    ("hay un millón de casos", "ES", "1000000"),
    ("hay treinta y un casos", None, "31"),
    ("hay dos mil trescientas casas", None, "2300"),
    ("hay una docena de casas", None, "12"),
    ("hay un centenar de casas", None, "100"),
    ("hay medio millón de casas", None, "500000"),
    ("hay dos millones y medio de casas", None, "2500000"),
    ("un tercio de las casas cayó", None, "0.3333"),
    ("la mitad de las casas cayó", None, "0.5"),
    ("una cuarta parte de las casas cayó", None, "0.25"),
    ("tres de cada diez casas cayeron", None, "0.3"),
    ("miden tres milésimas de segundo", None, "0.003"),
    ("subió veintidós treintavos por ciento", None, "0.7333"),
    ("subió tres diezmilésimos por ciento", None, "0.0003"),
    ("hay ciento tres con dos tercios", None, "103.6667"),
    ("subió doscientos con setenta y uno por ciento", None, "200.71"),
    ("subió tres coma cero cinco por ciento", None, "3.05"),
    ("subió dos punto cinco por ciento", "MX", "2.5"),
    ("pagó 10 dólares con 50 centavos", None, "10.5"),
    ("esperó tres años y medio", None, "3.5"),
]


def first_value(text: str, language: str, country: str | None) -> Decimal:
    figure = read_figures(text, language=language, country=country)[0]
    return figure.value.quantize(Decimal("0.0001"))


@pytest.mark.parametrize(("text", "value"), ENGLISH)
def test_an_english_number_is_worth_what_it_says(text: str, value: str) -> None:
    assert first_value(text, "en", None) == Decimal(value)


@pytest.mark.parametrize(("text", "country", "value"), SPANISH)
def test_a_spanish_number_is_read_by_form_then_country(text: str, country: str | None, value: str) -> None:
    assert first_value(text, "es", country) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("it took 10 to 12 boats", "10", "12"),
        ("between 400 and 500 boats left", "400", "500"),
        ("it cost $5-7 billion", "5000000000", "7000000000"),
        ("a 30-60 per cent chance", "30", "60"),
        ("it cost $10 to $12", "10", "12"),
        ("children aged 14 to 17", "14", "17"),
    ],
)
def test_a_range_is_one_figure(text: str, low: str, high: str) -> None:
    figures = read_figures(text, language="en")

    assert [(figure.value, figure.value_high) for figure in figures] == [(Decimal(low), Decimal(high))]


@pytest.mark.parametrize(
    ("text", "language", "values"),
    [
        ("Prices rose from 10% to 12%.", "en", ["10", "12"]),
        ("Growth slowed to 9 from 11 percent.", "en", ["9", "11"]),
        ("El precio subió de 32 a 72 pesos.", "es", ["32", "72"]),
        ("La tasa pasó del 10% al 12%.", "es", ["10", "12"]),
    ],
)
def test_a_change_is_two_figures(text: str, language: str, values: list[str]) -> None:
    figures = read_figures(text, language=language)

    assert [figure.value for figure in figures] == [Decimal(value) for value in values]
    assert len({(figure.kind, figure.unit) for figure in figures}) == 1


@pytest.mark.parametrize(
    ("text", "language", "low", "high"),
    [
        ("The town lost above 1000 and below 1500 homes.", "en", "1000", "1500"),
        ("The range is 1000-5000.", "en", "1000", "5000"),
        ("Hay más de 10 y menos de 20 casas.", "es", "10", "20"),
        ("It lies between negative ten and fifteen.", "en", "-10", "15"),
    ],
)
def test_two_bounds_are_one_range(text: str, language: str, low: str, high: str) -> None:
    figures = read_figures(text, language=language)

    assert [(figure.value, figure.value_high) for figure in figures] == [(Decimal(low), Decimal(high))]
