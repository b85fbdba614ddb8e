"""What stands on every page of a newsroom is learned from its pages, published as such, and changes no article."""

import pytest

from ingest.pipeline.replay import publish_rereadings, reread
from tests.desk import FEED, SITE, SOURCE, Desk, listing, parse_all
from tests.fakes import FakeValidator
from tests.pipeline.test_steps import desk

__all__ = ["desk"]  # a fixture

BOX = "<p>The 250,000 households who read us every day know what they have in this newspaper.</p>"
SLUGS = tuple(f"pier{number}" for number in range(12))
FIGURES = "select count(*) from published.figures where sentence like 'The 250,000%'"
BODIES = "select count(*) from published.articles where body like '%250,000%'"
CHANGES = "select change, before_value, after_value from published.figure_changes order by all"
VERSIONS = "select version, count(*) from published.articles group by version order by version"
SHOWN = "select count(*) from published.paragraphs where kind = 'boilerplate'"


def page(slug: str, cost: int, box: str) -> bytes:
    told = (
        f"<p>The {slug} will cost ${cost} million, the council said on Monday after a meeting of nine hours.</p>"
        f"<p>Divers went down to the {slug} for a week, and found that worms had eaten most of its piles.</p>"
    )
    return f"<html><title>{slug}</title><article><h1>{slug}</h1>{told}{box}</article></html>".encode()


def served(desk: Desk, slugs: tuple[str, ...], *, box: str, cost: int = 12, edition: str = "") -> None:
    """Serve pages, and take all steps over them."""
    listed = listing(*slugs).replace(b"<title>pier", b"<title>%spier" % edition.encode())
    desk.web.answers = {FEED: listed, **{f"{SITE}/{slug}": page(slug, cost, box) for slug in slugs}}
    desk.run_stages()


def ask(desk: Desk, sql: str) -> list[tuple[object, ...]]:
    with desk.warehouse.connect() as connection:
        return connection.execute(sql).fetchall()


def read_again(desk: Desk) -> None:
    desk.begin()
    given = {"state": desk.state, "warehouse": desk.warehouse, "now": desk.web.now}
    found = reread(SOURCE, web=desk.web, parse_all=parse_all, run_id=desk.run_id, **given)  # type: ignore[arg-type]
    assert found is not None
    publish_rereadings([found], validator=FakeValidator(desk.warehouse.connect), **given)  # type: ignore[arg-type]


def test_what_stands_on_every_page_is_published_as_boilerplate(desk: Desk) -> None:
    served(desk, SLUGS, box=BOX)

    assert (ask(desk, FIGURES), ask(desk, BODIES), ask(desk, SHOWN)) == ([(0,)], [(0,)], [(12,)])


def test_a_box_that_comes_with_a_redesign_is_no_new_version(desk: Desk) -> None:
    served(desk, SLUGS, box="")
    served(desk, SLUGS, box=BOX, edition="again: ")

    assert ask(desk, VERSIONS) == [(1, 12)]
    assert ask(desk, CHANGES) == []


@pytest.mark.slow
def test_a_page_at_a_time_the_box_is_learned_and_known_from_then_on(desk: Desk) -> None:
    for slug in SLUGS:
        served(desk, (slug,), box=BOX)
    assert ask(desk, SHOWN) == [(7,)]  # all but the five from which it was learned
    read_again(desk)
    first = ask(desk, "select article_id, body, content_hash, version from published.articles order by all")
    read_again(desk)

    assert (ask(desk, FIGURES), ask(desk, BODIES), ask(desk, SHOWN)) == ([(0,)], [(0,)], [(12,)])
    assert ask(desk, "select article_id, body, content_hash, version from published.articles order by all") == first


def test_a_correction_of_an_article_whose_box_was_taken_for_text_is_one_change(desk: Desk) -> None:
    for slug in SLUGS[:6]:
        served(desk, (slug,), box=BOX)
    served(desk, SLUGS[:1], box=BOX, edition="same: ")
    assert ask(desk, VERSIONS) == [(1, 6)]
    served(desk, SLUGS[:1], box=BOX, cost=21, edition="new: ")

    assert ask(desk, CHANGES) == [("changed", 12_000_000, 21_000_000)]
