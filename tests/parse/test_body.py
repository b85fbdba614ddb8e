"""Where a story begins and ends on a page, whatever its elements are called."""

import pytest

from .test_page import PARAGRAPHS, STORY, read, texts

CARD = (
    "<div class='teaser n{0}'><h4><a href='/other/{0}'>Another story, number {0}</a></h4>"
    "<p>Few words about story number {0} are said here.</p></div>"
)
CARDS = "".join(CARD.format(number) for number in range(4))
REPLIES = "".join(
    f"<div class='comment'><p>Reader number {n} does not believe a word of this.</p></div>" for n in range(4)
)


@pytest.mark.parametrize(
    "html",
    [
        f"<main>{PARAGRAPHS}<section>{CARDS}</section></main>",
        f"<main>{PARAGRAPHS}<ul>{CARDS.replace('div', 'li')}</ul></main>",
        f"<main><p>{STORY[0]}</p><section>{CARDS}</section>{''.join(f'<p>{text}</p>' for text in STORY[1:])}</main>",
    ],
    ids=["after", "in a list", "within"],
)
def test_boxes_that_announce_other_stories_are_left_out(html: str) -> None:
    assert texts(read(f"<h1>Harbour reopens</h1>{html}")) == STORY


def test_boxes_alike_that_lead_nowhere_are_the_story() -> None:
    boxes = "".join(
        f"<div class='box'><h3><a href='#n{n}'>Part number {n}</a></h3><p>{STORY[n]}</p></div>" for n in range(4)
    )

    assert set(STORY) <= set(texts(read(f"<h1>Harbour reopens</h1><main>{boxes}</main>")))


@pytest.mark.parametrize(
    "html",
    [
        f"<div class='widget-area'><main>{PARAGRAPHS}</main><div class='comments'>{REPLIES}</div></div>",
        "<main>"
        + "".join(f"<div class='page-widget n{n}'><p>{text}</p></div>" for n, text in enumerate(STORY))
        + "</main>",
        "<main>" + "".join(f"<header class='part'><p>{text}</p></header>" for text in STORY) + "</main>",
        f"<main><div id='1-how-the-harbour-comments-on-popular-claims'>{PARAGRAPHS}</div><p>{STORY[0]}</p></main>",
    ],
    ids=["one around all", "each part by its words", "each part by its kind", "a heading's words as id"],
)
def test_a_name_that_most_of_a_story_goes_by_means_nothing(html: str) -> None:
    assert texts(read(f"<h1>Harbour reopens</h1>{html}")) == STORY


def test_the_words_beside_a_picture_are_no_paragraph() -> None:
    picture = "<div class='image left'><img src='/quay.jpg'><p>In this photo, a crane stands idle at noon.</p></div>"

    assert texts(read(f"<h1>Harbour reopens</h1><main>{picture}{PARAGRAPHS}</main>")) == STORY


def test_a_story_in_two_elements_alike_is_read_whole() -> None:
    first = "".join(
        f"<p>{text} So it went, all day long, from the first ship to the very last of them.</p>" for text in STORY
    )
    part = "<section><div class='part'>{}</div></section>"
    html = part.format(first) + part.format(f"<p>{STORY[3]}</p>")

    assert texts(read(f"<h1>Harbour reopens</h1><div><div>{html}</div></div>"))[-1] == STORY[3]


def test_a_sentence_that_is_mostly_a_link_is_kept() -> None:
    linked = (
        "<a href='/report'>The report of the port authority, "
        "published on Monday, says that 31 boats sank</a>, and nine cranes fell."
    )

    assert len(texts(read(f"<h1>Harbour reopens</h1><main>{PARAGRAPHS}<p>{linked}</p></main>"))) == 5


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        (
            "About 40 boats sank, according to the <a href='https://herald.example/x'>Harbour Herald</a>.",
            "source",
        ),
        (
            "<a href='https://herald.example/x'>Herald News</a> reports that 40 boats sank in a single night of wind.",
            "source",
        ),
        (
            "Unos 40 barcos se hundieron, según <a href='https://herald.example/x'>El Heraldo</a>, en una noche.",
            "source",
        ),
        (
            "Laut <a href='https://herald.example/x'>Hafenblatt</a> sind in der Nacht rund 40 Boote gesunken.",
            "source",
        ),
        (
            "The <a href='https://herald.example/x'>storm of last week</a> sank about 40 boats in one night of wind.",
            "inline",
        ),
    ],
)
def test_whom_a_story_leans_on_is_its_source(sentence: str, kind: str) -> None:
    article = read(f"<h1>Harbour reopens</h1><main>{PARAGRAPHS}<p>{sentence}</p></main>")

    assert [(link.kind, link.url) for link in article.links] == [(kind, "https://herald.example/x")]
