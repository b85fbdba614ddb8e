"""Who said it is carried to a neighbouring sentence where the text plainly goes on, and marked; elsewhere it is not."""

import pytest

from ingest.figures import read_figures

FLAG = "attribution_carried"


def said_by(text: str, language: str) -> list[tuple[str, str | None, bool]]:
    return [(one.text, one.attributed_to, FLAG in one.flags) for one in read_figures(text, language=language)]


@pytest.mark.parametrize(
    ("language", "text", "name"),
    [
        ("en", "Ana Ruiz said the pier would open in May. She said 40 boats had come back.", "Ana Ruiz"),
        ("en", "The ferry had sunk, Tom Ode said. It was late. He said 40 boats had come back.", None),
        ("en", "The IOM said the port was shut. It said 40 boats had come back.", "IOM"),
        ("en", "Harbour officials said the port was shut. They said 40 boats had come back.", "Harbour officials"),
        ("en", "The IOM said the port was shut. She said 40 boats had come back.", None),
        ("en", "Reuters said the port was shut. He said 40 boats had come back.", None),
        ("en", "Ana Ruiz and Tom Ode spoke, Ana Ruiz said. Tom Ode said so too. She said 40 boats came.", "Tom Ode"),
        ("en", "The pier is gone. He said 40 boats had come back.", None),
        ("en", '"The pier is gone," Ana Ruiz said. "We counted 40 boats."', "Ana Ruiz"),
        ("en", "“We counted 40 boats. It was a good night,” Ana Ruiz said.", "Ana Ruiz"),
        ("en", "The 40 boats were “out all night. It was calm,” Ana Ruiz said.", None),
        ("en", "Ana Ruiz said: “It was a good night. We counted 40 boats.”", "Ana Ruiz"),
        ("en", "Ana Ruiz said the pier was gone. The port counted 40 boats.", None),
        ("en", "“The pier is gone,” Ana Ruiz said. A sign read “No entry”, and 40 boats lay outside.", None),
        ("en", 'The pipe is 6" wide, Ana Ruiz said. The port counted 40 boats.', None),
        ("en", 'The "pipe is gone, Ana Ruiz said. The port counted 40 boats.', None),
        ("es", "El puerto cerró, dijo Ana Ruiz. Añadió que 40 barcos volvieron.", "Ana Ruiz"),
        ("es", "«El puerto cerró», dijo Ana Ruiz. «Contamos 40 barcos».", "Ana Ruiz"),
        ("es", "El puerto cerró, dijo Ana Ruiz. Volvieron 40 barcos.", None),
    ],
)
def test_a_source_is_carried_where_the_text_goes_on(language: str, text: str, name: str | None) -> None:
    (found,) = [one for one in said_by(text, language) if one[0] == "40"]

    assert found == ("40", name, name is not None)


def test_a_source_of_its_own_sentence_is_not_marked() -> None:
    assert said_by("Ana Ruiz said 40 boats had come back.", "en") == [("40", "Ana Ruiz", False)]


def test_a_carried_source_names_its_rule() -> None:
    (figure,) = read_figures("Ana Ruiz said it was over. She said 40 boats had come back.", language="en")

    assert figure.rules[-1] == "attribution.carried_pronoun"
