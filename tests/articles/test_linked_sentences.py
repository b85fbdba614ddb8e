"""A sentence of an article is part of it however much of it is a link; what only points to another page is not."""

from random import Random

import pytest

from tests.articles.test_page import PARAGRAPHS, STORY, read, texts

STORIES = 40  # of each language
SUBJECTS = {
    "en": ("The port authority", "A fishing union", "The city council", "One of two insurers"),
    "es": ("La autoridad del puerto", "Un sindicato de pesca", "El concejo de la ciudad", "Una de dos aseguradoras"),
}
DEEDS = {
    "en": ("counted {n} boats", "set aside ${n} million", "closed {n} piers", "rehired {n} sailors"),
    "es": ("contó {n} barcos", "apartó {n} millones de pesos", "cerró {n} muelles", "volvió a emplear a {n} marinos"),
}
ENDS = {
    "en": (".", " on Monday.", " after the storm of last week, as its report of the same day has it."),
    "es": (".", " el lunes.", " tras la tormenta de la semana pasada, como consta en su informe del mismo día."),
}
POINTERS = (
    "<p><a href='/other'>Harbour festival draws 30,000 guests</a></p>",
    "<p>Read more: <a href='/other'>The harbour festival drew 30,000 guests.</a></p>",
    "<p>Related: <a href='/other'>The harbour festival drew 30,000 guests.</a></p>",
    "<p>Lea también: <a href='/other'>El festival del puerto reunió a 30.000 personas.</a></p>",
    "<p><a href='/other'>Will the harbour festival draw 30,000 guests?</a></p>",
    "<p><a href='/other'>Continue reading the rest of this story from the harbour...</a></p>",
    "<p><strong><a href='/other'>The harbour festival drew 30,000 guests.</a></strong></p>",
    "<div class='box'><p><a href='/other'>The harbour festival drew 30,000 guests.</a></p></div>",
    "<ul><li><a href='/other'>The harbour festival drew 30,000 guests.</a></li></ul>",
    "".join(f"<p><a href='/other/{n}'>The harbour festival drew {n} guests.</a></p>" for n in (300, 400, 500)),
)


def sentence(random: Random, language: str) -> str:
    deed = random.choice(DEEDS[language]).format(n=random.randrange(11, 900))
    return f"{random.choice(SUBJECTS[language])} {deed}{random.choice(ENDS[language])}"


def linked(text: str, random: Random) -> str:
    """Return a text of which between three fifths and all is one link."""
    start = random.randrange(len(text) // 5)
    end = len(text) - random.choice((0, 1, len(text) // 6))
    return f"{text[:start]}<a href='/report/{random.randrange(99)}'>{text[start:end]}</a>{text[end:]}"


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("between", ["<p>{}</p>", "<p class='paragraph'>{}</p>", "<div class='text'><p>{}</p></div>"])
def test_no_sentence_of_an_article_vanishes_because_most_of_it_is_a_link(language: str, between: str) -> None:
    for seed in range(STORIES):
        random = Random(seed)
        shown: dict[str, str] = {}  # what the page has of each paragraph
        for _ in range(5):
            prose = " ".join(sentence(random, language) for _ in range(3))
            shown[prose] = prose
            for text in [sentence(random, language) for _ in range(random.randint(1, 2))]:
                shown.setdefault(text, linked(text, random))
        prose = " ".join(sentence(random, language) for _ in range(3))
        shown[prose] = prose
        html = "".join(map(between.format, shown.values()))

        assert texts(read(f"<h1>Harbour reopens</h1><main>{html}</main>")) == tuple(shown)


@pytest.mark.parametrize("pointer", POINTERS)
def test_a_line_within_an_article_that_leads_to_another_page_is_left_out(pointer: str) -> None:
    html = f"<p>{STORY[0]}</p><p>{STORY[1]}</p>{pointer}<p>{STORY[2]}</p><p>{STORY[3]}</p>"

    assert texts(read(f"<h1>Harbour reopens</h1><main>{html}</main>")) == STORY


def test_a_linked_line_that_no_paragraph_follows_is_left_out() -> None:
    last = "<p><a href='/other'>The harbour festival drew 30,000 guests.</a></p>"

    assert texts(read(f"<h1>Harbour reopens</h1><main>{PARAGRAPHS}{last}</main>")) == STORY
