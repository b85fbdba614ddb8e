"""What a number counts: persons only where the text counts persons, its noun, or nothing known; and names."""

import pytest

from ingest.core.model import Figure
from ingest.figures import read_figures

Row = tuple[str, str, str | None]  # text, kind, unit

PERSONS: list[tuple[str, str, list[Row]]] = [
    ("pt", "Outros 15 ficaram feridos.", [("15", "count", "pessoa")]),
    ("pt", "Uma mãe de quatro foi resgatada.", [("quatro", "count", "pessoa")]),
    ("fr", "Quinze autres ont été blessés.", [("Quinze", "count", "personne")]),
    ("fr", "Au moins 200 ont été tués.", [("200", "count", "personne")]),
    ("fr", "Le bilan est passé à 21.", [("21", "count", "personne")]),
    ("en", "At least 200 have been killed since May.", [("200", "count", "person")]),
    ("en", "About 250 were taken hostage.", [("250", "count", "person")]),
    ("en", "Another 40 were wounded at the pier.", [("40", "count", "person")]),
    ("en", "The ministry said 180 who had fled came home.", [("180", "count", "person")]),
    ("en", "The death toll rose to 21, rescuers said.", [("21", "count", "person")]),
    ("en", "Attendance: 31,540.", [("31,540", "count", "person")]),
    ("en", "They played in front of 15,522.", [("15,522", "count", "person")]),
    ("en", "The yard hired 500 in April.", [("500", "count", "person")]),
    ("en", "A landslide killed at least 12.", [("12", "count", "person")]),
    ("en", "A mother of four was rescued.", [("four", "count", "person")]),
    ("en", "Only 12 of the 30 survived.", [("12", "count", "person"), ("30", "count", "person")]),
    ("en", "Officials put the dead at 45.", [("45", "count", "person")]),
    (
        "en",
        "Of 140 drones, of which 120 were shot down, none fell.",
        [("140", "count", "drone"), ("120", "count", "drone")],
    ),
    ("es", "Solo 12 de los 30 sobrevivieron.", [("12", "count", "persona"), ("30", "count", "persona")]),
    ("es", "Rescataron a 45 de los escombros.", [("45", "count", "persona")]),
    ("es", "Detuvieron a 14 de los manifestantes.", [("14", "count", "manifestante")]),
    ("es", "Condenó a 12 en el juicio.", [("12", "count", "persona")]),
    ("en", "A crowd of up to 9,000 came.", [("9,000", "count", "person")]),
    ("en", "The wave left 30 homeless.", [("30", "count", "person")]),
    ("en", "Six miners died and 14 are still missing.", [("Six", "count", "miner"), ("14", "count", "miner")]),
    ("en", "Of 64 sailors aboard, 58 were rescued.", [("64", "count", "sailor"), ("58", "count", "sailor")]),
    ("en", "Storms hit two cities; 90 drowned.", [("two", "count", "city"), ("90", "count", "person")]),
    ("es", "Murieron 12 en el incendio.", [("12", "count", "persona")]),
    ("es", "Otros 15 resultaron heridos.", [("15", "count", "persona")]),
    ("es", "El alud mató al menos a 8.", [("8", "count", "persona")]),
    ("es", "Fueron detenidos 30 en el puerto.", [("30", "count", "persona")]),
    ("es", "Al cierre, 22 fueron evacuados.", [("22", "count", "persona")]),
    ("es", "Cerca de 40 siguen desaparecidos.", [("40", "count", "persona")]),
    ("es", "Una familia de cinco perdió la casa.", [("cinco", "count", "persona")]),
    ("es", "Una madre de tres fue rescatada.", [("tres", "count", "persona")]),
    (
        "es",
        "Murieron once mineros y otros 24 siguen atrapados.",
        [("once", "count", "minero"), ("24", "count", "minero")],
    ),
    ("es", "Revisaron dos barrios y 9 fueron arrestados.", [("dos", "count", "barrio"), ("9", "count", "persona")]),
]

UNKNOWN: list[tuple[str, str, list[Row]]] = [
    ("pt", "O total caiu para 653.", [("653", "count", None)]),
    ("pt", "O Ibovespa fechou em 128.500.", [("128.500", "measurement", "point")]),
    ("fr", "Le total est tombé à 653.", [("653", "count", None)]),
    ("fr", "Le CAC a clôturé à 7.500.", [("7.500", "measurement", "point")]),
    ("en", "The total fell to 653.", [("653", "count", None)]),
    ("en", "Sales rose 2% to 1.2 million.", [("2%", "percent", "percent"), ("1.2 million", "count", None)]),
    ("en", "The code is 4417.", [("4417", "count", None)]),
    ("en", "Output rose to 2,800 (the plan was 2,500).", [("2,800", "count", None), ("2,500", "count", None)]),
    ("en", "It scored roughly 88.", [("88", "count", None)]),
    ("en", "The pier has eight quay cranes.", [("eight", "count", "crane")]),
    ("en", "It has 3 schools. The rate was 49.", [("3", "count", "school"), ("49", "count", None)]),
    ("en", "It has 3 schools. Two were shut.", [("3", "count", "school"), ("Two", "count", "school")]),
    ("en", "It has 3 schools. A further 12 will open.", [("3", "count", "school"), ("12", "count", "school")]),
    ("en", "They filled 40 ships against 31 last year.", [("40", "count", "ship"), ("31", "count", "ship")]),
    (
        "en",
        "There were 12 goals in 3 games; he had two.",
        [("12", "count", "goal"), ("3", "count", "game"), ("two", "count", None)],
    ),
    ("en", "The tally stands at 45.", [("45", "count", None)]),
    ("en", "About 2000 homes burned in about 2010.", [("2000", "count", "home")]),
    ("en", "It cut taxes from $11bn to $5bn up to 2027.", [("$11bn", "money", "USD"), ("$5bn", "money", "USD")]),
    ("en", "The phone holds a 4500 mAh cell.", [("4500 mAh", "measurement", "milliampere_hour")]),
    ("en", "The Dow closed at 13,176.", [("13,176", "measurement", "point")]),
    ("en", "The Nasdaq hit 9,020 at noon.", [("9,020", "measurement", "point")]),
    ("en", "Traders saw the Dow at 13,176 again.", [("13,176", "measurement", "point")]),
    ("es", "El total bajó a 653.", [("653", "count", None)]),
    ("es", "La cifra llegó a 3 millones.", [("3 millones", "count", None)]),
    ("es", "El Ibex cerró en 13.176.", [("13.176", "measurement", "point")]),
    ("es", "El Merval subió hasta los 98.200.", [("98.200", "measurement", "point")]),
    (
        "es",
        "De 8 minas con 72 pozos, de los cuales 32 dan agua, 9 cerraron.",
        [("8", "count", "mina"), ("72", "count", "pozo"), ("32", "count", "pozo"), ("9", "count", "pozo")],
    ),
    ("es", "Abrió 87 salas, de las cuales 23 nunca cerraron.", [("87", "count", "sala"), ("23", "count", "sala")]),
    ("es", "Creó 600 empleos directos y 1.500 indirectos.", [("600", "count", "empleo"), ("1.500", "count", "empleo")]),
    ("es", "Hasta 2000 casas ardieron.", [("2000", "count", "casa")]),
    ("es", "Las acciones cotizaron a 12,50.", []),
    ("en", "The 08.15 was late, and he scored 7.5 there.", []),
    ("en", "Deaths rose by 12 to 450.", [("12", "count", "death"), ("450", "count", "death")]),
    ("es", "Ganó con 2 de Messi.", [("2", "count", None)]),
    ("es", "El Merval ganó 120 unidades.", [("120 unidades", "measurement", "point")]),
    ("es", "Vendió 900 unidades.", [("900", "count", "unidad")]),
    ("es", "El teléfono trae 4500 mAh.", [("4500 mAh", "measurement", "milliampere_hour")]),
    ("es", "Hay 3 escuelas. La tasa fue de 49.", [("3", "count", "escuela"), ("49", "count", None)]),
    ("es", "Abrieron 12 sedes y otras 5 abrirán.", [("12", "count", "sede"), ("5", "count", "sede")]),
    ("es", "Reportan 25 casos, 4 de ellos graves.", [("25", "count", "caso"), ("4", "count", "caso")]),
]

AGES: list[tuple[str, str, list[Row]]] = [
    ("pt", "Ela tinha 15 quando saiu.", [("15", "age", "year")]),
    ("en", "She was 15 when she left.", [("15", "age", "year")]),
    ("en", "She was 15.", [("15", "age", "year")]),
    ("en", "He is just 22 and lives in Lima.", [("22", "age", "year")]),
    ("en", "She's 31 now.", [("31", "age", "year")]),
    ("en", "Ana Ruiz was 61.", [("61", "age", "year")]),
    ("en", "The victim was 15 and lived nearby.", [("15", "age", "year")]),
    ("en", "The girls were 11 and shy.", [("11", "age", "year")]),
    ("en", "Some were as young as 14.", [("14", "age", "year")]),
    ("en", "Life expectancy was 49.", [("49", "age", "year")]),
    ("en", "The team was 15 points ahead.", [("15 points", "measurement", "point")]),
    ("en", "It is for children 12 and older.", [("12", "age", "year")]),
    ("en", "Now 24, she runs.", [("24", "age", "year")]),
    ("en", "At 61, she still runs.", [("61", "age", "year")]),
    ("es", "Murió a los 82.", [("82", "age", "year")]),
    ("es", "A sus 61, sigue activa.", [("61", "age", "year")]),
    ("en", "Two men, 25 and 31, fled.", [("Two", "count", "man"), ("25", "age", "year"), ("31", "age", "year")]),
    ("en", "He was 40 minutes late.", [("40 minutes", "duration", "minute")]),
    ("es", "Su hija cumplió 15 y se fue.", [("15", "age", "year")]),
    ("es", "Tenía 15 cuando se fue.", [("15", "age", "year")]),
    ("es", "Ella tenía 15.", [("15", "age", "year")]),
    ("es", "La esperanza de vida es de 75 años.", [("75 años", "age", "year")]),
    ("es", "El puerto tiene 15 grúas.", [("15", "count", "grúa")]),
]

NAMES: list[tuple[str, str, list[Row]]] = [
    ("pt", "O Audi R8 foi roubado.", []),
    ("fr", "Une Audi R8 a été volée.", []),
    ("en", "The rapper 50 Cent sold the house.", []),
    ("en", "It costs 50 cents.", [("50 cents", "money", "USD")]),
    ("en", "The Audi R8 and the RS7 were stolen.", []),
    ("en", "The RS7 costs more than an R8 did.", []),
    ("en", "They ordered 400 737 Max jets.", [("400", "count", "jet")]),
    ("en", "They bought 30 Airbus A320 aircraft.", [("30", "count", "aircraft")]),
    ("en", "They made 2 million N95 masks.", [("2 million", "count", "mask")]),
    ("en", "They flew 12 787 Dreamliners.", [("12", "count", "dreamliner")]),
    ("en", "Pick 1) rice, 2) beans or 3) corn.", []),
    ("en", "9 North Dakota", []),
    ("en", "It rates 4.4 out of 5.", []),
    ("en", "It shows 1920 x 1080.", []),
    ("en", "It opened in 1475, before the war.", []),
    ("en", "In steps 1 to 3, wait.", []),
    ("es", "Sacó un 7,5 sobre 10.", []),
    ("en", "A 27-nation bloc met.", [("27", "count", "nation")]),
    ("en", "An 11-game streak ended.", [("11", "count", "game")]),
    ("en", "A two-nation league met.", []),
    ("en", "The Aspire Go 15 model is slow.", []),
    ("en", "Sizes run 4, 8, 15.", []),
    ("en", "It shut from 2019 until at least 2021.", []),
    ("en", "He went 12 for 15 from the line.", []),
    ("en", "She finished 3 under par.", []),
    ("en", "They won 98 to 91.", []),
    ("en", "She had 32 points and 7 rebounds.", [("32 points", "measurement", "point"), ("7", "count", "rebound")]),
    ("es", "El rapero 50 Cent vendió la casa.", []),
    ("es", "El Audi R8 y el RS7 fueron robados.", []),
    ("es", "Vive en Calle Mayor, 15, Madrid.", []),
    ("es", "Elija 1) arroz, 2) frijoles o 3) maíz.", []),
    ("es", "Ganaron por 12 puntos.", [("12 puntos", "measurement", "point")]),
]

STEPS: list[tuple[str, str, list[Row]]] = [
    ("en", "Shares fell $28.63 to $38.65.", [("$28.63", "money", "USD"), ("$38.65", "money", "USD")]),
    ("en", "Shares rose $1 to $5.", [("$1", "money", "USD"), ("$5", "money", "USD")]),
    ("en", "They charge $5 to $7 a day.", [("$5 to $7", "money", "USD")]),
    ("en", "Prices rose 5 to 10 percent.", [("5 to 10 percent", "percent", "percent")]),
    ("en", "Trains were delayed by 12 hours.", [("12 hours", "duration", "hour")]),
    ("en", "The curfew was extended by 24 hours.", [("24 hours", "duration", "hour")]),
    ("en", "The vote was put off by three weeks.", [("three weeks", "duration", "week")]),
    ("en", "They sold 12- and 16-inch screens.", [("12", "measurement", "inch"), ("16-inch", "measurement", "inch")]),
    ("en", "They named 10- and 12-member panels.", [("10", "count", "member"), ("12", "count", "member")]),
    ("en", "They are 3x more likely.", [("3x", "ratio", "times")]),
    ("en", "It has four times as many cars.", [("four times", "ratio", "times")]),
    ("en", "It rose three-fold.", [("three-fold", "ratio", "times")]),
    ("en", "Cases saw a tenfold increase.", [("tenfold", "ratio", "times")]),
    ("en", "It grew 3.5-fold in a year.", [("3.5-fold", "ratio", "times")]),
    ("en", "Output multiplied by four.", [("four", "ratio", "times")]),
    ("en", "It fell by a factor of 10.", [("10", "ratio", "times")]),
    ("en", "They met four times.", [("four", "count", "time")]),
    ("es", "El vuelo se demoró en 12 horas.", [("12 horas", "duration", "hour")]),
    ("es", "Los casos se multiplicaron por cuatro.", [("cuatro", "ratio", "times")]),
    ("es", "Es cuatro veces más caro.", [("cuatro veces", "ratio", "times")]),
    ("es", "Abre a las 12 horas.", []),
    ("es", "A la media hora llovió.", [("media hora", "duration", "hour")]),
]


def read_rows(text: str, language: str) -> list[Row]:
    return [(figure.text, figure.kind, figure.unit) for figure in read_figures(text, language=language)]


@pytest.mark.parametrize(("language", "text", "expected"), PERSONS)
def test_a_number_without_a_noun_counts_persons_where_the_text_does(
    language: str, text: str, expected: list[Row]
) -> None:
    assert read_rows(text, language) == expected


@pytest.mark.parametrize(("language", "text", "expected"), UNKNOWN)
def test_a_number_whose_noun_is_not_certain_has_the_unit_that_is_known_or_none(
    language: str, text: str, expected: list[Row]
) -> None:
    assert read_rows(text, language) == expected


@pytest.mark.parametrize(("language", "text", "expected"), AGES)
def test_a_bare_number_is_an_age_where_it_is_said_of_a_person(language: str, text: str, expected: list[Row]) -> None:
    assert read_rows(text, language) == expected


@pytest.mark.parametrize(("language", "text", "expected"), NAMES)
def test_a_number_of_a_name_a_list_or_a_score_counts_nothing(language: str, text: str, expected: list[Row]) -> None:
    assert read_rows(text, language) == expected


@pytest.mark.parametrize(("language", "text", "expected"), STEPS)
def test_changes_durations_and_multiples_are_read_as_they_are_written(
    language: str, text: str, expected: list[Row]
) -> None:
    assert read_rows(text, language) == expected


@pytest.mark.parametrize(
    ("country", "text", "expected"),
    [
        ("ZA", "It costs R8 a loaf.", ["R8"]),
        ("ZA", "He drove an Audi R8.", []),
        ("US", "The deal is worth R11bn.", ["R11bn"]),
        ("US", "It costs R1,250.", ["R1,250"]),
        ("GT", "It costs Q75.", ["Q75"]),
    ],
)
def test_letters_and_few_digits_are_money_only_at_home(country: str, text: str, expected: list[str]) -> None:
    assert [figure.text for figure in read_figures(text, language="en", country=country)] == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "The storm hit 12 people.", "person"),
        ("es", "Afectó a 12 personas.", "person"),
        ("es", "Hubo 12 muertos.", "person"),
        ("es", "Contaron 4.500 votos.", "vote"),
        ("es", "Ardieron 12 casas.", "house"),
        ("es", "Ardieron 12 viviendas.", "house"),
        ("en", "They lost 12 homes.", "house"),
        ("es", "Llegaron 9 camiones.", "truck"),
        ("es", "Vendieron 9 carretas.", None),
        ("en", "They sold 9 carts.", "cart"),
        ("es", "Esperó 30 minutos.", "minute"),
        ("es", "Costó 30 euros.", "EUR"),
        ("es", "Subió 3%.", "percent"),
        ("es", "Es tres veces mayor.", "times"),
        ("es", "El total bajó a 653.", None),
        ("fr", "Il paie 40 €.", "EUR"),
        ("pt", "Morreram 12 pessoas.", "person"),
        ("fr", "Il a vu 12 personnes.", "person"),
        ("pt", "Contaram 4.500 votos.", "vote"),
        ("fr", "Il y avait 4 500 voix.", "vote"),
    ],
)
def test_a_unit_has_its_english_name_beside_the_word_of_the_text(
    language: str, text: str, expected: str | None
) -> None:
    assert [only(text, language).canonical_unit] == [expected]


def only(text: str, language: str) -> Figure:
    (figure,) = read_figures(text, language=language)
    return figure
