"""A byline names people; everything around their names is left out."""

import pytest

from ingest.articles.byline import read_desk, read_outlet, read_people


@pytest.mark.parametrize(
    ("byline", "people"),
    [
        ("By Rosa Kay", ("Rosa Kay",)),
        ("Written by: Rosa Kay", ("Rosa Kay",)),
        ("By ROSA KAY and Juan de la Cruz", ("Rosa Kay", "Juan de la Cruz")),
        ("Por Ana Núñez y Luis Peña", ("Ana Núñez", "Luis Peña")),
        ("Par Anne Le Goff et Jean-Luc Morel", ("Anne Le Goff", "Jean-Luc Morel")),
        ("Von Eva Groß, Max Klein", ("Eva Groß", "Max Klein")),
        ("Dr. Rosa Kay | Staff Writer", ("Rosa Kay",)),
        ("Rosa Kay (rosa@gazette.example)", ("Rosa Kay",)),
        ("Rosa Kay, Gazette Staff", ("Rosa Kay",)),
        ("By Rosa Kay Updated Nov. 16, 2026", ("Rosa Kay",)),
        ("<a href='/kay'>Rosa Kay</a>", ("Rosa Kay",)),
        ("Rosa Kay, Rosa Kay", ("Rosa Kay",)),
        ("The Gazette", ()),
        ("Staff Reporter", ()),
        ("https://gazette.example/authors/kay", ()),
        ("page.head.author", ()),
        ("The Gazette, Springfield, Somewhere", ()),
        ("Rosa Kay, PhD, RD", ("Rosa Kay",)),
        ("Rosa Kay, Springfield", ("Rosa Kay",)),
        ("Rosa Kay, Chief Analyst", ("Rosa Kay",)),
        ("Von R. K. am 16.11.2026 um 9 Uhr", ("R. K",)),
        ("著者：後藤花子", ("後藤花子",)),
        ("本报记者王花子", ("王花子",)),
        ("Rosa Kay ●", ("Rosa Kay",)),
        ("Gazette Nachrichten", ()),
        ("Institute for Ports and Ships", ()),
        ("Photo by Rosa Kay", ()),
        ("", ()),
    ],
)
def test_people_are_named_in_order_and_alone(byline: str, people: tuple[str, ...]) -> None:
    assert read_people(byline, outlets=frozenset({"thegazette"})) == people


def test_a_sentence_that_is_shown_is_no_byline() -> None:
    assert read_people("By continuing you agree to everything", shown=True) == ()


def test_an_agency_is_a_desk_and_no_person() -> None:
    assert (read_people("Agencia EFE"), read_desk("Agencia EFE")) == ((), ("Agencia EFE",))


@pytest.mark.parametrize(
    ("byline", "desks"),
    [
        ("dpa/lno", ("dpa", "lno")),
        ("AFP/The Gazette - news@gazette.example", ("AFP",)),
        ("Rosa Kay/Eva Groß", ()),
        ("/afp", ("afp",)),
    ],
)
def test_agencies_that_share_a_byline_are_named_but_not_the_outlet(byline: str, desks: tuple[str, ...]) -> None:
    assert read_desk(byline, outlets=frozenset({"thegazette"})) == desks


@pytest.mark.parametrize(
    ("stated", "named"),
    [
        ("The Gazette", ("The Gazette",)),
        ("gazette.example", ("gazette.example",)),
        ("rosa.k", ("rosa.k",)),
        ("n-gazette Nachrichten", ("n-gazette Nachrichten",)),
        ("page.head.author", ()),
        ("No Author", ()),
        ("admin", ()),
        ("https://gazette.example/kay", ()),
    ],
)
def test_who_is_no_person_is_named_as_stated_but_never_a_placeholder(stated: str, named: tuple[str, ...]) -> None:
    assert read_outlet(stated) == named
