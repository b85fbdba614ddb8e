"""The showcase story comes out of a whole run as a careful person reads it: tests/demo/showcase.toml."""

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ingest.warehouse.warehouse import query
from tests.conftest import FirstPass

pytestmark = pytest.mark.integration

SHOWCASE = tomllib.loads((Path(__file__).parent / "demo" / "showcase.toml").read_text(encoding="utf-8"))
PARAGRAPHS = list(enumerate(SHOWCASE["paragraph"], 1))


def ask(first_pass: FirstPass, columns: str, table: str, order: str) -> list[tuple[Any, ...]]:
    key = f"(select article_id from articles where title = '{SHOWCASE['title']}')"
    sql = f"select {columns} from {table} where article_id = {key} order by {order}"
    return query(first_pass.warehouse / "news.duckdb", sql)[1]


def annotated(figure: dict[str, str]) -> tuple[object, ...]:
    names = ("kind", "unit", "qualifier", "subject", "attributed_to", "originator", "relayed_by")
    return figure["text"], Decimal(figure["value"]), *(figure.get(name) for name in names)


@pytest.mark.parametrize(("position", "paragraph"), PARAGRAPHS)
def test_a_paragraph_quotes_the_figures_a_person_reads_in_it(
    first_pass: FirstPass, position: int, paragraph: dict[str, Any]
) -> None:
    columns = "text, value, kind, unit, qualifier, subject, attributed_to, originator, relayed_by"
    found = ask(first_pass, f"paragraph, {columns}", "figures", "paragraph, span_start")

    assert [row[1:] for row in found if row[0] == position] == [annotated(one) for one in paragraph["figures"]]


def test_the_body_is_the_storys_own_paragraphs_and_headings(first_pass: FirstPass) -> None:
    found = ask(first_pass, "kind, text", "paragraphs", "position")

    assert found == [(one["kind"], one["text"]) for one in SHOWCASE["paragraph"]]


def test_a_pointer_to_another_story_is_a_link_and_no_paragraph(first_pass: FirstPass) -> None:
    found = ask(first_pass, "kind, text", "links", "position")

    assert [link for link in found if link[0] == "related"] == [(one["kind"], one["text"]) for one in SHOWCASE["link"]]


def test_a_film_is_a_video_and_no_paragraph(first_pass: FirstPass) -> None:
    found = ask(first_pass, "kind, url, caption, credit", "media", "position")

    assert [one for one in found if one[0] == "video"] == [
        (one["kind"], one["url"], one["caption"], one["credit"]) for one in SHOWCASE["media"]
    ]


def test_the_byline_is_the_person(first_pass: FirstPass) -> None:
    found = ask(first_pass, "name", "article_authors join authors using (author_id)", "position")
    listed = ask(first_pass, "authors", "articles", "title")

    assert [name for (name,) in found] == SHOWCASE["authors"]
    assert listed == [(SHOWCASE["authors"],)]
