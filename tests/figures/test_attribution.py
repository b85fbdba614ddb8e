"""Who a sentence names as the source of its figures."""

import pytest

from ingest.figures import read_figures


@pytest.mark.parametrize(
    ("text", "language", "source"),
    [
        ("The envoy approved $109 million in funding, according to the Harbour Herald.", "en", "Harbour Herald"),
        ("Gangs forced over 360,000 people to flee, Coast News reports.", "en", "Coast News"),
        ("Ana Ruiz, head of the mission, warned that 40 boats sank.", "en", "Ana Ruiz"),
        ("The doctors said that 40 boats sank.", "en", "doctors"),
        ("Reuters reported that 40 boats sank.", "en", "Reuters"),
        ("“We lost 40 boats,” said Ana Ruiz.", "en", "Ana Ruiz"),
        ("A 2014 study published in the Journal of Snow found that 40 boats sank.", "en", "2014 study"),
        (
            "The report by the Office for Roads (OFR) - asked by a court - found 40 boats.",
            "en",
            "report by the Office for Roads",
        ),
        ("Court documents showed that 40 boats sank.", "en", "Court documents"),
        ("Another study in 38 people found nothing.", "en", "study"),
        ("Ana Ruiz, head of the mission, which owns 40 boats, said so.", "en", "Ana Ruiz"),
        ("Ana Ruiz warned that 40 boats sank, Coast News noted.", "en", "Coast News"),
        (
            "Ana Ruiz warned that 40 boats sank in the bay behind the old port, the Coast News noted.",
            "en",
            "Coast News",
        ),
        ("At least 40 boats sank in the bay, traders said.", "en", "traders"),
        ("Of the 40 pilots who reported sick some were at sea, according to port records.", "en", "port records"),
        ("40 pilots who said so were at sea, according to port records.", "en", "port records"),
        (
            "It cost $40 million, according to projections from the independent Budget Office.",
            "en",
            "projections from the independent Budget Office",
        ),
        ("Governor Ana Ruiz wrote the Senate seeking $40 million.", "en", None),
        ("El Merval, por su parte, avanzó 1,4%.", "es", None),
        ("El ministro avanzó que la obra costará 40 millones.", "es", "ministro"),
        (
            "Bajó a 40, según los datos publicados este jueves por el Ministerio de Salud.",
            "es",
            "datos publicados este jueves por el Ministerio de Salud",
        ),
        ("Subió 40%, según el indicador adelantado del INE.", "es", "indicador adelantado del INE"),
        (
            "El molino Luz, único que opera en Soria, ha vendido 40 sacos, explicó a Farola Ana Ruiz, jefa de ventas.",
            "es",
            "Ana Ruiz",
        ),
        (
            "El portero Luis Gil, ausente ayer, firmó por siete años, dijo a Farola su agente, Ana Ruiz.",
            "es",
            "agente, Ana Ruiz",
        ),
        (
            "O subsídio nacional sobe para 400 euros em Março, como se pedia, confirmou a ministra da Saúde.",
            "pt",
            "ministra da Saúde",
        ),
        ("As receitas cresceram 9% até Maio, revelou o Ministério da Saúde.", "pt", "Ministério da Saúde"),
        ("O choque causou 40 feridos, disse à Farol fonte da GNR.", "pt", "fonte da GNR"),
        ("“We will rebuild,” said Ana Ruiz, who owns 40 boats.", "en", None),
        ("“Vamos a reconstruir”, dijo Ana Ruiz, quien tiene 40 barcos.", "es", None),
        ("He said that 40 boats sank.", "en", None),
        ("A deal announced Wednesday by Ana Ruiz covers 40 boats.", "en", None),
        ("40 boats sank.", "en", None),
        ("Según la denuncia, 40 barcos cayeron.", "es", "denuncia"),
        ("Cayeron 40 barcos, según informó la Policía Nacional.", "es", "Policía Nacional"),
        ("De acuerdo con el Ministerio de Salud, cayeron 40 barcos.", "es", "Ministerio de Salud"),
        ("El Ministerio de Salud informó este lunes que 40 barcos cayeron.", "es", "Ministerio de Salud"),
        ("“Perdimos 40 barcos”, aseguró el alcalde Juan Soto.", "es", "alcalde Juan Soto"),
        ("Cayeron 40 barcos, informó este lunes el Ministerio de Salud.", "es", "Ministerio de Salud"),
        ("Así consta en los documentos, según los cuales cayeron 40 barcos.", "es", "documentos"),
        ("“Cayeron 40 barcos”, dijo a Reuters el secretario Luis Paz.", "es", "secretario Luis Paz"),
        ("El lunes, Asaja marchó en Toledo y considera que cayeron 40 barcos.", "es", "Asaja"),
        ("Dijo que cayeron 40 barcos.", "es", None),
    ],
)
def test_a_figure_is_attributed_within_its_sentence(text: str, language: str, source: str | None) -> None:
    figures = read_figures(text, language=language)

    assert [figure.attributed_to for figure in figures] == [source]


def test_a_source_of_another_sentence_is_not_taken() -> None:
    figures = read_figures("The Herald said 40 boats sank. The mayor lost 12 carts.", language="en")

    assert [(int(figure.value), figure.attributed_to) for figure in figures] == [(40, "Herald"), (12, None)]
