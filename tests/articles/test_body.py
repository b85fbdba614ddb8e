"""Where an article begins and ends on a page, whatever its elements are called."""

import pytest

from tests.articles.test_page import PARAGRAPHS, STORY, read, texts

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
def test_boxes_that_announce_other_articles_are_left_out(html: str) -> None:
    assert texts(read(f"<h1>Harbour reopens</h1>{html}")) == STORY


def test_boxes_alike_that_lead_nowhere_are_the_article() -> None:
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
def test_a_name_that_most_of_an_article_goes_by_means_nothing(html: str) -> None:
    assert texts(read(f"<h1>Harbour reopens</h1>{html}")) == STORY


def test_the_words_beside_a_picture_are_no_paragraph() -> None:
    picture = "<div class='image left'><img src='/quay.jpg'><p>In this photo, a crane stands idle at noon.</p></div>"

    assert texts(read(f"<h1>Harbour reopens</h1><main>{picture}{PARAGRAPHS}</main>")) == STORY


def test_an_article_in_two_elements_alike_is_read_whole() -> None:
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
def test_whom_an_article_leans_on_is_its_source(sentence: str, kind: str) -> None:
    article = read(f"<h1>Harbour reopens</h1><main>{PARAGRAPHS}<p>{sentence}</p></main>")

    assert [(link.kind, link.url) for link in article.links if link.url] == [(kind, "https://herald.example/x")]


LINKED_ITEMS = "<li><a href='/gear'>Anchors</a> of iron</li>" + "".join(f"<li>Rope number {n}</li>" for n in range(5))
LINKS = "".join(f"<li><a href='/{name}'>The {name} of this town and of every other</a>" for name in ("docks", "quays"))
REST = "".join(f"<p>{text}</p>" for text in STORY[1:])


@pytest.mark.parametrize(
    "html",
    [
        f"<h1>Harbour reopens</h1><fieldset><legend>Sunday</legend>{PARAGRAPHS}</fieldset>",
        f"<nav><div><ul><li><a href='/a'>Boats</a></ul></nav><main><h1>Harbour reopens</h1>{PARAGRAPHS}</main>",
        f"<h1>Harbour reopens</h1>{'<div>' * 500}{PARAGRAPHS}",
        f"<h1>Harbour reopens</h1><main><div class='elementor-widget'><p>{STORY[0]}</p></div>{REST}</main>",
        f"<h1>Harbour reopens</h1><main><div class='layout has-sidebar'><p>{STORY[0]}</p></div>{REST}</main>",
        f"<h1>Harbour reopens</h1><main><div class='main sidebar-enabled--false'><p>{STORY[0]}</p></div>{REST}</main>",
        f"<div id='comments_page_wrapper'><h1>Harbour reopens</h1>{PARAGRAPHS}</div>",
        f"<main>{PARAGRAPHS}<div class='saboxplugin-wrap'><p>Rosa Kay writes of boats and ports.</p></div></main>",
        f"<h1>Harbour reopens</h1><div><div><p>{STORY[0]}</p><ul>{LINKS}</ul></div><article>{REST}</article></div>",
    ],
    ids=[
        "a fieldset",
        "a menu never closed",
        "deeper than browsers go",
        "a page builder's piece",
        "a frame that has a sidebar",
        "a frame that has none",
        "a wrapper of the page",
        "an author's box",
        "a standfirst beside links",
    ],
)
def test_an_article_is_read_whole_and_alone(html: str) -> None:
    found = texts(read(f"<title>Harbour reopens</title><body>{html}</body>"))

    assert tuple(text for text in found if text != "Sunday") == STORY


def test_rows_of_a_table_are_no_boilerplate_by_their_class() -> None:
    rows = "".join(f"<tr class='player-{n}'><td>Crew {n}</td><td>{n} cups</td></tr>" for n in range(5))

    found = texts(read(f"<h1>Harbour reopens</h1><main><p>{STORY[0]}</p><table>{rows}</table>{REST}</main>"))

    assert found == (STORY[0], *(part for n in range(5) for part in (f"Crew {n}", f"{n} cups")), *STORY[1:])


def test_lists_whose_items_are_links_here_and_there_announce_nothing() -> None:
    lists = "".join(f"<h3>What to bring, part {n}</h3><ul>{LINKED_ITEMS}</ul>" for n in range(4))

    found = texts(read(f"<h1>Harbour reopens</h1><main>{PARAGRAPHS}{lists}<p>{STORY[0]} Bring all of it.</p></main>"))

    assert found.count("Rope number 1") == 4


def test_pictures_each_under_a_sentence_keep_their_sentences() -> None:
    told = [f"{n}. The harbour lost {n} cranes in the storm of that week." for n in range(1, 5)]
    pictures = "".join(f"<h3>{text}</h3><img src='/{n}.jpg'>" for n, text in enumerate(told))

    found = texts(read(f"<h1>Harbour reopens</h1><main>{PARAGRAPHS}{pictures}<p>{STORY[0]} So it was.</p></main>"))

    assert [text for text in found if text in told] == told


def test_what_an_article_quotes_from_a_network_is_a_quote() -> None:
    post = "<blockquote class='twitter-tweet'><p>Our cranes are at work, and so are we, since noon.</p></blockquote>"

    article = read(f"<h1>Harbour reopens</h1><main>{PARAGRAPHS}{post}<p>{STORY[0]} So it was.</p></main>")

    assert [part.text for part in article.paragraphs if part.kind == "quote"] == [
        "Our cranes are at work, and so are we, since noon."
    ]


IN_MARKDOWN = " ".join(text.replace(" the ", " [the](https://a.example/quay) ") for text in STORY * 3)


@pytest.mark.parametrize(
    "again",
    [f"<div class='print'>{' '.join(STORY * 3)}</div>", f"<pre hidden># Harbour reopens {IN_MARKDOWN}</pre>"],
    ids=["in print", "as Markdown"],
)
def test_an_article_told_once_more_in_one_piece_is_read_once(again: str) -> None:
    told = "".join(f"<p>{text}</p>" for text in STORY)

    assert texts(read(f"<h1>Harbour reopens</h1><main><div>{told}</div>{again}</main>")) == STORY


def test_a_box_that_asks_for_money_is_no_part_of_an_article() -> None:
    box = (
        "<div class='grey'><h5>The gazette needs you</h5><p>Your contribution supports reporting from the harbour.</p>"
        "<p>Advertising pays for less of it every year, and paper is dear.</p><p>Please donate today.</p></div>"
    )

    assert texts(read(f"<h1>Harbour reopens</h1><main>{PARAGRAPHS}{box}</main>")) == STORY


@pytest.mark.parametrize("line", ["Make a donation", "Support our journalism from the harbour."])
def test_a_line_that_asks_for_money_alone_is_no_paragraph(line: str) -> None:
    assert texts(read(f"<h1>Harbour reopens</h1><main>{PARAGRAPHS}<p>{line}</p></main>")) == STORY


def test_an_article_about_those_who_ask_for_money_is_read_whole() -> None:
    asking = ("Donate what you can, the harbour's friends wrote on the wall.", "Your donation buys a crane, they said.")
    told = (STORY[0], *asking, *STORY[1:])
    first, rest = ("".join(f"<p>{text}</p>" for text in part) for part in (told[:4], told[4:]))

    assert texts(read(f"<h1>Harbour reopens</h1><main><div>{first}</div><section>{rest}</section></main>")) == told


def test_names_that_begin_like_an_appeal_are_none() -> None:
    named = ("Donald Quay, the mayor, was at the pier.", "Donald Quay's brother came with him.")
    box = "".join(f"<p>{text}</p>" for text in named)

    html = f"<h1>Harbour reopens</h1><main>{PARAGRAPHS}<section>{box}</section></main>"

    assert texts(read(html)) == (*STORY, *named)


@pytest.mark.parametrize(
    ("line", "is_told"),
    [
        ("Join 250,000 readers who get our newsletter", False),
        ("Enjoyed this? Sign up for the stories of the day, sent to your inbox at 7 every morning.", False),
        ("Like what you read? Get 5 stories a day in your inbox.", False),
        ("Sign up: 9 out of 10 readers love our daily morning email.", False),
        ("Recibe en tu correo las 5 noticias del día.", False),
        ("Únete a los 250.000 lectores que reciben nuestro boletín.", False),
        ("Receba as 5 notícias do dia em nosso boletim.", False),
        ("Recevez les 5 nouvelles du jour dans votre boîte mail.", False),
        ("The mayor has a newsletter that 9,000 readers get, and your inbox may have it too.", True),
        ("Join the queue before 7 in the morning, the harbour office tells owners of boats.", True),
        ("Our newsletter, the council says, will be printed 4,000 times and sent to all houses.", True),
    ],
)
def test_a_line_that_invites_readers_is_left_out_wherever_it_stands(line: str, is_told: bool) -> None:
    html = f"<p>{STORY[0]}</p><p>{STORY[1]}</p><p>{line}</p><p>{STORY[2]}</p><p>{STORY[3]}</p>"
    found = texts(read(f"<h1>Harbour reopens</h1><main>{html}</main>"))

    assert (line in found, set(STORY) <= set(found)) == (is_told, True)
