"""A text tells its language itself."""

import pytest

from ingest.text.language import detect_language


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The harbour was closed for nine days after the storm, and the port has lost money."),
        ("es", "El puerto estuvo cerrado durante nueve días por la tormenta y las tiendas no abrieron."),
        ("pt", "O porto não abriu durante nove dias e as lojas da cidade também não, segundo a prefeitura."),
        ("fr", "Le port est resté fermé pendant neuf jours et les magasins de la ville n'ont pas ouvert."),
        ("ht", "Pò a te fèmen pandan nèf jou epi magazen yo pa t louvri, se sa majistra a te di nan yon kominike."),
        ("de", "Der Hafen war nach dem Sturm neun Tage lang geschlossen, und die Läden sind noch nicht offen."),
        ("it", "Il porto è rimasto chiuso per nove giorni e i negozi della città non hanno aperto."),
        ("ru", "Порт был закрыт девять дней, и магазины в городе не открылись, как сообщили власти."),
        ("uk", "Порт був закритий дев'ять днів, і крамниці у місті не відчинилися, це сказала влада."),
        ("ja", "港は九日間閉鎖され、町の店も開かなかったと市は発表した。"),
        ("zh", "港口关闭了九天，城里的商店也没有开门。"),
        ("ko", "항구는 아흐레 동안 닫혔고 가게들도 문을 열지 않았다."),
        ("el", "Το λιμάνι έμεινε κλειστό για εννέα ημέρες."),
    ],
)
def test_a_sentence_gives_its_language_away(language: str, text: str) -> None:
    assert detect_language(text) == language


@pytest.mark.parametrize("text", ["", "12,000", "Reuters"])
def test_what_says_too_little_has_no_language(text: str) -> None:
    assert detect_language(text) is None
