"""Outlets and persons that an article leans on in plain words are named, each once, and nothing else is."""

import pytest

from ingest.articles.cited_sources import read_named
from tests.articles.test_page import PARAGRAPHS, read

ENGLISH = {
    "The pier sank at noon, AP News reports.": ("AP News",),
    "According to the Miami Herald, the pier sank at noon.": ("Miami Herald",),
    "The pier sank at noon, Reuters noted. Later, Reuters said that it floats again.": ("Reuters",),
    "“It sank,” said Ana Ruiz. Ruiz added that it was old, Mr. Ruiz said.": ("Ana Ruiz",),
    "Ana Ruiz, the harbour master, told reporters that it was old.": ("Ana Ruiz",),
    "The minister Luis Soto and his clerk came. Soto said that it was old.": ("Luis Soto",),
    "Ana Ruiz and Luis Soto said that it was old.": ("Ana Ruiz", "Luis Soto"),
    "The Centre for Storms and Tides warned of more.": ("Centre for Storms and Tides",),
    "The figures from the Harbour Ministry showed it, according to NOAA.": ("Harbour Ministry", "NOAA"),
    "Officials said that it was old. Divers found the wreck. They said so twice.": (),
    "It will open on Monday as planned, and tickets are sold by John Smith.": (),
    "However, said the clerk, it was old. They’d said so.": (),
}
SPANISH = {
    "El muelle se hundió, según El Heraldo.": ("El Heraldo",),
    "El muelle se hundió, informó Reuters este lunes.": ("Reuters",),
    "“Se hundió”, dijo Ana Ruiz. Ruiz agregó que era viejo.": ("Ana Ruiz",),
    "De acuerdo con la Marina de Chile, era viejo.": ("Marina de Chile",),
    "Los vecinos dijeron que era viejo, según testigos.": (),
}


@pytest.mark.parametrize(("text", "names"), ENGLISH.items())
def test_english_names_whom_it_leans_on(text: str, names: tuple[str, ...]) -> None:
    assert read_named([text], "en") == names


@pytest.mark.parametrize(("text", "names"), SPANISH.items())
def test_spanish_names_whom_it_leans_on(text: str, names: tuple[str, ...]) -> None:
    assert read_named([text], "es") == names


def test_a_language_whose_attributions_are_not_known_names_nobody() -> None:
    assert read_named(["Der Kai ist gesunken, said Ana Ruiz."], "de") == ()


def test_a_source_without_a_link_is_a_link_without_an_address() -> None:
    linked = "<p>The quay is safe, according to <a href='https://wire.example/x'>Harbour Wire</a>, it was said.</p>"

    article = read(f"<h1>Harbour reopens</h1><main>{PARAGRAPHS}{linked}</main>")

    assert [(link.kind, link.url, link.text) for link in article.links] == [
        ("source", "https://wire.example/x", "Harbour Wire"),
        ("source", None, "AP News"),
    ]
