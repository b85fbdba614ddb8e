"""One item of a section page is one entry, and its other boxes, pagers, captions and kickers are none."""

from collections.abc import Callable

import pytest

from ingest.core.errors import NoArticleList
from ingest.feeds.sections.page import read_section_feed
from tests.feeds.sections.test_page import (
    HOME,
    MENU,
    STORIES,
    TEASER,
    cards,
    each,
    headlines,
    listed,
    page,
    read,
    table,
)
from tests.makers import a_source

STORY_CARDS = each("<article class='c'><h2><a href='{url}'>{title}</a></h2><p>{teaser}</p></article>")
STORY_ROWS = each("<tr><td><b><a href='{url}'>{title}</a></b><br><font>{teaser}</font></td></tr>")
NEAR = {
    "/2026/02/04/the-miller-sells-his-wheel": "The miller sells his wheel",
    "/2026/02/04/two-bridges-close-for-the-spring": "Two bridges close for the spring",
}


@pytest.mark.parametrize(
    "item",
    [
        ("<article class='c'><h2><a href='{url}'>{title}</a></h2><p>{teaser}</p>"
        "<a class='b' href='/galleries/88{number}01/valley'>View photo gallery</a></article>"),
        ("<article class='c'><a class='b' href='/sets/88{number}01-of-the-valley'>{number}2 photos of the day</a>"
        "<h3><a href='{url}'>{title}</a></h3><p>{teaser}</p></article>"),
        ("<tr><td><b><a href='{url}'>{title}</a></b><br><font>{teaser}</font></td>"
        "<td><i><a href='/forum.asp?id=77{number}01'>Comentar esta noticia ahora</a></i></td></tr>"),
        ("<li><div class='t'><a href='{url}'>{title}</a></div><div class='p'>{teaser}</div><div class='m'>"
        "<a href='/v/99{number}01-watch'>Ver o vídeo da reportagem</a>"
        "<a href='/g/55{number}01-pics'>Mais sobre este assunto aqui</a></div></li>"),
        ("<h3><a href='{url}'>{title}</a></h3><p>{teaser}</p>"
        "<p><a href='/m/66{number}01-more'>Voir toutes les photos</a></p><hr>"),
        # Each badge says something else, but every item has one, and only its title is a heading.
        ("<article class='c'><a class='b' href='/x/88{number}01-reel'>Reel {title}</a>"
        "<h3><a href='{url}'>{title}</a></h3><p>{teaser}</p></article>"),
        # Where nothing is a heading, the title is what reads like one.
        ("<div class='c'><a class='b' href='/x/88{number}01-reel'>Reel {number} {url}</a>"
        "<a class='t' href='{url}'>{title}</a><div>{teaser}</div></div>"),
        # A film in a few of the items alone is told by its address.
        ("<div class='c'><h3><a href='{url}'>{title}</a></h3><p>{teaser}</p>"
        "<span class='b'><a href='/videos/88{number}01-reel'>The mayor of {title}</a></span></div>"),
    ],
)  # fmt: skip
def test_what_each_item_links_beside_its_article_is_no_entry(item: str) -> None:
    rows = each(item)
    found = read(f"<html><body>{MENU}<table class='l'>{rows}</table></body></html>" if "<tr>" in item else
                 f"<html><body>{MENU}<div class='l'>{rows}</div></body></html>")  # fmt: skip

    assert listed(found) == STORIES
    assert [one.summary for one in found.listings] == [TEASER] * 4


@pytest.mark.parametrize(
    "near",
    [
        "<ul class='near'>{}</ul>",
        "<div class='near'>{}</div>",
        "<p class='near'>{}</p>",
    ],
)
@pytest.mark.parametrize("whole", [STORY_CARDS, STORY_ROWS])
def test_an_item_keeps_all_of_several_headlines(whole: str, near: str) -> None:
    tag = "li" if "<ul" in near else "span"
    links = "".join(f"<{tag}><a href='{url}'>{title}</a></{tag}>" for url, title in NEAR.items())
    html = whole.replace("</p></article>", f"</p>{near.format(links)}</article>", 1)
    html = html.replace("</font></td>", f"</font>{near.format(links)}</td>", 1)

    assert listed(read(f"<html><body>{MENU}<main><table>{html}</table></main></body></html>")) == STORIES | NEAR


def test_two_columns_of_articles_are_two_items_a_row() -> None:
    urls = list(STORIES.items()) + list(NEAR.items())
    rows = "".join(
        f"<tr><td class='one'><a href='{one[0]}'>{one[1]}</a></td>"
        f"<td class='two'><a href='{other[0]}'>{other[1]}</a></td></tr>"
        for one, other in zip(urls[::2], urls[1::2], strict=True)
    )

    assert listed(read(f"<html><body>{MENU}<table>{rows}</table></body></html>")) == STORIES | NEAR


def test_an_item_in_which_each_headline_is_a_heading_keeps_both() -> None:
    urls = list(STORIES.items())
    rows = "".join(
        f"<div class='row'><div class='big'><h2><a href='{one[0]}'>{one[1]}</a></h2></div>"
        f"<div class='small'><h4><a href='{other[0]}-again-{number}'>{other[1]}</a></h4></div></div>"
        for number, (one, other) in enumerate(zip(urls, reversed(urls), strict=True))
    )

    assert len(read(f"<html><body>{MENU}<main>{rows}</main></body></html>").listings) == 8


def test_a_title_that_comes_back_each_week_is_no_button() -> None:
    weekly = "".join(
        f"<article class='c'><h2><a href='/2026/02/0{day}/letters'>Letters of our readers</a></h2></article>"
        for day in (1, 2, 3)
    )
    lines = "".join(f"<li><a href='/2026/02/0{day}/letters'>Letters of our readers</a></li>" for day in (1, 2, 3))

    assert len(read(f"<html><body><main>{STORY_CARDS}{weekly}</main></body></html>").listings) == 7
    plain = each("<li><a href='{url}'>{title}</a></li>")
    assert len(read(f"<html><body><ul>{plain}{lines}</ul></body></html>").listings) == 7


OTHER_BOXES = [
    ("Upcoming events", "events"),
    ("Podcasts", "podcasts"),
    ("Escucha nuestros podcasts", "podcast"),
    ("Agenda cultural", "agenda"),
    ("Próximos eventos", "eventos"),
    ("Vagas de emprego", "vagas"),
    ("Événements à venir", "evenements"),
    ("Offres d'emploi", "emplois"),
    ("<a href='/valley/whats-on/'>See and do</a>", "valley/whats-on"),
    ("<a href='/kitchens/'>Kitchens</a>", "kitchens"),
]


def boxed(heading: str, folder: str, template: str) -> str:
    rows = "".join(
        template.format(
            url=f"/{folder}/{number}8812-the-long-night-of-part-{number}",
            title=f"The long night, part {number}",
            teaser=TEASER,
        )
        for number in (1, 2, 3)
    )  # fmt: skip
    return heading + rows


@pytest.mark.parametrize(("heading", "folder"), OTHER_BOXES)
def test_a_box_of_other_things_is_left_out_where_its_heading_and_addresses_say_so(heading: str, folder: str) -> None:
    card = "<article class='c'><h2><a href='{url}'>{title}</a></h2><p>{teaser}</p></article>"
    row = "<tr><td><b><a href='{url}'>{title}</a></b><br><font>{teaser}</font></td></tr>"
    within = f"<main>{STORY_CARDS}<section>{boxed(f'<h2>{heading}</h2>', folder, card)}</section></main>"
    behind = f"<main>{STORY_CARDS}{boxed(f'<h3>{heading}</h3>', folder, card)}</main>"
    rows = f"<table>{STORY_ROWS}{boxed(f'<tr><th><h3>{heading}</h3></th></tr>', folder, row)}</table>"

    assert listed(read(f"<html><body>{MENU}{within}</body></html>")) == STORIES
    assert listed(read(f"<html><body>{MENU}{behind}</body></html>")) == STORIES
    assert listed(read(f"<html><body>{MENU}{rows}</body></html>")) == STORIES


@pytest.mark.parametrize(
    ("path", "heading", "folder"),
    [
        ("/events", "Upcoming events", "events"),
        ("/podcasts/", "Podcasts", "podcasts"),
        ("/list.asp?section=events", "Events", "events"),
        ("/cultura/agenda/", "Agenda", "cultura/agenda"),
        ("/valley", "Podcasts", "valley"),  # its articles are of the section
        ("/valley", "<a href='/valley/football/'>Football</a>", "valley/football"),  # which is a part of this one
        ("/", "<a href='/kitchens/'>Kitchens</a>", "kitchens"),  # of a front page
        ("/valley", "Around the kitchens", "podcasts"),
    ],
)
@pytest.mark.parametrize("tag", ["h2", "h3"])
def test_a_box_of_the_sections_own_articles_is_kept(path: str, heading: str, folder: str, tag: str) -> None:
    card = "<article class='c'><h2><a href='{url}'>{title}</a></h2><p>{teaser}</p></article>"
    html = f"<main>{STORY_CARDS}<section>{boxed(f'<{tag}>{heading}</{tag}>', folder, card)}</section></main>"

    assert len(read(f"<html><body>{MENU}{html}</body></html>", path).listings) == 7


@pytest.mark.parametrize(
    ("links", "older"),
    [
        ("<a href='/valley/2026-02-04/'>News of 4 February 2026</a>", "/valley/2026-02-04/"),
        ("<a href='/valley?day=2026-02-04'>Noticias del 4 de febrero de 2026</a>", "/valley?day=2026-02-04"),
        ("<a href='/archive/20260204'>Notícias de 4 de fevereiro</a>", "/archive/20260204"),
        ("<a href='/valley/list/48210'>Les nouvelles du 4 février 2026</a>", None),
        ("<a href='/valley/2026/02/04'>Go to the previous day</a>", "/valley/2026/02/04"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("layout", ["ul", "div"])
def test_a_pager_by_day_leads_to_older_articles_and_is_none(links: str, older: str | None, layout: str) -> None:
    rows = each("<li><a href='{url}'>{title}</a></li>")
    heading = "<h2>Thursday, 5 February 2026</h2>"
    html = f"<div>{heading}<ul>{rows}</ul><div><p>{links}</p></div></div>"
    if layout == "div":
        html = f"<div>{heading}{each('<p><a href={url}>{title}</a></p>')}<p>{links}</p></div>"
    found = read(f"<html lang='en'><body>{MENU}{html}</body></html>", "/valley/")

    assert listed(found) == STORIES
    if older:
        assert found.older.linked == HOME + older


def test_of_the_days_before_and_behind_a_page_the_one_before_is_older() -> None:
    links = "<a href='/valley/2026-02-04'>Noticias del 4 de febrero</a> <a href='/valley/2026-02-06'>6 de febrero</a>"
    found = read(headlines().replace("</ul></div>", f"</ul>{links}</div>", 1), "/valley/2026-02-05")

    assert (listed(found), found.older.linked) == (STORIES, HOME + "/valley/2026-02-04")


def test_a_title_with_a_date_is_no_pager() -> None:
    rows = "".join(
        f"<li><a href='/2026/02/0{day}/paper-{day}-of-the-week'>Front page of {day} February 2026</a></li>"
        for day in range(1, 5)
    )

    assert len(read(f"<html><body>{MENU}<ul>{rows}</ul></body></html>").listings) == 4


@pytest.mark.parametrize("layout", [cards, table])
@pytest.mark.parametrize("pattern", [r"/(2026)/", r"\.example/(\d+)/02/"])
def test_a_pattern_that_tells_no_article_from_another_is_an_error_and_loses_none(
    layout: Callable[[], str], pattern: str
) -> None:
    source = a_source(article_id_pattern=pattern)

    assert read(layout(), article_id_pattern=pattern).reason == "ambiguous_pattern"
    with pytest.raises(NoArticleList, match=r"article_id_pattern '.*' has the same first group in most"):
        read_section_feed(page(layout()), source=source)


def test_a_pattern_may_tell_of_few_articles_with_several_addresses_each() -> None:
    rows = "".join(
        f"<li><h2><a href='/articles/{number}/a.htm'>{title}</a></h2>"
        f"<a href='/articles/{number}/photos'>See all photos of it</a>"
        f"<a href='/articles/{number}/comments'>{number} comments by readers</a></li>"
        for number, title in enumerate(list(STORIES.values())[:2], 1)
    )

    assert len(read(f"<ul>{rows}</ul>", article_id_pattern=r"/articles/(\d+)/").listings) == 2


@pytest.mark.parametrize(
    "beside",
    [
        (
            "<figure><img src='/1.jpg'><figcaption>The quarry above the valley on Tuesday, before the court had "
            "met; in front the old road to the mill and to the bridges.</figcaption></figure>"
        ),
        (
            "<div class='photo-caption'>The quarry above the valley on Tuesday, before the court had met; in "
            "front the old road to the mill and to the bridges.</div>"
        ),
        (
            "<p><small>Photo: Ana Ruiz for the Gazette and its agency, all rights reserved by its owners, "
            "2026, without any warranty</small></p>"
        ),
        "<span class='intro'>What the valley says</span>",
        "<p class='subtitle'>A valley and its court</p>",
    ],
)
@pytest.mark.parametrize("tag", ["article", "li"])
def test_a_teaser_is_no_caption_and_no_kicker_where_the_item_has_a_paragraph(beside: str, tag: str) -> None:
    title = "<h2><a href='{url}'>{title}</a></h2>"
    above = each(f"<{tag}>{beside}{title}<p>{{teaser}}</p></{tag}>")
    below = each(f"<{tag}>{title}{beside}<p>{{teaser}}</p></{tag}>")

    for rows in (above, below):
        assert {one.summary for one in read(f"<html><body><div>{rows}</div></body></html>").listings} == {TEASER}


def test_a_line_above_the_title_is_a_teaser_where_the_item_has_no_other() -> None:
    kicker = "After a winter of rain, the valley's court speaks"
    for below, told in ((TEASER[:44], TEASER[:44]), ("", kicker)):
        rows = each(f"<li><p>{kicker}</p><h2><a href='{{url}}'>{{title}}</a></h2><p>{below}</p></li>")

        assert {one.summary for one in read(f"<html><body><ul>{rows}</ul></body></html>").listings} == {told}


@pytest.mark.parametrize(
    ("path", "links", "linked"),
    [
        ("/schools/", "<b>1</b> <a href='/schools/2/'>2</a> <a href='/schools/3/'>3</a>", "/schools/2/"),
        ("/schools/2/", "<a href='/schools/'>1</a> <b>2</b> <a href='/schools/3/'>3</a>", "/schools/3/"),
        ("/schools/9", "<a href='/schools/8'>8</a> 9 <a href='/schools/10'>10</a>", "/schools/10"),
        ("/schools/3/", "<a href='/schools/1/'>1</a> <a href='/schools/2/'>2</a> <b>3</b>", None),
        ("/schools/", "<a href='/schools/2/'>More stories</a>", "/schools/2/"),
        ("/schools/", "<a href='/schools/2/'>See more stories from our schools</a>", "/schools/2/"),
        ("/schools/2/", "<a href='/schools/3/'>Más noticias de escuelas</a>", "/schools/3/"),
        ("/schools", "<a href='/schools/2.html'>2</a>", "/schools/2.html"),
        ("/schools/", "<a href='/hills/2/'>2</a> <a href='/hills/2/'>More stories</a>", None),
    ],
)  # fmt: skip
@pytest.mark.parametrize("layout", [cards, table])
def test_the_next_page_is_found_by_its_plain_number(
    layout: Callable[[], str], path: str, links: str, linked: str | None
) -> None:
    found = read(layout().replace("</body>", f"<div>{links}</div></body>"), path)

    assert listed(found) == STORIES
    assert found.older.linked == (HOME + linked if linked else None)
