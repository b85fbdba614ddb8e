"""Numbers of tables and product lists count nothing; those of short headlines and lists do."""

import pytest

from ingest.figures import read_figures


@pytest.mark.parametrize(
    "text",
    [
        "Lamp stand 24 12 8",
        "| Kenya | 120 | 34 | 12 |",
        "Total 1,204 350 98",
        "Boca Juniors 12 8 2 2 26",
        "Shares: 120",
        "Size: 42, 44, 46",
        "Yield 12.4 11.8",
        "1 2 3 4 5",
        "Page 2 of 14",
        "numbers 4, 8, 15",
        "The table: north 120 340 90 and south 45 60",
    ],
)
def test_a_cell_of_a_table_is_no_figure(text: str) -> None:
    assert read_figures(text, language="en") == ()


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Bus crash kills 12", "en", [("12", "person")]),
        ("Choque deja 12", "es", [("12", "persona")]),
        ("Lamps 24 boats", "en", [("24", "boat")]),
        ("In 2019 45 were rescued.", "en", [("45", "person")]),
    ],
)
def test_a_number_that_is_told_is_a_figure(text: str, language: str, expected: list[tuple[str, str]]) -> None:
    assert [(figure.text, figure.unit) for figure in read_figures(text, language=language)] == expected
