"""Lists of labels are read with what each label counts; what only looks like one is left to the other rules."""

import pytest

from ingest.figures import read_figures

Read = list[tuple[int, str | None, str | None]]


def labelled(text: str, language: str) -> Read:
    return [(int(one.value), one.unit, one.subject) for one in read_figures(text, language=language)]


@pytest.mark.parametrize(
    ("language", "text", "read"),
    [
        (
            "en",
            "Deaths 45, injured 130, missing 12",
            [(45, "death", "Deaths"), (130, "person", "injured"), (12, "person", "missing")],
        ),
        ("en", "Dead: 7\nWounded: 31", [(7, "person", "Dead"), (31, "person", "Wounded")]),
        (
            "en",
            "Confirmed cases: 1,204; recovered: 890.",
            [(1204, "case", "Confirmed cases"), (890, "person", "recovered")],
        ),
        (
            "en",
            "Homes damaged: 1,950 | People evacuated: 6,000",
            [(1950, "home", "Homes damaged"), (6000, "person", "People evacuated")],
        ),
        ("es", "Fallecidos: 9, heridos: 21", [(9, "persona", "Fallecidos"), (21, "persona", "heridos")]),
        ("es", "Viviendas dañadas: 3.200", [(3200, "vivienda", "Viviendas dañadas")]),
        (
            "es",
            "Muertos 4, heridos 18, desaparecidos 2",
            [(4, "persona", "Muertos"), (18, "persona", "heridos"), (2, "persona", "desaparecidos")],
        ),
    ],
)
def test_each_number_counts_what_its_label_names(language: str, text: str, read: Read) -> None:
    assert labelled(text, language) == read


@pytest.mark.parametrize(
    "text",
    [
        "Storm 3, Tigers 2",  # a score
        "Missing 12",  # the end of another heading
        "Deaths: 2019",  # a year, as like as not
        "Chapter 3, page 41",
    ],
)
def test_what_is_no_list_of_known_labels_is_left_alone(text: str) -> None:
    assert not any("count.label" in one.rules for one in read_figures(text, language="en"))
