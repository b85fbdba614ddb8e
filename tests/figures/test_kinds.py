"""Which kind, unit, qualifier and subject a figure has: one row a figure, written out."""

import pytest

from ingest.figures import read_figures

Row = tuple[str, str, str | None, str, str | None]  # text, kind, unit, qualifier, subject

ENGLISH: list[tuple[str, Row]] = [
    ("They pledged $300 million.", ("$300 million", "money", "USD", "exact", None)),
    ("They got $109 million in funding.", ("$109 million", "money", "USD", "exact", "funding")),
    ("They sold $4 million worth of grain.", ("$4 million", "money", "USD", "exact", "grain")),
    ("They spent $5 million in Lima.", ("$5 million", "money", "USD", "exact", None)),
    ("They signed a $50 million contract.", ("$50 million", "money", "USD", "exact", "contract")),
    ("It cost 64 cents.", ("64 cents", "money", "USD", "exact", None)),
    ("It cost €1.5bn.", ("€1.5bn", "money", "EUR", "exact", None)),
    ("It cost C$40.", ("C$40", "money", "CAD", "exact", None)),
    ("It cost Rs 24 lakh.", ("Rs 24 lakh", "money", "INR", "exact", None)),
    ("It cost 20 Canadian dollars.", ("20 Canadian dollars", "money", "CAD", "exact", None)),
    ("It cost three million pounds.", ("three million pounds", "money", "GBP", "exact", None)),
    ("The crate weighs 40 pounds.", ("40 pounds", "measurement", "pound", "exact", None)),
    ("It rose 5.5%.", ("5.5%", "percent", "percent", "exact", None)),
    ("Nearly 12% of voters left.", ("12%", "percent", "percent", "approximate", "voters")),
    ("It rose two percentage points.", ("two percentage points", "percent", "percentage_point", "exact", None)),
    ("It rose 25 basis points.", ("25 basis points", "percent", "basis_point", "exact", None)),
    ("Over 360,000 people fled.", ("360,000", "count", "person", "more_than", "people")),
    ("Close to 5 million people fled.", ("5 million", "count", "person", "approximate", "people")),
    ("They met 1,000 Kenyan officers.", ("1,000", "count", "officer", "exact", "Kenyan officers")),
    ("At least 11 dead were found.", ("11", "count", "person", "at_least", "dead")),
    ("They filed 40 or more claims.", ("40", "count", "claim", "at_least", "claims")),
    ("Up to 30 ships sank.", ("30", "count", "ship", "at_most", "ships")),
    ("Fewer than 30 ships sank.", ("30", "count", "ship", "less_than", "ships")),
    ("Only 30 ships sank.", ("30", "count", "ship", "exact", "ships")),
    ("They named a 12-member panel.", ("12", "count", "member", "exact", "panel")),
    ("The 650-strong staff left.", ("650", "count", "staff", "exact", "staff")),
    ("The cases across the land fell to 653.", ("653", "count", "case", "exact", "cases")),
    ("It took two weeks.", ("two weeks", "duration", "week", "exact", None)),
    ("He got an 18-month sentence.", ("18-month", "duration", "month", "exact", "sentence")),
    ("It took two hours and 30 minutes.", ("two hours and 30 minutes", "duration", "minute", "exact", None)),
    ("A 45-year-old man fell.", ("45-year-old", "age", "year", "exact", "man")),
    ("Ana Ruiz, 61, fell.", ("61", "age", "year", "exact", "Ana Ruiz")),
    ("A 912-year-old man fell.", ("912-year-old", "age", "year", "exact", "man")),
    ("The rate was 0.57.", ("0.57", "ratio", None, "exact", None)),
    ("The modem ran at 9600 bps.", ("9600 bps", "measurement", "bit_per_second", "exact", None)),
    ("It was 20 C.", ("20 C", "measurement", "degree_celsius", "exact", None)),
    ("They are aged 40-45.", ("40-45", "age", "year", "exact", None)),
    ("It cost 12 mln dlrs.", ("12 mln dlrs", "money", "USD", "exact", None)),
    ("It is 1.5 times the old one.", ("1.5 times", "ratio", "times", "exact", None)),
    ("He paid 200 pounds.", ("200 pounds", "money", "GBP", "exact", None)),
    ("She is 5ft 10in tall.", ("5ft 10in", "measurement", "foot", "exact", None)),
    ("It is 1.6 km away.", ("1.6 km", "measurement", "kilometre", "exact", None)),
    ("It ran at 60 miles per hour.", ("60 miles per hour", "measurement", "mile_per_hour", "exact", None)),
    ("It reached 40 degrees Celsius.", ("40 degrees Celsius", "measurement", "degree_celsius", "exact", None)),
    ("They built a 10-mile wall.", ("10-mile", "measurement", "mile", "exact", "wall")),
    ("It is nine times higher.", ("nine times", "ratio", "times", "exact", None)),
    ("They met three times.", ("three", "count", "time", "exact", "times")),
    ("A magnitude 7.2 quake struck.", ("7.2", "measurement", "magnitude", "exact", "quake")),
    ("It reached 43C.", ("43C", "measurement", "degree_celsius", "exact", None)),
    ("It costs 10p.", ("10p", "money", "GBP", "exact", None)),
    ("It costs 15 dollars 50.", ("15 dollars 50", "money", "USD", "exact", None)),
    ("A three-day-old calf fell.", ("three-day-old", "age", "day", "exact", "calf")),
    ("They sell three paid plans.", ("three", "count", "plan", "exact", "paid plans")),
    ("They dented a 30m vessel.", ("30m", "measurement", "metre", "exact", "vessel")),
    ("They sold 30m shares.", ("30m", "count", "share", "exact", "shares")),
    ("They sell three pay-as-you-go plans.", ("three", "count", "plan", "exact", "pay-as-you-go plans")),
    ("They asked 50+ experts.", ("50", "count", "expert", "at_least", "experts")),
    ("They lost five of the best boats.", ("five", "count", "boat", "exact", "best boats")),
    ("About 1,000 Troops' tents burned.", ("1,000", "count", "troop", "approximate", "Troops")),
    ("Roughly 1 in 3 ships sank.", ("1 in 3", "ratio", None, "approximate", "ships")),
    ("They paid within 28 days of receiving them.", ("28 days", "duration", "day", "exact", None)),
    ("It lies 40 km south of Lima.", ("40 km", "measurement", "kilometre", "exact", None)),
    ("About half of the ships sank.", ("half", "ratio", None, "approximate", "ships")),
]

SPANISH: list[tuple[str, Row]] = [
    ("Costó 1.000 millones de euros.", ("1.000 millones de euros", "money", "EUR", "exact", None)),
    ("Costó unos 20.000 dólares.", ("20.000 dólares", "money", "USD", "approximate", None)),
    ("Costó 500 mdp.", ("500 mdp", "money", "MXN", "exact", None)),
    ("Costó 30 mdd.", ("30 mdd", "money", "USD", "exact", None)),
    ("Costó Q179 millones.", ("Q179 millones", "money", "GTQ", "exact", None)),
    ("Costó S/ 130.", ("S/ 130", "money", "PEN", "exact", None)),
    ("Costó S/. 2.50.", ("S/. 2.50", "money", "PEN", "exact", None)),
    ("Costó u$s 15.", ("u$s 15", "money", "USD", "exact", None)),
    ("Costó 1,5 M de euros.", ("1,5 M de euros", "money", "EUR", "exact", None)),
    ("Costó US$1.200 M.", ("US$1.200 M", "money", "USD", "exact", None)),
    ("Costó 45 M€.", ("45 M€", "money", "EUR", "exact", None)),
    ("Ana Ruiz (35 años) cayó.", ("35 años", "age", "year", "exact", "Ana Ruiz")),
    ("Costó R$ 15.", ("R$ 15", "money", "BRL", "exact", None)),
    ("Costó L300.", ("L300", "money", "HNL", "exact", None)),
    ("Costó $40.", ("$40", "money", "USD", "exact", None)),
    ("Subió 5,5 por ciento.", ("5,5 por ciento", "percent", "percent", "exact", None)),
    ("Subió 0,7 puntos porcentuales.", ("0,7 puntos porcentuales", "percent", "percentage_point", "exact", None)),
    ("Cerca del 20% de los votantes fue.", ("20%", "percent", "percent", "approximate", "votantes")),
    ("Murieron más de 300 personas.", ("300", "count", "persona", "more_than", "personas")),
    ("Hubo al menos 12 muertos.", ("12", "count", "persona", "at_least", "muertos")),
    ("Llegaron nueve camiones.", ("nueve", "count", "camión", "exact", "camiones")),
    ("Llegaron tres millones de nuevas líneas.", ("tres millones", "count", "línea", "exact", "nuevas líneas")),
    ("Llegó una veintena de franceses.", ("una veintena", "count", "francés", "approximate", "franceses")),
    ("Esperó hasta 30 minutos.", ("30 minutos", "duration", "minute", "at_most", None)),
    ("Cayó hasta los 285 euros.", ("285 euros", "money", "EUR", "exact", None)),
    ("Un joven de 17 años cayó.", ("17 años", "age", "year", "exact", "joven")),
    ("Pedro Gómez, de 45 años, cayó.", ("45 años", "age", "year", "exact", "Pedro Gómez")),
    ("Fue condenado a cuatro años de prisión.", ("cuatro años", "duration", "year", "exact", "prisión")),
    ("Mide 14.500 metros cuadrados.", ("14.500 metros cuadrados", "measurement", "square_metre", "exact", None)),
    ("El sismo de magnitud 6,2 cesó.", ("6,2", "measurement", "magnitude", "exact", None)),
    ("El jugador de 23 años cayó.", ("23 años", "age", "year", "exact", "jugador")),
    ("Su hija de 9 meses cayó.", ("9 meses", "age", "month", "exact", "hija")),
    ("Uno de cada cinco mexicanos vota.", ("Uno de cada cinco", "ratio", None, "exact", "mexicanos")),
    ("Está a 18 metros de las casas.", ("18 metros", "measurement", "metre", "exact", None)),
    ("Ganaron 2-1 con 30 tiros.", ("30", "count", "tiro", "exact", "tiros")),
    ("Es tres veces mayor.", ("tres veces", "ratio", "times", "exact", None)),
]


def rows(text: str, language: str) -> list[Row]:
    figures = read_figures(text, language=language)
    return [(figure.text, figure.kind, figure.unit, figure.qualifier, figure.subject) for figure in figures]


@pytest.mark.parametrize(("text", "row"), ENGLISH)
def test_an_english_figure_says_kind_unit_qualifier_and_subject(text: str, row: Row) -> None:
    assert rows(text, "en") == [row]


@pytest.mark.parametrize(("text", "row"), SPANISH)
def test_a_spanish_figure_says_kind_unit_qualifier_and_subject(text: str, row: Row) -> None:
    assert rows(text, "es") == [row]


@pytest.mark.parametrize(
    ("country", "currency"), [("MX", "MXN"), ("AR", "ARS"), ("CL", "CLP"), ("CO", "COP"), ("DO", "DOP")]
)
def test_bare_pesos_are_those_of_the_country(country: str, currency: str) -> None:
    figures = read_figures("Cuesta 90 pesos.", language="es", country=country)

    assert [figure.unit for figure in figures] == [currency]


def test_a_bare_dollar_sign_is_local_where_the_text_speaks_of_pesos() -> None:
    figures = read_figures("Cuesta $90, y ayer 80 pesos.", language="es", country="MX")

    assert [figure.unit for figure in figures] == ["MXN", "MXN"]


def test_two_ages_are_two_figures() -> None:
    english = read_figures("They held two men, aged 23 and 31.", language="en")
    spanish = read_figures("Tiene dos hijos, de 8 y 10 años.", language="es")

    assert [(figure.text, figure.kind) for figure in english] == [("two", "count"), ("23", "age"), ("31", "age")]
    assert [(figure.text, figure.kind) for figure in spanish] == [("dos", "count"), ("8", "age"), ("10 años", "age")]


@pytest.mark.parametrize(("country", "rows"), [("HN", [("L 300", "HNL")]), ("MX", [])])
def test_a_letter_before_a_space_is_money_at_home_alone(country: str, rows: list[tuple[str, str]]) -> None:
    figures = read_figures("El boleto cuesta L 300.", language="es", country=country)

    assert [(figure.text, figure.unit) for figure in figures] == rows


def test_an_elliptical_count_takes_the_noun_before_it() -> None:
    figures = read_figures("Police found 12 boats. Another 30 had sunk.", language="en")

    assert [(int(figure.value), figure.unit) for figure in figures] == [(12, "boat"), (30, "boat")]


@pytest.mark.parametrize(
    ("text", "flags"),
    [
        ("It was -300 degrees Celsius.", ("improbable_temperature",)),
        ("A magnitude 11 quake struck.", ("improbable_magnitude",)),
        ("A 912-year-old man fell.", ("improbable_age",)),
        ("It rose 4,000%.", ("improbable_percent",)),
        ("It rose 1,245 basis points.", ()),
        ("It cost -$5 million.", ("negative_money",)),
        ("Some 20 billion people fled.", ("improbable_count",)),
        ("A 150-year-old man fell.", ("improbable_age",)),
        ("It rose 40%.", ()),
    ],
)
def test_the_improbable_is_flagged_and_kept(text: str, flags: tuple[str, ...]) -> None:
    assert [figure.flags for figure in read_figures(text, language="en")] == [flags]


@pytest.mark.parametrize(
    ("text", "language", "rule"),
    [
        ("About 12% of voters stayed away.", "en", "subject.of"),
        ("They signed a $50 million contract.", "en", "subject.qualified"),
        ("One in five adults skipped a meal.", "en", "subject.counted"),
        ("Ana Ruiz, 61, was there.", "en", "subject.person"),
        ("Pidió 600 millones de dólares en ayuda.", "es", "subject.of"),
    ],
)
def test_the_rule_that_chose_a_subject_is_named(text: str, language: str, rule: str) -> None:
    figures = read_figures(text, language=language)

    assert [figure.subject is not None for figure in figures] == [True]
    assert rule in figures[0].rules


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("It brought 25mm of rain.", "en", ("25mm", "25", "measurement", "millimetre")),
        ("It raised $25mm.", "en", ("$25mm", "25000000", "money", "USD")),
        ("It is 12 ft 2 in long.", "en", ("12 ft 2 in", "12.1667", "measurement", "foot")),
        ("It lost 5 L of milk.", "en", ("5 L", "5", "measurement", "litre")),
        ("It weighs 20 kgs.", "en", ("20 kgs", "20", "measurement", "kilogram")),
        ("They paid 30 dinars.", "en", ("30 dinars", "30", "money", "JOD")),
        ("It is twenty and four hours away.", "en", ("twenty and four hours", "24", "duration", "hour")),
        ("It lent a quarter million dollars.", "en", ("a quarter million dollars", "250000", "money", "USD")),
        ("A crowd of 300 came.", "en", ("300", "300", "count", "person")),
        ("Costó 15 dólares con 50.", "es", ("15 dólares con 50", "15.5", "money", "USD")),
        ("El alza fue del 12 por 100.", "es", ("12 por 100", "12", "percent", "percent")),
    ],
)
def test_a_unit_is_read_as_newsrooms_write_it(text: str, language: str, expected: tuple[str, ...]) -> None:
    figures = read_figures(text, language=language)

    assert [(one.text, f"{round(one.value, 4).normalize():f}", one.kind, one.unit) for one in figures] == [expected]
