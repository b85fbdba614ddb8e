"""Who wrote an article is told by the best evidence: people before outlets, at the headline before elsewhere."""

import pytest

from ingest.articles.blocks import read_blocks
from ingest.articles.body import find_body
from ingest.articles.boilerplate import Boilerplate
from ingest.articles.markup import read_markup
from ingest.articles.metadata import read_metadata
from ingest.articles.people import Authors, author_candidates, read_authors

STORY = "".join(
    f"<p>The harbour reopened on Sunday, and ship number {number} was unloaded at noon.</p>" for number in range(9)
)
OUTLET = "<meta name='author' content='The Gazette'><meta property='og:site_name' content='The Gazette'>"
NICKNAME = "<meta name='author' content='RK77'>"
PERSON = (
    '<script type="application/ld+json">{"@type": "Article", "author": {"@type": "Person", "name": "NAME"}}</script>'
)


BOTH = ("Rosa Kay", "Eva Groß")


def authors_of(head: str, top: str, end: str = "") -> Authors:
    markup = read_markup(f"<html><head>{head}</head><body><article>{top}{STORY}{end}</article></body></html>")
    metadata = read_metadata(markup)
    blocks = read_blocks(markup.soup, Boilerplate(markup.soup))
    body = find_body(markup.soup, blocks, headline=0)
    return read_authors(metadata, blocks, body, headline=0, host="gazette.example")


@pytest.mark.parametrize(
    ("head", "top", "end", "names"),
    [
        (NICKNAME, "<h1>Harbour</h1><p class='byline'>By Rosa Kay</p>", "", ("Rosa Kay",)),
        (NICKNAME, "<h1>Harbour</h1>", "", ("RK77",)),
        (OUTLET, "<h1>Harbour</h1>", "<p class='comment-author'>Juan Peña</p>", ("The Gazette",)),
        (OUTLET, "<h1>Harbour</h1>", "<p>Written by: Rosa Kay</p>", ("Rosa Kay",)),
        ("", "<h1>Harbour</h1>", "<p class='author'>Rosa Kay</p>", ("Rosa Kay",)),
        ("", "<h1>Harbour</h1><p>Today <span class='author-name'>Rosa Kay</span> wrote</p>", "", ("Rosa Kay",)),
        ("", "<h1>Harbour</h1><div>Rosa Kay</div><div>May 5, 2026</div>", "", ("Rosa Kay",)),
        ("", "<h1>Harbour</h1><div>Gazette Team</div><div>May 5, 2026</div>", "", ("Gazette Team",)),
        ("", "<h1>Harbour</h1><div>Rosa Kay</div>", "", ()),
        (PERSON.replace("NAME", "Gazette"), "<h1>Harbour</h1><p>By Rosa Kay</p>", "", ("Rosa Kay",)),
        (PERSON.replace("NAME", "Gazette"), "<h1>Harbour</h1>", "", ("Gazette",)),
        (PERSON.replace("NAME", "Rosa Kay"), "<h1>Harbour</h1><p>By Rosa Kay and Eva Groß</p>", "", BOTH),
        (PERSON.replace("NAME", "Rosa Kay"), "<h1>Harbour</h1><p>By Rosa Kay, Senior Sailor</p>", "", ("Rosa Kay",)),
        ("", "<h1>Harbour</h1><p>Eingestellt am 24. Juli 2017 von rk77</p>", "", ("rk77",)),
        ("", "<h1>Harbour</h1><p>Posted by rk77 on May 5, 2026</p>", "", ("rk77",)),
        ("", "<h1>Harbour</h1><p>Recipes by rk77</p>", "", ()),
        ("", "<h1>Harbour</h1><p>Autor: seagull | Harbours</p>", "", ("seagull",)),
        ("", "<h1>Harbour</h1><p>5/5/2026 7:11 AM PST BY GAZETTE STAFF</p>", "", ("GAZETTE STAFF",)),
        (OUTLET, "<h1>Harbour</h1><p>ROSA KAY</p>", "", ("Rosa Kay",)),
        (OUTLET, "<h1>Harbour</h1><p>Rosa Kay/Eva Groß</p>", "", BOTH),
        (OUTLET, "<h1>Harbour</h1><p>read more here</p>", "", ("The Gazette",)),
        ("", "<h1>Harbour</h1><p>著者：後藤花子</p>", "", ("後藤花子",)),
        ("", f"<h1>Harbour</h1><p>SPRINGFIELD (AP) — {STORY[3:]}", "", ("AP",)),
        ("", f"<h1>Harbour</h1><p>SPRINGFIELD (pictured) — {STORY[3:]}", "", ()),
    ],
    ids=[
        *("a name before a nickname", "a nickname alone", "an outlet before a comment", "a signature"),
        *("a name elsewhere", "a name marked in a line", "a name above the date", "a desk above the date"),
        *("a line that may be anything", "an outlet called a person", "an outlet called a person alone"),
        *("a second name shown", "a post shown", "a nickname with its date", "a nickname with its date after it"),
        *("a nickname without a date", "a nickname after its label", "a desk with its date"),
        *("a name before the text", "two names before the text", "words before the text"),
        *("a name in one word", "an agency in the dateline", "no agency in the dateline"),
    ],
)
def test_the_writers_are_those_who_are_best_attested(head: str, top: str, end: str, names: tuple[str, ...]) -> None:
    assert authors_of(head, top, end).names == names


def test_authors_of_reviews_are_not_those_of_the_article() -> None:
    review = "<div itemscope><span itemprop='author'>Juan Peña</span></div>"
    story = "<div itemscope><h1>Harbour</h1><i itemprop='author'>Rosa Kay</i> <i itemprop='author'>Eva Groß</i></div>"

    assert authors_of("", story, review).names == ("Rosa Kay", "Eva Groß")


@pytest.mark.parametrize(
    "marked", ["itemtype='https://schema.org/Comment'", "itemprop='comment'"], ids=["by its type", "by its name"]
)
def test_authors_of_comments_are_not_those_of_the_article(marked: str) -> None:
    comment = f"<div itemscope {marked}><b itemprop='author'>Juan Peña</b> sailed there once.</div>"

    assert authors_of("", "<h1>Harbour</h1>", comment).names == ()


def test_candidates_stand_in_the_order_of_belief() -> None:
    markup = read_markup(
        f"<html><head>{NICKNAME}</head><body><article><h1>Harbour</h1><p>By Rosa Kay</p>{STORY}</article></body></html>"
    )
    blocks = read_blocks(markup.soup, Boilerplate(markup.soup))
    body = find_body(markup.soup, blocks, headline=0)
    offered = author_candidates(read_metadata(markup), blocks, body, headline=0, host="gazette.example")

    assert [(each.names, each.evidence) for each in offered][:2] == [
        (("Rosa Kay",), "byline in the text"),
        (("RK77",), "meta author"),
    ]
