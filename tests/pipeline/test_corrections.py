"""A correction is what a newsroom changed of its article, not what it says about that, nor what stands beside it."""

import pytest

from tests.desk import FEED, SITE, Desk, listing
from tests.pipeline.test_steps import desk

__all__ = ["desk"]  # a fixture

GRANT = (
    "The council gave ${sum} million to mend the old pier before the winter, after a vote that took nine hours.",
    "Divers had found that worms had eaten most of the piles on which the outer half of the pier stands.",
    "The contractor is to begin on Monday and to be done before the spring, unless storms keep it from working.",
)
SUBSIDIO = (
    "El concejo dio {sum} millones de dólares para reparar el muelle viejo antes del invierno, tras larga votación.",
    "Los buzos habían hallado que los gusanos se comieron casi todos los pilotes de la mitad exterior del muelle.",
    "La empresa debe empezar el lunes y terminar antes de la primavera, si las tormentas la dejan trabajar.",
)
CHANGE = "select change, before_value, after_value from published.figure_changes"


def page(told: tuple[str, ...], total: int, *boxes: str) -> bytes:
    paragraphs = "".join(f"<p>{text.format(sum=total)}</p>" for text in told)
    return f"<html><title>Pier</title><article><h1>Pier</h1>{paragraphs}{''.join(boxes)}</article></html>".encode()


def updated(desk: Desk, *pages: bytes, first: int = 0) -> list[tuple[object, ...]]:
    """Return the changes of figures after a page was served so, one after the other."""
    for number, served in enumerate(pages, first):
        listed = listing("pier").replace(b"<title>pier", b"<title>pier %d" % number)
        desk.web.answers |= {FEED: listed, f"{SITE}/pier": served}
        assert desk.run_stages()[("published", "new_version" if number else "new_article")] == 1
    with desk.warehouse.connect() as connection:
        return connection.execute(f"{CHANGE} order by to_version, position").fetchall()


@pytest.mark.parametrize(
    ("told", "note"),
    [
        (GRANT, "<p>An earlier version of this article gave the sum as $189 million.</p>"),
        (SUBSIDIO, "<p>Fe de errores: el concejo dio 198 millones de dólares, y no 189 millones de dólares.</p>"),
    ],
)
def test_a_correction_whose_note_repeats_the_old_sum_is_one_change(
    desk: Desk, told: tuple[str, ...], note: str
) -> None:
    changes = updated(desk, page(told, 189), page(told, 198, note))

    assert changes == [("changed", 189_000_000, 198_000_000)]


def test_a_note_that_is_taken_away_later_drops_no_figure(desk: Desk) -> None:
    note = "<p>An earlier version of this article gave the sum as $189 million.</p>"
    more = "<p>The vote was unanimous, the clerk of the council said in a letter to this newspaper.</p>"
    changes = updated(desk, page(GRANT, 189), page(GRANT, 198, note), page(GRANT, 198, more))

    assert changes == [("changed", 189_000_000, 198_000_000)]


def test_what_a_newer_reader_reads_otherwise_is_distinguished_from_what_the_publisher_changed(desk: Desk) -> None:
    more = "<p>The vote was unanimous, and 12 people spoke before it, the clerk said in a letter.</p>"
    assert updated(desk, page(GRANT, 189)) == []
    older = (
        "update published.articles set parser_version = 'older'",
        "update published.figures set value = 900 where kind = 'duration'",  # "nine hours", misread
    )
    with desk.warehouse.write() as transaction:
        for sql in older:
            transaction.connection.execute(sql)
    updated(desk, page(GRANT, 198, more), first=1)

    assert causes(desk) == [
        ("changed", 189_000_000, 198_000_000, "publisher"),
        ("changed", 900, 9, "reader"),
        ("added", None, 12, None),  # its sentence is new, but so is the reader
    ]


def test_a_change_by_the_same_reader_is_the_publishers(desk: Desk) -> None:
    more = "<p>The vote was unanimous, and 12 people spoke before it, the clerk said in a letter.</p>"
    updated(desk, page(GRANT, 189), page(GRANT, 198, more))

    assert causes(desk) == [
        ("changed", 189_000_000, 198_000_000, "publisher"),
        ("added", None, 12, "publisher"),
    ]


def causes(desk: Desk) -> list[tuple[object, ...]]:
    with desk.warehouse.connect() as connection:
        return connection.execute(
            "select change, before_value, after_value, cause from published.figure_changes order by position"
        ).fetchall()


@pytest.mark.parametrize(
    ("told", "box"),
    [
        (GRANT, "<div class='box'><p>Join 250,000 readers who get our newsletter</p></div>"),
        (SUBSIDIO, "<p>Recibe las 5 noticias del día en tu correo.</p>"),
    ],
)
def test_a_box_that_invites_readers_adds_no_figure(desk: Desk, told: tuple[str, ...], box: str) -> None:
    served = page(told, 189), page(told, 198, box)

    assert updated(desk, *served) == [("changed", 189_000_000, 198_000_000)]
