"""Which outlet passed on what somebody else said: both are kept, and `attributed_to` stays as it is without it."""

import pytest

from ingest.figures import read_figures

Expected = tuple[str | None, str | None, str | None]


@pytest.mark.parametrize(
    ("language", "text", "expected"),  # attributed_to, originator, relayed_by
    [
        # an outlet closes what another said
        (
            "en",
            "Ana Ruiz, head of Farola, warned that 40 boats sank, Reuters noted.",
            ("Reuters", "Ana Ruiz", "Reuters"),
        ),
        (
            "en",
            "The ministry said 40 boats sank, the Coast Herald reported on Monday.",
            ("ministry", "ministry", "Coast Herald"),
        ),
        ("en", "Some 40 boats sank, the ministry said, according to Reuters.", ("ministry", "ministry", "Reuters")),
        (
            "es",
            "La alcaldesa advirtió que se hundieron 40 barcos, informó Reuters.",
            ("Reuters", "alcaldesa", "Reuters"),
        ),
        ("pt", "O ministro afirmou que 40 barcos afundaram, segundo a Folha.", ("Folha", "ministro", "Folha")),
        ("fr", "La ministre a affirmé que 40 bateaux ont coulé, selon l'AFP.", ("AFP", "ministre", "AFP")),
        # somebody spoke to an outlet
        ("en", "Ana Ruiz told AFP that 40 boats sank.", ("Ana Ruiz", "Ana Ruiz", "AFP")),
        ("en", "“We lost 40 boats,” Ana Ruiz told the BBC's morning show.", ("Ana Ruiz", "Ana Ruiz", "BBC")),
        (
            "en",
            "The mayor said in an interview with Radio Harbour that 40 boats sank.",
            ("mayor", "mayor", "Radio Harbour"),
        ),
        ("es", "Se hundieron 40 barcos, dijo a EFE la alcaldesa.", ("alcaldesa", "alcaldesa", "EFE")),
        (
            "es",
            "Se hundieron 40 barcos, explicó a Radio Farola Ana Ruiz, jefa del puerto.",
            ("Ana Ruiz", "Ana Ruiz", "Radio Farola"),
        ),
        (
            "es",
            "La alcaldesa dijo en una entrevista con El País que se hundieron 40 barcos.",
            ("alcaldesa", "alcaldesa", "El País"),
        ),
        (
            "es",
            "La alcaldesa dijo al diario Farola que se hundieron 40 barcos.",
            ("alcaldesa", "alcaldesa", "diario Farola"),
        ),
        ("pt", "O choque causou 40 feridos, disse à Lusa fonte da GNR.", ("fonte da GNR", "fonte da GNR", "Lusa")),
        ("pt", "A ministra disse, em entrevista à TSF, que 40 barcos afundaram.", ("ministra", "ministra", "TSF")),
        ("fr", "La ministre a déclaré à l'AFP que 40 bateaux ont coulé.", ("ministre", "ministre", "AFP")),
        ("fr", "Quelque 40 bateaux ont coulé, a indiqué la préfecture à l'AFP.", ("préfecture", "préfecture", "AFP")),
        # the two stand beside each other
        ("en", "Reuters reported that the ministry counted 40 boats.", ("ministry", "ministry", "Reuters")),
        ("en", "According to Reuters, the ministry said 40 boats sank.", ("ministry", "ministry", "Reuters")),
        ("en", "Some 40 boats sank, Reuters reported, citing the ministry.", ("Reuters", "ministry", "Reuters")),
        (
            "es",
            "Se hundieron 40 barcos, según la alcaldesa, citada por Reuters.",
            ("alcaldesa", "alcaldesa", "Reuters"),
        ),
        ("pt", "Afundaram 40 barcos, segundo a ministra, citada pela Lusa.", ("ministra", "ministra", "Lusa")),
        ("fr", "Quelque 40 bateaux ont coulé, selon la ministre, citée par l'AFP.", ("ministre", "ministre", "AFP")),
        # one alone
        ("en", "Some 40 boats sank, AP News reports.", ("AP News", None, None)),
        ("en", "The ministry said 40 boats sank.", ("ministry", None, None)),
        ("es", "Se hundieron 40 barcos, según Reuters.", ("Reuters", None, None)),
        ("pt", "Afundaram 40 barcos, segundo a Folha.", ("Folha", None, None)),
        ("fr", "Quelque 40 bateaux ont coulé, selon l'AFP.", ("AFP", None, None)),
        # no outlet listens
        ("en", "Ana Ruiz told lawmakers that 40 boats sank.", ("Ana Ruiz", None, None)),
        ("en", "The chief told the Harbour Committee that 40 boats sank.", ("chief", None, None)),
        ("es", "La alcaldesa dijo a la Nación que se hundieron 40 barcos.", ("alcaldesa", None, None)),
        ("es", "Se hundieron 40 barcos, dijo a los vecinos la alcaldesa.", ("alcaldesa", None, None)),
        ("pt", "A ministra disse à Câmara que 40 barcos afundaram.", ("ministra", None, None)),
        ("fr", "La ministre a déclaré à Paris que 40 bateaux ont coulé.", ("ministre", None, None)),
        ("en", "Ana Ruiz told CNN affiliate WHRB that 40 boats sank.", ("Ana Ruiz", None, None)),
        # an outlet saw the document
        (
            "en",
            "Documents seen by Reuters showed that 40 boats sank.",
            ("Documents seen by Reuters", "Documents", "Reuters"),
        ),
        (
            "es",
            "Cayeron 40 casas, según documentos a los que tuvo acceso El País.",
            ("documentos", "documentos", "El País"),
        ),
        ("pt", "Segundo dados obtidos pela Lusa, caíram 40 casas.", ("dados obtidos pela Lusa", "dados", "Lusa")),
        # the outlet did the work
        (
            "en",
            "Some 40 boats sank, according to an analysis of port data by Reuters.",
            ("analysis of port data by Reuters", None, None),
        ),
        # each is the source of its own statement
        ("en", "The ministry said it rained, while 40 boats sank, Reuters reported.", ("Reuters", None, None)),
        ("es", "La alcaldesa dijo que llovía, pero se hundieron 40 barcos, según Reuters.", ("Reuters", None, None)),
        ("en", "Reuters reported nothing, but the ministry said 40 boats sank.", ("ministry", None, None)),
    ],
)
def test_who_said_it_and_who_passed_it_on(language: str, text: str, expected: Expected) -> None:
    figures = read_figures(text, language=language)

    assert [(one.attributed_to, one.originator, one.relayed_by) for one in figures] == [expected]
