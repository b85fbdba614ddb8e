"""An article's title is its headline, without the site's name, a label or another line of the page."""

import pytest

from ingest.articles.blocks import read_blocks
from ingest.articles.boilerplate import Boilerplate
from ingest.articles.markup import read_markup
from ingest.articles.metadata import read_metadata
from ingest.articles.titles import read_title


def title_of(head: str, body: str) -> str | None:
    markup = read_markup(f"<html><head>{head}</head><body>{body}<p>The harbour reopened on Sunday.</p></body></html>")
    title = read_title(read_metadata(markup), read_blocks(markup.soup, Boilerplate(markup.soup)), "gazette.example")
    return title.text if title else None


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        (
            "<title>Our harbour - A page for all who love ships</title>",
            "<h1><a href='/'>A page for all who love ships</a></h1><h1>Our harbour</h1>",
            "Our harbour",
        ),
        ("<title>How do ports reopen? | Quay</title>", "<h2>Ports, explained</h2>", "How do ports reopen?"),
        (
            "<title>Ports that reopen in the US | Quay</title>",
            "<h1>Ports that reopen in the US</h1>",
            "Ports that reopen in the US",
        ),
        ("<title>Five best ports in 2026 | Quay</title>", "<h2>Ports, explained</h2>", "Five best ports in 2026"),
        ("<title>About us - Port</title>", "<h1>Chronicle of the quay</h1>", "Chronicle of the quay"),
        (
            "<meta property='og:title' content='Twelve harbour cranes that changed the town'>",
            "<h1>Twelve cranes in 2026</h1><h2>Twelve harbour cranes</h2>",
            "Twelve cranes in 2026",
        ),
        (
            "<meta property='og:title' content='Storm on the coast: Harbour reopens'>",
            "<h1 itemprop='headline'>Harbour reopens</h1>",
            "Harbour reopens",
        ),
        (
            "<meta property='og:title' content='Storm on the coast: Harbour reopens'>",
            "<h1><i>Storm on the coast</i><i class='visually-hidden'>:</i> <i>Harbour reopens</i></h1>",
            "Storm on the coast: Harbour reopens",
        ),
        (
            "<meta property='og:title' content='Storm on the coast | Harbour reopens'><title>Harbour reopens</title>",
            "<h1>Storm on the coast Harbour reopens</h1>",
            "Harbour reopens",
        ),
        (
            '<script type="application/ld+json">{"@type": "Article", "headline": "Best ports 2026"}</script>',
            "<h1>Where ships like to land</h1>",
            "Where ships like to land",
        ),
        ("<title>gazette.example Harbour reopens</title>", "<h1>gazette.example</h1>", "Harbour reopens"),
        ("<title>港が再び開く！-新聞網</title>", "", "港が再び開く！"),
    ],
    ids=[
        *(
            "site name",
            "question",
            "two letters",
            "year",
            "lone headline",
            "lower heading",
            "stated and shown",
            "kicker",
        ),
        *("kicker left out elsewhere", "lone headline against metadata", "address before it"),
        "site name after a mark",
    ],
)
def test_the_headline_is_the_title(head: str, body: str, title: str) -> None:
    assert title_of(head, body) == title
